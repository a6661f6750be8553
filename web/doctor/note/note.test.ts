// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem, NetworkError, problemFrom } from '../../shared/api';
import { FakeTimers, settle } from '../../shared/fake_timers';
import { allergyLines, bodyOf, draftOf, EMPTY, hasBegun, isUnmet, parseVital, saysWhat, vitalFaults, vitalText, withMain, withTemplate, withVitals } from './note_state';
import type { VisitState, VisitWay } from '../../staff/types';
import { NoteStore, type Copy, type NoteServer } from './note_store';
import { TEMPLATES } from './templates';
import { VITAL_KEYS, type ServerNote } from './types';
import { vitalWords } from './words';

test('vital signs are read as people type them', () => {
    assert.equal(parseVital('temperature_tenth_c', '36,5'), 365);
    assert.equal(parseVital('temperature_tenth_c', ' 36.55 '), 366);
    assert.equal(parseVital('weight_g', '3,05'), 3050);
    assert.equal(parseVital('pulse_per_min', '8o'), null);
    assert.equal(vitalText('weight_g', 3050), '3,05');
    assert.equal(vitalText('height_cm', null), '');
    assert.deepEqual([vitalWords('temperature_tenth_c', 365), vitalWords('pulse_per_min', 88)], ['36,5 °C', '88 /mnt']);
});

test('what is to come is not signed', () => {
    const begun = (state: VisitState, way: VisitWay = 'video', to_phone = false) => hasBegun({ state, way, to_phone });
    assert.deepEqual([begun('booked'), begun('checked_in'), begun('called'), begun('no_show_patient')], [false, false, false, false]);
    assert.deepEqual([begun('in_call'), begun('done'), begun('tech_failed'), begun('converted_phone')], [true, true, true, true]);
    assert.deepEqual([begun('called', 'in_person'), begun('checked_in', 'in_person')], [true, false]);
    assert.deepEqual([begun('booked', 'phone', true), begun('booked', 'phone')], [false, true]);
});

test('vital signs that nobody can have are named and not sent, the rest is', () => {
    const vitals = { ...EMPTY.vitals, temperature_tenth_c: '3,85', pulse_per_min: 'x', systolic_mmhg: '80',
        diastolic_mmhg: '120', weight_g: '72' };
    const draft = { ...EMPTY, subjective: 'Batuk', vitals };
    assert.deepEqual(vitalFaults(draft), { temperature_tenth_c: 'range', pulse_per_min: 'number', diastolic_mmhg: 'below' });
    assert.deepEqual(bodyOf(draft, 3).vitals, { systolic_mmhg: 80, weight_g: 72_000 });
    assert.equal(bodyOf(draft, 3).subjective, 'Batuk');
});

test('all allergies that were noted are shown, whatever is typed now', () => {
    const known = [{ text: 'Udang: gatal', noted_at_ms: 2 }, { text: 'Penisilin: syok', noted_at_ms: 1 }];
    const lines = (typed: string) => allergyLines(typed, known).map(({ text, notedAtMs }) => `${text} ${notedAtMs}`);
    assert.deepEqual(lines(''), ['Udang: gatal 2', 'Penisilin: syok 1']);
    assert.deepEqual(lines(' tidak  ada\n'), ['Udang: gatal 2', 'Penisilin: syok 1', 'tidak ada null']);
    assert.deepEqual(lines('udang: GATAL\nTelur'), ['Penisilin: syok 1', 'udang: GATAL null', 'Telur null']);
    assert.deepEqual(allergyLines('', []), []);
});

test('an assessment in words says what it was, as a code does', () => {
    assert.deepEqual([saysWhat(EMPTY), saysWhat({ ...EMPTY, assessment: ' \n' })], [false, false]);
    assert.equal(saysWhat({ ...EMPTY, assessment: 'Gigitan anjing' }), true);
    assert.equal(saysWhat({ ...EMPTY, diagnoses: [{ code: 'W54', name: '' }] }), true);
});

test('a template goes under what stands there, once', () => {
    const typed = { ...EMPTY, subjective: 'Batuk' };
    const once = withTemplate(typed, TEMPLATES.cough);
    assert.ok(once.subjective.startsWith('Batuk\nBatuk pilek'));
    assert.equal(withTemplate(once, TEMPLATES.cough).subjective, once.subjective);
    const full = { ...EMPTY, subjective: 'x'.repeat(3990) };
    assert.equal(withTemplate(full, TEMPLATES.cough).subjective.length, 3990);
    assert.deepEqual(withMain([{ code: 'A', name: '' }, { code: 'B', name: '' }], 'B').map((one) => one.code), ['B', 'A']);
});

const NO_VITALS = Object.fromEntries(VITAL_KEYS.map((key) => [key, null])) as ServerNote['vitals'];

