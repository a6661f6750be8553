// SPDX-License-Identifier: Apache-2.0
// The form of one patient as it is typed, and the draft of it on the disk.
import { useRef, useState } from 'preact/hooks';
import { DraftKeeper, type Picture } from './draft';
import { NO_FORM, type Entry, type Form } from './entry';
import type { Draft, Vault } from './vault';

export interface DraftOf {
    readonly vault: Vault;
    readonly post: string;
    readonly user: string;
    /** null: a new patient. */
    readonly entry: Entry | null;
    /** What was typed before the page went away. */
    readonly draft: Draft | null;
}

export interface DraftHook {
    readonly form: Form;
    /** null: not read yet. */
    readonly pictures: readonly Picture[] | null;
    /** Those that the form began with. */
    readonly known: readonly string[];
    readonly own: readonly string[];
    readonly stored: ReadonlySet<string>;
    readonly failed: boolean;
    readonly set: (change: Partial<Form>) => void;
    readonly read: (pictures: readonly Picture[]) => void;
    readonly setPictures: (change: (pictures: readonly Picture[]) => readonly Picture[]) => void;
    /** Before it is saved: no draft is written any more. */
    readonly stop: () => Promise<void>;
    /** It was not saved. */
    readonly goOn: () => void;
    /** Throws the draft away. */
    readonly end: () => Promise<void>;
}

export function useDraft({ vault, post, user, entry, draft }: DraftOf): DraftHook {
    const own = entry?.photos ?? [];
    const known = draft?.photos ?? own;
    const [form, setForm] = useState<Form>(draft?.form ?? entry?.form ?? NO_FORM);
    const [pictures, setShown] = useState<readonly Picture[] | null>(null);
    const [failed, setFailed] = useState(false);
    const stored = useRef(new Set(known.filter((id) => !own.includes(id)))).current;
    const keeper = useRef(new DraftKeeper(vault, stored, () => setFailed(true))).current;
    /* As it is now, for what comes later than the next picture of the page: a photo that was being made small. */
    const now = useRef({ form, pictures });
    const change = (next: { readonly form: Form; readonly pictures: readonly Picture[] | null }) => {
        now.current = next;
        setForm(next.form);
        setShown(next.pictures);
        const photos = next.pictures?.map((one) => one.id) ?? known;
        keeper.keep({ owner: user, post, entry: entry?.id ?? null, form: next.form, photos }, next.pictures ?? []);
    };
    return {
        form, pictures, known, own, stored, failed,
        set: (more) => change({ ...now.current, form: { ...now.current.form, ...more } }),
        read: (found) => {
            now.current = { ...now.current, pictures: found };
            setShown(found);
        },
        setPictures: (more) => change({ ...now.current, pictures: more(now.current.pictures ?? []) }),
        stop: () => keeper.stop(),
        goOn: () => keeper.goOn(),
        end: () => keeper.end(post),
    };
}
