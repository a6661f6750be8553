// SPDX-License-Identifier: Apache-2.0
// What was typed and not yet confirmed by the server: a copy in the browser, by account, that a reload or a crash
// does not lose. It goes when the server has it and when the person logs out. IndexedDB, every copy sealed with an
// AES-GCM key of its account, which the server tells that account's sessions and the browser keeps nowhere: who logs
// in next in the same browser has no key to another's copies. They lie locked until that one logs in here again.
const NAME = 'huyula-unsaved';
/** Where one key for all accounts lay once: it opens what was sealed with it, and goes with the last of that. */
const KEY = 'key';
const COPY = 'copy';
const IV_BYTES = 12;
/** By then nobody will come for it. */
const MAX_AGE_MS = 30 * 24 * 3600_000;
/** Where copies lay in the open once. */
const OPEN_PREFIX = 'huyula.unsaved.';

interface Sealed {
    readonly id: string;
    readonly user: string;
    readonly at: number;
    readonly iv: Uint8Array;
    readonly data: ArrayBuffer;
    /** Sealed with the account's own key. */
    readonly own?: true;
}

interface Opened {
    readonly db: IDBDatabase;
    readonly key: CryptoKey;
}

/** The account whose copies are known, and those: what is written is here at once and in the browser soon after. */
let owner: string | null = null;
const known = new Map<string, unknown>();
const waiting = new Set<string>();
let opened: Opened | null = null;
let works = true;
let writing: Promise<void> | null = null;

function done<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('storage'));
    });
}

function committed(transaction: IDBTransaction): Promise<void> {
    return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('storage'));
    });
}

async function openStore(): Promise<IDBDatabase> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
        for (const store of [KEY, COPY]) request.result.createObjectStore(store, { keyPath: 'id' });
    };
    return done(request);
}

/** HEX: 32 bytes, as the session's answer has them. */
function keyOf(hex: string): Promise<CryptoKey> {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function sharedKey(db: IDBDatabase): Promise<CryptoKey | null> {
    const found = await done<{ key: CryptoKey } | undefined>(db.transaction(KEY).objectStore(KEY).get(KEY));
    return found?.key ?? null;
}

const idOf = (user: string, name: string) => `${user}.${name}`;
const contextOf = (id: string) => new TextEncoder().encode(id) as Uint8Array<ArrayBuffer>;

async function seal({ key }: Opened, user: string, name: string, value: unknown): Promise<Sealed> {
    const id = idOf(user, name);
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const bytes = new TextEncoder().encode(JSON.stringify({ name, value })) as Uint8Array<ArrayBuffer>;
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: contextOf(id) }, key, bytes);
    return { id, user, at: Date.now(), iv, data, own: true };
}

async function unseal(key: CryptoKey, { id, iv, data }: Sealed): Promise<{ name: string; value: unknown }> {
    const algorithm = { name: 'AES-GCM', iv: iv as Uint8Array<ArrayBuffer>, additionalData: contextOf(id) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, data))) as { name: string; value: unknown };
}

function dropOpenCopies(): void {
    try {
        for (const key of Object.keys(localStorage)) if (key.startsWith(OPEN_PREFIX)) localStorage.removeItem(key);
    } catch {
        /* Then there are none. */
    }
}

/** What USER kept: sealed anew with the own key where it was with the shared one. */
async function readOwn(store: Opened, user: string): Promise<void> {
    const rows = await done<Sealed[]>(store.db.transaction(COPY).objectStore(COPY).getAll());
    const shared = await sharedKey(store.db);
    const old = rows.filter((row) => Date.now() - row.at > MAX_AGE_MS);
    const resealed: Sealed[] = [];
    for (const row of rows.filter((one) => one.user === user && !old.includes(one))) {
        const key = row.own ? store.key : shared;
        try {
            if (!key) throw new Error('key');
            const { name, value } = await unseal(key, row);
            known.set(name, value);
            if (!row.own) resealed.push({ ...(await seal(store, user, name, value)), at: row.at });
        } catch {
            /* One that cannot be read (its key is gone) is nobody's any more. */
            old.push(row);
        }
    }
    const isLast = rows.every((row) => row.own || old.includes(row) || resealed.some((one) => one.id === row.id));
    const transaction = store.db.transaction([COPY, KEY], 'readwrite');
    for (const row of old) transaction.objectStore(COPY).delete(row.id);
    for (const row of resealed) transaction.objectStore(COPY).put(row);
    if (isLast) transaction.objectStore(KEY).delete(KEY);
    await committed(transaction);
}

