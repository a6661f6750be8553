// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem, NetworkError } from '../shared/api';
import {
    answered, bodyOf, changed, errorsByEntry, formIsFine, isLater, isSent, isThere, NO_FORM, outdated, sameNik, wrongFields, type Entry, type Form, type Texts,
} from './entry';
import { DraftKeeper, type Picture } from './draft';
import { learnText, meet, type Met } from './meet';
import { base64, BATCH, forget, sendAll, type Outside } from './sender';
import type { EntryBody, Post, SentEntry } from './types';
import { newUuid } from './uuid';
import type { Draft, Known } from './vault';
import type { Session } from '../staff/types';

const TODAY = '2026-11-24';
const TEXTS: Texts = { current: 2, heard: 0 };
const FORM: Form = { ...NO_FORM, name: ' Siti  Aminah ', birth: '2-3-1954', sex: 'P', nikKind: 'none', identity: 'ktp', reason: 'Batuk', consentLater: true };

function entryOf(sequence: number, more: Partial<Entry> = {}): Entry {
    return { id: `id-${sequence}`, owner: 'nurse', post: 'post', sequence, revision: 1, sent: false, form: FORM, registeredAtMs: 5, photos: [], errors: [], ...more };
}

/** As Vault, in memory. */
class Held {
    readonly all = new Map<string, Entry>();
    readonly pictures = new Map<string, ArrayBuffer>();
    constructor(entries: readonly Entry[]) {
        for (const entry of entries) this.all.set(entry.id, entry);
    }
    exclusive = <T>(work: () => Promise<T>) => work();
    entries = async () => [...this.all.values()];
    entry = async (id: string) => this.all.get(id) ?? null;
    save = async (entry: Entry) => void this.all.set(entry.id, entry);
    remove = async (entry: Entry) => void this.all.delete(entry.id);
    photo = async (id: string) => this.pictures.get(id) ?? null;
    removePhoto = async (id: string) => void this.pictures.delete(id);
    device = async () => 'device';
    /** Not sent yet. */
    left = () => [...this.all.values()].filter((one) => !isSent(one));
}

/** A server that keeps by id, and drops the answers that `loses` names. */
class Server {
    readonly kept = new Map<string, EntryBody>();
    readonly order: number[] = [];
    readonly photos = new Map<string, string>();
    n = 0;
    lang = 'id';
    constructor(private readonly loses: (n: number) => boolean = () => false, private readonly wrong: readonly number[] = []) {}
    outside(): Outside {
        return { post: this.post, lang: () => this.lang, onStep: () => undefined };
    }
    post = async <T>(path: string, body: unknown): Promise<T> => {
        const answer = path.endsWith('/photos') ? this.photo(body as { photo: string; data: string }) : this.take(body as { entries: EntryBody[] });
        if (this.loses(this.n++)) throw new NetworkError();
        return answer as T;
    };
    private photo({ photo, data }: { photo: string; data: string }) {
        this.photos.set(photo, data);
        return null;
    }
    private take({ entries }: { entries: EntryBody[] }) {
        assert.ok(entries.length <= BATCH);
        return { entries: entries.map((one) => {
            if (this.wrong.includes(one.sequence))
                return { id: one.id, result: 'refused', errors: [{ field: 'nik', code: 'nik_date', message: 'x' }] };
            if (!this.kept.has(one.id)) this.order.push(one.sequence);
            this.kept.set(one.id, one);
            return { id: one.id, result: 'taken', revision: one.revision, visit: 'v', number: 'A-1' };
        }) };
    }
}

const POST = { post: 'post', user: 'nurse' };
const thirty = () => Array.from({ length: 30 }, (_, i) => entryOf(30 - i));
const ALL = Array.from({ length: 30 }, (_, i) => i + 1);

test('whatever answers are lost, all is there once and in order, and nothing is left', async () => {
    for (let lost = 0; lost < 6; lost++) {
        const held = new Held(thirty());
        const server = new Server((n) => n === lost);
        await assert.rejects(sendAll(held, server.outside(), POST), NetworkError);
        assert.ok(held.left().length > 0, 'what was not answered stays');
        await sendAll(held, server.outside(), POST);
        assert.deepEqual(server.order, ALL);
        assert.equal(held.left().length, 0);
    }
});

