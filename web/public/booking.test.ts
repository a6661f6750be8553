// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemFrom, problemName } from '../shared/api';
import type { Facility } from '../shared/api_types';
import { freeDays, N_PHASES, phaseOf, stepFor, STEPS, withOnlyOnes, withoutSlot } from './booking_state';
import { keeps } from './hold';
import { asksMother, birthDate, contactBody, errorsLeft, isUnder, nikGroups, NO_DETAILS, plainErrors, wrongFields } from './details';

const doctor = (id: string) => ({ id, name: id });
const FACILITIES: Facility[] = [
    {
        id: 'f1', name: 'A', kind: '', area_code: '75.01.01', area: '', address: '', phone: '',
        clinics: [
            { id: 'c1', name: 'Umum', doctors: [doctor('d1'), doctor('d2')] },
            { id: 'c2', name: 'Gigi', doctors: [doctor('d3')] },
        ],
    },
    {
        id: 'f2', name: 'B', kind: '', area_code: '75.01.01', area: '', address: '', phone: '',
        clinics: [{ id: 'c3', name: 'Umum', doctors: [doctor('d4')] }],
    },
];
const SLOT = { doctor: 'd1', starts_at_ms: 1, ends_at_ms: 2, session: null };

test('nothing is asked where there is nothing to choose', () => {
    assert.deepEqual(withOnlyOnes(FACILITIES, { facility: 'f2' }), {
        facility: 'f2', clinic: 'c3', doctor: 'd4',
    });
    assert.deepEqual(withOnlyOnes(FACILITIES, { facility: 'f1' }), { facility: 'f1' });
    assert.deepEqual(withOnlyOnes(FACILITIES, { facility: 'f1', clinic: 'c2' }), {
        facility: 'f1', clinic: 'c2', doctor: 'd3',
    });
});

test('a step is reached only when those before it are answered', () => {
    assert.equal(stepFor(FACILITIES, {}, 'review'), 'facility');
    assert.equal(stepFor(FACILITIES, { facility: 'gone', clinic: 'c1' }, 'review'), 'facility');
    assert.equal(stepFor(FACILITIES, { facility: 'f1' }, 'review'), 'clinic');
    assert.equal(stepFor(FACILITIES, { facility: 'f1', clinic: 'c1' }, 'time'), 'doctor');
    const ready = { facility: 'f1', clinic: 'c1', doctor: 'any', slot: SLOT };
    assert.equal(stepFor(FACILITIES, ready, 'review'), 'review');
    assert.equal(stepFor(FACILITIES, ready, 'doctor'), 'doctor');
});

test('the wait list needs no slot, and a slot that is chosen after all is one', () => {
    const waits = { facility: 'f1', clinic: 'c1', doctor: 'any', waits: { from: '2026-11-24', until: '2026-12-07' } };
    assert.equal(stepFor(FACILITIES, waits, 'review'), 'review');
    assert.equal(stepFor(FACILITIES, waits, 'time'), 'time');
    assert.deepEqual(withoutSlot({ ...waits, slot: SLOT }), { facility: 'f1', clinic: 'c1', doctor: 'any' });
});

test('a service is asked for where a clinic has several', () => {
    const service = (id: string) => ({ id, name: id, mode: 'video' as const, duration_minutes: 15, price_rupiah: 0 });
    const [one, two] = [[service('s1')], [service('s1'), service('s2')]].map((services) => [{
        ...FACILITIES[1], clinics: [{ id: 'c3', name: 'Umum', doctors: [doctor('d4')], services }],
    } as Facility]);
    assert.ok(one && two);
    assert.deepEqual(withOnlyOnes(one, { facility: 'f2' }), {
        facility: 'f2', clinic: 'c3', service: 's1', doctor: 'd4',
    });
    const open = withOnlyOnes(two, { facility: 'f2' });
    assert.equal(open.service, undefined);
    assert.equal(stepFor(two, open, 'time'), 'service');
    assert.equal(stepFor(two, { ...open, service: 'gone' }, 'time'), 'service');
    assert.equal(stepFor(two, { ...open, service: 's2' }, 'time'), 'time');
    assert.equal(stepFor(FACILITIES, { facility: 'f2', clinic: 'c3', doctor: 'd4' }, 'service'), 'doctor');
});

