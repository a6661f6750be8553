// SPDX-License-Identifier: Apache-2.0
// What is typed and not yet sent: a copy in the browser, which a reload does not lose and logging out removes.
import { useEffect, useState } from 'preact/hooks';
import { beforeLogOut, dropUnsaved, findUnsaved, keepUnsaved } from './unsaved';

type Texts = Readonly<Record<string, string>>;

function isTexts(value: unknown): value is Texts {
    return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
}

function isBlank(texts: Texts): boolean {
    return Object.values(texts).every((text) => text.trim() === '');
}

export interface Kept {
    readonly texts: Texts;
    /** It was there already when the page was opened. */
    readonly restored: boolean;
    readonly set: (name: string, text: string) => void;
    /** It is sent, or not wanted. */
    readonly drop: () => void;
}

export function useKept(user: string, name: string): Kept {
    const [found] = useState(() => findUnsaved(user, name));
    const [texts, setTexts] = useState<Texts>(isTexts(found) ? found : {});
    const [restored, setRestored] = useState(isTexts(found) && !isBlank(found));
    const isEmpty = isBlank(texts);
    useEffect(() => beforeLogOut(async () => isEmpty), [isEmpty]);
    return {
        texts,
        restored,
        set: (field, text) => {
            const changed = { ...texts, [field]: text };
            setTexts(changed);
            keepUnsaved(user, name, changed);
        },
        drop: () => {
            setTexts({});
            setRestored(false);
            dropUnsaved(user, name);
        },
    };
}
