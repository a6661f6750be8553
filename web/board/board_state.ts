// SPDX-License-Identifier: Apache-2.0
// What the board shows, of what the server says. Pure.

export interface BoardCalled {
    readonly number: string;
    readonly doctor: string;
    readonly in_call: boolean;
    /** A number of yesterday's, whose patient waits since before midnight: today's has the same ones. */
    readonly day_before: boolean;
}

export interface BoardReply {
    readonly facility: string;
    readonly clinic: string;
    readonly date: string;
    readonly called: readonly BoardCalled[];
    readonly next: readonly string[];
    /** Of each of them: a number of yesterday's. */
    readonly next_day_before: readonly boolean[];
    readonly waiting: number;
    /** Let go first for an emergency today. */
    readonly urgent_today: number;
    readonly server_ms: number;
}

/** The clinic that the address names; null: it is to be chosen. */
export function clinicOf(path: string): string | null {
    return /^\/papan\/([A-Za-z0-9]{1,64})\/?$/.exec(path)?.[1] ?? null;
}

/** Two of two days may have one number. */
export function keyOf(number: string, dayBefore: boolean): string {
    return dayBefore ? `${number} -1` : number;
}

/** Keys of the numbers that are called now and were not before: they draw the eye. */
export function newlyCalled(before: BoardReply | null, now: BoardReply): string[] {
    if (before === null || before.date !== now.date) return [];
    const ringing = (reply: BoardReply) =>
        reply.called.filter((one) => !one.in_call).map((one) => keyOf(one.number, one.day_before));
    const known = new Set(ringing(before));
    return ringing(now).filter((key) => !known.has(key));
}

/** Numbers that come next, in their order, as long as they are of one day. */
export interface Run {
    readonly dayBefore: boolean;
    readonly numbers: readonly string[];
}

export function runsOf({ next, next_day_before: dayBefore }: BoardReply): Run[] {
    const runs: { dayBefore: boolean; numbers: string[] }[] = [];
    next.forEach((number, i) => {
        const last = runs.at(-1), isOld = dayBefore[i] === true;
        if (last?.dayBefore === isOld) last.numbers.push(number);
        else runs.push({ dayBefore: isOld, numbers: [number] });
    });
    return runs;
}

/** How many who wait are not named. */
export function unnamed(reply: BoardReply): number {
    return Math.max(0, reply.waiting - reply.next.length);
}