test('one that cannot be right stays, with its words, and holds up no other', async () => {
    const held = new Held(thirty());
    const server = new Server(undefined, [7]);
    await sendAll(held, server.outside(), POST);
    assert.deepEqual(server.order, ALL.filter((n) => n !== 7));
    assert.deepEqual(held.left().map((one) => [one.sequence, one.errors[0]?.field]), [[7, 'nik']]);
});

test('photos come after their patient, and are forgotten when they are there', async () => {
    const held = new Held([entryOf(1, { photos: ['a', 'b'] })]);
    held.pictures.set('a', new Uint8Array([1, 2, 3]).buffer).set('b', new Uint8Array(9000).fill(7).buffer);
    const server = new Server((n) => n === 2);
    await assert.rejects(sendAll(held, server.outside(), POST), NetworkError);
    assert.deepEqual([...held.all.values()].map((one) => [isThere(one), one.photos]), [[true, ['b']]]);
    await sendAll(held, server.outside(), POST);
    assert.equal(server.photos.get('a'), 'AQID');
    assert.equal(Buffer.from(server.photos.get('b') ?? '', 'base64').length, 9000);
    assert.deepEqual([held.left().length, held.pictures.size, held.all.get('id-1')?.sentPhotos], [0, 0, 2]);
    assert.equal(base64(new Uint8Array([255, 254]).buffer), '//4=');
});

test('another post\'s patients are not sent with this one\'s', async () => {
    const held = new Held([entryOf(1), entryOf(2, { post: 'elsewhere' })]);
    const server = new Server();
    await sendAll(held, server.outside(), POST);
    assert.deepEqual([server.order, held.left().map((one) => one.id)], [[1], ['id-2']]);
});

test('what another account took down is not sent with this one\'s, nor its photos', async () => {
    const held = new Held([entryOf(1, { owner: 'other' }), entryOf(2), entryOf(3, { owner: 'other', form: null, photos: ['a'] })]);
    held.pictures.set('a', new Uint8Array([1]).buffer);
    const server = new Server();
    await sendAll(held, server.outside(), POST);
    assert.deepEqual([server.order, server.photos.size, held.left().map((one) => one.id)], [[2], 0, ['id-1', 'id-3']]);
});

test('a change while photos are under way is not lost, and goes as it is now', async () => {
    const held = new Held([entryOf(1, { there: 1, sent: true, photos: ['a', 'b'] })]);
    held.pictures.set('a', new Uint8Array([1]).buffer).set('b', new Uint8Array([2]).buffer);
    const server = new Server();
    const outside: Outside = { ...server.outside(), post: async <T>(path: string, body: unknown) => {
        const answer = await server.post<T>(path, body);
        /* The nurse opens it and saves it anew just now. */
        const now = held.all.get('id-1');
        if (server.n === 1 && now) held.all.set('id-1', changed(now, { ...FORM, reason: 'Demam' }, now.photos));
        return answer;
    } };
    await sendAll(held, outside, POST);
    assert.deepEqual([held.all.get('id-1')?.form?.reason, held.all.get('id-1')?.photos, held.pictures.size], ['Demam', ['a', 'b'], 2]);
    await sendAll(held, outside, POST);
    assert.deepEqual([server.kept.get('id-1')?.reason, server.kept.get('id-1')?.revision], ['Demam', 2]);
    assert.deepEqual([server.photos.size, held.left().length, held.pictures.size], [2, 0, 0]);
});

test('a patient who was deleted while photos are under way stays away', async () => {
    const held = new Held([entryOf(1, { there: 1, photos: ['a', 'b'] })]);
    held.pictures.set('a', new Uint8Array([1]).buffer).set('b', new Uint8Array([2]).buffer);
    const server = new Server();
    const outside: Outside = { ...server.outside(), post: async <T>(path: string, body: unknown) => {
        held.all.delete('id-1');
        return server.post<T>(path, body);
    } };
    await sendAll(held, outside, POST);
    assert.deepEqual([server.photos.size, held.all.size], [1, 0]);
});

/** As Vault, of the nurse. */
class Tablet {
    nWiped = 0;
    constructor(public all: readonly Entry[], public note: Known | null = known('nurse')) {}
    known = async () => this.note;
    setKnown = async (note: Known) => void (this.note = note);
    unsent = async () => [...this.all];
    wipe = async () => {
        this.nWiped++;
        this.all = [];
        this.note = null;
    };
}
const PLACE = { id: 'post-1' } as Post;
const FACILITY = { id: 'f', name: 'Puskesmas Limboto' };
const known = (user: string): Known => ({ owner: { user, name: `Ns. ${user}`, facility: FACILITY }, post: null, consent: null });
const sessionOf = (user: string, role: Session['role'] = 'desk') =>
    ({ user, name: `Ns. ${user}`, role, facility: FACILITY, csrf: 'x' }) as Session;

