// SPDX-License-Identifier: Apache-2.0
// Which free times are near the day on which the doctor wants to see the patient again. Pure.
import type { Slot, SlotsReply } from '../shared/api_types';
import { addDays } from '../shared/format';
import type { Group, GroupsReply } from '../group/types';
import type { DayVisit } from '../staff/types';

/** So many days ahead; the last one lies within what can be booked. */
export const FOLLOW_UP_DAYS = [3, 7, 14, 28] as const;
export type FollowUpDays = (typeof FOLLOW_UP_DAYS)[number];
const AROUND_DAYS = 3;
const HORIZON_DAYS = 29;

/** What to ask for: a week around the day, tomorrow at the earliest, within what can be booked. */
export function rangeOf(today: string, days: number): { readonly from: string; readonly days: number } {
    const first = Math.max(1, days - AROUND_DAYS);
    const last = Math.min(HORIZON_DAYS, days + AROUND_DAYS);
    return { from: addDays(today, first), days: last - first + 1 };
}

function distance(date: string, wanted: string): number {
    return Math.abs(Date.parse(date) - Date.parse(wanted));
}

/** The first free ones of the days nearest to the wanted one, by time: at most N, at most a half of them of one day. */
export function nearestSlots(reply: SlotsReply, wanted: string, n: number): readonly Slot[] {
    const days = reply.days.filter((day) => day.slots.length > 0)
        .sort((a, b) => distance(a.date, wanted) - distance(b.date, wanted) || (a.date < b.date ? -1 : 1));
    const perDay = Math.ceil(n / 2);
    return days.flatMap((day) => day.slots.slice(0, perDay)).slice(0, n).sort((a, b) => a.starts_at_ms - b.starts_at_ms);
}

/** Groups of the visit's clinic, still to come, with a place left, and not the one that it is in. */
export function roomyGroups(reply: GroupsReply, visit: Pick<DayVisit, 'clinic_id' | 'group'>): readonly Group[] {
    return reply.groups.filter((one) => one.state === 'planned' && one.clinic_id === visit.clinic_id &&
        one.starts_at_ms > reply.server_ms && one.visits.length < one.places && one.id !== visit.group?.id);
}
