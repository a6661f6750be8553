// SPDX-License-Identifier: Apache-2.0
// What a booking page that is loaded again goes on with: what was typed, what was sent under which key, and
// the ticket. Of this tab alone, until another booking is begun.
import { NO_DETAILS, type Details } from './details';
import type { Ticket } from './store';

export interface Kept {
    readonly details: Details;
    /** The body that was sent last, and its idempotency key: sent again it is the same booking. */
    readonly sentBody: string;
    readonly key: string;
    readonly ticket: Ticket | null;
}

export const NOTHING_KEPT: Kept = { details: NO_DETAILS, sentBody: '', key: '', ticket: null };

const KEY = 'huyula.booking.kept';

export function keep(kept: Kept): void {
    try {
        sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
        /* A browser that keeps nothing: then a reload loses what was typed. */
    }
}

/** What was kept; TICKET_ONLY: the page was opened anew, maybe by somebody else. */
export function kept(ticketOnly: boolean): Kept {
    try {
        const found = { ...NOTHING_KEPT, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
        return ticketOnly ? { ...NOTHING_KEPT, ticket: found.ticket } : found;
    } catch {
        return NOTHING_KEPT;
    }
}

/** The page was called up by its address, neither loaded again nor gone back to. */
export function isOpenedAnew(): boolean {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return history.state === null && entry?.type === 'navigate';
}