test('times of several doctors stand once, in order, empty days not at all', () => {
    const slot = (id: string, at: number) => ({ doctor: id, starts_at_ms: at, ends_at_ms: at + 1, session: null });
    const session = (id: string) => ({ ...slot(id, 20), session: { quota: 5, left: 2, turn_at_ms: 21 } });
    const days = freeDays({
        days: [
            { date: '2026-11-25', slots: [slot('d2', 20), slot('d1', 10), slot('d1', 20), session('d1'), session('d2')] },
            { date: '2026-11-26', slots: [] },
        ],
        last_date: '2026-12-25',
    });
    assert.equal(days.length, 1);
    assert.deepEqual(days[0]?.slots.map((s) => s.starts_at_ms), [10, 20, 20, 20]);
    assert.equal(days[0]?.slots.filter((s) => s.session).length, 2);
});

test('birth dates', () => {
    const on = (day: string, month: string, year: string) =>
        birthDate({ ...NO_DETAILS, day, month, year }, '2026-11-24');
    assert.equal(on('2', '3', '1954'), '1954-03-02');
    assert.equal(on('29', '2', '2024'), '2024-02-29');
    assert.equal(on('29', '2', '2023'), null);
    assert.equal(on('24', '11', '2026'), '2026-11-24');
    assert.equal(on('25', '11', '2026'), null);
    assert.equal(on('1', '1', '54'), null);
    assert.equal(on('x', '1', '1954'), null);
});

test('what is plainly wrong is named before it is sent', () => {
    const good = { ...NO_DETAILS, name: 'Siti', day: '2', month: '3', year: '1954', phone: '0812 3456 7890', nik: '' };
    assert.deepEqual(wrongFields(good, '2026-11-24'), []);
    assert.deepEqual(wrongFields({ ...good, nik: '7571 0257 0890 0001' }, '2026-11-24'), []);
    assert.deepEqual(wrongFields(NO_DETAILS, '2026-11-24'), ['name', 'birth_date', 'phone']);
    assert.deepEqual(wrongFields({ ...good, phone: '12345', nik: '75' }, '2026-11-24'), ['phone', 'nik']);
    assert.deepEqual(wrongFields({ ...good, phone: '+62 812-3456-7890' }, '2026-11-24'), []);
});

test('a mended field loses its mark, the others keep theirs', () => {
    const today = '2026-11-24';
    const good = { ...NO_DETAILS, name: 'Siti', day: '2', month: '3', year: '1954', phone: '0812 3456 7890', nik: '' };
    const bad = { ...good, name: 'S', month: '', phone: '12' };
    const errors = plainErrors(bad, today);
    assert.deepEqual(Object.keys(errors), ['name', 'birth_date', 'phone']);
    const named = errorsLeft(errors, bad, { ...bad, name: 'Siti' }, today);
    assert.deepEqual(Object.keys(named), ['birth_date', 'phone']);
    assert.deepEqual(errorsLeft(named, { ...bad, name: 'Siti' }, good, today), {});
});

test('what only the server sees is marked until that field is changed', () => {
    const today = '2026-11-24';
    const typed = { ...NO_DETAILS, name: 'Siti', day: '2', month: '3', year: '1954', phone: '0812 3456 7890', nik: '7571025713900001' };
    const errors = { nik: { code: 'nik_date', message: 'm' } };
    assert.deepEqual(errorsLeft(errors, typed, { ...typed, name: 'Siti A.' }, today), errors);
    assert.deepEqual(errorsLeft(errors, typed, { ...typed, nik: '75' }, today), errors);
    assert.deepEqual(errorsLeft(errors, typed, { ...typed, nik: '7571024203540001' }, today), {});
});

