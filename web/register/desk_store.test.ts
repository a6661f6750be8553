// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clinic, Facility } from '../shared/api_types';
import { deskBegin } from './desk_store';

const facility = (id: string, clinics: readonly Clinic[]): Facility =>
    ({ id, name: id, kind: '', area_code: '75.01.01', area: '', address: '', phone: '', clinics });
const doctor = (id: string) => ({ id, name: id });
const UMUM: Clinic = { id: 'umum', name: 'Umum', doctors: [doctor('d1'), doctor('d2')] };
const GIGI: Clinic = { id: 'gigi', name: 'Gigi', doctors: [doctor('d3')] };
const at = (clinic: string | null) => ({ facility: 'own', clinic, waitList: null });

test('a desk begins at the first question that is open', () => {
    const two = [facility('own', [UMUM, GIGI])];
    assert.deepEqual(deskBegin(two, at(null)), { step: 'clinic', choice: { facility: 'own' } });
    assert.deepEqual(deskBegin(two, at('umum')), { step: 'doctor', choice: { facility: 'own', clinic: 'umum' } });
    assert.deepEqual(deskBegin(two, at('gigi')), { step: 'time', choice: { facility: 'own', clinic: 'gigi', doctor: 'd3' } });
    assert.equal(deskBegin([facility('own', [GIGI])], at(null)).step, 'time');
});

test('a clinic of elsewhere is none, and without a clinic there is only a question', () => {
    const all = [facility('own', [UMUM, GIGI]), facility('other', [{ ...UMUM, id: 'there' }])];
    assert.deepEqual(deskBegin(all, at('there')), { step: 'clinic', choice: { facility: 'own' } });
    assert.equal(deskBegin([facility('own', [])], at(null)).step, 'clinic');
    assert.equal(deskBegin([], at(null)).step, 'facility');
});
