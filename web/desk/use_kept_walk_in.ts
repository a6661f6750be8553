// SPDX-License-Identifier: Apache-2.0
// What the desk has typed of who is there, kept in the browser until it is sent, not wanted, or the person logs out: a
// reload loses nothing of it. Not that the patient agreed: that is asked for where it is read aloud.
import { useEffect, useState } from 'preact/hooks';
import { beforeLogOut, dropUnsaved, findUnsaved, keepUnsaved, ownerOfUnsaved } from '../staff/unsaved';
import { keptWalkIn, type WalkIn } from './walk_in';

export interface KeptWalkIn {
    readonly form: WalkIn;
    /** It was there already when the form was opened. */
    readonly restored: boolean;
    readonly set: (form: WalkIn) => void;
    /** It is sent, or not wanted: the form is as it began. */
    readonly drop: () => void;
}

/** NAME: of the copy; undefined: none is made. */
export function useKeptWalkIn(name: string | undefined, first: WalkIn): KeptWalkIn {
    const user = ownerOfUnsaved() ?? '';
    const [found] = useState(() => (name === undefined ? null : keptWalkIn(findUnsaved(user, name))));
    const [form, setForm] = useState<WalkIn>(found ?? first);
    const [restored, setRestored] = useState(found !== null);
    const [typed, setTyped] = useState(found !== null);
    useEffect(() => (name === undefined ? undefined : beforeLogOut(async () => !typed)), [name, typed]);
    return {
        form,
        restored,
        set: (next) => {
            setForm(next);
            if (name === undefined) return;
            setTyped(true);
            keepUnsaved(user, name, { ...next, consent: 0 } satisfies WalkIn);
        },
        drop: () => {
            setForm(first);
            setRestored(false);
            setTyped(false);
            if (name !== undefined) dropUnsaved(user, name);
        },
    };
}
