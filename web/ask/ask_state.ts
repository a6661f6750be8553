// SPDX-License-Identifier: Apache-2.0
// Pure: what of a patient is told, what the reader of a question can do, in which order a thread stands.
import type { Consult, ConsultState, Line, Part, Post } from './types';
import { VITAL_KEYS, type VitalKey } from '../doctor/note/types';

/** What is chosen at once: all vital signs are one choice, as are sex and age, and all diagnoses. */
export const SHARE_KEYS = [
    'name', 'person', 'reason', 'vitals', 'note.subjective', 'note.objective', 'note.assessment', 'note.plan',
    'note.allergies', 'diagnosis',
] as const;
export type ShareKey = (typeof SHARE_KEYS)[number];

/** Told unless the doctor takes it off; nothing of the note, and never the name. */
/** What was typed into the forms of a question, as one text; KEPT: as use_kept.ts keeps it, of each form. */
export function leftWords(kept: readonly unknown[]): string {
    const texts = kept.flatMap((one) => {
        const { opinion, recommendation, text } = (one ?? {}) as Record<string, unknown>;
        return [opinion, recommendation, text];
    });
    return texts.filter((one): one is string => typeof one === 'string' && one.trim() !== '').map((one) => one.trim()).join('\n\n');
}

export const SHARED_AT_FIRST: readonly ShareKey[] = ['person', 'reason', 'vitals'];

export function vitalOf(part: string): VitalKey | null {
    return VITAL_KEYS.find((key) => key === part) ?? null;
}

export function shareKeyOf(part: string): ShareKey | null {
    if (part === 'age' || part === 'sex') return 'person';
    return vitalOf(part) === null ? (SHARE_KEYS.find((key) => key === part) ?? null) : 'vitals';
}

/** Those of which there is something to tell, in their order. */
export function choicesOf(parts: readonly Part[]): readonly ShareKey[] {
    return SHARE_KEYS.filter((key) => parts.some(({ part }) => shareKeyOf(part) === key));
}

export function chosenParts(parts: readonly Part[], chosen: readonly ShareKey[]): readonly Part[] {
    return parts.filter(({ part }) => chosen.some((key) => key === shareKeyOf(part)));
}

/** As the server names them. */
export function shareNames(chosen: readonly ShareKey[]): readonly string[] {
    return chosen.flatMap((key) => (key === 'person' ? ['age', 'sex'] : [key]));
}

export type Action = 'take' | 'answer' | 'answer_again' | 'ask_back' | 'give_back' | 'add' | 'reply' | 'ask_again' | 'close' | 'withdraw';

const BEFORE_ANSWER: readonly ConsultState[] = ['open', 'taken', 'asked_back'];

/** What can be done, the main thing first. */
export function actionsOf(consult: Pick<Consult, 'mine' | 'taken_by_me' | 'state' | 'first_answer_at_ms'>): readonly Action[] {
    const { mine, taken_by_me: isExpert, state } = consult;
    const answered = consult.first_answer_at_ms !== null;
    if (mine && state === 'answered') return ['close', 'ask_again'];
    if (mine && BEFORE_ANSWER.includes(state)) {
        return [state === 'asked_back' ? 'reply' : 'add', answered ? 'close' : 'withdraw'];
    }
    if (!mine && state === 'open') return ['take'];
    if (isExpert && state === 'taken') return ['answer', 'ask_back', 'give_back'];
    if (isExpert && state === 'asked_back') return ['answer', 'give_back'];
    if (isExpert && state === 'answered') return ['answer_again'];
    return [];
}

export type Entry = { readonly at_ms: number } & ({ readonly post: Post } | { readonly line: Line });

/** What was written and what was done, by time; of the same moment what was done first. */
export function entriesOf(posts: readonly Post[], lines: readonly Line[]): readonly Entry[] {
    const all: readonly Entry[] = [
        ...lines.map((line) => ({ at_ms: line.at_ms, line })),
        ...posts.map((post) => ({ at_ms: post.at_ms, post })),
    ];
    return [...all].sort((a, b) => a.at_ms - b.at_ms);
}

/** Waits for an answer, and its time is over. */
export function isLate(consult: Pick<Consult, 'state' | 'due_at_ms'>, nowMs: number): boolean {
    return (consult.state === 'open' || consult.state === 'taken') && nowMs >= consult.due_at_ms;
}
