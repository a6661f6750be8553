// SPDX-License-Identifier: Apache-2.0
// What was typed and not yet confirmed by the server: a copy in the browser, by account, that a reload
// or a crash does not lose. It goes when the server has it, when the person logs out, and when
// somebody else logs in here.
const PREFIX = 'huyula.unsaved.';
const MAX_AGE_MS = 24 * 3600_000;

interface Kept {
    readonly at: number;
    readonly value: unknown;
}

function keyOf(user: string, name: string): string {
    return `${PREFIX}${user}.${name}`;
}

/** False when the browser keeps nothing (full, or not allowed): the page then says so. */
export function keepUnsaved(user: string, name: string, value: unknown): boolean {
    try {
        const kept: Kept = { at: Date.now(), value };
        localStorage.setItem(keyOf(user, name), JSON.stringify(kept));
        return true;
    } catch {
        return false;
    }
}

/** What the caller kept under this name; it must check the shape. */
export function findUnsaved(user: string, name: string): unknown {
    try {
        const kept = JSON.parse(localStorage.getItem(keyOf(user, name)) ?? 'null') as Kept | null;
        return kept !== null && Date.now() - kept.at < MAX_AGE_MS ? kept.value : null;
    } catch {
        return null;
    }
}

export function dropUnsaved(user: string, name: string): void {
    try {
        localStorage.removeItem(keyOf(user, name));
    } catch {
        /* Then it was not kept either. */
    }
}

function remove(unwanted: (key: string) => boolean): void {
    try {
        for (const key of Object.keys(localStorage)) {
            if (key.startsWith(PREFIX) && unwanted(key)) localStorage.removeItem(key);
        }
    } catch {
        /* Then nothing was kept. */
    }
}

export function forgetAllUnsaved(): void {
    remove(() => true);
}

/** Somebody has logged in: what others typed here is none of theirs. */
export function forgetUnsavedOfOthers(user: string): void {
    remove((key) => !key.startsWith(keyOf(user, '')));
}

type Flush = () => Promise<boolean>;
const flushes = new Set<Flush>();

/** Called before a log-out; answers false when something could not be saved. Returns the way back. */
export function beforeLogOut(flush: Flush): () => void {
    flushes.add(flush);
    return () => {
        flushes.delete(flush);
    };
}

export async function flushUnsaved(): Promise<boolean> {
    const done = await Promise.all([...flushes].map((flush) => flush()));
    return done.every(Boolean);
}