/** A server with one note, which can be out of reach. */
class FakeServer implements NoteServer {
    note: ServerNote = { subjective: '', objective: '', assessment: '', plan: '', allergies: '', vitals: NO_VITALS,
        diagnoses: [], revision: 0, saved_at_ms: null, signed_at_ms: null, hash: null };
    down = false;
    /** What is sent arrives, and nobody hears of it. */
    losesAnswers = false;
    /** What signing is refused with; '': it is not. */
    refusal = '';
    nSent = 0;
    readonly keeps: boolean[] = [];

    async get<T>(): Promise<T> {
        if (this.down) throw new NetworkError();
        return { note: this.note, addenda: [], patient: null } as T;
    }

    async put<T>(_path: string, body: unknown): Promise<T> {
        this.nSent++;
        if (this.down) throw new NetworkError();
        const sent = body as { revision: number; subjective: string; keep_current: boolean };
        this.keeps.push(sent.keep_current);
        if (this.note.revision > 0 && sent.subjective === this.note.subjective) return { revision: this.note.revision, saved_at_ms: 1, signed_at_ms: null } as T;
        if (sent.revision !== this.note.revision) throw this.stale();
        this.note = { ...this.note, subjective: sent.subjective, revision: sent.revision + 1, saved_at_ms: 1 };
        if (this.losesAnswers) throw new NetworkError();
        return { revision: this.note.revision, saved_at_ms: 1, signed_at_ms: null } as T;
    }

    async post<T>(): Promise<T> {
        if (this.refusal) throw problemFrom(409, { type: `/masalah/${this.refusal}` }, null);
        this.note = { ...this.note, signed_at_ms: 2 };
        return { revision: this.note.revision, saved_at_ms: 1, signed_at_ms: 2 } as T;
    }

    stale(): ApiProblem {
        return problemFrom(409, { type: '/masalah/note-stale', current: this.note }, null);
    }
}

function desk(server = new FakeServer(), kept: { copy: Copy | null } = { copy: null }) {
    const copies = {
        keep: (copy: Copy) => {
            kept.copy = copy;
            return true;
        },
        find: () => kept.copy,
        drop: () => {
            kept.copy = null;
        },
    };
    const store = new NoteStore('/note', server, copies, () => undefined);
    return { server, kept, store };
}

function timed(name: string, run: (timers: FakeTimers) => Promise<void>): void {
    test(name, async () => {
        const timers = new FakeTimers();
        try {
            await run(timers);
        } finally {
            timers.restore();
        }
    });
}

timed('what is typed is kept at once, sent after 5 s, and then kept no more', async (timers) => {
    const { server, kept, store } = desk();
    await store.start();
    store.edit({ subjective: 'B' });
    await timers.advance(3000);
    store.edit({ subjective: 'Ba' });
    assert.equal(kept.copy?.draft.subjective, 'Ba');
    assert.equal(server.nSent, 0);
    await timers.advance(2000);
    assert.deepEqual([server.nSent, server.note.subjective, store.current.status], [1, 'Ba', 'saved']);
    assert.equal(kept.copy, null);
    await timers.advance(60_000);
    assert.equal(server.nSent, 1, 'nothing is sent that has not changed');
});

timed('without a link it is tried each 5 s and nothing typed meanwhile is lost', async (timers) => {
    const { server, kept, store } = desk();
    await store.start();
    server.down = true;
    store.edit({ subjective: 'A' });
    await timers.advance(5000);
    assert.equal(store.current.status, 'offline');
    store.edit({ subjective: 'AB' });
    assert.equal(store.current.status, 'offline');
    assert.equal(kept.copy?.draft.subjective, 'AB');
    server.down = false;
    await timers.advance(5000);
    assert.deepEqual([server.note.subjective, store.current.status, kept.copy], ['AB', 'saved', null]);
});

timed('after a reload the copy is sent as made from its own revision', async (timers) => {
    const { server, kept, store } = desk();
    kept.copy = { revision: 0, draft: { ...EMPTY, subjective: 'sebelum listrik padam' } };
    await store.start();
    await settle();
    assert.deepEqual([server.note.subjective, store.current.restored], ['sebelum listrik padam', true]);
    const later = desk(server, { copy: { revision: 0, draft: { ...EMPTY, subjective: 'lain' } } });
    await later.store.start();
    assert.deepEqual([later.store.current.status, later.store.current.draft.subjective], ['stale', 'lain']);
    assert.equal(later.store.current.theirs?.subjective, 'sebelum listrik padam');
    assert.equal(server.nSent, 1, 'nothing is sent over it unasked');
    await later.store.choose('mine');
    assert.deepEqual([server.note.subjective, server.note.revision, later.store.current.status], ['lain', 2, 'saved']);
    assert.deepEqual(server.keeps, [false, true], 'what was chosen against is put aside');
    await timers.advance(0);
});

