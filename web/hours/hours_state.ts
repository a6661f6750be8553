// SPDX-License-Identifier: Apache-2.0
// Weeks, times of day and turns, as the hours page needs them. Pure.
import { addDays, dateMs, spanWords } from '../shared/format';
import { permitState } from '../staff/permits';
import type { Holiday, Hours, HoursClinic, HoursDoctor, Leave, Minutes, Override, Rule } from './types';

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const N_DAYS = 7;
export const MAX_BREAKS = 4;
export const MIN_TURN = 5;
/** Percent of the regular places. */
export const MAX_EXTRA = 50;

/** 1 Monday to 7 Sunday. */
export function weekdayOf(date: string): number {
    /* Midday WITA is the same day in UTC. */
    return new Date(dateMs(date)).getUTCDay() || 7;
}

/** The Monday of the date's week. */
export function weekStart(date: string): string {
    return addDays(date, 1 - weekdayOf(date));
}

/** "08.00", "8:00", "800", "8" -> "08:00"; null when it is no time. "24.00" is midnight, "00:00". */
export function parseTime(text: string): string | null {
    const match = /^(\d{1,2})(?:[.:]?(\d{2}))?$/.exec(text.trim());
    if (!match) return null;
    const hour = Number(match[1]);
    const minute = Number(match[2] ?? 0);
    if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
    const two = (value: number) => String(value).padStart(2, '0');
    return `${two(hour % 24)}:${two(minute)}`;
}

/** "08:00" -> "08.00"; as an end midnight is "24.00". */
export function timeWords(time: string, isEnd = false): string {
    return isEnd && time === '00:00' ? '24.00' : time.replace(':', '.');
}

/** "08.00–12.00" */
export function minutesWords({ from, to }: Minutes): string {
    return spanWords(timeWords(from), timeWords(to, true));
}

export function isWholeDay({ from, to }: Minutes): boolean {
    return from === '00:00' && to === '00:00';
}

export function minuteOf(time: string, isEnd = false): number {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return isEnd && hour === 0 && minute === 0 ? 24 * 60 : hour * 60 + minute;
}

/** Minutes of one turn in a session, as the server shares them out; 0 when the quota does not fit. */
export function turnMinutes(hours: Minutes, breaks: readonly Minutes[], quota: number): number {
    const pieces = piecesOf(hours, breaks);
    const total = pieces.reduce((sum, piece) => sum + piece, 0);
    for (let turn = quota > 0 ? Math.floor(total / quota) : 0; turn > 0; turn--) {
        const places = pieces.reduce((sum, piece) => sum + Math.floor(piece / turn), 0);
        if (places >= quota) return turn;
    }
    return 0;
}

/** Weekly hours that are wanted; without a last day `validUntil` is ''. */
export interface WantedHours extends Minutes {
    readonly weekdays: readonly number[];
    readonly validFrom: string;
    readonly validUntil: string;
}

/** The first of the week that WANTED overlaps, as the server looks for it: of any clinic. */
export function clashOf(rules: readonly Rule[], wanted: WantedHours): Rule | null {
    const [from, to] = [minuteOf(wanted.from), minuteOf(wanted.to, true)];
    const met = rules.filter((one) => wanted.weekdays.includes(one.weekday) &&
        minuteOf(one.from) < to && from < minuteOf(one.to, true) &&
        (wanted.validUntil === '' || one.valid_from <= wanted.validUntil) &&
        (one.valid_until === null || wanted.validFrom <= one.valid_until));
    return met.sort((a, b) => a.weekday - b.weekday || minuteOf(a.from) - minuteOf(b.from))[0] ?? null;
}

/** How many additional places a quota gets, as the server counts them. */
export function extraPlaces(quota: number, percent: number): number {
    return Math.floor((quota * (100 + percent)) / 100) - quota;
}

/** Lengths of what the breaks leave. */
function piecesOf(hours: Minutes, breaks: readonly Minutes[]): number[] {
    const end = minuteOf(hours.to, true);
    const sorted = breaks
        .map((one) => ({ from: minuteOf(one.from), to: minuteOf(one.to, true) }))
        .sort((a, b) => a.from - b.from);
    const pieces: number[] = [];
    let at = minuteOf(hours.from);
    for (const one of sorted) {
        pieces.push(Math.min(one.from, end) - at);
        at = Math.max(at, one.to);
    }
    pieces.push(end - at);
    return pieces.filter((piece) => piece > 0);
}

export interface DayNotes {
    readonly holiday: Holiday | null;
    readonly leave: Leave | null;
    readonly overrides: readonly Override[];
}

/** What is special about a date: the confirmed holiday before one that is not. */
export function notesOf(hours: Hours, date: string): DayNotes {
    const holidays = hours.holidays.filter((one) => one.date === date);
    return {
        holiday: holidays.find((one) => one.certain) ?? holidays[0] ?? null,
        leave: hours.leaves.find((one) => one.from <= date && date <= one.until) ?? null,
        overrides: hours.overrides.filter((one) => one.date === date),
    };
}

/** A place and the last day of the doctor's permit for it. */
export interface PlacePermit {
    readonly facility: string;
    readonly permit_until: string;
}

/** Each facility once, those with a permit on record. */
function permitsOf(doctor: HoursDoctor): PlacePermit[] {
    const places = new Map(doctor.clinics.map((one: HoursClinic) => [one.facility, one.permit_until]));
    return [...places].flatMap(([facility, until]) => (until === null ? [] : [{ facility, permit_until: until }]));
}

/** Permits that have run out or soon do. */
export function permitsEnding(doctor: HoursDoctor, today: string): PlacePermit[] {
    return permitsOf(doctor).filter((one) => permitState(one.permit_until, today) !== 'good');
}

/** The last day of a registration (STR) that has run out or soon does. It closes no hours. */
export function strEnding(doctor: HoursDoctor, today: string): string | null {
    const until = doctor.str_until;
    return until !== null && permitState(until, today) !== 'good' ? until : null;
}

/** Where the doctor has no permit on `date` any more. */
export function placesClosed(doctor: HoursDoctor, date: string): PlacePermit[] {
    return permitsOf(doctor).filter((one) => one.permit_until < date);
}
