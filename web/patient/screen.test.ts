// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionView } from '../shared/visit_session';
import { NO_VISIT, type VisitState } from '../shared/visit_state';
import { heldTitle, isUnplaced, screenOf, type Model } from './screen';
import { tokenFromPath } from './token';

const JOIN_VISIT = {
    id: 'v', code: 'c', state: 'booked', way: 'video', address: 'Jl. A 1', starts_at_ms: 2000, ends_at_ms: 3000, opens_at_ms: 1000,
    facility: 'f', clinic: 'k', doctor: 'd', phone: '0', number: 'A-1', patient: 'S. A.', ended_at_ms: null, any_doctor: false, moves_until_ms: 0, cancels_until_ms: null, clinic_id: 'c',
    service_id: null, doctor_id: 'd', late_minutes: 0, unanswered: false, asks_consent: false,
};

function session(visit: Partial<VisitState>): SessionView {
    return {
        visit: { ...NO_VISIT, status: 'open', ...visit },
        devices: { audio: 'on', video: 'on', canSwitch: false, facing: 'user' },
        call: 'closed', remotes: [], grade: 'good', sample: null, remoteVideo: false, sharing: false, pinned: null,
    };
}

const LIVE = {
    id: 'v', code: 'c', state: 'checked_in', way: 'video', starts_at_ms: 0, facility: 'f', clinic: 'k', doctor: 'd', phone: '',
    queue: null, late_minutes: 0, unanswered: false, asks_consent: false, group: null, ended_at_ms: null,
};

function live(state: string, way = 'video'): Partial<VisitState> {
    return { visit: { ...LIVE, state, way } };
}

const MODEL: Model = {
    token: 't', join: { kind: 'ok', visit: JOIN_VISIT, guest: null, offsetMs: 0 }, ready: true, accepted: false,
    left: false, cancelledByMe: false, session: session(live('booked')), nowMs: 1500,
};

function name(change: Partial<Model>): string {
    return screenOf({ ...MODEL, ...change }).name;
}

test('before the waiting room', () => {
    assert.equal(name({ token: null }), 'problem');
    assert.equal(name({ join: { kind: 'loading' } }), 'loading');
    assert.equal(name({ join: { kind: 'failed', type: 'link-expired', text: '' } }), 'problem');
    assert.equal(name({ nowMs: 999 }), 'early');
    assert.equal(name({ nowMs: 999, join: { kind: 'ok', visit: JOIN_VISIT, guest: null, offsetMs: 10 } }), 'waiting');
    assert.equal(name({ ready: false }), 'check');
});

test('the visit moves the page', () => {
    assert.equal(name({ session: session(live('checked_in')) }), 'waiting');
    assert.equal(name({ session: session(live('called')) }), 'called');
    assert.equal(name({ session: session(live('called')), accepted: true }), 'call');
    assert.equal(name({ session: session(live('in_call')) }), 'call');
    assert.equal(name({ session: session(live('in_call')), left: true }), 'left');
    assert.deepEqual(screenOf({ ...MODEL, session: session(live('done')) }), { name: 'ended', state: 'done' });
    assert.equal(name({ session: session(live('cancelled_provider')) }), 'cancelled');
    assert.equal(name({ cancelledByMe: true }), 'cancelled');
});

test('what the link says counts where the socket says nothing', () => {
    const over = { kind: 'ok', visit: { ...JOIN_VISIT, state: 'tech_failed' }, guest: null, offsetMs: 0 } as const;
    assert.deepEqual(screenOf({ ...MODEL, join: over, session: null, ready: false }),
        { name: 'ended', state: 'tech_failed' });
    const cancelled = { kind: 'ok', visit: { ...JOIN_VISIT, state: 'cancelled_patient' }, guest: null, offsetMs: 0 } as const;
    assert.equal(name({ join: cancelled, session: null }), 'cancelled');
});

test('another tab, and refusals of the socket', () => {
    assert.equal(name({ session: session({ status: 'occupied' }) }), 'occupied');
    assert.equal(name({ session: session({ status: 'replaced', ...live('in_call') }) }), 'replaced');
    const refuse = (code: string) => session({
        status: 'refused',
        refused: { type: 'error', code, message: 'm', fatal: true, opens_at_ms: 7 },
    });
    assert.deepEqual(screenOf({ ...MODEL, session: refuse('too-early') }), { name: 'early', opensAtMs: 7 });
    assert.equal(name({ session: refuse('visit-cancelled') }), 'cancelled');
    assert.equal(name({ session: refuse('visit-ended') }), 'ended');
    assert.equal(name({ session: refuse('link-invalid') }), 'problem');
});

test('the token is read from the address, its stand-in is not one', () => {
    assert.equal(tokenFromPath('/v/Xa81_-z'), 'Xa81_-z');
    assert.equal(tokenFromPath('/v/kunjungan'), null);
    assert.equal(tokenFromPath('/v/'), null);
    assert.equal(tokenFromPath('/v/a/b'), null);
});

