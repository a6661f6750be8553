// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaWords, districts, isStepDone, nextStep, STEPS, passwordFrom, warningsOf } from './settings_state';
import { permitState } from '../staff/permits';
import { allowedOf, columnWords, faultRows, isCut, isKeepable, ownAllowedOf, textOf } from './csv_state';
import { ALL, PROVINCE, holidaysOf } from './holidays_state';
import type { Area, Clinic, Directory, Facility, Practitioner } from './types';

const facility: Facility = { id: 'f', revision: 'r', name: 'Puskesmas Limboto', kind: 'puskesmas', area_code: '75.01.01', address: 'Jl. A',
    phone: '0435-1', active: true };
const clinic: Clinic = { id: 'c', revision: 'r', facility: 'f', name: 'Poli Umum', letter: 'A', wait_mode: 'one_by_one',
    active: true };
const person: Practitioner = { id: 'p', revision: 'r', name: 'dr. Rahmat', user: null, str_number: null, str_valid_until: null,
    active: true, has_hours: false, clinics: ['c'], permits: [] };

/* 24 November 2026, 23.30 WITA: still the 24th there, and in UTC. */
const NOW = Date.UTC(2026, 10, 24, 15, 30);
function directory(part: Partial<Directory>): Directory {
    return { facilities: [], clinics: [], practitioners: [], services: [], server_ms: NOW, ...part };
}

test('the next step of a new installation', () => {
    assert.equal(nextStep(directory({})), 'facility');
    assert.equal(nextStep(directory({ facilities: [{ ...facility, active: false }] })), 'facility');
    const place = { facilities: [facility] };
    assert.equal(nextStep(directory(place)), 'clinic');
    const clinics = [clinic];
    assert.equal(nextStep(directory({ ...place, clinics })), 'practitioner');
    assert.equal(nextStep(directory({ ...place, clinics, practitioners: [{ ...person, active: false }] })), 'practitioner');
    const known = { ...person, user: 'u' };
    assert.equal(nextStep(directory({ ...place, clinics, practitioners: [person] })), 'account');
    assert.equal(nextStep(directory({ ...place, clinics, practitioners: [person, known] })), 'hours');
    assert.equal(nextStep(directory({ ...place, clinics, practitioners: [{ ...known, has_hours: true }] })), null);
    /* Who has hours and cannot log in: what is done is marked, and the account still comes next. */
    const busy = directory({ ...place, clinics, practitioners: [{ ...person, has_hours: true }] });
    assert.deepEqual(STEPS.filter((step) => isStepDone(step, busy)), ['facility', 'clinic', 'practitioner', 'hours']);
    assert.equal(nextStep(busy), 'account');
});

test('a permit is spoken of ninety days before its end and holds on its last day', () => {
    assert.equal(permitState('2026-11-24', '2026-11-24'), 'soon');
    assert.equal(permitState('2026-11-23', '2026-11-24'), 'expired');
    assert.equal(permitState('2027-02-22', '2026-11-24'), 'soon');
    assert.equal(permitState('2027-02-23', '2026-11-24'), 'good');
});

test('warnings name the paper, the place and the date', () => {
    const place = directory({ facilities: [facility], clinics: [clinic] });
    const words = (one: Practitioner) =>
        warningsOf(one, place).map(({ what, state, until, facility: at }) => [what, state, until, at?.id ?? null]);
    assert.deepEqual(words(person), [['sip', 'missing', null, 'f']]);
    const permits = [{ facility: 'f', number: 'SIP-1', valid_until: '2026-12-01' }];
    assert.deepEqual(words({ ...person, permits, str_valid_until: '2026-11-01' }),
        [['str', 'expired', '2026-11-01', null], ['sip', 'soon', '2026-12-01', 'f']]);
    assert.deepEqual(words({ ...person, permits: [{ ...permits[0]!, valid_until: '2030-01-01' }] }), []);
    assert.deepEqual(words({ ...person, clinics: [] }), []);
});

test('kecamatan stand under their kabupaten, by name', () => {
    const areas: Area[] = [
        { code: '75', parent: null, name: 'Gorontalo', kind: 'province' },
        { code: '75.01', parent: '75', name: 'Kabupaten Gorontalo', kind: 'kabupaten' },
        { code: '75.01.02', parent: '75.01', name: 'Telaga', kind: 'kecamatan' },
        { code: '75.01.01', parent: '75.01', name: 'Limboto', kind: 'kecamatan' },
    ];
    assert.deepEqual(districts(areas).map((one) => [one.parent.name, one.children.map((child) => child.name)]),
        [['Kabupaten Gorontalo', ['Limboto', 'Telaga']]]);
    assert.equal(areaWords('75.01.01', areas), 'Limboto, Kabupaten Gorontalo');
    assert.equal(areaWords('75.99.99', areas), '75.99.99');
});

