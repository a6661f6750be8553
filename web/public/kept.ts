// SPDX-License-Identifier: Apache-2.0
// What a booking page that is loaded again goes on with: what was typed, what was sent under which key, and
// the ticket. Of this tab alone, until another booking is begun; what was typed for half an hour only: a tab that is
// left open is not always its owner's.
import { NO_DETAILS, type Details } from './details';
import type { Ticket } from './store';

export interface Kept {
    readonly details: Details;
    /** The body that was sent last, and its idempotency key: sent again it is the same booking. */
    readonly sentBody: string;
    readonly key: string;
    readonly ticket: Ticket | null;
}

/** Since when (local clock): what was typed is as it is, the ticket is there. */
interface Since {
    readonly typedMs: number;
    readonly bookedMs: number;
}

export const NOTHING_KEPT: Kept = { details: NO_DETAILS, sentBody: '', key: '', ticket: null };

const KEY = 'huyula.booking.kept';
const TYPED_FOR_MS = 30 * 60_000;
/** On a page that is opened anew. */
const BOOKED_FOR_MS = 24 * 3600_000;

/** As another build may have left it. */
function stored(): Kept & Since {
    let found = null as Partial<Kept & Since> | null;
    try {
        found = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as typeof found;
    } catch {
        /* A browser that keeps nothing. */
    }
    return { ...NOTHING_KEPT, typedMs: 0, bookedMs: 0, ...found, details: { ...NO_DETAILS, ...found?.details } };
}

function sameTyped(a: Kept, b: Kept): boolean {
    return a.sentBody === b.sentBody && JSON.stringify(a.details) === JSON.stringify(b.details);
}

export function keep(kept: Kept, nowMs = Date.now()): void {
    const before = stored();
    const since: Since = {
        typedMs: sameTyped(before, kept) ? before.typedMs : nowMs,
        bookedMs: before.ticket?.visit === kept.ticket?.visit ? before.bookedMs : nowMs,
    };
    try {
        sessionStorage.setItem(KEY, JSON.stringify({ ...kept, ...since }));
    } catch {
        /* A browser that keeps nothing: then a reload loses what was typed. */
    }
}

/** What was kept; TICKET_ONLY: the page was opened anew, maybe by somebody else. */
export function kept(ticketOnly: boolean, nowMs = Date.now()): Kept {
    const { details, sentBody, key, ticket, typedMs, bookedMs } = stored();
    if (ticketOnly) return { ...NOTHING_KEPT, ticket: nowMs - bookedMs < BOOKED_FOR_MS ? ticket : null };
    return nowMs - typedMs < TYPED_FOR_MS ? { details, sentBody, key, ticket } : { ...NOTHING_KEPT, ticket };
}

/** The page was called up by its address, neither loaded again nor gone back to. */
export function isOpenedAnew(): boolean {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return history.state === null && entry?.type === 'navigate';
}
