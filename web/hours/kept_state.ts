// SPDX-License-Identifier: Apache-2.0
// What can be done with a booking that has no place any more. Pure.
import type { Role } from '../staff/types';
import type { Kept } from './types';

type Told = Pick<Kept, 'state' | 'message' | 'no_phone' | 'no_messages'>;

/** An administrator keeps hours and sees no facility's day. */
export function mayMove(role: Role): boolean {
    return role !== 'admin';
}

/** Once after a change, and only who can choose another time by the link: also who waits. */
export function mayTell({ state, message, no_phone, no_messages }: Told): boolean {
    return !no_phone && !no_messages && ['booked', 'checked_in', 'called'].includes(state) && message === null;
}

/** What is known of telling the patient. */
export function messageKey({ state, message, no_phone, no_messages }: Told) {
    const isHere = state === 'checked_in' || state === 'called';
    if (no_phone && !isHere) return 'kept_message.no_phone';
    if (no_messages && !isHere) return 'kept_message.no_messages';
    if (message === 'waiting') return 'kept_message.waiting';
    if (message === 'sent') return 'kept_message.sent';
    if (message !== null) return 'kept_message.failed';
    if (state === 'requested') return 'kept_message.requested';
    return state === 'booked' ? 'kept_message.none' : 'kept_message.here';
}
