// SPDX-License-Identifier: Apache-2.0
// Keeps the chosen slot while the form is filled in. Nothing hangs on it: without a hold, or after it has
// ended, the booking is tried all the same.
import { api, ApiProblem, newIdempotencyKey } from '../shared/api';
import type { Slot } from '../shared/api_types';

export interface Held {
    readonly hold: string;
    /** 0: the server has not said so yet. */
    readonly expires_at_ms: number;
    readonly slot: Slot;
}

/** What SLOT is to be kept by. The page's own secret: the booking can say it while the answer is under way, or lost. */
export function newHold(slot: Slot): Held {
    return { hold: newIdempotencyKey().slice(0, 22), expires_at_ms: 0, slot };
}

/** Asks for HELD; null when none could be had; 'taken' when somebody else has the slot. */
export async function keepSlot(clinic: string, service: string | undefined, held: Held, instead: Held | null): Promise<Held | 'taken' | null> {
    const { hold, slot } = held;
    const body = { hold, clinic, doctor: slot.doctor, starts_at_ms: slot.starts_at_ms,
        ...(service ? { service } : {}), ...(instead ? { instead: instead.hold } : {}) };
    try {
        return { ...held, ...await api.post<{ expires_at_ms: number }>('/api/v1/holds', body) };
    } catch (error) {
        return error instanceof ApiProblem && error.type === 'slot-taken' ? 'taken' : null;
    }
}

/** What the person does not want any more. */
export function letGo(held: Held | null): void {
    if (held) void api.post('/api/v1/holds/release', { hold: held.hold }).catch(() => undefined);
}

/** Was it made for this slot? It may have ended. */
export function isFor(held: Held | null, slot: Slot | undefined): held is Held {
    return held !== null && held.slot.starts_at_ms === slot?.starts_at_ms && held.slot.doctor === slot.doctor;
}

/** Does it keep this slot, by the server's clock? */
export function keeps(held: Held | null, slot: Slot | undefined, serverMs: number): held is Held {
    return isFor(held, slot) && held.expires_at_ms > serverMs;
}

/* A page that is loaded again must not find its own slot taken. */
const KEY = 'huyula.booking.held';

export function remember(held: Held | null): void {
    if (held) sessionStorage.setItem(KEY, JSON.stringify(held));
    else sessionStorage.removeItem(KEY);
}

export function remembered(): Held | null {
    try {
        return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Held | null;
    } catch {
        return null;
    }
}