test('problems keep their stable name, fields and the time to wait', () => {
    const body = { type: '/masalah/slot-taken', title: 'T', detail: 'D', errors: [{ field: 'phone', code: 'x', message: 'm' }] };
    const problem = problemFrom(409, body, '42');
    assert.equal(problem.type, 'slot-taken');
    assert.equal(problem.message, 'D');
    assert.equal(problem.field('phone'), 'm');
    assert.equal(problem.field('nik'), undefined);
    assert.equal(problem.retryAfterS, 42);
    assert.equal(problemFrom(502, null, null).type, 'http-502');
    assert.equal(problemName('https://huyula/masalah/too-early'), 'too-early');
});

test('the steps are counted without a gap, whatever there is to choose', () => {
    assert.deepEqual(STEPS.map(phaseOf), [1, 1, 1, 1, 2, 3, 4]);
    assert.equal(Math.max(...STEPS.map((step) => phaseOf(step) ?? 0)), N_PHASES);
    assert.equal(phaseOf('ticket'), null);
});

test('a NIK is read in groups of four, however it was typed', () => {
    assert.equal(nikGroups('7571024203540001'), '7571 0242 0354 0001');
    assert.equal(nikGroups('757102 420354-0001'), '7571 0242 0354 0001');
});

test('a hold keeps its own slot, until it ends', () => {
    const held = { hold: 'h', expires_at_ms: 100, slot: SLOT };
    assert.ok(keeps(held, SLOT, 99));
    assert.ok(!keeps(held, SLOT, 100));
    assert.ok(!keeps(held, { ...SLOT, starts_at_ms: 2 }, 0));
    assert.ok(!keeps(held, { ...SLOT, doctor: 'd2' }, 0));
    assert.ok(!keeps(held, undefined, 0));
    assert.ok(!keeps(null, SLOT, 0));
});

const BABY = { ...NO_DETAILS, name: 'Bayi Ny. Siti', day: '25', month: '11', year: '2025', phone: '0812 3456 7890' };

test('who books for another is asked for the own name, and leaves no mark when it is for the patient after all', () => {
    const today = '2026-11-24', other = { ...BABY, contact_relation: 'parent' as const };
    assert.deepEqual(wrongFields(BABY, today), []);
    assert.deepEqual(wrongFields(other, today), ['contact_name']);
    const errors = plainErrors(other, today);
    assert.ok(errors.contact_name);
    assert.deepEqual(errorsLeft(errors, other, BABY, today), {});
    assert.deepEqual(contactBody({ ...other, contact_name: ' Rina  Hasan ' }, today),
        { contact_name: 'Rina Hasan', contact_relation: 'parent' });
    assert.deepEqual(contactBody({ ...BABY, contact_name: 'Rina' }, today), {});
});

test('the mother is asked for until the first birthday, and while there is no NIK', () => {
    assert.ok(asksMother(BABY, '2026-11-24'));
    assert.ok(!asksMother(BABY, '2026-11-25'));
    assert.ok(!asksMother({ ...BABY, nik: '7571025708900001' }, '2026-11-24'));
    const mother = { ...BABY, mother_nik: '7571 0257 0890 0001' };
    assert.deepEqual(contactBody(mother, '2026-11-24'), { mother_nik: '7571025708900001' });
    assert.deepEqual(contactBody(mother, '2026-11-25'), {});
    assert.deepEqual(wrongFields({ ...BABY, mother_nik: '12' }, '2026-11-24'), ['mother_nik']);
    assert.deepEqual(wrongFields({ ...BABY, mother_nik: '12' }, '2026-11-25'), []);
    assert.ok(isUnder(18, { ...BABY, year: '2008' }, '2026-11-24'));
    assert.ok(!isUnder(18, { ...BABY, year: '2008' }, '2026-11-25'));
});
