// SPDX-License-Identifier: Apache-2.0
// What a visit's note is while it is written, and what note_store.ts needs for it: the server, a place for copies.
import { ApiProblem, NetworkError, type ApiOptions } from '../../shared/api';
import type { Draft } from './note_state';
import type { Addendum, Before, NotePatient, ServerNote } from './types';

export type NoteStatus =
    | 'loading' | 'failed' | 'saved' | 'dirty' | 'saving' | 'offline' | 'stale' | 'refused' | 'signed';

export interface NoteModel {
    readonly status: NoteStatus;
    readonly draft: Draft;
    /** Confirmed last; 0: nothing yet. */
    readonly revision: number;
    readonly savedAtMs: number | null;
    readonly signedAtMs: number | null;
    readonly patient: NotePatient | null;
    readonly addenda: readonly Addendum[];
    /** Another doctor wrote what this note was made from. */
    readonly before: Before | null;
    /** What somebody else saved meanwhile, with status `stale`. */
    readonly theirs: ServerNote | null;
    /** What was typed before a reload or a crash stands here again. */
    readonly restored: boolean;
    /** False when the browser keeps no copy. */
    readonly kept: boolean;
    /** What went wrong last with reading, sending, signing; null when nothing did. */
    readonly problem: unknown;
}

export interface NoteServer {
    get<T>(path: string, options?: ApiOptions): Promise<T>;
    put<T>(path: string, body: unknown, options?: ApiOptions): Promise<T>;
    post<T>(path: string, body?: unknown, options?: ApiOptions): Promise<T>;
}

/** Where unsaved text is kept: `staff/page_copies.ts`, under the account. */
export interface Copies {
    keep(value: Copy): boolean;
    find(): unknown;
    /** Where there are several, the next one is found then. */
    drop(): void;
}

export interface Copy {
    readonly revision: number;
    readonly draft: Draft;
    /** The patient, for saying whose note is not saved. */
    readonly who?: string;
    /** Sent since that revision, without an answer: the server may have one of them. */
    readonly unanswered?: readonly Draft[];
}

export function isCopy(value: unknown): value is Copy {
    if (typeof value !== 'object' || value === null) return false;
    const { revision, draft } = value as Partial<Copy>;
    return typeof revision === 'number' && typeof draft === 'object' && typeof draft?.subjective === 'string' &&
        typeof draft.vitals === 'object' && Array.isArray(draft.diagnoses);
}

/** Whose it is, by a copy that was found; "": it does not say. */
export function whoOf(copy: Copy): string {
    return typeof copy.who === 'string' ? copy.who : '';
}

/** It may well go another time. */
export function passes(problem: unknown): boolean {
    return problem instanceof NetworkError || (problem instanceof ApiProblem && (problem.status === 429 || problem.status >= 500));
}
