// SPDX-License-Identifier: Apache-2.0
import type { Service, Slot } from '../shared/api_types';
import { clockTime, dateAndTime, decimal, longDate, NBSP } from '../shared/format';
import { catalogue } from '../shared/strings';
import { en } from '../shared/strings/booking.en';
import { id } from '../shared/strings/booking.id';

export const t = catalogue(id, en);

/** Holds what stands on both sides of it together. */
const JOINER = '\u2060';

/** "20.00–22.00 WITA", in one piece */
export function hoursWords(session: { readonly starts_at_ms: number; readonly ends_at_ms: number }): string {
    return `${clockTime(session.starts_at_ms)}${JOINER}–${JOINER}${clockTime(session.ends_at_ms)}${NBSP}WITA`;
}

/** "video · 15 menit · gratis" */
export function serviceWords({ mode, duration_minutes: n, price_rupiah: price }: Service): string {
    return [t(`service_${mode}`), t('service_minutes', { n }), price > 0 ? `Rp${NBSP}${decimal(price)}` : t('service_free')].join(' · ');
}

/** When: the time of a slot, the hours of a session. */
export function whenWords(slot: Slot): string {
    if (slot.group) return `${slot.group.title}: ${dateAndTime(slot.starts_at_ms)}`;
    if (!slot.session) return dateAndTime(slot.starts_at_ms);
    return t('session_when', { date: longDate(slot.starts_at_ms), hours: hoursWords(slot) });
}
