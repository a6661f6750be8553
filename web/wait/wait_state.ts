// SPDX-License-Identifier: Apache-2.0
// What the page of one who waits shows. Pure.

/** As lookAtWait answers. */
export interface WaitReply {
    readonly state: 'waiting' | 'booked' | 'left' | 'removed' | 'lapsed';
    readonly clinic: string;
    readonly facility: string;
    readonly phone: string;
    readonly doctor: string | null;
    readonly service: string | null;
    readonly until: string;
    readonly ahead: number;
    readonly offer: WaitOffer | null;
    readonly last_offer: { readonly state: 'declined' | 'expired' | 'lost' | 'withdrawn' | 'accepted'; readonly turn_at_ms: number } | null;
    readonly server_ms: number;
}

export interface WaitOffer {
    readonly id: string;
    readonly doctor: string;
    readonly turn_at_ms: number;
    readonly expires_at_ms: number;
    readonly kept: boolean;
}

export type WaitScreen = 'offer' | 'waiting' | 'booked' | 'over';

/** `nowMs`: by the server's clock; what is over by it is over, whether the server has said so yet or not. */
export function screenOf(reply: WaitReply, nowMs: number): WaitScreen {
    if (reply.state === 'booked') return 'booked';
    if (reply.state !== 'waiting') return 'over';
    return reply.offer && reply.offer.expires_at_ms > nowMs ? 'offer' : 'waiting';
}

/** What became of the offer before; null: nothing to say. */
export function lastOf(reply: WaitReply, nowMs: number): { readonly words: 'declined' | 'expired' | 'lost'; readonly turnAtMs: number } | null {
    if (reply.offer && reply.offer.expires_at_ms <= nowMs) return { words: 'expired', turnAtMs: reply.offer.turn_at_ms };
    const last = reply.last_offer;
    if (!last || (last.state !== 'declined' && last.state !== 'expired' && last.state !== 'lost')) return null;
    return { words: last.state, turnAtMs: last.turn_at_ms };
}

/** Whole minutes while there is one, seconds at the end: a screen reader is not to hear each second. */
export function leftMs(expiresAtMs: number, nowMs: number): number {
    const left = Math.max(0, expiresAtMs - nowMs);
    return left >= 60_000 ? Math.floor(left / 60_000) * 60_000 : Math.ceil(left / 10_000) * 10_000;
}

export function tokenFromPath(path: string): string | null {
    return /^\/tunggu\/([A-Za-z0-9]{22})\/?$/.exec(path)?.[1] ?? null;
}
