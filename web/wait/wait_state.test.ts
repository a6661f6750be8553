// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastOf, leftMs, screenOf, tokenFromPath, type WaitReply } from './wait_state';

const offer = { id: 'o', doctor: 'dr. A', turn_at_ms: 5_000_000, expires_at_ms: 1_000_000, kept: true };
const waiting: WaitReply = {
    state: 'waiting', clinic: 'Poli Umum', facility: 'Puskesmas', phone: '0435', doctor: null, service: null,
    until: '2026-12-01', ahead: 2, offer: null, last_offer: null, server_ms: 0,
};

test('an offer is one until its last millisecond, then it has passed', () => {
    const reply = { ...waiting, offer };
    assert.equal(screenOf(reply, 999_999), 'offer');
    assert.equal(lastOf(reply, 999_999), null);
    assert.equal(screenOf(reply, 1_000_000), 'waiting');
    assert.deepEqual(lastOf(reply, 1_000_000), { words: 'expired', turnAtMs: 5_000_000 });
});

test('each state has its screen', () => {
    assert.equal(screenOf(waiting, 0), 'waiting');
    assert.equal(screenOf({ ...waiting, state: 'booked' }, 0), 'booked');
    for (const state of ['left', 'removed', 'lapsed'] as const) assert.equal(screenOf({ ...waiting, state }, 0), 'over');
});

test('what became of the last one is said, but not that it was withdrawn', () => {
    const last = (state: 'lost' | 'withdrawn' | 'accepted') => lastOf({ ...waiting, last_offer: { state, turn_at_ms: 7 } }, 0);
    assert.deepEqual(last('lost'), { words: 'lost', turnAtMs: 7 });
    assert.equal(last('withdrawn'), null);
    assert.equal(last('accepted'), null);
});

test('time left: whole minutes, at the end steps of ten seconds', () => {
    assert.equal(leftMs(899_000, 0), 840_000);
    assert.equal(leftMs(60_000, 0), 60_000);
    assert.equal(leftMs(59_999, 0), 60_000);
    assert.equal(leftMs(41_000, 0), 50_000);
    assert.equal(leftMs(0, 5), 0);
});

test('the token of a link', () => {
    assert.equal(tokenFromPath('/tunggu/abcdefghij0123456789AB'), 'abcdefghij0123456789AB');
    assert.equal(tokenFromPath('/tunggu'), null);
    assert.equal(tokenFromPath('/tunggu/short'), null);
});
