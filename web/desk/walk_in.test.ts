// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptSent, keptWalkIn, NO_WALK_IN, NOTHING_SENT, walkInBody, walkInFaults, walkInFields } from './walk_in';

const TODAY = '2026-11-24';
const FORM = { ...NO_WALK_IN, clinic: 'c', name: ' Siti  Aminah ', birth_date: '2-3-1954', phone: '0812 3456 7890' };

test('a birth date is day, month and year however they are parted', () => {
    for (const birth of ['2-3-1954', '02/03/1954', '02 03 1954', '02.03.1954', '02031954']) {
        assert.deepEqual(walkInFaults({ ...FORM, birth_date: birth }, TODAY), [], birth);
        assert.equal(walkInBody({ ...FORM, birth_date: birth }, TODAY, 'id').birth_date, '1954-03-02', birth);
    }
    for (const birth of ['', '31-2-1954', '1954-03-02', '25-11-2026', '2-3-54', '2-3-1954-1'])
        assert.deepEqual(walkInFaults({ ...FORM, birth_date: birth }, TODAY), ['birth_date'], birth);
});

test('what is sent names a doctor and a NIK only when there is one', () => {
    assert.deepEqual(walkInBody(FORM, TODAY, 'en'),
        { clinic: 'c', name: 'Siti Aminah', birth_date: '1954-03-02', phone: '0812 3456 7890', lang: 'en' });
    const body = walkInBody({ ...FORM, doctor: 'd', nik: '7571 0242 0354 0001' }, TODAY, 'id');
    assert.deepEqual([body.doctor, body.nik, body.starts_at_ms], ['d', '7571024203540001', undefined]);
    assert.equal(walkInBody({ ...FORM, reason: ' Batuk ' }, TODAY, 'id').reason, 'Batuk');
    assert.equal(walkInBody(FORM, TODAY, 'id', 5).starts_at_ms, 5);
});

test('who has no telephone is not asked for a number, and none is sent', () => {
    const form = { ...FORM, phone: '0812', no_phone: true };
    assert.deepEqual([walkInFaults(form, TODAY), walkInFields(form, TODAY)], [[], ['name', 'birth_date', 'nik']]);
    const body = walkInBody(form, TODAY, 'id');
    assert.deepEqual([body.no_phone, 'phone' in body], [true, false]);
    assert.equal('no_phone' in walkInBody(FORM, TODAY, 'id'), false);
});

test('beside the form lies what was sent of it, of whatever shape the copy is', () => {
    const sent = { body: '{}', key: 'k' };
    assert.deepEqual(keptSent({ ...NO_WALK_IN, sent }), sent);
    for (const other of [null, 'x', NO_WALK_IN, { sent: 5 }, { sent: { body: 'b' } }]) assert.deepEqual(keptSent(other), NOTHING_SENT);
    assert.equal(keptWalkIn({ ...NO_WALK_IN, sent })?.name, '');
});

test('each wrong field is named', () => {
    assert.deepEqual(walkInFaults({ ...NO_WALK_IN, nik: '12' }, TODAY), ['name', 'birth_date', 'phone', 'nik']);
});

test('who came along is asked for a name, and a baby for its mother', () => {
    assert.deepEqual(walkInFields(FORM, TODAY), ['name', 'birth_date', 'nik', 'phone']);
    const baby = { ...FORM, birth_date: '20-11-2026', contact_relation: 'parent' as const };
    assert.deepEqual(walkInFields(baby, TODAY), ['name', 'birth_date', 'nik', 'mother_nik', 'contact_name', 'phone']);
    assert.deepEqual(walkInFaults(baby, TODAY), ['contact_name']);
    const body = walkInBody({ ...baby, contact_name: 'Rina', mother_nik: '7571 0257 0890 0001' }, TODAY, 'id');
    assert.deepEqual([body.contact_name, body.contact_relation, body.mother_nik], ['Rina', 'parent', '7571025708900001']);
});