/** USER has logged in, or is: what this account typed here can be found from now on. OWN_KEY: the account's. */
export async function openUnsaved(user: string, ownKey: string): Promise<void> {
    if (owner === user) return;
    owner = user;
    known.clear();
    waiting.clear();
    dropOpenCopies();
    try {
        opened = { db: opened?.db ?? await openStore(), key: await keyOf(ownKey) };
        await readOwn(opened, user);
        works = true;
    } catch {
        works = false;
    }
}

/** Writes what has changed, one after the other, the newest of each. */
async function writeWaiting(): Promise<void> {
    for (let name = first(); name !== undefined; name = first()) {
        waiting.delete(name);
        const user = owner;
        if (!opened || user === null) return;
        try {
            const sealed = known.has(name) ? await seal(opened, user, name, known.get(name)) : null;
            const transaction = opened.db.transaction(COPY, 'readwrite');
            if (sealed) transaction.objectStore(COPY).put(sealed);
            else transaction.objectStore(COPY).delete(idOf(user, name));
            await committed(transaction);
        } catch {
            works = false;
        }
    }
}

function first(): string | undefined {
    return waiting.values().next().value;
}

function write(name: string): void {
    waiting.add(name);
    writing ??= writeWaiting().finally(() => {
        writing = null;
    });
}

/** False when the browser keeps nothing (full, or not allowed): the page then says so. */
export function keepUnsaved(user: string, name: string, value: unknown): boolean {
    if (user !== owner) return false;
    known.set(name, value);
    if (works) write(name);
    return works;
}

/** What the caller kept under this name; it must check the shape. */
export function findUnsaved(user: string, name: string): unknown {
    return user === owner ? (known.get(name) ?? null) : null;
}

export function dropUnsaved(user: string, name: string): void {
    if (user !== owner || !known.delete(name)) return;
    if (works) write(name);
}

/** The names of what is kept that begin with PREFIX. */
export function namesUnsaved(user: string, prefix: string): readonly string[] {
    return user === owner ? [...known.keys()].filter((name) => name.startsWith(prefix)).sort() : [];
}

/** Whose copies are known; null: nobody is logged in. */
export function ownerOfUnsaved(): string | null {
    return owner;
}

/** Reads again what other pages of this browser have written, or dropped, of the names that IS_THEIRS says. */
export async function rereadUnsaved(user: string, isTheirs: (name: string) => boolean): Promise<void> {
    await writing;
    const store = opened;
    if (!store || user !== owner) return;
    const rows = await done<Sealed[]>(store.db.transaction(COPY).objectStore(COPY).getAll());
    const found = new Map<string, unknown>();
    for (const row of rows.filter((one) => one.user === user && one.own)) {
        const copy = await unseal(store.key, row).catch(() => null);
        if (copy && isTheirs(copy.name)) found.set(copy.name, copy.value);
    }
    if (user !== owner) return;
    for (const name of [...known.keys()]) if (isTheirs(name)) known.delete(name);
    for (const [name, value] of found) known.set(name, value);
}

/** When what was kept and dropped until now lies in the browser. */
export async function writtenUnsaved(): Promise<void> {
    await writing;
}

/** The person logs out: all that was kept of this account goes. */
export async function forgetAllUnsaved(): Promise<void> {
    for (const name of [...known.keys()]) {
        known.delete(name);
        if (works) write(name);
    }
    await writing;
    owner = null;
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
