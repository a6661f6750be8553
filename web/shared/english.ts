// SPDX-License-Identifier: Apache-2.0
// English of a page that fetches it when it is asked for: who reads Indonesian never loads it. build.mjs says which
// pages those are, by ENGLISH_URL: where their English is; '': the page has it in itself.
declare const ENGLISH_URL: string;

type Catalogues = Record<string, Record<string, string>>;

const waiting: Catalogues = {};

/** The English of the catalogue NAME, empty until englishReady() has come. */
export function fetched<T>(name: string): T {
    return (waiting[name] = {}) as T;
}

/** Comes when English can be shown; fails without a network, and may be asked again. */
export async function englishReady(): Promise<void> {
    const reply = await fetch(ENGLISH_URL);
    if (!reply.ok) throw new Error(`${reply.status}`);
    const all = (await reply.json()) as Catalogues;
    for (const name in waiting) Object.assign(waiting[name] as object, all[name]);
}
