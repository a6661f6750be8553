// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Slot } from '../shared/api_types';
import { FOLLOW_UP_DAYS, nearestSlots, rangeOf } from './follow_up_state';

const slot = (ms: number): Slot => ({ doctor: 'd', starts_at_ms: ms, ends_at_ms: ms + 1, session: null });
const day = (date: string, ...times: number[]) => ({ date, slots: times.map(slot) });
const times = (slots: readonly Slot[]) => slots.map((one) => one.starts_at_ms);

test('a week around the day, tomorrow at the earliest, never beyond what can be booked', () => {
    assert.deepEqual(rangeOf('2026-11-24', 14), { from: '2026-12-05', days: 7 });
    assert.deepEqual(rangeOf('2026-11-24', 3), { from: '2026-11-25', days: 6 });
    assert.deepEqual(rangeOf('2026-11-24', 28), { from: '2026-12-19', days: 5 });
    for (const days of FOLLOW_UP_DAYS) assert.ok(rangeOf('2026-11-24', days).days <= 31);
});

test('the nearest days come first, and stand in the order of time', () => {
    const reply = { last_date: '2026-12-31', days: [day('2026-12-06', 1, 2, 3, 4), day('2026-12-07'), day('2026-12-08', 11, 12, 13, 14), day('2026-12-10', 21)] };
    assert.deepEqual(times(nearestSlots(reply, '2026-12-08', 6)), [1, 2, 3, 11, 12, 13]);
    assert.deepEqual(times(nearestSlots(reply, '2026-12-08', 4)), [1, 2, 11, 12]);
    assert.deepEqual(times(nearestSlots(reply, '2026-12-10', 4)), [11, 12, 21, 1].sort((a, b) => a - b));
    assert.deepEqual(nearestSlots({ last_date: '2026-12-31', days: [day('2026-12-07')] }, '2026-12-07', 6), []);
});
