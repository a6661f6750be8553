// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoursEn } from './strings/en';
import { hoursId } from './strings/id';
import { mayMove, mayTell, messageKey } from './kept_state';

test('a message goes to who is booked or waits, and once', () => {
    for (const state of ['booked', 'checked_in', 'called'] as const)
        assert.equal(mayTell({ state, message: null, no_phone: false, no_messages: false }), true, state);
    for (const message of ['waiting', 'sent', 'dropped', 'failed'] as const)
        assert.equal(mayTell({ state: 'booked', message, no_phone: false, no_messages: false }), false, message);
    for (const state of ['requested', 'in_call'] as const)
        assert.equal(mayTell({ state, message: null, no_phone: false, no_messages: false }), false, state);
});

test('what is known of the message is said in words that are there', () => {
    const cases = [['booked', null, 'none'], ['booked', 'waiting', 'waiting'], ['booked', 'sent', 'sent'],
        ['booked', 'dropped', 'failed'], ['booked', 'failed', 'failed'], ['checked_in', 'sent', 'sent'],
        ['checked_in', null, 'here'], ['called', null, 'here'], ['requested', null, 'requested']] as const;
    for (const [state, message, key] of cases) {
        const found = messageKey({ state, message, no_phone: false, no_messages: false });
        assert.equal(found, `kept_message.${key}`, `${state} ${message}`);
        assert.ok(hoursId[found] && hoursEn[found]);
    }
});

test('who has no telephone is told by nobody but people', () => {
    const one = { state: 'booked', message: null, no_phone: true, no_messages: false } as const;
    assert.equal(mayTell(one), false);
    const key = messageKey(one);
    assert.equal(key, 'kept_message.no_phone');
    assert.ok(hoursId[key] && hoursEn[key]);
    assert.equal(messageKey({ ...one, state: 'checked_in' }), 'kept_message.here');
});

test('who has a fixed line is phoned, also while a message that reaches nobody waits', () => {
    const one = { state: 'booked', message: null, no_phone: false, no_messages: true } as const;
    assert.equal(mayTell(one), false);
    for (const message of [null, 'waiting', 'dropped'] as const) {
        const key = messageKey({ ...one, message });
        assert.equal(key, 'kept_message.no_messages');
        assert.ok(hoursId[key] && hoursEn[key]);
    }
    assert.equal(messageKey({ ...one, state: 'checked_in' }), 'kept_message.here');
});

test('doctor, desk and coordinator move, an administrator does not', () => {
    assert.deepEqual((['doctor', 'desk', 'coordinator', 'admin'] as const).map(mayMove), [true, true, true, false]);
});
