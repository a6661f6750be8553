// SPDX-License-Identifier: Apache-2.0
// What the board shows, of what the server says. Pure.

export interface BoardReply {
    readonly facility: string;
    readonly clinic: string;
    readonly date: string;
    readonly called: readonly { readonly number: string; readonly doctor: string; readonly in_call: boolean }[];
    readonly next: readonly string[];
    readonly waiting: number;
    /** Let go first for an emergency today. */
    readonly urgent_today: number;
    readonly server_ms: number;
}

/** The clinic that the address names; null: it is to be chosen. */
export function clinicOf(path: string): string | null {
    return /^\/papan\/([A-Za-z0-9]{1,64})\/?$/.exec(path)?.[1] ?? null;
}

/** Numbers that are called now and were not before: they draw the eye. */
export function newlyCalled(before: BoardReply | null, now: BoardReply): string[] {
    if (before === null || before.date !== now.date) return [];
    const known = new Set(before.called.filter((one) => !one.in_call).map((one) => one.number));
    return now.called.filter((one) => !one.in_call && !known.has(one.number)).map((one) => one.number);
}

/** How many who wait are not named. */
export function unnamed(reply: BoardReply): number {
    return Math.max(0, reply.waiting - reply.next.length);
}
