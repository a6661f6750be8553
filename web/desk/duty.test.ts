// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DayVisit } from '../staff/types';
import { faultOf, isOffered, leaveOf, poolFault, type DutyClinic } from './duty';

const clinic = (works: boolean, ...doctors: DutyClinic['doctors']): DutyClinic => ({ id: 'c', works, doctors });
const off = { id: 'off', works: false, fault: 'doctor_on_leave' as const };
const over = { id: 'over', works: false, fault: 'doctor_permit_over' as const };
const idle = { id: 'idle', works: false, fault: null };

test('a doctor is offered who may see patients, on leave in an emergency alone', () => {
    const all = clinic(false, off, over, idle);
    assert.deepEqual(['off', 'over', 'idle', 'none'].map((id) => faultOf(all, id)),
        ['doctor_on_leave', 'doctor_permit_over', null, null]);
    assert.deepEqual([isOffered(null, false), isOffered('doctor_on_leave', false), isOffered('doctor_on_leave', true)],
        [true, false, true]);
    assert.equal(isOffered('doctor_permit_over', true), false);
});

test('any doctor is asked for where one works, in an emergency where one may', () => {
    assert.equal(poolFault(undefined, false), null);
    assert.equal(poolFault(clinic(true, over), false), null);
    assert.equal(poolFault(clinic(false, idle), false), 'nobody_works');
    assert.equal(poolFault(clinic(false, off, over), true), null);
    assert.equal(poolFault(clinic(false, over), true), 'nobody_may');
});

test('an emergency of who is on leave is told from the others', () => {
    const visit = (id: string, doctor_id: string, more: Partial<DayVisit> = {}) =>
        ({ id, doctor_id, clinic_id: 'c', state: 'checked_in', urgent: true, any_doctor: false, ...more }) as DayVisit;
    const visits = [visit('away', 'off'), visit('calm', 'off', { urgent: false }), visit('any', 'off', { any_doctor: true }),
        visit('over', 'off', { state: 'done' }), visit('here', 'idle'), visit('elsewhere', 'off', { clinic_id: 'd' })];
    assert.deepEqual(leaveOf(visits, [clinic(false, off, over, idle)]), ['away']);
});