/** What the page knows after the meeting, and what it was told first. */
async function met(tablet: Tablet, account: string | null, session: () => Promise<Session>) {
    const told: Partial<Met<Tablet>>[] = [];
    const around = { open: async () => tablet, session, consent: async () => ({ version: 1, text: { id: '', en: '' } }), account: () => account };
    const failed = await meet(around, (change) => told.push(change)).then(() => false, () => true);
    return { failed, told, ...told.reduce<Partial<Met<Tablet>>>((all, one) => ({ ...all, ...one }), {}) };
}
const noNetwork = () => Promise.reject<Session>(new NetworkError());

test('without a network the tablet is whose log-in was the last, and nobody else\'s', async () => {
    const own = await met(new Tablet([entryOf(1)]), 'nurse', noNetwork);
    assert.deepEqual([own.failed, own.known?.owner.user, own.locked], [true, 'nurse', undefined]);
    const never = await met(new Tablet([entryOf(1)]), null, noNetwork);
    assert.equal(never.known?.owner.user, 'nurse', 'a browser that keeps no account is the tablet\'s');
    for (const account of ['other', '']) {
        const tablet = new Tablet([entryOf(1), entryOf(2)]);
        const { known: seen, locked } = await met(tablet, account, noNetwork);
        assert.deepEqual([seen, locked], [null, { n: 2, owner: 'Ns. nurse', offline: true }]);
        assert.equal(tablet.all.length, 2, 'and nothing is lost');
    }
    const empty = await met(new Tablet([]), 'other', noNetwork);
    assert.deepEqual([empty.known, empty.locked], [null, null]);
});

test('nobody sees whose patients these are before the log-in is known', async () => {
    for (const account of ['other', '', null]) {
        const { told } = await met(new Tablet([entryOf(1)]), account, async () => sessionOf('other'));
        assert.deepEqual(Object.keys(told[0] ?? {}), ['vault']);
        assert.ok(told.every((one) => !one.known));
    }
    const { told } = await met(new Tablet([entryOf(1)]), 'nurse', async () => sessionOf('nurse'));
    assert.equal(told[0]?.known?.owner.user, 'nurse', 'who was here last does not wait');
});

test('a text that replaces another is held as soon as it is heard of, and fetched once', async () => {
    const tablet = new Tablet([entryOf(1)]);
    const text = { version: 2, text: { id: 'dua', en: 'two' } };
    let nFetched = 0;
    const fetch = async () => {
        nFetched++;
        /* Meanwhile the team has come to its post. */
        tablet.note = { ...known('nurse'), post: PLACE };
        return text;
    };
    const learnt = await learnText(tablet, 2, fetch);
    assert.deepEqual([learnt?.consent, learnt?.post, tablet.note?.consent], [text, PLACE, text]);
    assert.deepEqual([await learnText(tablet, 2, fetch), nFetched], [null, 1]);
    await assert.rejects(learnText(tablet, 3, () => Promise.reject(new NetworkError())));
    assert.deepEqual(tablet.note?.consent, text, 'what is held stays');
});

test('with a network another account is told whose it is, and takes the tablet over once all is sent', async () => {
    const tablet = new Tablet([entryOf(1)]);
    const foreign = await met(tablet, 'other', async () => sessionOf('other'));
    assert.deepEqual([foreign.known, foreign.locked, tablet.nWiped], [null, { n: 1, owner: 'Ns. nurse', offline: false }, 0]);
    const back = await met(tablet, 'nurse', async () => sessionOf('nurse'));
    assert.deepEqual([back.known?.owner.user, back.locked, tablet.all.length], ['nurse', null, 1]);
    tablet.all = [];
    const next = await met(tablet, 'other', async () => sessionOf('other'));
    assert.deepEqual([next.known?.owner.user, tablet.note?.owner.user, tablet.nWiped], ['other', 'other', 1]);
    const doctor = await met(new Tablet([entryOf(1)]), 'nurse', async () => sessionOf('doctor', 'doctor'));
    assert.deepEqual([doctor.wrongRole, doctor.known], [true, null]);
});

