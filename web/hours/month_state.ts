// SPDX-License-Identifier: Apache-2.0
// A month as the hours page shows it: weeks from Monday to Sunday, and what each day comes to. Pure.
import { addDays } from '../shared/format';
import { weekdayOf, weekStart } from './hours_state';
import type { DaySum, DoctorDay, Holiday, MonthDay } from './types';

/** "2026-11" of a date in it. */
export function monthOf(date: string): string {
    return date.slice(0, 7);
}

export function addMonths(month: string, n: number): string {
    const [year = 0, one = 1] = month.split('-').map(Number);
    const count = year * 12 + one - 1 + n;
    return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

export function lastOfMonth(month: string): string {
    return addDays(`${addMonths(month, 1)}-01`, -1);
}

/** The whole weeks around the month: their first Monday, and how many days they have. */
export function gridOf(month: string): { readonly from: string; readonly days: number } {
    const from = weekStart(`${month}-01`);
    const until = addDays(weekStart(lastOfMonth(month)), 6);
    let days = 1;
    for (let date = from; date < until; date = addDays(date, 1)) days += 1;
    return { from, days };
}

/** All doctors' days as one. */
export function sumOf(doctors: readonly DoctorDay[]): DaySum {
    const open = doctors.flatMap(({ from_ms: from, to_ms: to }) => (from === null || to === null ? [] : [{ from, to }]));
    const total = (count: (one: DoctorDay) => number) => doctors.reduce((sum, one) => sum + count(one), 0);
    return {
        working: open.length,
        on_leave: doctors.filter((one) => one.leave).length,
        from_ms: open.length > 0 ? Math.min(...open.map((one) => one.from)) : null,
        to_ms: open.length > 0 ? Math.max(...open.map((one) => one.to)) : null,
        places: total((one) => one.places),
        held: total((one) => one.held),
        extra: total((one) => one.extra),
    };
}

/** Of two holidays on a date the confirmed one. */
export function holidayOf(holidays: readonly Holiday[], date: string): Holiday | null {
    const own = holidays.filter((one) => one.date === date);
    return own.find((one) => one.certain) ?? own[0] ?? null;
}

/** Days that lie in the month; the others fill its first and last week. */
export function isInMonth(day: MonthDay, month: string): boolean {
    return monthOf(day.date) === month;
}

/** How full a day is, from 0 to 1; null: it has no places. */
export function fullness({ places, held }: DaySum): number | null {
    return places > 0 ? Math.min(held / places, 1) : null;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Where a key leads from a date: days and weeks by arrows, the week's ends by Home and End; null: nowhere. */
export function dateByKey(date: string, key: string): string | null {
    if (key === 'Home') return weekStart(date);
    if (key === 'End') return addDays(date, 7 - weekdayOf(date));
    const step = STEPS[key];
    return step === undefined ? null : addDays(date, step);
}
