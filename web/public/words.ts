// SPDX-License-Identifier: Apache-2.0
import type { Service, Slot } from '../shared/api_types';
import { dateAndTime, decimal, hoursWords, longDate, NBSP } from '../shared/format';
import { catalogue } from '../shared/strings';
import { en } from '../shared/strings/booking.en';
import { id } from '../shared/strings/booking.id';

export const t = catalogue(id, en);

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