test('a batch that is refused for its form is told apart', async () => {
    const held = new Held([entryOf(1), entryOf(2)]);
    let n = 0;
    const outside: Outside = { ...new Server().outside(), post: async <T>() => {
        if (n++ === 0) {
            throw new ApiProblem(422, 'invalid-fields', '', '', [{ field: 'entries[1].name', code: 'bad_characters', message: 'x' }], 0, {});
        }
        return { entries: [{ id: 'id-1', result: 'taken', revision: 1, visit: 'v', number: 'A-1' }] } as T;
    } };
    await sendAll(held, outside, POST);
    assert.deepEqual(held.left().map((one) => [one.id, one.errors[0]?.field]), [['id-2', 'name']]);
    assert.equal(errorsByEntry([{ field: 'device', code: 'x', message: '' }]).size, 0);
});

test('a change of what may be there is another revision, and an old answer does not end it', () => {
    const fresh = entryOf(1);
    assert.equal(changed(fresh, FORM, []).revision, 1);
    const again = changed({ ...fresh, sent: true }, FORM, []);
    assert.deepEqual([again.revision, again.sent], [2, false]);
    const old = { id: 'id-1', result: 'taken', revision: 1, visit: 'v', number: 'A-1' } as const;
    assert.equal(answered(again, 1, old), again);
    assert.ok(isSent(answered(again, 2, { ...old, revision: 2 })));
    assert.equal(answered(again, 1, { id: 'id-1', result: 'refused', errors: [] }), again);
});

