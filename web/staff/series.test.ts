// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laterOf, proposed, startsOf, type SeriesDate } from './series_state';

const at = (starts_at_ms: number) => ({ starts_at_ms, turn_at_ms: starts_at_ms });
const date = (fit: SeriesDate['fit'], ...choices: number[]): SeriesDate =>
    ({ date: '2026-12-01', wanted_at_ms: 0, fit, choices: choices.map(at) });

test('what fits is taken, what does not is asked for', () => {
    assert.deepEqual(proposed([date('fits', 5, 4), date('holiday', 9), date('full')]), [5, null, null]);
});

test('starts rise, each once, without what is left out', () => {
    assert.deepEqual(startsOf([9, null, 5, 9]), [5, 9]);
    assert.deepEqual(startsOf([]), []);
});

test('what comes later and is still to come is counted', () => {
    const one = (visit: string, starts_at_ms: number, state = 'booked') => ({ visit, number: '', starts_at_ms, state });
    const reply = { series: 's', visits: [one('a', 1, 'done'), one('b', 2), one('c', 3, 'cancelled_provider'), one('d', 4), one('e', 5, 'requested')] };
    assert.equal(laterOf(reply, 'b'), 2);
    assert.equal(laterOf(reply, 'e'), 0);
    assert.equal(laterOf(reply, 'other'), 0);
});
