// SPDX-License-Identifier: Apache-2.0
// Repeated visits: what the server proposes for each date, and what is taken of it. Pure.
import { ApiProblem } from '../shared/api';
import { addDays, clockTime, isoDate } from '../shared/format';

export interface SeriesChoice {
    readonly starts_at_ms: number;
    readonly turn_at_ms: number;
}

export type SeriesFit = 'fits' | 'too_far' | 'permit_over' | 'leave' | 'holiday' | 'no_hours' | 'full' | 'own_visit';

export interface SeriesDate {
    readonly date: string;
    readonly wanted_at_ms: number;
    readonly fit: SeriesFit;
    /** Of the date, else of the days around it; the nearest first. */
    readonly choices: readonly SeriesChoice[];
    /** Of a move: which visit comes there, and its time now. */
    readonly visit?: string;
    readonly from_ms?: number;
}

export interface SeriesVisit {
    readonly visit: string;
    readonly number: string;
    readonly state: string;
    readonly starts_at_ms: number;
}

export interface SeriesReply {
    readonly series: string | null;
    readonly visits: readonly SeriesVisit[];
}

export const EVERY_WEEKS = [1, 2, 4] as const;
export const MIN_TIMES = 2;
export const MAX_TIMES = 12;

/** For each date what is taken of it; null: it is left out. What fits is taken at first, the rest is asked for. */
export function proposed(dates: readonly SeriesDate[]): (number | null)[] {
    return dates.map(({ fit, choices }) => (fit === 'fits' ? (choices[0]?.starts_at_ms ?? null) : null));
}

/** In the order of time, each once: two dates may have the same day between them. */
export function startsOf(taken: readonly (number | null)[]): number[] {
    return [...new Set(taken.filter((one) => one !== null))].sort((a, b) => a - b);
}

/** How many come after this one and could be cancelled with it. */
export function laterOf(reply: SeriesReply, visit: string): number {
    const own = reply.visits.find((one) => one.visit === visit);
    if (!own) return 0;
    return reply.visits.filter((one) => one.starts_at_ms > own.starts_at_ms && (one.state === 'booked' || one.state === 'requested')).length;
}

/** What can be moved: of those that are booked this one and what comes after it; all, seen from the visit before them. */
export function movableOf(reply: SeriesReply, visit: string): readonly SeriesVisit[] {
    const from = reply.visits.find((one) => one.visit === visit)?.starts_at_ms ?? 0;
    return reply.visits.filter((one) => one.starts_at_ms >= from && one.state === 'booked');
}

/** What a move is asked for at first: as it is, from tomorrow on. */
export function moveWish(visits: readonly SeriesVisit[], nowMs: number): { readonly first: string; readonly time: string } {
    const at = visits[0]?.starts_at_ms ?? nowMs;
    const first = isoDate(at), tomorrow = addDays(isoDate(nowMs), 1);
    return { first: first < tomorrow ? tomorrow : first, time: clockTime(at) };
}

export interface Move {
    readonly visit: string;
    readonly at_ms: number;
}

/** What of the plan is taken; the rest stays where it is. */
export function movesOf(dates: readonly SeriesDate[], taken: readonly (number | null)[]): Move[] {
    return dates.flatMap(({ visit }, i) => {
        const at_ms = taken[i] ?? null;
        return visit === undefined || at_ms === null ? [] : [{ visit, at_ms }];
    });
}

/** Each after the one before it. */
export function isRising(moves: readonly Move[]): boolean {
    return moves.every((one, i) => i === 0 || one.at_ms > (moves[i - 1]?.at_ms ?? 0));
}

/** Why all of it was refused, and the plan is asked for again. `at_ms` null: a visit is not what it was. */
export interface Lost {
    readonly at_ms: number | null;
    readonly why: 'taken' | 'own';
}

const CHANGED = ['visit-cancelled', 'visit-ended', 'wrong-state'];

export function lostOf(error: unknown): Lost | null {
    if (!(error instanceof ApiProblem)) return null;
    const { starts_at_ms } = error.body;
    if (typeof starts_at_ms === 'number') return { at_ms: starts_at_ms, why: error.type === 'own-booking' ? 'own' : 'taken' };
    return CHANGED.includes(error.type) ? { at_ms: null, why: 'taken' } : null;
}
