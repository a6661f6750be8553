// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clinicOf, newlyCalled, runsOf, unnamed, type BoardReply } from './board_state';

const board = (more: Partial<BoardReply>): BoardReply => ({
    facility: 'f', clinic: 'c', date: '2026-11-24', called: [], next: [], next_day_before: [], waiting: 0, urgent_today: 0, server_ms: 0, ...more,
});
const called = (number: string, inCall = false, dayBefore = false) =>
    ({ number, doctor: 'd', in_call: inCall, day_before: dayBefore });

test('the address names the clinic', () => {
    assert.equal(clinicOf('/papan/01hq2'), '01hq2');
    assert.equal(clinicOf('/papan'), null);
    assert.equal(clinicOf('/papan/01hq2/x'), null);
});

test('only who was not called before draws the eye', () => {
    const before = board({ called: [called('A-1'), called('A-2', true)] });
    assert.deepEqual(newlyCalled(null, before), [], 'not when the screen is switched on');
    const now = board({ called: [called('A-3'), called('A-1'), called('A-4', true)] });
    assert.deepEqual(newlyCalled(before, now), ['A-3']);
    assert.deepEqual(newlyCalled(before, { ...now, date: '2026-11-25' }), [], 'nor on another day');
    assert.deepEqual(newlyCalled(before, board({ called: [called('A-2')] })), ['A-2']);
});

test('a number of today is another one than the same of yesterday', () => {
    const before = board({ called: [called('A-1', false, true)] });
    const now = board({ called: [called('A-1'), called('A-1', false, true)] });
    assert.deepEqual(newlyCalled(before, now), ['A-1']);
    assert.deepEqual(newlyCalled(board({ called: [called('A-1')] }), now), ['A-1 -1']);
});

test('who comes next is parted where the day changes, in the order of the queue', () => {
    assert.deepEqual(runsOf(board({})), []);
    assert.deepEqual(runsOf(board({ next: ['A-1', 'A-2'], next_day_before: [false, false] })), [{ dayBefore: false, numbers: ['A-1', 'A-2'] }]);
    /* An emergency of today, two of yesterday, one of today. */
    assert.deepEqual(runsOf(board({ next: ['A-2', 'A-1', 'A-3', 'A-1'], next_day_before: [false, true, true, false] })), [
        { dayBefore: false, numbers: ['A-2'] }, { dayBefore: true, numbers: ['A-1', 'A-3'] }, { dayBefore: false, numbers: ['A-1'] },
    ]);
});

test('who waits and is not named is counted', () => {
    assert.equal(unnamed(board({ next: ['A-1'], waiting: 3 })), 2);
    assert.equal(unnamed(board({})), 0);
});
