// SPDX-License-Identifier: Apache-2.0
// The form of a new group. Pure.
import { dateMs } from '../shared/format';

export const MINUTES = [30, 45, 60, 90, 120, 180] as const;
export const PLACES = [2, 3, 4, 5] as const;

export interface GroupForm {
    readonly title: string;
    readonly clinic: string;
    /** "": the doctor who opens it. */
    readonly doctor: string;
    /** "2026-11-24" */
    readonly date: string;
    /** As typed: "9.30", "09:30". */
    readonly time: string;
    readonly minutes: number;
    readonly places: number;
    readonly open: boolean;
}

export const NO_FORM: GroupForm = { title: '', clinic: '', doctor: '', date: '', time: '', minutes: 60, places: 5, open: false };

const MIDDAY_MINUTES = 12 * 60;

/** Minutes of the day; null when it is no time. */
export function minutesOf(time: string): number | null {
    const match = /^(\d{1,2})(?:[.:](\d{2}))?$/.exec(time.trim());
    const [hour, minute] = [Number(match?.[1]), Number(match?.[2] ?? 0)];
    return match && hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/** The moment that date and time (WITA) mean; NaN when either is none. */
export function startsAt({ date, time }: GroupForm): number {
    const minutes = minutesOf(time);
    return minutes === null ? NaN : dateMs(date) + (minutes - MIDDAY_MINUTES) * 60_000;
}

export type GroupField = 'title' | 'date' | 'time';

export function groupFaults(form: GroupForm): GroupField[] {
    const right: Record<GroupField, boolean> = {
        title: form.title.trim() !== '' && form.title.trim().length <= 80,
        date: !Number.isNaN(dateMs(form.date)),
        time: minutesOf(form.time) !== null,
    };
    return (['title', 'date', 'time'] as const).filter((field) => !right[field]);
}

export function groupBody(form: GroupForm) {
    return {
        title: form.title.trim().replace(/\s+/g, ' '),
        clinic: form.clinic,
        ...(form.doctor === '' ? {} : { doctor: form.doctor }),
        starts_at_ms: startsAt(form),
        minutes: form.minutes,
        places: form.places,
        open: form.open,
    };
}
