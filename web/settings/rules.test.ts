// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertAt, unused } from './messages_state';
import { changesOf, GROUPS, isOwn, shownValue, wrongRules, type Rule } from './rules_state';

const late: Rule = { rule: 'late_minutes', kind: 'number', value: '20', inherited: '10', source: 'facility', changed_at_ms: 1, revision: 'a', min: 0, max: 120 };
const hold: Rule = { rule: 'hold_minutes', kind: 'number', value: '5', inherited: '5', source: 'server', changed_at_ms: null, revision: 'b', min: 2, max: 30 };
const remind: Rule = { rule: 'remind_day_before', kind: 'switch', value: 'on', inherited: 'on', source: 'server', changed_at_ms: null, revision: 'c', choices: 'off|on' };
const rules = [late, hold, remind];

test('what is sent is what was changed', () => {
    assert.deepEqual(changesOf(rules, {}), []);
    assert.deepEqual(changesOf(rules, { late_minutes: ' 15 ', remind_day_before: 'off' }),
        [{ rule: 'late_minutes', revision: 'a', value: '15' }, { rule: 'remind_day_before', revision: 'c', value: 'off' }]);
    assert.deepEqual(changesOf(rules, { late_minutes: '20', hold_minutes: '5' }), [], 'typed again as it is');
});

test('back to what is inherited, by the button or by typing it', () => {
    assert.deepEqual(changesOf(rules, { late_minutes: null }), [{ rule: 'late_minutes', revision: 'a' }]);
    assert.deepEqual(changesOf(rules, { late_minutes: '10' }), [{ rule: 'late_minutes', revision: 'a' }]);
    assert.deepEqual(changesOf(rules, { hold_minutes: null }), [], 'nothing was set there');
    assert.equal(shownValue(late, { late_minutes: null }), '10');
    assert.deepEqual([isOwn(late, {}), isOwn(late, { late_minutes: null }), isOwn(hold, {}), isOwn(hold, { hold_minutes: '9' })],
        [true, false, false, true]);
});

test('a number that is none, or out of its range, is wrong', () => {
    for (const text of ['', 'lima', '-1', '1.5', '121', '999999']) assert.deepEqual(wrongRules(rules, { late_minutes: text }), ['late_minutes']);
    for (const text of ['0', '120', ' 7 ']) assert.deepEqual(wrongRules(rules, { late_minutes: text }), []);
});

test('no rule is in two groups', () => {
    const names = Object.values(GROUPS).flat();
    assert.equal(new Set(names).size, names.length);
});

test('a placeholder goes where the cursor is, and is offered once', () => {
    assert.deepEqual(insertAt('Masuk: ', 7, 7, 'link'), { text: 'Masuk: {link}', at: 13 });
    assert.deepEqual(insertAt('Jam XX.', 4, 6, 'time'), { text: 'Jam {time}.', at: 10 });
    assert.deepEqual(unused({ placeholders: ['time', 'link'] }, 'Jam {time}'), ['link']);
});
