// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem } from '../shared/api';
import { isRising, laterOf, lostOf, movableOf, movesOf, moveWish, proposed, startsOf, type SeriesDate, type SeriesVisit } from './series_state';

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

const visit = (id: string, starts_at_ms: number, state = 'booked'): SeriesVisit => ({ visit: id, number: '', starts_at_ms, state });

test('what is booked from the visit on can be moved, all of it from the visit before the series', () => {
    const reply = { series: 's', visits: [visit('a', 1, 'done'), visit('b', 2), visit('c', 3, 'rescheduled'), visit('d', 4)] };
    assert.deepEqual(movableOf(reply, 'a').map((one) => one.visit), ['b', 'd']);
    assert.deepEqual(movableOf(reply, 'd').map((one) => one.visit), ['d']);
    assert.deepEqual(movableOf(reply, 'before').map((one) => one.visit), ['b', 'd']);
});

test('a move is asked for at the time of the first one, from tomorrow on', () => {
    const monday = Date.parse('2026-11-30T01:00:00Z');
    assert.deepEqual(moveWish([visit('a', monday), visit('b', monday + 1)], monday - 24 * 3600_000), { first: '2026-11-30', time: '09.00' });
    assert.deepEqual(moveWish([visit('a', monday)], monday + 60_000), { first: '2026-12-01', time: '09.00' });
});

test('what is not taken stays, and the order with it', () => {
    const dates = ['a', 'b', 'c'].map((id) => ({ ...date('fits', 5), visit: id }));
    assert.deepEqual(movesOf(dates, [5, null, 9]), [{ visit: 'a', at_ms: 5 }, { visit: 'c', at_ms: 9 }]);
    assert.deepEqual(movesOf([date('fits', 5)], [5]), []);
    assert.ok(isRising([]) && isRising(movesOf(dates, [5, 6, 9])));
    assert.ok(!isRising(movesOf(dates, [5, 5, 9])) && !isRising(movesOf(dates, [6, null, 5])));
});

test('why it was refused is said where the plan is asked for again', () => {
    const problem = (type: string, body = {}) => new ApiProblem(409, type, '', '', [], 0, body);
    assert.deepEqual(lostOf(problem('slot-taken', { starts_at_ms: 5 })), { at_ms: 5, why: 'taken' });
    assert.deepEqual(lostOf(problem('own-booking', { starts_at_ms: 5 })), { at_ms: 5, why: 'own' });
    assert.deepEqual(lostOf(problem('visit-cancelled')), { at_ms: null, why: 'taken' });
    assert.equal(lostOf(problem('forbidden')), null);
    assert.equal(lostOf(new Error('network')), null);
});
