// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that this page reads.

export const PAIR_STATES = ['open', 'merged', 'different'] as const;
export type PairState = (typeof PAIR_STATES)[number];
export type Certainty = 'nik' | 'phone' | 'name';

export interface PairEntry {
    readonly id: string;
    readonly found_at_ms: number;
    readonly certainty: Certainty;
    readonly people: readonly { readonly initials: string; readonly birth_date: string }[];
}

/** A page of the list, the newest first. */
export interface PairsReply {
    readonly pairs: readonly PairEntry[];
    readonly more: boolean;
}

export interface Side {
    readonly patient: string;
    readonly name: string;
    readonly birth_date: string;
    readonly sex: 'L' | 'P' | null;
    readonly nik_masked: string | null;
    readonly phone_masked: string | null;
    readonly visits: number;
    readonly first_visit: string | null;
    readonly last_visit: string | null;
}

export interface PairEvent {
    readonly kind: 'merged' | 'different' | 'undone';
    readonly reason: string;
    readonly at_ms: number;
}

export interface Pair {
    readonly id: string;
    readonly state: PairState;
    readonly certainty: Certainty;
    readonly people: readonly Side[];
    readonly events: readonly PairEvent[];
}
