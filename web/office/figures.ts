// SPDX-License-Identifier: Apache-2.0
// The office's figures as pure functions over the rows of GET /api/v1/reports/daily.
import { addDays } from '../shared/format';
import { countDays, firstOfMonth, isDate } from '../staff/dates';
import type { Report, ReportRow } from '../staff/types';

export const COUNTS = [
    'booked',
    'extra',
    'done',
    'cancelled',
    'no_show',
    'no_show_doctor',
    'tech_failed',
    'other',
    'came',
    'not_come',
    'open',
    'consultations',
    'call_minutes',
    'incidents',
    'unanswered',
    'escalated',
] as const;
export type Count = (typeof COUNTS)[number];
export type Counts = Record<Count, number>;

/** What is read first. */
export const HEADLINES = ['booked', 'done', 'no_show', 'unanswered'] as const satisfies readonly Count[];

export interface CountGroup {
    readonly name: 'service' | 'attention' | 'others';
    readonly counts: readonly Count[];
    /** Counted in the last of `counts` already. */
    readonly parts: readonly Count[];
}

/** The others, by what they answer. */
export const GROUPS: readonly CountGroup[] = [
    { name: 'service', counts: ['consultations', 'call_minutes', 'extra'], parts: [] },
    { name: 'attention', counts: ['no_show_doctor', 'escalated', 'incidents'], parts: [] },
    { name: 'others', counts: ['open', 'cancelled', 'tech_failed', 'other'], parts: ['came', 'not_come'] },
];

export const MAX_DAYS = 366;

export interface Range {
    from: string;
    to: string;
}

export type Preset = 'today' | 'week' | 'month_days' | 'month';
export const PRESETS: readonly Preset[] = ['today', 'week', 'month_days', 'month'];

export function presetRange(preset: Preset, today: string): Range {
    switch (preset) {
        case 'today':
            return { from: today, to: today };
        case 'week':
            return { from: addDays(today, -6), to: today };
        case 'month_days':
            return { from: addDays(today, -29), to: today };
        case 'month':
            return { from: firstOfMonth(today), to: today };
    }
}

export type RangeFault = 'bad_date' | 'backwards' | 'too_long';

export function rangeFault(range: Range): RangeFault | null {
    if (!isDate(range.from) || !isDate(range.to)) {
        return 'bad_date';
    }
    const days = countDays(range.from, range.to);
    if (days < 1) {
        return 'backwards';
    }
    return days > MAX_DAYS ? 'too_long' : null;
}

function noCounts(): Counts {
    return Object.fromEntries(COUNTS.map((count) => [count, 0])) as Counts;
}

/** What is booked but in no other column: gone before being seen, continued by phone or in person. */
function otherOf(row: Pick<ReportRow, 'booked' | 'done' | 'cancelled' | 'no_show' | 'tech_failed' | 'open'>): number {
    return row.booked - row.done - row.cancelled - row.no_show - row.tech_failed - row.open;
}

/** The server's `no_show` is of patients and doctors; here each of the two stands by itself. */
export function countsOf(row: ReportRow): Counts {
    const own = { other: otherOf(row), no_show: row.no_show - row.no_show_doctor };
    return Object.fromEntries(COUNTS.map((count) => [count, { ...row, ...own }[count]])) as Counts;
}

function add(into: Counts, row: ReportRow): void {
    const counts = countsOf(row);
    for (const count of COUNTS) {
        into[count] += counts[count];
    }
}

/** The sum of the rows. */
export function totals(report: Report): Counts {
    const sum = noCounts();
    report.rows.forEach((row) => add(sum, row));
    return sum;
}

/** PART of WHOLE in per cent; null: there is none. */
export function percentOf(part: number, whole: number): number | null {
    return part > 0 && whole > 0 ? (part * 100) / whole : null;
}

export interface DayFigure {
    date: string;
    counts: Counts;
}

/** One figure for each day of the range, the empty days too, so that a chart has no holes. */
export function byDay(rows: readonly ReportRow[], range: Range): DayFigure[] {
    const days = new Map<string, Counts>();
    for (let i = 0; i < countDays(range.from, range.to); i++) {
        days.set(addDays(range.from, i), noCounts());
    }
    for (const row of rows) {
        const counts = days.get(row.date);
        if (counts) {
            add(counts, row);
        }
    }
    return [...days].map(([date, counts]) => ({ date, counts }));
}

export interface FacilityFigure {
    id: string;
    name: string;
    counts: Counts;
}

/** One figure for each facility, the busiest first. */
export function byFacility(rows: readonly ReportRow[]): FacilityFigure[] {
    const facilities = new Map<string, FacilityFigure>();
    for (const row of rows) {
        let figure = facilities.get(row.facility);
        if (!figure) {
            figure = { id: row.facility, name: row.facility_name, counts: noCounts() };
            facilities.set(row.facility, figure);
        }
        add(figure.counts, row);
    }
    return [...facilities.values()].sort(
        (a, b) => b.counts.booked - a.counts.booked || a.name.localeCompare(b.name, 'id'),
    );
}

/** Rounds up to a round number (1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten): the top of a chart's axis. At least 5. */
export function axisTop(largest: number): number {
    if (largest <= 5) {
        return 5;
    }
    const power = 10 ** Math.floor(Math.log10(largest));
    const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => largest <= factor * power);
    return (step ?? 10) * power;
}
