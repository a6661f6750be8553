// SPDX-License-Identifier: Apache-2.0
// What was typed into a form meets what somebody else saved since it was opened. Pure.

/** What a form says of one thing, as people read it. */
export type Line = readonly [label: string, text: string];

/** One thing that somebody else changed. */
export interface News {
    readonly label: string;
    readonly was: string;
    readonly now: string;
    /** The form keeps another text: it was typed. */
    readonly isKept: boolean;
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSame(a: unknown, b: unknown): boolean {
    if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSame(one, b[i]));
    if (!isRecord(a) || !isRecord(b)) return a === b;
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => isSame(a[name], b[name]));
}

/** What is `now`, with what `mine` changed of `base`: a list is one thing. */
export function merged<T>(base: T, mine: T, now: T): T {
    if (isSame(base, mine)) return now;
    if (!isRecord(base) || !isRecord(mine) || !isRecord(now)) return mine;
    const names = new Set([...Object.keys(mine), ...Object.keys(now)]);
    const all = [...names].map((name) => [name, merged(base[name], mine[name], now[name])] as const);
    return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as T;
}

/** What differs between `base` and `now`, and where `form`, which is merged, stands against it. */
export function newsOf(base: readonly Line[], now: readonly Line[], form: readonly Line[]): readonly News[] {
    const textOf = (lines: readonly Line[], label: string) => lines.find((one) => one[0] === label)?.[1] ?? '';
    const labels = [...new Set([...now, ...base].map(([label]) => label))];
    return labels.filter((label) => textOf(base, label) !== textOf(now, label))
        .map((label) => ({ label, was: textOf(base, label), now: textOf(now, label), isKept: textOf(form, label) !== textOf(now, label) }));
}
