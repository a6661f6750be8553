// SPDX-License-Identifier: Apache-2.0
// What the desk has typed of who is there, kept in the browser until it is sent, not wanted, or the person logs out: a
// reload loses nothing of it. Not that the patient agreed: that is asked for where it is read aloud. The key of what was sent
// lies beside it: whose answer was lost with the page is not taken down twice.
import { useEffect, useRef, useState } from 'preact/hooks';
import { beforeLogOut, dropUnsaved, findUnsaved, keepUnsaved, ownerOfUnsaved } from '../staff/unsaved';
import { keptSent, keptWalkIn, NOTHING_SENT, type Sent, type WalkIn } from './walk_in';

export interface KeptWalkIn {
    readonly form: WalkIn;
    /** It was there already when the form was opened. */
    readonly restored: boolean;
    readonly set: (form: WalkIn) => void;
    /** What was sent last. */
    readonly sent: () => Sent;
    readonly keepSent: (sent: Sent) => void;
    /** It is sent, or not wanted: the form is as it began. */
    readonly drop: () => void;
}

/** NAME: of the copy; undefined: none is made. */
export function useKeptWalkIn(name: string | undefined, first: WalkIn): KeptWalkIn {
    const user = ownerOfUnsaved() ?? '';
    const [copy] = useState(() => (name === undefined ? null : findUnsaved(user, name)));
    const [found] = useState(() => keptWalkIn(copy));
    const sent = useRef(keptSent(copy));
    const [form, setForm] = useState<WalkIn>(found ?? first);
    const [restored, setRestored] = useState(found !== null);
    const [typed, setTyped] = useState(found !== null);
    useEffect(() => (name === undefined ? undefined : beforeLogOut(async () => !typed)), [name, typed]);
    const keep = (next: WalkIn) => {
        if (name === undefined) return;
        setTyped(true);
        keepUnsaved(user, name, { ...next, consent: 0, sent: sent.current } satisfies WalkIn & { readonly sent: Sent });
    };
    return {
        form,
        restored,
        set: (next) => {
            setForm(next);
            keep(next);
        },
        sent: () => sent.current,
        keepSent: (next) => {
            sent.current = next;
            keep(form);
        },
        drop: () => {
            setForm(first);
            setRestored(false);
            setTyped(false);
            sent.current = NOTHING_SENT;
            if (name !== undefined) dropUnsaved(user, name);
        },
    };
}
