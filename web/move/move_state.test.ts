// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JoinReply } from '../shared/api_types';
import { en } from '../shared/strings/move.en';
import { id } from '../shared/strings/move.id';
import { moveScreen } from './move_state';

const visit = (state: string) => ({ state, moves_until_ms: 1000 }) as JoinReply['visit'];

test('what may be done hangs on the state, and while booked on the time', () => {
    assert.equal(moveScreen(visit('booked'), 1000), 'open');
    assert.equal(moveScreen(visit('booked'), 1001), 'too_late');
    assert.equal(moveScreen(visit('no_show_patient'), 10 ** 9), 'missed');
    for (const state of ['checked_in', 'called', 'in_call', 'done', 'cancelled_patient', 'rescheduled'])
        assert.equal(moveScreen(visit(state), 0), 'closed', state);
});

test('both languages fill in the same names', () => {
    const names = (text: string) => [...new Set(text.match(/\{\w+/g) ?? [])].sort();
    for (const key of Object.keys(id) as (keyof typeof id)[]) assert.deepEqual(names(en[key]), names(id[key]), key);
});
