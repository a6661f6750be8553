// SPDX-License-Identifier: Apache-2.0
// What the tablet holds until the server has it: IndexedDB, every record sealed with an AES-GCM key that
// the browser gives out to nobody. One account's at a time. No patient's data lies anywhere else.
import { isSent, type Entry, type Form } from './entry';
import type { ConsentReply } from '../shared/api_types';
import { newUuid } from './uuid';
import type { Post } from './types';

const NAME = 'huyula-pos';
const STORES = ['key', 'note', 'entry', 'photo', 'counter'] as const;
type Store = (typeof STORES)[number];
const KEY = 'key';
const DEVICE = 'device';
/** And the post's id: a note. */
const DRAFT = 'draft:';
const IV_BYTES = 12;

/** What the page needs to begin without a network. */
export interface Known {
    readonly owner: { readonly user: string; readonly name: string; readonly facility: { id: string; name: string } };
    readonly post: Post | null;
    readonly consent: ConsentReply | null;
}

/** What is typed and not saved yet: of one post, of one account. */
export interface Draft {
    readonly owner: string;
    readonly post: string;
    /** Of an entry that is open for correcting; null: of a new patient. */
    readonly entry: string | null;
    readonly form: Form;
    readonly photos: readonly string[];
}

interface Sealed {
    readonly id: string;
    readonly iv: Uint8Array;
    readonly data: ArrayBuffer;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('storage'));
    });
}

function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
        for (const store of STORES) request.result.createObjectStore(store, { keyPath: 'id' });
    };
    return done(request);
}

/** The first of two tabs that make a key wins. */
async function keyOf(db: IDBDatabase): Promise<CryptoKey> {
    const read = () => done<{ key: CryptoKey } | undefined>(db.transaction('key').objectStore('key').get(KEY));
    const known = await read();
    if (known) return known.key;
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await done(db.transaction('key', 'readwrite').objectStore('key').add({ id: KEY, key })).catch(() => undefined);
    const kept = await read();
    if (!kept) throw new Error('storage');
    return kept.key;
}

export class Vault {
    private last: Promise<unknown> = Promise.resolve();

    private constructor(private readonly db: IDBDatabase, private readonly key: CryptoKey) {}

    /** Rejects where the browser has no such store (a private window). */
    static async open(): Promise<Vault> {
        const db = await open();
        return new Vault(db, await keyOf(db));
    }

    private context(store: Store, id: string): Uint8Array<ArrayBuffer> {
        return new TextEncoder().encode(`${store}:${id}`) as Uint8Array<ArrayBuffer>;
    }

