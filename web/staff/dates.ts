// SPDX-License-Identifier: Apache-2.0
// Calendar questions about local dates (YYYY-MM-DD) that shared/format does not answer.
import { dateMs, isoDate, longDate } from '../shared/format';

const DAY_MS = 24 * 3600_000;

/** True for a date that exists: 2026-02-30 does not. */
export function isDate(text: string): boolean {
    const ms = dateMs(text);
    return !Number.isNaN(ms) && isoDate(ms) === text;
}

/** "24 November 2026": without the weekday, for births and ranges; the text itself when malformed. */
export function dateWords(date: string): string {
    return isDate(date) ? longDate(dateMs(date)).replace(/^[^,]*, /, '') : date;
}

/** "18–24 November 2026", "28 Oktober – 3 November 2026": month and year once where they are the same. */
export function rangeWords(from: string, to: string): string {
    const [day, month, year] = dateWords(from).split(' ');
    if (from.slice(0, 7) === to.slice(0, 7)) return `${day}–${dateWords(to)}`;
    const first = from.slice(0, 4) === to.slice(0, 4) ? `${day} ${month}` : `${day} ${month} ${year}`;
    return `${first} – ${dateWords(to)}`;
}

/** Days from `from` to `to`, both counted; 0 or less when `to` lies before `from`. */
export function countDays(from: string, to: string): number {
    return Math.round((dateMs(to) - dateMs(from)) / DAY_MS) + 1;
}

export function firstOfMonth(date: string): string {
    return `${date.slice(0, 8)}01`;
}
