// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VISIT_STATES } from '../staff/types';
import type { ParticipantView, VisitView, Welcome } from './messages';
import { NO_VISIT, nextVisit, PHASES, phaseOf, type VisitState } from './visit_state';

const VISIT: VisitView = {
    id: 'v', code: 'c', state: 'checked_in', starts_at_ms: 0, facility: 'f', clinic: 'k', doctor: 'd',
    phone: '0', way: 'video', queue: null, late_minutes: 0, unanswered: false, asks_consent: false, group: null, ended_at_ms: null,
};
const DOCTOR: ParticipantView = {
    id: 'd', role: 'doctor', name: 'dr. A', present: true, audio: 'on', video: 'on', in_call: false,
};
const WELCOME: Welcome = {
    type: 'welcome', resume: 'r', resumed: false, kind: 'visit', participant: 'p', role: 'patient',
    server_ms: 0, visit: VISIT, participants: [DOCTOR],
};

function welcomed(): VisitState {
    return nextVisit(NO_VISIT, { kind: 'message', message: WELCOME });
}

function status(state: VisitState, value: VisitState['status'], nowMs: number): VisitState {
    return nextVisit(state, { kind: 'status', status: value, nowMs });
}

declare const REPOSITORY: string;

test('every state of a visit has a phase', () => {
    /* {VISIT_STATE_DONE, "done", final, free, … */
    const source = readFileSync(`${REPOSITORY}/scheduling/booking/visit_state.c`, 'utf8');
    const rows = [...source.matchAll(/\{VISIT_STATE_([A-Z_]+), "([a-z_]+)", (true|false), (true|false),/g)];
    const header = readFileSync(`${REPOSITORY}/scheduling/booking/visit_state.h`, 'utf8');
    const named = [...header.matchAll(/^ {4}VISIT_STATE_([A-Z_]+)/gm)].map((match) => match[1]);
    assert.deepEqual(rows.map((row) => row[1]), named, 'the whole table is read');
    assert.deepEqual(rows.map((row) => row[2] ?? '').sort(), Object.keys(PHASES).sort());
    assert.deepEqual([...VISIT_STATES].sort(), Object.keys(PHASES).sort());
    for (const [, , state = '', isFinal, isFree] of rows) {
        const phase = phaseOf(state);
        assert.equal(phase === 'over' || phase === 'cancelled', isFinal === 'true', state);
        assert.equal(phase === 'cancelled', isFree === 'true', state);
    }
});

test('a state that this page does not know yet ends no visit', () => {
    assert.equal(phaseOf('triaged'), 'waiting');
    assert.equal(phaseOf('toString'), 'waiting');
});

test('welcome brings the whole state', () => {
    const state = welcomed();
    assert.equal(state.me?.id, 'p');
    assert.equal(state.visit?.state, 'checked_in');
    assert.deepEqual(state.others, [DOCTOR]);
});

test('the time of the loss stays over failed attempts and goes with the connection', () => {
    let state = status(welcomed(), 'open', 0);
    state = status(state, 'lost', 100);
    assert.equal(state.lostSinceMs, 100);
    state = status(state, 'restarting', 300);
    state = status(state, 'lost', 500);
    assert.equal(state.lostSinceMs, 100);
    assert.equal(status(state, 'open', 900).lostSinceMs, null);
});

test('others come, are lost and come back', () => {
    const say = (state: VisitState, event: 'lost' | 'back' | 'devices' | 'left', view = DOCTOR) =>
        nextVisit(state, { kind: 'message', message: { type: 'participant', participant: view, event } });
    let state = say(welcomed(), 'lost');
    assert.deepEqual(state.lost, ['d']);
    state = say(state, 'devices', { ...DOCTOR, video: 'off' });
    assert.deepEqual(state.lost, ['d']);
    assert.equal(state.others[0]?.video, 'off');
    assert.deepEqual(say(state, 'back').lost, []);
    assert.equal(say(state, 'left', { ...DOCTOR, id: 'x' }).others.length, 2);
});

test('"not ready" lasts until the state changes', () => {
    const called = nextVisit(welcomed(), {
        kind: 'message', message: { type: 'visit', visit: { ...VISIT, state: 'called' } },
    });
    const told = nextVisit(called, {
        kind: 'message', message: { type: 'participant', participant: DOCTOR, event: 'not-ready' },
    });
    assert.equal(told.notReady, true);
    const entered = nextVisit(told, {
        kind: 'message', message: { type: 'visit', visit: { ...VISIT, state: 'in_call' } },
    });
    assert.equal(entered.notReady, false);
});

test('an error that is not fatal is kept for the page, a fatal one is a refusal', () => {
    const error = { type: 'error', code: 'bad-state', message: 'x', fatal: false } as const;
    assert.equal(nextVisit(NO_VISIT, { kind: 'message', message: error }).error?.code, 'bad-state');
    const refused = nextVisit(NO_VISIT, { kind: 'refused', error: { ...error, fatal: true } });
    assert.equal(refused.refused?.code, 'bad-state');
});