    private async seal(store: Store, id: string, bytes: ArrayBuffer): Promise<Sealed> {
        const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
        const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: this.context(store, id) }, this.key, bytes);
        return { id, iv, data };
    }

    private unseal(store: Store, { id, iv, data }: Sealed): Promise<ArrayBuffer> {
        const algorithm = { name: 'AES-GCM', iv: iv as Uint8Array<ArrayBuffer>, additionalData: this.context(store, id) };
        return crypto.subtle.decrypt(algorithm, this.key, data);
    }

    /** One after the other, also among tabs: what is read in WORK is not changed before it is written. */
    exclusive<T>(work: () => Promise<T>): Promise<T> {
        if (navigator.locks) return navigator.locks.request(NAME, work) as Promise<T>;
        const mine = this.last.then(work, work);
        this.last = mine;
        return mine;
    }

    /** Resolves when it is on the disk. */
    private write(stores: readonly Store[], change: (transaction: IDBTransaction) => void): Promise<void> {
        return new Promise((resolve, reject) => {
            const transaction = this.db.transaction([...stores], 'readwrite', { durability: 'strict' });
            transaction.oncomplete = () => resolve();
            transaction.onabort = () => reject(transaction.error ?? new Error('storage'));
            change(transaction);
        });
    }

    private sealJson(store: Store, id: string, value: unknown): Promise<Sealed> {
        return this.seal(store, id, new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer);
    }

    private async putJson(store: Store, id: string, value: unknown): Promise<void> {
        const sealed = await this.sealJson(store, id, value);
        await this.write([store], (transaction) => transaction.objectStore(store).put(sealed));
    }

    private async toJson<T>(store: Store, sealed: Sealed): Promise<T> {
        return JSON.parse(new TextDecoder().decode(await this.unseal(store, sealed))) as T;
    }

    private get(store: Store, id: string): Promise<Sealed | undefined> {
        return done<Sealed | undefined>(this.db.transaction(store).objectStore(store).get(id));
    }

    async known(): Promise<Known | null> {
        const sealed = await this.get('note', 'known');
        return sealed ? this.toJson<Known>('note', sealed) : null;
    }

    setKnown(known: Known): Promise<void> {
        return this.putJson('note', 'known', known);
    }

    /** This tablet's own id, made once. */
    async device(): Promise<string> {
        const kept = () => done<{ value: string } | undefined>(this.db.transaction('counter').objectStore('counter').get(DEVICE));
        const known = await kept();
        if (known) return known.value;
        await done(this.db.transaction('counter', 'readwrite').objectStore('counter').add({ id: DEVICE, value: newUuid() }))
            .catch(() => undefined);
        const made = await kept();
        if (!made) throw new Error('storage');
        return made.value;
    }

    /** The next number of this post: each is given once, also to two tabs. */
    async nextSequence(post: string): Promise<number> {
        let next = 1;
        await this.write(['counter'], (transaction) => {
            const store = transaction.objectStore('counter');
            const read = store.get(post) as IDBRequest<{ value: number } | undefined>;
            read.onsuccess = () => {
                next = (read.result?.value ?? 0) + 1;
                store.put({ id: post, value: next });
            };
        });
        return next;
    }

    async entries(): Promise<Entry[]> {
        const all = await done<Sealed[]>(this.db.transaction('entry').objectStore('entry').getAll());
        return Promise.all(all.map((one) => this.toJson<Entry>('entry', one)));
    }

    async entry(id: string): Promise<Entry | null> {
        const sealed = await this.get('entry', id);
        return sealed ? this.toJson<Entry>('entry', sealed) : null;
    }

    /** The entry with its new photos, at once or not at all. ENDS: the post whose draft it was. */
    async save(entry: Entry, photos: ReadonlyMap<string, ArrayBuffer> = new Map(), ends: string | null = null): Promise<void> {
        const sealed = await this.sealJson('entry', entry.id, entry);
        const pictures = await this.sealPhotos(photos);
        await this.write(['entry', 'photo', 'note'], (transaction) => {
            transaction.objectStore('entry').put(sealed);
            for (const picture of pictures) transaction.objectStore('photo').put(picture);
            if (ends !== null) transaction.objectStore('note').delete(DRAFT + ends);
        });
    }

    private sealPhotos(photos: ReadonlyMap<string, ArrayBuffer>): Promise<Sealed[]> {
        return Promise.all([...photos].map(([id, data]) => this.seal('photo', id, data)));
    }

    /** With its new photos, and without those that were taken out of it. */
    async setDraft(draft: Draft, photos: ReadonlyMap<string, ArrayBuffer>, gone: readonly string[]): Promise<void> {
        const sealed = await this.sealJson('note', DRAFT + draft.post, draft);
        const pictures = await this.sealPhotos(photos);
        await this.write(['note', 'photo'], (transaction) => {
            transaction.objectStore('note').put(sealed);
            for (const picture of pictures) transaction.objectStore('photo').put(picture);
            for (const id of gone) transaction.objectStore('photo').delete(id);
        });
    }

    async draft(post: string, owner: string): Promise<Draft | null> {
        const sealed = await this.get('note', DRAFT + post);
        const draft = sealed ? await this.toJson<Draft>('note', sealed) : null;
        return draft?.owner === owner ? draft : null;
    }

    /** Thrown away, with PHOTOS that were in it alone. */
    endDraft(post: string, photos: readonly string[]): Promise<void> {
        return this.write(['note', 'photo'], (transaction) => {
            transaction.objectStore('note').delete(DRAFT + post);
            for (const id of photos) transaction.objectStore('photo').delete(id);
        });
    }

    /** Whose is what would be lost with this tablet: entries that are not sent, drafts. */
    async unsent(): Promise<{ readonly owner: string }[]> {
        const notes = await done<Sealed[]>(this.db.transaction('note').objectStore('note').getAll());
        const drafts = notes.filter((one) => one.id.startsWith(DRAFT)).map((one) => this.toJson<Draft>('note', one));
        return [...(await this.entries()).filter((entry) => !isSent(entry)), ...(await Promise.all(drafts))];
    }

    async photo(id: string): Promise<ArrayBuffer | null> {
        const sealed = await this.get('photo', id);
        return sealed ? this.unseal('photo', sealed) : null;
    }

    removePhoto(id: string): Promise<void> {
        return this.write(['photo'], (transaction) => transaction.objectStore('photo').delete(id));
    }

    remove(entry: Entry): Promise<void> {
        return this.write(['entry', 'photo'], (transaction) => {
            transaction.objectStore('entry').delete(entry.id);
            for (const id of entry.photos) transaction.objectStore('photo').delete(id);
        });
    }

    /** Everything of this account, and the key with which it could be read. */
    async wipe(): Promise<void> {
        await this.write(['key', 'note', 'entry', 'photo'], (transaction) => {
            for (const store of ['key', 'note', 'entry', 'photo'] as const) transaction.objectStore(store).clear();
        });
        this.db.close();
    }
}
