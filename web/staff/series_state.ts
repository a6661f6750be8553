// SPDX-License-Identifier: Apache-2.0
// Repeated visits: what the server proposes for each date, and what is taken of it. Pure.

export interface SeriesChoice {
    readonly starts_at_ms: number;
    readonly turn_at_ms: number;
}

export type SeriesFit = 'fits' | 'too_far' | 'permit_over' | 'leave' | 'holiday' | 'no_hours' | 'full';

export interface SeriesDate {
    readonly date: string;
    readonly wanted_at_ms: number;
    readonly fit: SeriesFit;
    /** Of the date, else of the days around it; the nearest first. */
    readonly choices: readonly SeriesChoice[];
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
