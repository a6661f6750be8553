// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clashOf, extraPlaces, isWholeDay, minutesWords, notesOf, parseTime, permitsEnding, placesClosed, strEnding, turnMinutes, weekdayOf, weekStart } from './hours_state';
import { hoursEn } from './strings/en';
import { hoursId } from './strings/id';
import type { Holiday, Hours, Rule } from './types';

test('weeks begin on Monday', () => {
    assert.equal(weekdayOf('2026-11-23'), 1);
    assert.equal(weekdayOf('2026-11-29'), 7);
    assert.equal(weekStart('2026-11-29'), '2026-11-23');
    assert.equal(weekStart('2026-11-23'), '2026-11-23');
    assert.equal(weekStart('2028-03-01'), '2028-02-28');
});

test('a time of day is read as people write it', () => {
    const rows: readonly (readonly [text: string, time: string | null])[] = [
        ['08.00', '08:00'], ['8:05', '08:05'], ['8', '08:00'], ['1730', '17:30'], [' 09.30 ', '09:30'],
        ['24.00', '00:00'], ['0000', '00:00'], ['24.01', null], ['25', null], ['8.60', null], ['pagi', null],
        ['', null], ['8.5', null],
    ];
    for (const [text, time] of rows) assert.equal(parseTime(text), time, text);
});

test('hours that are refused are held against those that are there, in the order of the week', () => {
    const rule = (weekday: number, from: string, to: string, valid_until: string | null = null) => ({
        id: `${weekday}${from}`, clinic: 'c', weekday, from, to, breaks: [], valid_from: '2026-12-01', valid_until, revision: '1',
        pattern: { mode: 'slots', slot_minutes: 15, before_minutes: 0, after_minutes: 0, quota: null, extra_percent: 0 },
    } as Rule);
    const rules = [rule(4, '08:00', '12:00'), rule(2, '13:00', '00:00'), rule(2, '08:00', '12:00'), rule(5, '08:00', '12:00', '2026-12-31')];
    const wanted = (weekdays: number[], from: string, to: string, validFrom = '2026-12-01', validUntil = '') =>
        clashOf(rules, { weekdays, from, to, validFrom, validUntil })?.id ?? null;
    assert.equal(wanted([2, 4], '11:45', '14:00'), '208:00');
    assert.equal(wanted([4], '11:45', '14:00'), '408:00');
    assert.equal(wanted([2], '23:00', '00:00'), '213:00');
    assert.equal(wanted([1, 3], '08:00', '12:00'), null);
    assert.equal(wanted([2], '12:00', '13:00'), null);
    assert.equal(wanted([5], '08:00', '12:00', '2027-01-01'), null);
    assert.equal(wanted([4], '08:00', '12:00', '2026-11-01', '2026-11-30'), null);
});

test('a permit that ends is spoken of before it does, each place once', () => {
    const clinic = (facility: string, permit_until: string | null) => ({ id: facility, name: 'Poli', facility, permit_until });
    const doctor = { id: 'd', name: 'D', str_until: null, clinics: [clinic('A', '2026-12-01'), clinic('A', '2026-12-01'), clinic('B', null),
        clinic('C', '2030-01-01')] };
    assert.deepEqual(permitsEnding(doctor, '2026-11-24').map((one) => one.facility), ['A']);
    assert.deepEqual(placesClosed(doctor, '2026-12-01'), []);
    assert.deepEqual(placesClosed(doctor, '2026-12-02').map((one) => one.facility), ['A']);
});

test('a registration that ends is spoken of before and after it does, one for life never', () => {
    const ending = (str_until: string | null) => strEnding({ id: 'd', name: 'D', str_until, clinics: [] }, '2026-11-24');
    assert.deepEqual(['2027-02-22', '2027-02-23', '2026-11-24', '2026-11-23', null].map(ending),
        ['2027-02-22', null, '2026-11-24', '2026-11-23', null]);
});

test('midnight is an end', () => {
    assert.equal(minutesWords({ from: '20:00', to: '00:00' }), '20.00\u2060–\u206024.00');
    assert.ok(isWholeDay({ from: '00:00', to: '00:00' }));
    assert.ok(!isWholeDay({ from: '00:00', to: '12:00' }));
});

test('a session is shared out as the server does it', () => {
    const morning = { from: '08:00', to: '12:00' };
    assert.equal(turnMinutes(morning, [], 30), 8);
    assert.equal(turnMinutes(morning, [], 25), 9);
    assert.equal(turnMinutes(morning, [{ from: '09:40', to: '10:20' }], 7), 25);
    assert.equal(turnMinutes(morning, [], 241), 0);
    assert.equal(turnMinutes(morning, [], 0), 0);
    assert.equal(turnMinutes({ from: '22:00', to: '00:00' }, [], 12), 10);
});

test('additional places are a share of the quota, rounded down', () => {
    const rows: readonly (readonly [quota: number, percent: number, extra: number])[] = [
        [30, 20, 6], [12, 0, 0], [12, 8, 0], [12, 9, 1], [1, 50, 0], [3, 50, 1], [240, 50, 120],
    ];
    for (const [quota, percent, extra] of rows) assert.equal(extraPlaces(quota, percent), extra, `${quota} ${percent}`);
});

test('of two holidays on a date the confirmed one is shown', () => {
    const holiday = (id: string, certain: boolean): Holiday =>
        ({ id, date: '2026-11-25', name: id, certain, facility: null, facility_name: null, revision: 'r' });
    const hours: Hours = {
        doctor: { id: 'd', name: 'D', str_until: null, clinics: [] }, rules: [], days: [], server_ms: 0,
        holidays: [holiday('unsure', false), holiday('sure', true)],
        leaves: [{ id: 'l', from: '2026-11-24', until: '2026-11-25', note: '' }],
        overrides: [],
    };
    const notes = notesOf(hours, '2026-11-25');
    assert.equal(notes.holiday?.id, 'sure');
    assert.equal(notes.leave?.id, 'l');
    assert.equal(notesOf(hours, '2026-11-26').leave, null);
});

test('both languages say all', () => {
    for (const [key, words] of Object.entries(hoursId)) {
        const english = hoursEn[key as keyof typeof hoursId];
        assert.ok(english.length > 0, key);
        const values = (text: string) => [...text.matchAll(/\{(\w+)[?}]/g)].map(([, name]) => name).sort();
        assert.deepEqual([...new Set(values(english))], [...new Set(values(words))], key);
    }
});
