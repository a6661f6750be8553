// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JoinReply } from '../shared/api_types';
import { en } from '../shared/strings/move.en';
import { id } from '../shared/strings/move.id';
import { mayCancel, moveScreen, speaksOfConsent } from './move_state';

const visit = (state: string, cancels_until_ms: number | null = 500) =>
    ({ state, moves_until_ms: 1000, cancels_until_ms }) as JoinReply['visit'];

test('what may be done hangs on the state, and while booked on the time', () => {
    assert.equal(moveScreen(visit('booked'), 1000), 'open');
    assert.equal(moveScreen(visit('booked'), 1001), 'too_late');
    assert.equal(moveScreen(visit('requested'), 10 ** 9), 'asked');
    for (const state of ['no_show_patient', 'no_show_doctor', 'left_without_being_seen', 'tech_failed'])
        assert.equal(moveScreen(visit(state), 10 ** 9), 'missed', state);
    for (const state of ['checked_in', 'called', 'in_call', 'done', 'cancelled_patient', 'rescheduled'])
        assert.equal(moveScreen(visit(state), 0), 'closed', state);
});

test('who has no place any more chooses at any time, also out of the waiting room', () => {
    for (const state of ['booked', 'checked_in', 'called'])
        assert.equal(moveScreen({ ...visit(state), unplaced: true }, 10 ** 9), 'open', state);
    for (const state of ['in_call', 'done', 'cancelled_patient', 'rescheduled'])
        assert.equal(moveScreen({ ...visit(state), unplaced: true }, 0), 'closed', state);
});

test('the patient cancels what is asked for, and what is booked until its time', () => {
    const at = (server_ms: number, it: JoinReply['visit'], guest: JoinReply['guest'] = null) => mayCancel({ visit: it, guest, server_ms });
    assert.equal(at(500, visit('booked')), true);
    assert.equal(at(501, visit('booked')), false);
    assert.equal(at(10 ** 9, visit('booked', null)), true, 'at any time');
    assert.equal(at(10 ** 9, visit('requested')), true);
    assert.equal(at(0, visit('booked'), 'family'), false, 'a guest');
    for (const state of ['checked_in', 'called', 'in_call', 'done', 'no_show_patient', 'cancelled_patient', 'rescheduled'])
        assert.equal(at(0, visit(state, null)), false, state);
});

test('the consent is the patient\'s, until the visit is over', () => {
    const reply = (state: string, guest: JoinReply['guest']) => ({ visit: visit(state), guest, server_ms: 0 });
    for (const state of ['requested', 'booked', 'checked_in', 'called', 'in_call'])
        assert.equal(speaksOfConsent(reply(state, null)), true, state);
    for (const state of ['done', 'no_show_patient', 'cancelled_patient', 'cancelled_provider', 'rescheduled', 'left_without_being_seen'])
        assert.equal(speaksOfConsent(reply(state, null)), false, state);
    assert.equal(speaksOfConsent(reply('booked', 'family')), false, 'a guest');
});

test('both languages fill in the same names', () => {
    const names = (text: string) => [...new Set(text.match(/\{\w+/g) ?? [])].sort();
    for (const key of Object.keys(id) as (keyof typeof id)[]) assert.deepEqual(names(en[key]), names(id[key]), key);
});
