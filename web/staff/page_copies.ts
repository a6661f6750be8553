// SPDX-License-Identifier: Apache-2.0
// Copies of unsaved text that belong to one page: several tabs with the same form each keep their own, and no tab's saving
// drops another's. The name of a copy is KIND.ID.PAGE, and a page holds a Web Lock of its name while it lives: when it is
// gone (reloaded, closed, crashed), a page that is there takes over what it left.
import { dropUnsaved, findUnsaved, keepUnsaved, namesUnsaved, ownerOfUnsaved, rereadUnsaved, writtenUnsaved } from './unsaved';

const LOCK = 'huyula-page.';
const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const NOTE = 'note';

/** "note.V1.0a1b-2" is the second copy of V1 that page 0a1b has; "note.V1", of before pages were told apart, is no page's. */
function pageOf(name: string): string {
    return (name.split('.')[2] ?? '').split('-')[0] ?? '';
}

function idOf(name: string): string {
    return name.split('.')[1] ?? '';
}

const isForeign = (name: string) => pageOf(name) !== PAGE;

/** What this page has of ID: its own, and what it took over. */
function ownNames(user: string, kind: string, id: string): readonly string[] {
    return namesUnsaved(user, `${kind}.${id}.${PAGE}`);
}

function freeName(user: string, kind: string, id: string): string {
    const taken = ownNames(user, kind, id);
    const base = `${kind}.${id}.${PAGE}`;
    if (!taken.includes(base)) return base;
    let at = 1;
    while (taken.includes(`${base}-${at}`)) at++;
    return `${base}-${at}`;
}

export interface PageCopies {
    keep(value: unknown): boolean;
    /** Null: none. */
    find(): unknown;
    /** Of several that were taken over the next one is found then. */
    drop(): void;
}

export function pageCopies(user: string, kind: string, id: string): PageCopies {
    const name = () => ownNames(user, kind, id)[0] ?? freeName(user, kind, id);
    return {
        keep: (value) => keepUnsaved(user, name(), value),
        find: () => findUnsaved(user, name()),
        drop: () => dropUnsaved(user, name()),
    };
}

/** The ids of which this page has a copy. */
export function keptIds(user: string, kind: string): readonly string[] {
    return [...new Set(namesUnsaved(user, `${kind}.`).filter((name) => !isForeign(name)).map(idOf))];
}

async function takePage(user: string, kind: string, page: string, onTaken: (id: string) => void): Promise<void> {
    const isIts = (name: string) => name.startsWith(`${kind}.`) && pageOf(name) === page;
    await rereadUnsaved(user, isIts);
    const ids = new Set<string>();
    for (const name of namesUnsaved(user, `${kind}.`).filter(isIts)) {
        keepUnsaved(user, freeName(user, kind, idOf(name)), findUnsaved(user, name));
        dropUnsaved(user, name);
        ids.add(idOf(name));
    }
    for (const id of ids) onTaken(id);
    await writtenUnsaved();
}

/** The pages whose end is waited for. */
const awaited = new Set<string>();
let isHeld = false;

/** Held until the page goes. */
function holdPage(locks: LockManager | undefined): void {
    if (isHeld) return;
    isHeld = true;
    void locks?.request(LOCK + PAGE, () => new Promise(() => undefined));
}

/**
 * Takes over what pages left that are gone, and later what those leave that are there now; asked once more, also of pages
 * that came since. Resolves when the first is done: ONTAKEN has heard of it by then.
 */
export async function takeOver(user: string, kind: string, onTaken: (id: string) => void): Promise<void> {
    const locks = navigator.locks as LockManager | undefined;
    holdPage(locks);
    await rereadUnsaved(user, (name) => name.startsWith(`${kind}.`) && isForeign(name));
    const pages = new Set(namesUnsaved(user, `${kind}.`).filter(isForeign).map(pageOf));
    await Promise.all([...pages].map(async (page) => {
        if (page === '' || !locks) return takePage(user, kind, page, onTaken);
        if (awaited.has(page)) return undefined;
        const name = LOCK + page;
        return locks.request(name, { ifAvailable: true }, async (lock) => {
            if (lock) return takePage(user, kind, page, onTaken);
            awaited.add(page);
            void locks.request(name, () => takePage(user, kind, page, onTaken).finally(() => awaited.delete(page)));
            return undefined;
        });
    }));
}

/** Whose notes lie here unsaved, of this page and of others ("" where the copy does not say). */
export async function leftNotes(): Promise<readonly string[]> {
    const user = ownerOfUnsaved();
    if (user === null) return [];
    await rereadUnsaved(user, (name) => name.startsWith(`${NOTE}.`) && isForeign(name)).catch(() => undefined);
    const whose = (value: unknown) => {
        const who = typeof value === 'object' && value !== null ? (value as { who?: unknown }).who : '';
        return typeof who === 'string' ? who : '';
    };
    return [...new Set(namesUnsaved(user, `${NOTE}.`).map((name) => whose(findUnsaved(user, name))))];
}
