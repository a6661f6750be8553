// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkError, problemFrom } from '../../shared/api';
import { FakeTimers, settle } from '../../shared/fake_timers';
import { EMPTY } from './note_state';
import { NoteStore, type Copy, type NoteServer } from './note_store';
import { OpenNotes, type UnsentNote } from './open_notes';
import { VITAL_KEYS } from './types';

const NO_VITALS = Object.fromEntries(VITAL_KEYS.map((key) => [key, null]));

/** Notes by their paths; without a link there is no answer. */
class Notes implements NoteServer {
    readonly texts = new Map<string, { subjective: string; revision: number }>();
    down = false;
    /** What is saved alone does not arrive. */
    cut = false;
    readonly gone = new Set<string>();

    async get<T>(path: string): Promise<T> {
        if (this.down) throw new NetworkError();
        if (this.gone.has(path)) throw problemFrom(403, { type: '/masalah/forbidden' }, null);
        const { subjective, revision } = this.texts.get(path) ?? { subjective: '', revision: 0 };
        const { vitals: _, ...texts } = EMPTY;
        return { note: { ...texts, vitals: NO_VITALS, subjective, revision, saved_at_ms: null, signed_at_ms: null, hash: null },
            addenda: [], patient: { name: `Pasien ${path}`, allergies: [] } } as T;
    }

    async put<T>(path: string, body: unknown): Promise<T> {
        if (this.down || this.cut) throw new NetworkError();
        const { subjective, revision } = body as { subjective: string; revision: number };
        this.texts.set(path, { subjective, revision: revision + 1 });
        return { revision: revision + 1, saved_at_ms: 1, signed_at_ms: null } as T;
    }

    async post<T>(): Promise<T> {
        throw new Error('nothing is signed');
    }
}

function stage(server = new Notes(), kept = new Map<string, Copy>()) {
    const told: (readonly UnsentNote[])[] = [];
    const notes = new OpenNotes((visit, onModel) => new NoteStore(visit, server, {
        keep: (copy) => (kept.set(visit, copy), true),
        find: () => kept.get(visit) ?? null,
        drop: () => void kept.delete(visit),
    }, onModel), Promise.resolve(), (unsent) => told.push(unsent));
    let shown: NoteStore | null = null;
    const open = async (visit: string) => {
        const leave = notes.open(visit, (store) => (shown = store));
        await settle();
        return { leave, store: shown as unknown as NoteStore };
    };
    return { server, kept, told, notes, open };
}

const copyOf = (subjective: string, who = 'Siti'): Copy => ({ revision: 0, draft: { ...EMPTY, subjective }, who });

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

timed('what is not on the server goes on being sent when another patient is shown, and is said until it is', async (timers) => {
    const { server, kept, told, notes, open } = stage();
    const first = await open('a');
    server.down = true;
    first.store.edit({ subjective: 'Nyeri dada' });
    await timers.advance(5000);
    first.leave();
    await open('b');
    await timers.advance(20_000);
    assert.deepEqual(told.at(-1), [{ visit: 'a', patient: 'Pasien a' }]);
    assert.equal(await notes.flush(), false, 'a log-out hears of it');
    assert.equal(kept.get('a')?.who, 'Pasien a');
    server.down = false;
    await timers.advance(5000);
    assert.deepEqual([server.texts.get('a')?.subjective, told.at(-1), kept.size], ['Nyeri dada', [], 0]);
    assert.equal(await notes.flush(), true);
});

timed('what was left is sent without being shown, as soon as there is a link', async (timers) => {
    const { server, kept, told, notes } = stage(new Notes(), new Map([['a', copyOf('Nyeri dada')]]));
    server.down = true;
    notes.found('a');
    await settle();
    assert.deepEqual(told.at(-1), [{ visit: 'a', patient: 'Siti' }]);
    [server.down, server.cut] = [false, true];
    await timers.advance(10_000);
    assert.deepEqual(told.at(-1), [{ visit: 'a', patient: 'Pasien a' }]);
    server.cut = false;
    await timers.advance(5000);
    assert.deepEqual([server.texts.get('a')?.subjective, told.at(-1), kept.size], ['Nyeri dada', [], 0]);
});

timed('the last words before another patient is shown are sent at once; a note that comes back is the same one', async (timers) => {
    const { server, open } = stage();
    const first = await open('a');
    first.store.edit({ subjective: 'Batuk' });
    first.leave();
    await settle();
    assert.equal(server.texts.get('a')?.subjective, 'Batuk');
    const again = await open('a');
    assert.deepEqual([again.store.current.status, again.store.current.draft.subjective], ['saved', 'Batuk']);
    server.down = true;
    again.store.edit({ subjective: 'Batuk, demam' });
    await timers.advance(5000);
    again.leave();
    const third = await open('a');
    assert.equal(third.store, again.store);
    assert.equal(third.store.current.draft.subjective, 'Batuk, demam');
});

timed('of a visit that is not one\'s own any more the words can be read, and thrown away', async (timers) => {
    const { server, kept, told, open } = stage(new Notes(), new Map([['a', copyOf('Nyeri dada')]]));
    server.gone.add('a');
    const { store, leave } = await open('a');
    await timers.advance(60_000);
    assert.deepEqual([store.current.status, store.current.draft.subjective, store.current.restored], ['failed', 'Nyeri dada', true]);
    assert.deepEqual(told.at(-1), [{ visit: 'a', patient: 'Siti' }]);
    store.discard();
    assert.deepEqual([store.current.restored, told.at(-1), kept.size], [false, [], 0]);
    leave();
});

timed('what another page left comes after what is typed here, and takes nothing from it', async (timers) => {
    const { server, kept, notes, open } = stage();
    const { store } = await open('a');
    store.edit({ subjective: 'Batuk' });
    await timers.advance(5000);
    kept.set('a', copyOf('dari tab lain'));
    notes.found('a');
    await settle();
    assert.deepEqual([store.current.status, store.current.draft.subjective, store.current.theirs?.subjective], ['stale', 'dari tab lain', 'Batuk']);
    assert.equal(server.texts.get('a')?.subjective, 'Batuk');
});