test('a file that is no UTF-8 is not read as signs that nobody wrote', () => {
    const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0)).buffer;
    assert.equal(textOf(bytes('a;b')), 'a;b');
    assert.throws(() => textOf(bytes('Caf\u00e9')));
});

test('a made password has no sign that is mistaken for another', () => {
    const password = passwordFrom(Uint8Array.from({ length: 16 }, (_, i) => i * 16));
    assert.match(password, /^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
});

test('holidays: whose, and on which side of today', () => {
    const day = (date: string, at: string | null) =>
        ({ id: date, date, name: date, certain: true, facility: at, facility_name: at && 'Puskesmas Limboto', revision: 'r' });
    const all = [day('2026-01-01', null), day('2026-11-23', 'f'), day('2026-11-24', null), day('2026-12-25', 'f'), day('2027-01-01', 'g')];
    const dates = (whose: string) => {
        const { coming, past } = holidaysOf(all, whose, '2026-11-24');
        return [coming.map((one) => one.date), past.map((one) => one.date)];
    };
    assert.deepEqual(dates(ALL), [['2026-11-24', '2026-12-25', '2027-01-01'], ['2026-11-23', '2026-01-01']]);
    assert.deepEqual(dates(PROVINCE), [['2026-11-24'], ['2026-01-01']]);
    assert.deepEqual(dates('f'), [['2026-12-25'], ['2026-11-23']]);
    assert.deepEqual(dates('h'), [[], []]);
});

test('what can be typed instead is named as it is typed, once', () => {
    const of = (code: string, allowed: string | null) => allowedOf({ code, allowed });
    assert.equal(of('not_allowed', 'doctor, desk'), 'doctor, desk');
    assert.equal(of('not_allowed', 'off|assisted|on'), 'off, assisted, on');
    assert.equal(of('not_a_date', '2027-08-17, 17/08/2027'), '2027-08-17, 17/08/2027');
    assert.deepEqual(of('too_large', '0..480'), { from: '0', to: '480' });
    for (const list of ['FASKES > POLI | ...; dalam nama: \\> \\|', 'FACILITY > NUMBER > 2027-08-17 | ...; in a name: \\> \\|'])
        assert.equal(of('not_a_list', list), list, 'the bar is what stands between two');
    assert.equal(of('not_found', '75.01.01'), '75.01.01');
    for (const code of ['not_a_letter', 'too_long', 'not_a_login']) assert.equal(of(code, '1..80'), null);
    assert.equal(of('required', null), null);
});

test('what the file calls its columns does not decide the language of what can be typed', () => {
    const of = (field: string, code: string, allowed: string | null) => ownAllowedOf({ field, code, allowed });
    for (const words of ['ya, pasti, belum pasti, tidak', 'yes, sure, unsure, no, belum pasti'])
        assert.equal(of('certain', 'not_allowed', words), 'certain');
    for (const words of ['ya, tidak, 1, 0', 'yes, no, true, false, 1, 0']) assert.equal(of('active', 'not_allowed', words), 'active');
    for (const word of ['ya', 'yes']) assert.equal(of('active', 'not_allowed', word), 'active_new');
    assert.equal(of('permits', 'not_found', 'FACILITY > NUMBER > 2027-08-17 | ...'), 'permits');
    assert.equal(of('permits', 'too_many', '0..40'), null);
    assert.equal(of('role', 'not_allowed', 'doctor, desk'), null);
    assert.equal(of('practitioner', 'not_allowed', null), null);
    assert.deepEqual([columnWords('name', 'id'), columnWords('name', 'en'), columnWords('id', 'id')], ['nama (name)', 'name (nama)', 'id']);
});

test('faults of a table stand by row, each in the order of the columns', () => {
    const fault = (line: number, field: string) => ({ line, field, code: 'required', allowed: null, message: field });
    const rows = faultRows([fault(12, 'name'), fault(3, 'certain'), fault(3, 'date'), fault(3, '')], ['date', 'name', 'certain']);
    assert.deepEqual(rows.map((row) => [row.line, row.faults.map((one) => one.field)]), [[3, ['', 'date', 'certain']], [12, ['name']]]);
    const many = Array.from({ length: 100 }, (_, i) => fault(i + 2, 'name'));
    assert.deepEqual([isCut(many), isCut(many.slice(1))], [true, false]);
});

test('a table may be kept as it is when bookings alone are in the way', () => {
    const fault = (code: string) => ({ line: 2, field: '', code, allowed: null, message: code });
    assert.equal(isKeepable({ errors: [] }), false);
    assert.equal(isKeepable({ errors: [fault('bookings_hit'), fault('bookings_hit')] }), true);
    assert.equal(isKeepable({ errors: [fault('bookings_hit'), fault('taken')] }), false);
});