test('what is sent is what was typed, in the server\'s form', () => {
    const form: Form = { ...FORM, nikKind: 'newborn', motherNik: '7571 0257 0890 0001', vitals: { ...FORM.vitals, temperature_tenth_c: '36,5' } };
    const body = bodyOf(entryOf(3), form);
    assert.deepEqual([body.name, body.birth_date, body.without_nik, body.mother_nik, body.nik, body.phone, body.vitals],
        ['Siti Aminah', '1954-03-02', 'newborn', '7571025708900001', undefined, undefined, { temperature_tenth_c: 365 }]);
    assert.deepEqual(wrongFields(NO_FORM, TEXTS), ['name', 'birth_date', 'sex', 'nik', 'identity', 'reason', 'consent']);
    assert.deepEqual(wrongFields({ ...FORM, nikKind: 'newborn', phone: '12', birth: '31-02-2020' }, TEXTS), ['birth_date', 'mother_nik', 'phone']);
    assert.ok(formIsFine(FORM, TEXTS));
    /* The tablet's clock may have stopped. */
    const child = { ...FORM, birth: '25-11-2026' };
    assert.deepEqual([wrongFields(child, TEXTS), isLater(child, TODAY), isLater({ ...FORM, birth: '24-11-2026' }, TODAY)], [[], true, false]);
    assert.deepEqual(['25-11-2026', ' 31-02-2020 '].map((birth) => bodyOf(entryOf(3), { ...FORM, birth }).birth_date), ['2026-11-25', '31-02-2020'], 'what is filled in is not sent as missing');
    assert.ok(!formIsFine({ ...FORM, vitals: { ...FORM.vitals, pulse_per_min: '900' } }, TEXTS));
    const consentOf = (more: Partial<Form>, texts: Texts) => wrongFields({ ...FORM, consentLater: false, ...more }, texts);
    assert.deepEqual(consentOf({ consent: 2 }, TEXTS), []);
    assert.deepEqual(consentOf({ consent: 1 }, TEXTS), ['consent'], 'the text has been replaced while it was typed');
    assert.deepEqual(consentOf({ consent: 1 }, { current: 2, heard: 1 }), [], 'who was registered before agreed to what was read then');
    assert.deepEqual(consentOf({}, { current: 2, heard: 0 }), ['consent'], 'nothing was said');
    assert.deepEqual(consentOf({}, { current: 0, heard: 0 }), [], 'there is nothing to read on this tablet');
    assert.match(newUuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('what is sent again says the same, whatever language was chosen meanwhile', async () => {
    const held = new Held([entryOf(1), entryOf(2, { lang: 'en' })]);
    const server = new Server((n) => n === 0);
    await assert.rejects(sendAll(held, server.outside(), POST), NetworkError);
    const first = [...server.kept.values()];
    assert.deepEqual(first.map((one) => one.lang), ['id', 'en']);
    server.lang = 'en';
    await sendAll(held, server.outside(), POST);
    assert.deepEqual([...server.kept.values()], first);
});

const sentOf = (n: number, state: SentEntry['state']) => ({ id: `id-${n}`, state }) as SentEntry;

test('what is sent is held until the doctor calls, and a correction is another revision', async () => {
    const held = new Held([entryOf(1), entryOf(2), entryOf(3, { post: 'elsewhere', there: 1 }), entryOf(4, { owner: 'other', there: 1 })]);
    const server = new Server();
    await sendAll(held, server.outside(), POST);
    await forget(held, POST, [sentOf(1, 'checked_in'), sentOf(2, 'called')]);
    assert.deepEqual([...held.all.keys()], ['id-1', 'id-4'], 'not of another post; another account\'s is not touched');
    const now = held.all.get('id-1');
    assert.ok(now && isSent(now));
    held.all.set('id-1', changed(now, { ...FORM, reason: 'Demam' }, ['a']));
    held.pictures.set('a', new Uint8Array([1]).buffer);
    await forget(held, POST, [sentOf(1, 'called')]);
    assert.equal(held.left().length, 1, 'what is not sent is never forgotten');
    await sendAll(held, server.outside(), POST);
    assert.deepEqual([server.kept.get('id-1')?.reason, server.kept.get('id-1')?.revision, server.photos.size], ['Demam', 2, 1]);
    assert.deepEqual(outdated([...held.all.values()], 'post', []).map((one) => one.id), ['id-1', 'id-4']);
});

test('the same NIK at the post is found, however it is typed, and not with itself', () => {
    const nik = (text: string): Form => ({ ...FORM, nikKind: 'nik', nik: text });
    const held = [entryOf(1, { form: nik('7571 0206 0560 0001') }), entryOf(2)];
    assert.equal(sameNik(held, nik('7571020605600001'), null)?.id, 'id-1');
    assert.equal(sameNik(held, nik('7571020605600001'), 'id-1'), null);
    assert.equal(sameNik(held, nik('757102'), null), null);
    assert.equal(sameNik(held, { ...nik('7571020605600001'), nikKind: 'none' }, null), null);
});

/** A disk that writes when it is told to. */
class Disk {
    readonly drafts: string[] = [];
    readonly photos = new Set<string>();
    ended = 0;
    go: (() => void)[] = [];
    setDraft = async (draft: Draft, added: ReadonlyMap<string, ArrayBuffer>, gone: readonly string[]) => {
        await new Promise<void>((resolve) => this.go.push(resolve));
        this.drafts.push(draft.form.name);
        for (const id of added.keys()) this.photos.add(id);
        for (const id of gone) this.photos.delete(id);
    };
    endDraft = async (_: string, photos: readonly string[]) => {
        this.ended++;
        for (const id of photos) this.photos.delete(id);
    };
    /** Lets it write, as long as there is something. */
    async spin(): Promise<void> {
        for (let idle = 0; idle < 10; idle++) {
            await new Promise(setImmediate);
            if (this.go.length > 0) idle = 0;
            this.go.shift()?.();
        }
    }
}
const draftOf = (name: string, photos: readonly string[] = []): Draft => ({ owner: 'nurse', post: 'post', entry: null, form: { ...FORM, name }, photos });
const pictureOf = (id: string): Picture => ({ id, blob: new Blob(['x']), isNew: true });

test('a draft on the disk is the newest, with its photos, and none comes after its end', async () => {
    const disk = new Disk();
    const keeper = new DraftKeeper(disk, new Set(), () => assert.fail());
    for (const name of ['A', 'An', 'Ani']) keeper.keep(draftOf(name), []);
    await disk.spin();
    assert.deepEqual(disk.drafts, ['A', 'Ani']);
    keeper.keep(draftOf('Ani', ['a', 'b']), [pictureOf('a'), pictureOf('b')]);
    await disk.spin();
    keeper.keep(draftOf('Ani', ['b']), [pictureOf('b')]);
    await disk.spin();
    assert.deepEqual([...disk.photos], ['b']);
    keeper.keep(draftOf('Ani L', ['b']), [pictureOf('b')]);
    keeper.keep(draftOf('Ani La', ['b']), [pictureOf('b')]);
    const over = keeper.end('post');
    await disk.spin();
    await over;
    keeper.keep(draftOf('Ani Lam'), []);
    await disk.spin();
    assert.deepEqual([disk.drafts.at(-1), disk.ended, disk.photos.size], ['Ani L', 1, 0]);
});
