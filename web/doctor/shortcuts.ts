// SPDX-License-Identifier: Apache-2.0
// The doctor's keyboard: Alt and a letter presses a button that is on the page, so that a key does what its button does, no
// more and no less. With Alt, since bare letters are typed into the note (WCAG 2.1.4).
import { useEffect } from 'preact/hooks';

export const SHORTCUTS = [
    { name: 'next', code: 'KeyN', letter: 'N', testId: 'call-next' },
    { name: 'mute', code: 'KeyM', letter: 'M', testId: 'mute' },
    { name: 'camera', code: 'KeyK', letter: 'K', testId: 'camera' },
    { name: 'end', code: 'KeyS', letter: 'S', testId: 'end' },
    { name: 'help', code: 'KeyH', letter: 'H', testId: 'shortcuts' },
] as const;
export type Shortcut = (typeof SHORTCUTS)[number];

interface Keys {
    readonly code: string;
    readonly altKey: boolean;
    readonly ctrlKey: boolean;
    readonly metaKey: boolean;
    readonly shiftKey: boolean;
    readonly repeat: boolean;
}

/** By the key's place, as Alt changes what some keyboards type; a key that is held counts once. */
export function shortcutOf(keys: Keys): Shortcut | null {
    if (!keys.altKey || keys.ctrlKey || keys.metaKey || keys.shiftKey || keys.repeat) return null;
    return SHORTCUTS.find((one) => one.code === keys.code) ?? null;
}

/** Not behind a dialog: what is asked there comes first. */
function buttonOf(shortcut: Shortcut): HTMLButtonElement | null {
    if (document.querySelector('dialog[open]')) return null;
    const found = document.querySelectorAll<HTMLButtonElement>(`button[data-testid=${shortcut.testId}]`);
    /* What is folded away is unfolded, so that it is seen what the key does. */
    for (const one of Array.from(found)) {
        const folded = one.closest('details');
        if (folded && folded.offsetParent !== null) folded.open = true;
    }
    return Array.from(found).find((one) => !one.disabled && one.offsetParent !== null) ?? null;
}

export function useShortcuts(): void {
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const shortcut = shortcutOf(event);
            if (!shortcut) return;
            /* Also when there is nothing to press: the browser's own menu would be a surprise. */
            event.preventDefault();
            buttonOf(shortcut)?.click();
        };
        addEventListener('keydown', onKey);
        return () => removeEventListener('keydown', onKey);
    }, []);
}