timed('what arrived while its answer was lost is one\'s own: no two texts to choose from', async (timers) => {
    const { server, kept, store } = desk();
    await store.start();
    server.losesAnswers = true;
    store.edit({ subjective: 'Batuk' });
    await timers.advance(5000);
    assert.deepEqual([server.note.subjective, server.note.revision, store.current.status], ['Batuk', 1, 'offline']);
    server.down = true;
    store.edit({ subjective: 'Batuk, demam' });
    await timers.advance(5000);
    store.edit({ subjective: 'Batuk, demam, sesak' });
    [server.down, server.losesAnswers] = [false, false];
    await timers.advance(5000);
    assert.deepEqual([store.current.status, server.note.subjective, server.note.revision], ['saved', 'Batuk, demam, sesak', 2]);
    assert.equal(kept.copy, null);
});

timed('a reload after a lost answer takes up where it was; what somebody else saved is still shown', async (timers) => {
    const first = desk();
    await first.store.start();
    first.server.losesAnswers = true;
    first.store.edit({ subjective: 'Batuk' });
    await timers.advance(5000);
    first.server.losesAnswers = false;
    const copy = { ...first.kept.copy, draft: { ...EMPTY, subjective: 'Batuk, demam' } } as Copy;
    assert.equal(copy.revision, 0);
    first.store.close();
    const again = desk(first.server, { copy });
    await again.store.start();
    await settle();
    assert.deepEqual([again.store.current.status, again.server.note.subjective], ['saved', 'Batuk, demam']);
    first.server.note = { ...first.server.note, subjective: 'orang lain', revision: 7 };
    const other = desk(first.server, { copy });
    await other.store.start();
    assert.equal(other.store.current.status, 'stale');
});

timed('of two texts theirs is taken when that is chosen', async (timers) => {
    const { server, kept, store } = desk();
    await store.start();
    store.edit({ subjective: 'saya' });
    server.note = { ...server.note, subjective: 'mereka', revision: 1 };
    await timers.advance(5000);
    assert.equal(store.current.status, 'stale');
    assert.equal(await store.flush(), false);
    assert.equal(kept.copy?.draft.subjective, 'saya', 'still kept');
    await store.choose('theirs');
    assert.deepEqual([store.current.draft, store.current.status, kept.copy], [draftOf(server.note), 'saved', null]);
});

timed('signing sends what is typed first; then nothing changes any more', async (timers) => {
    const { server, store } = desk();
    await store.start();
    store.edit({ subjective: 'Batuk', assessment: 'ISPA' });
    const signing = store.sign();
    await timers.advance(0);
    assert.equal(await signing, true);
    assert.deepEqual([server.nSent, store.current.status, store.current.signedAtMs], [1, 'signed', 2]);
    store.edit({ subjective: 'lain' });
    assert.equal(store.current.draft.subjective, 'Batuk');
});

timed('that doctor and patient have not talked is told apart, and the note stays saved', async (timers) => {
    const { server, store } = desk();
    await store.start();
    store.edit({ assessment: 'ISPA' });
    const tried = async (refusal: string) => {
        server.refusal = refusal;
        const signing = store.sign();
        await timers.advance(0);
        return [await signing, store.current.status, isUnmet(store.current.problem)];
    };
    assert.deepEqual(await tried('not-met'), [false, 'saved', true]);
    assert.deepEqual(await tried('wrong-state'), [false, 'saved', false]);
});

timed('a note that was signed elsewhere shows what is left over here', async (timers) => {
    const { server, store } = desk();
    await store.start();
    store.edit({ subjective: 'tambahan' });
    server.note = { ...server.note, subjective: 'final', revision: 4, signed_at_ms: 9 };
    server.put = async () => {
        throw problemFrom(409, { type: '/masalah/note-signed' }, null);
    };
    await timers.advance(5000);
    assert.deepEqual([store.current.status, store.current.draft.subjective], ['stale', 'tambahan']);
    await store.choose('mine');
    assert.deepEqual([store.current.status, store.current.draft.subjective], ['signed', 'final']);
});

test('what was measured at a post fills what is empty, and nothing that was typed', () => {
    const measured = { systolic_mmhg: 120, diastolic_mmhg: 80, pulse_per_min: null, breaths_per_min: null, temperature_tenth_c: 372,
        oxygen_percent: null, weight_g: null, height_cm: null, glucose_mgdl: null };
    const taken = withVitals({ ...EMPTY, vitals: { ...EMPTY.vitals, systolic_mmhg: '135' } }, measured);
    assert.deepEqual([taken.systolic_mmhg, taken.diastolic_mmhg, taken.pulse_per_min], ['135', '80', '']);
    assert.equal(parseVital('temperature_tenth_c', taken.temperature_tenth_c), 372);
});
