// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsOf, chosenParts, choicesOf, entriesOf, isLate, leftWords, SHARED_AT_FIRST, shareNames } from './ask_state';
import type { ConsultState, Line, Post } from './types';

const PARTS = [
    { part: 'name', text: 'Siti' }, { part: 'age', text: '36' }, { part: 'sex', text: 'P' }, { part: 'pulse_per_min', text: '88' },
    { part: 'weight_g', text: '54000' }, { part: 'note.plan', text: 'Salep.' }, { part: 'diagnosis', text: 'L23 Dermatitis' },
];

test('only what was chosen is told, and never the name by itself', () => {
    assert.deepEqual(choicesOf(PARTS), ['name', 'person', 'vitals', 'note.plan', 'diagnosis']);
    assert.deepEqual(chosenParts(PARTS, SHARED_AT_FIRST).map((one) => one.part), ['age', 'sex', 'pulse_per_min', 'weight_g']);
    assert.deepEqual(shareNames(['person', 'vitals', 'note.plan']), ['age', 'sex', 'vitals', 'note.plan']);
    assert.deepEqual(chosenParts(PARTS, []), []);
});

test('each reader has what the server allows in that state', () => {
    const of = (state: ConsultState, who: 'asker' | 'expert' | 'other', answered = false) =>
        actionsOf({ state, mine: who === 'asker', taken_by_me: who === 'expert', first_answer_at_ms: answered ? 1 : null });
    assert.deepEqual(of('open', 'other'), ['take']);
    assert.deepEqual(of('open', 'asker'), ['add', 'withdraw']);
    assert.deepEqual(of('taken', 'expert'), ['answer', 'ask_back', 'give_back']);
    assert.deepEqual(of('asked_back', 'asker'), ['reply', 'withdraw']);
    assert.deepEqual(of('asked_back', 'expert'), ['answer', 'give_back']);
    assert.deepEqual(of('answered', 'asker', true), ['close', 'ask_again']);
    assert.deepEqual(of('answered', 'expert', true), ['answer_again']);
    assert.deepEqual(of('taken', 'asker', true), ['add', 'close']);
    for (const state of ['closed', 'withdrawn'] as const)
        for (const who of ['asker', 'expert', 'other'] as const) assert.deepEqual(of(state, who, true), []);
});

test('a thread stands by time', () => {
    const post = (at_ms: number) => ({ id: `p${at_ms}`, at_ms }) as Post;
    const line = (at_ms: number) => ({ step: 'taken', at_ms, by: null }) as Line;
    assert.deepEqual(entriesOf([post(1), post(5)], [line(3), line(5)]).map((one) => ['post' in one, one.at_ms]),
        [[true, 1], [false, 3], [false, 5], [true, 5]]);
});

test('late is what waits for the expert alone', () => {
    assert.equal(isLate({ state: 'open', due_at_ms: 10 }, 10), true);
    assert.equal(isLate({ state: 'open', due_at_ms: 10 }, 9), false);
    assert.equal(isLate({ state: 'asked_back', due_at_ms: 10 }, 20), false);
    assert.equal(isLate({ state: 'answered', due_at_ms: 10 }, 20), false);
});

test('what was written when a question went away is one text', () => {
    assert.equal(leftWords([null, { text: ' ' }, 'x']), '');
    assert.equal(leftWords([{ opinion: 'Tinea.', recommendation: 'Mikonazol.', refer: 'no' }, { text: 'Sejak kapan?' }]),
        'Tinea.\n\nMikonazol.\n\nSejak kapan?');
});