test('a guest is not called: they wait, and come in with the doctor', () => {
    const join = { kind: 'ok', visit: JOIN_VISIT, guest: 'family', offsetMs: 0 } as const;
    assert.equal(name({ join, session: session(live('booked')) }), 'waiting');
    assert.equal(name({ join, session: session(live('called')) }), 'call');
    assert.equal(name({ join, session: session(live('in_call')) }), 'call');
    assert.equal(name({ join, left: true, session: session(live('in_call')) }), 'left');
    assert.equal(name({ session: session(live('called')) }), 'called');
});

test('a phone that rang as the page was loaded rings before the socket is there, and may be answered', () => {
    const before = session({ status: 'connecting' });
    const rang: Model['join'] =
        { kind: 'ok', visit: { ...JOIN_VISIT, state: 'called' }, guest: null, offsetMs: 0 };
    assert.equal(name({ session: before }), 'waiting');
    assert.equal(name({ session: before, join: rang }), 'called');
    assert.equal(name({ session: before, join: rang, accepted: true }), 'call');
    assert.equal(name({ session: before, join: rang, accepted: true, left: true }), 'left');
    assert.equal(name({ session: session(live('checked_in')), join: rang }), 'waiting');
    const talked: Model['join'] =
        { kind: 'ok', visit: { ...JOIN_VISIT, state: 'in_call' }, guest: null, offsetMs: 0 };
    assert.equal(name({ session: before, join: talked }), 'waiting');
});

test('without video it neither waits nor rings: the page says how it is held, by the newest word', () => {
    const shown = (way: string, state: string) => {
        const screen = screenOf({ ...MODEL, session: session(live(state, way)) });
        return screen.name === 'held' ? screen.way : screen.name;
    };
    for (const state of ['booked', 'checked_in', 'called']) {
        assert.equal(shown('phone', state), 'phone', state);
        assert.equal(shown('in_person', state), 'in_person', state);
        assert.notEqual(shown('video', state), 'held', state);
    }
    assert.equal(shown('video', 'called'), 'called');
    assert.equal(shown('in_person', 'done'), 'ended');
    assert.equal(shown('phone', 'cancelled_patient'), 'cancelled');
    const join = { kind: 'ok' as const, visit: { ...JOIN_VISIT, way: 'phone' }, guest: null, offsetMs: 0 };
    assert.equal(name({ join, session: null }), 'held');
    const elsewhere = { status: 'replaced' as const, ...live('checked_in', 'in_person') };
    assert.equal(name({ session: session(elsewhere) }), 'replaced');
});

test('without video the queue is listened to from midnight (WITA) of its day on', () => {
    const join = { kind: 'ok' as const, visit: { ...JOIN_VISIT, way: 'in_person', starts_at_ms: Date.UTC(2026, 10, 24, 2) }, guest: null, offsetMs: 0 };
    const isToday = (nowMs: number) => {
        const screen = screenOf({ ...MODEL, join, session: null, nowMs });
        return screen.name === 'held' && screen.isToday;
    };
    const midnight = Date.UTC(2026, 10, 23, 16);
    assert.deepEqual([isToday(midnight - 1), isToday(midnight), isToday(midnight + 86_400_000)], [false, true, true]);
});

test('without a place in the queue only who is called is asked to come in', () => {
    const titles = ['booked', 'checked_in', 'called'].map((state) => heldTitle('in_person', state));
    assert.deepEqual(titles, ['held_come_title', 'held_checking', 'held_called_title']);
    assert.equal(heldTitle('phone', 'checked_in'), 'held_phone_title');
});

test('without video a page that the socket refuses says why, one that is too early stays', () => {
    const refused = (code: string) => screenOf({
        ...MODEL, join: { kind: 'ok', visit: { ...JOIN_VISIT, way: 'in_person' }, guest: null, offsetMs: 0 },
        session: session({ status: 'refused', refused: { type: 'error', code, message: 'm', fatal: true } }),
    });
    for (const code of ['link-invalid', 'link-expired', 'room-full']) {
        assert.deepEqual(refused(code), { name: 'problem', type: code, text: 'm' });
    }
    assert.equal(refused('too-early').name, 'held');
    assert.equal(refused('visit-ended').name, 'ended');
});

test('a place that is gone is said to the patient alone, by the socket once that is there', () => {
    const join = { kind: 'ok', visit: { ...JOIN_VISIT, unplaced: true }, guest: null, offsetMs: 0 } as const;
    const before = { ...MODEL, join, session: null };
    assert.equal(isUnplaced(before), true);
    assert.equal(isUnplaced({ ...before, join: { ...join, guest: 'family' } }), false);
    const told = (unplaced: boolean) => isUnplaced({ ...before, session: session({ visit: { ...LIVE, unplaced } }) });
    assert.deepEqual([told(true), told(false)], [true, false]);
    assert.equal(isUnplaced({ ...MODEL, join: { ...join, visit: JOIN_VISIT } }), false);
});
