// SPDX-License-Identifier: Apache-2.0
// Sends what the tablet holds: in order, in small batches, until the server has said that it has it. What
// was sent without an answer is sent again as it was; the server knows it by its id.
import { api, ApiProblem } from '../shared/api';
import { answered, bodyOf, errorsByEntry, inOrder, isSent, isThere, outdated, type Entry } from './entry';
import type { EntryAnswer, SentEntry } from './types';
import type { Vault } from './vault';

/** Few, so that a poor link brings some over, and one that breaks loses little. */
export const BATCH = 5;

export interface Outside {
    readonly post: <T>(path: string, body: unknown) => Promise<T>;
    readonly lang: () => string;
    /** After each step that changed what is held. */
    readonly onStep: () => void;
}

export const overHttp: Outside['post'] = (path, body) => api.post(path, body);

/** Of one account at one post; nothing else is sent with it. */
export interface Whose {
    readonly post: string;
    readonly user: string;
}

type Held = Pick<Vault, 'entries' | 'entry' | 'save' | 'remove' | 'photo' | 'removePhoto' | 'device' | 'exclusive'>;

/** Keeps what ANSWER leaves of the entry, which may have been changed meanwhile. */
function settle(vault: Held, id: string, sent: number, answer: EntryAnswer): Promise<void> {
    return vault.exclusive(async () => {
        const now = await vault.entry(id);
        if (!now) return;
        const left = answered(now, sent, answer);
        if (left !== now) await vault.save(left);
    });
}

/** The next few, marked before they leave: from now on a change is another revision. */
function takeBatch(vault: Held, outside: Outside, whose: Whose): Promise<Entry[]> {
    return vault.exclusive(async () => {
        const batch = inOrder(await vault.entries()).filter(mayGo(whose)).slice(0, BATCH);
        const marked = batch.map((entry) => ({ ...entry, sent: true, lang: entry.lang ?? outside.lang() }));
        for (const entry of marked) await vault.save(entry);
        return marked;
    });
}

/** A batch that is refused as a whole says which entries it was for. */
function refusals(problem: unknown, batch: readonly Entry[]): EntryAnswer[] | null {
    if (!(problem instanceof ApiProblem) || problem.status !== 422) return null;
    const found = [...errorsByEntry(problem.errors)].flatMap(([index, errors]): EntryAnswer[] => {
        const entry = batch[index];
        return entry ? [{ id: entry.id, result: 'refused', errors }] : [];
    });
    return found.length > 0 ? found : null;
}

async function sendBatch(vault: Held, outside: Outside, post: string, batch: readonly Entry[]): Promise<void> {
    const entries = batch.flatMap((entry) => (entry.form ? [bodyOf(entry, entry.form)] : []));
    let answers: readonly EntryAnswer[];
    try {
        const reply = await outside.post<{ entries: readonly EntryAnswer[] }>(
            `/api/v1/outreach/${post}/entries`, { device: await vault.device(), entries });
        answers = reply.entries;
    } catch (problem) {
        const refused = refusals(problem, batch);
        if (!refused) throw problem;
        answers = refused;
    }
    if (answers.length === 0) throw new Error('an answer without entries');
    for (const answer of answers) {
        const sent = batch.find((entry) => entry.id === answer.id);
        if (sent) await settle(vault, sent.id, sent.revision, answer);
    }
    outside.onStep();
}

export function base64(data: ArrayBuffer): string {
    const bytes = new Uint8Array(data);
    let text = '';
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode.apply(null, [...bytes.subarray(i, i + 4096)]);
    return btoa(text);
}

/** PHOTO is sent. False: the entry is gone, or somebody changed it meanwhile; it goes again as it is now. */
function leaveOut(vault: Held, id: string, photo: string): Promise<boolean> {
    return vault.exclusive(async () => {
        const now = await vault.entry(id);
        if (!now || !isThere(now)) return false;
        await vault.save({ ...now, photos: now.photos.filter((one) => one !== photo), sentPhotos: (now.sentPhotos ?? 0) + 1 });
        await vault.removePhoto(photo);
        return true;
    });
}

async function sendPhotos(vault: Held, outside: Outside, post: string, entry: Entry): Promise<void> {
    for (const photo of entry.photos) {
        const data = await vault.photo(photo);
        if (data) await outside.post(`/api/v1/outreach/${post}/photos`, { entry: entry.id, photo, data: base64(data) });
        if (!(await leaveOut(vault, entry.id, photo))) return;
        outside.onStep();
    }
}

const isOf = ({ post, user }: Whose) => (entry: Entry) => entry.post === post && entry.owner === user;
const mayGo = (whose: Whose) => (entry: Entry) => isOf(whose)(entry) && !isThere(entry) && entry.errors.length === 0;

/** Sends all that may go of WHOSE; rejects with what stopped it, and all else is still there. */
export async function sendAll(vault: Held, outside: Outside, whose: Whose): Promise<void> {
    for (;;) {
        const batch = await takeBatch(vault, outside, whose);
        if (batch.length === 0) break;
        await sendBatch(vault, outside, whose.post, batch);
    }
    for (const entry of inOrder(await vault.entries()).filter(isOf(whose))) {
        if (isThere(entry) && !isSent(entry)) await sendPhotos(vault, outside, whose.post, entry);
    }
}

/** What is sent is held to be corrected, as long as the server would take that; THERE is what it has of the post. */
export function forget(vault: Held, { post, user }: Whose, there: readonly SentEntry[]): Promise<void> {
    return vault.exclusive(async () => {
        const own = (await vault.entries()).filter((entry) => entry.owner === user);
        for (const entry of outdated(own, post, there)) await vault.remove(entry);
    });
}
