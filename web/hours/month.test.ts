// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, dateMs } from '../shared/format';
import { weekdayOf } from './hours_state';
import { addMonths, dateByKey, fullness, gridOf, holidayOf, isInMonth, lastOfMonth, monthOf, sumOf } from './month_state';
import type { DoctorDay } from './types';

test('months are counted over the turn of the year', () => {
    assert.equal(monthOf('2026-11-24'), '2026-11');
    const rows: readonly (readonly [string, number, string])[] = [
        ['2026-11', 1, '2026-12'], ['2026-12', 1, '2027-01'], ['2027-01', -1, '2026-12'], ['2026-01', -13, '2024-12'],
        ['2026-11', 0, '2026-11'], ['2026-11', 26, '2029-01'],
    ];
    for (const [month, n, expected] of rows) assert.equal(addMonths(month, n), expected, `${month} ${n}`);
});

test('the last day of a month, in leap years and others', () => {
    const rows: readonly (readonly [string, string])[] = [
        ['2026-02', '2026-02-28'], ['2028-02', '2028-02-29'], ['2000-02', '2000-02-29'], ['2100-02', '2100-02-28'],
        ['2026-04', '2026-04-30'], ['2026-12', '2026-12-31'],
    ];
    for (const [month, last] of rows) assert.equal(lastOfMonth(month), last);
});

test('the weeks of a month begin on Monday', () => {
    /* Starts on a Monday and has 28 days: four weeks; on a Sunday with 30: six. */
    assert.deepEqual(gridOf('2027-02'), { from: '2027-02-01', days: 28 });
    assert.deepEqual(gridOf('2026-11'), { from: '2026-10-26', days: 42 });
    assert.deepEqual(gridOf('2028-02'), { from: '2028-01-31', days: 35 });
    assert.deepEqual(gridOf('2026-12'), { from: '2026-11-30', days: 35 });
});

test('every month of forty years lies in its weeks, whole ones of at most six', () => {
    for (let month = '2000-01'; month < '2040-01'; month = addMonths(month, 1)) {
        const { from, days } = gridOf(month);
        assert.equal(weekdayOf(from), 1, month);
        assert.ok(days === 28 || days === 35 || days === 42, `${month}: ${days}`);
        const dates = Array.from({ length: days }, (_, i) => addDays(from, i));
        const own = dates.filter((date) => isInMonth({ date, doctors: [] }, month));
        assert.equal(own[0], `${month}-01`);
        assert.equal(own.at(-1), lastOfMonth(month));
        assert.equal(own.length, Number(lastOfMonth(month).slice(8)));
        /* No week is all of another month. */
        assert.ok(dates.indexOf(own[0] ?? '') < 7 && days - dates.indexOf(own.at(-1) ?? '') <= 7, month);
    }
});

test('keys lead over days, weeks and the ends of months', () => {
    const rows: readonly (readonly [string, string, string | null])[] = [
        ['2026-11-30', 'ArrowRight', '2026-12-01'], ['2026-11-01', 'ArrowLeft', '2026-10-31'],
        ['2028-02-26', 'ArrowDown', '2028-03-04'], ['2026-03-03', 'ArrowUp', '2026-02-24'],
        ['2026-11-29', 'Home', '2026-11-23'], ['2026-11-23', 'End', '2026-11-29'], ['2026-11-23', 'Enter', null],
    ];
    for (const [date, key, expected] of rows) assert.equal(dateByKey(date, key), expected, `${date} ${key}`);
});

const at = (hour: number) => dateMs('2026-11-24') + (hour - 12) * 3600_000;

function doctorDay(change: Partial<DoctorDay>): DoctorDay {
    return { doctor: 'd', from_ms: null, to_ms: null, places: 0, held: 0, extra: 0, leave: false, ...change };
}

test('the doctors of a day come to one', () => {
    const sum = sumOf([
        doctorDay({ from_ms: at(9), to_ms: at(12), places: 12, held: 3 }),
        doctorDay({ from_ms: at(8), to_ms: at(10), places: 8, held: 8, extra: 2 }),
        doctorDay({ leave: true, held: 1 }),
    ]);
    assert.deepEqual(sum, { working: 2, on_leave: 1, from_ms: at(8), to_ms: at(12), places: 20, held: 12, extra: 2 });
    assert.equal(fullness(sum), 0.6);
    assert.deepEqual(sumOf([]), { working: 0, on_leave: 0, from_ms: null, to_ms: null, places: 0, held: 0, extra: 0 });
    assert.equal(fullness(sumOf([])), null);
    assert.equal(fullness({ ...sum, held: 25 }), 1);
});

test('of two holidays on a date the confirmed one is shown', () => {
    const holiday = (id: string, certain: boolean) => ({ id, date: '2026-11-25', name: id, certain, facility: null, facility_name: null, revision: 'r' });
    assert.equal(holidayOf([holiday('unsure', false), holiday('sure', true)], '2026-11-25')?.id, 'sure');
    assert.equal(holidayOf([holiday('unsure', false)], '2026-11-25')?.id, 'unsure');
    assert.equal(holidayOf([holiday('sure', true)], '2026-11-26'), null);
});
