// SPDX-License-Identifier: Apache-2.0
// The parts of a day as people here call them, over a day's free times.
import { clockTime } from './format';
import { catalogue } from './strings';

const id = { morning: 'Pagi', midday: 'Siang', afternoon: 'Sore', evening: 'Malam' };
const en: typeof id = { morning: 'Morning', midday: 'Midday', afternoon: 'Afternoon', evening: 'Evening' };

export const partWords = catalogue(id, en);

export type DayPart = keyof typeof id;

/** Pagi until 11, siang until 15, sore until 18, malam after that (WITA). */
export function partOf(startsAtMs: number): DayPart {
    const hour = Number(clockTime(startsAtMs).slice(0, 2));
    if (hour < 11) return 'morning';
    if (hour < 15) return 'midday';
    return hour < 18 ? 'afternoon' : 'evening';
}

/** In the order in which they come; none is empty. */
export function byPart<T extends { readonly starts_at_ms: number }>(slots: readonly T[]): { part: DayPart; slots: T[] }[] {
    const parts: { part: DayPart; slots: T[] }[] = [];
    for (const slot of slots) {
        const part = partOf(slot.starts_at_ms);
        const last = parts.find((one) => one.part === part);
        if (last) last.slots.push(slot);
        else parts.push({ part, slots: [slot] });
    }
    return parts;
}
