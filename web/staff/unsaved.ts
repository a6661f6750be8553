// SPDX-License-Identifier: Apache-2.0
// What was typed and not yet confirmed by the server: a copy in the browser, by account, that a reload or a crash
// does not lose. It goes when the server has it and when the person logs out. IndexedDB, every copy sealed with an
// AES-GCM key that the browser gives out to nobody; another account's lies locked until that one logs in here again.
const NAME = 'huyula-unsaved';
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

async function openStore(): Promise<Opened> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
        for (const store of [KEY, COPY]) request.result.createObjectStore(store, { keyPath: 'id' });
    };
    const db = await done(request);
    const read = () => done<{ key: CryptoKey } | undefined>(db.transaction(KEY).objectStore(KEY).get(KEY));
    let found = await read();
    if (!found) {
        /* The first of two tabs that make a key wins. */
        const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
        await done(db.transaction(KEY, 'readwrite').objectStore(KEY).add({ id: KEY, key })).catch(() => undefined);
        found = await read();
    }
    if (!found) throw new Error('storage');
    return { db, key: found.key };
}

const idOf = (user: string, name: string) => `${user}.${name}`;
const contextOf = (id: string) => new TextEncoder().encode(id) as Uint8Array<ArrayBuffer>;

async function seal({ key }: Opened, user: string, name: string, value: unknown): Promise<Sealed> {
    const id = idOf(user, name);
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const bytes = new TextEncoder().encode(JSON.stringify({ name, value })) as Uint8Array<ArrayBuffer>;
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: contextOf(id) }, key, bytes);
    return { id, user, at: Date.now(), iv, data };
}

async function unseal({ key }: Opened, { id, iv, data }: Sealed): Promise<{ name: string; value: unknown }> {
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

/** USER has logged in, or is: what this account typed here can be found from now on. */
export async function openUnsaved(user: string): Promise<void> {
    if (owner === user) return;
    owner = user;
    known.clear();
    waiting.clear();
    dropOpenCopies();
    try {
        opened ??= await openStore();
        const rows = await done<Sealed[]>(opened.db.transaction(COPY).objectStore(COPY).getAll());
        const old = rows.filter((row) => Date.now() - row.at > MAX_AGE_MS);
        for (const row of rows.filter((one) => one.user === user && !old.includes(one))) {
            /* One that cannot be read (the key was cleared away) is nobody's any more. */
            await unseal(opened, row).then(({ name, value }) => known.set(name, value), () => old.push(row));
        }
        if (old.length > 0) {
            const transaction = opened.db.transaction(COPY, 'readwrite');
            for (const row of old) transaction.objectStore(COPY).delete(row.id);
            await committed(transaction);
        }
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
