// SPDX-License-Identifier: Apache-2.0
// English of a page that fetches it after its first load. build.mjs says which pages those are, by ENGLISH_URL: where
// their English is; '': the page has it in itself.
declare const ENGLISH_URL: string;

type Catalogues = Record<string, Record<string, string>>;

const waiting: Catalogues = {};
let ready: Promise<void> | null = null;

/** The English of the catalogue NAME, empty until englishReady() has come. */
export function fetched<T>(name: string): T {
    return (waiting[name] = {}) as T;
}

/** Comes when English can be shown; fails without a network, and may be asked again. */
export function englishReady(): Promise<void> {
    if (!ready) {
        ready = load();
        ready.catch(() => {
            ready = null;
        });
    }
    return ready;
}

async function load(): Promise<void> {
    const reply = await fetch(ENGLISH_URL);
    if (!reply.ok) throw new Error(`${reply.status}`);
    const all = (await reply.json()) as Catalogues;
    for (const name in waiting) Object.assign(waiting[name] as object, all[name]);
}
