// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportRow } from '../staff/types';
import { axisTop, byDay, byFacility, COUNTS, countsOf, GROUPS, HEADLINES, percentOf, presetRange, rangeFault, totals } from './figures';

function row(date: string, facility: string, booked: number, consultations: number): ReportRow {
    return {
        date,
        facility,
        facility_name: `Puskesmas ${facility}`,
        booked,
        done: consultations,
        cancelled: 1,
        no_show: 0,
        no_show_doctor: 0,
        came: 0,
        not_come: 0,
        tech_failed: 0,
        open: 0,
        consultations,
        wait_p50_minutes: null,
        call_minutes: 10,
        incidents: 0,
        unanswered: 2,
        escalated: 1,
        extra: 0,
    };
}

const ROWS = [row('2026-11-24', 'A', 4, 3), row('2026-11-24', 'B', 9, 7), row('2026-11-26', 'A', 2, 1)];

test('each count is shown once, as a headline or in a group', () => {
    const shown = [...HEADLINES, ...GROUPS.flatMap((group) => [...group.counts, ...group.parts])];
    assert.deepEqual([...shown].sort(), [...COUNTS].sort());
    assert.deepEqual([percentOf(1, 8), percentOf(0, 8), percentOf(0, 0)], [12.5, null, null]);
});

test('a day without visits is a zero, not a hole', () => {
    const days = byDay(ROWS, { from: '2026-11-24', to: '2026-11-27' });
    assert.deepEqual(days.map((day) => [day.date, day.counts.booked]), [
        ['2026-11-24', 13],
        ['2026-11-25', 0],
        ['2026-11-26', 2],
        ['2026-11-27', 0],
    ]);
});

test('the busiest facility comes first', () => {
    const list = byFacility(ROWS);
    assert.deepEqual(list.map((f) => [f.id, f.counts.booked, f.counts.call_minutes]), [
        ['B', 9, 10],
        ['A', 6, 20],
    ]);
});

test('what no column counts is "other", so that the columns add up to booked', () => {
    const sum = totals({ rows: ROWS, totals: {} });
    assert.equal(sum.booked, 15);
    assert.equal(sum.consultations, 11);
    assert.equal(sum.other, 15 - 11 - 3);
});

test('a doctor who was absent is no patient who did not come, and the columns add up all the same', () => {
    const { booked, done, cancelled, no_show, no_show_doctor, tech_failed, other, open } =
        countsOf({ ...row('2026-11-24', 'A', 9, 3), no_show: 4, no_show_doctor: 3 });
    assert.deepEqual([no_show, no_show_doctor, other], [1, 3, 1]);
    assert.equal(done + cancelled + no_show + no_show_doctor + tech_failed + other + open, booked);
});

test('ranges are checked before they are asked for', () => {
    assert.equal(rangeFault({ from: '2026-11-24', to: '2026-11-24' }), null);
    assert.equal(rangeFault({ from: '2026-11-25', to: '2026-11-24' }), 'backwards');
    assert.equal(rangeFault({ from: '', to: '2026-11-24' }), 'bad_date');
    assert.equal(rangeFault({ from: '2020-01-01', to: '2026-11-24' }), 'too_long');
    assert.deepEqual(presetRange('week', '2026-11-03'), { from: '2026-10-28', to: '2026-11-03' });
    assert.deepEqual(presetRange('month', '2026-11-24'), { from: '2026-11-01', to: '2026-11-24' });
});

test('the axis ends at a round number above the largest value', () => {
    assert.deepEqual([0, 5, 6, 10, 11, 16, 41, 99, 101].map(axisTop), [5, 5, 6, 10, 15, 20, 50, 100, 150]);
});
