// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that the page of questions between doctors reads.

export const URGENCIES = ['routine', 'soon', 'emergency'] as const;
export type Urgency = (typeof URGENCIES)[number];
export type ConsultState = 'open' | 'taken' | 'asked_back' | 'answered' | 'closed' | 'withdrawn';
export type PostKind = 'question' | 'addition' | 'ask_back' | 'answer';
export type Box = 'asked' | 'open' | 'taken' | 'late';
export type Step = 'take' | 'give_back' | 'close' | 'withdraw';

export interface Consult {
    readonly id: string;
    /** For who asks alone. */
    readonly visit: string | null;
    readonly urgency: Urgency;
    readonly state: ConsultState;
    readonly asked_at_ms: number;
    readonly due_at_ms: number;
    readonly changed_at_ms: number;
    readonly first_answer_at_ms: number | null;
    readonly escalated_at_ms: number | null;
    readonly attachments: number;
    readonly mine: boolean;
    readonly taken_by_me: boolean;
    readonly from: { readonly doctor: string; readonly facility: string };
    readonly to: {
        readonly facility: string;
        readonly phone: string;
        readonly clinic: string | null;
        readonly doctor: string | null;
    };
    readonly expert: string | null;
}

export interface ConsultsReply {
    readonly consults: readonly Consult[];
    readonly more: boolean;
    readonly server_ms: number;
}

export interface Part {
    readonly part: string;
    readonly text: string;
}

export interface Summary {
    readonly note_revision: number;
    readonly parts: readonly Part[];
}

export interface Attachment {
    readonly id: string;
    readonly type: 'jpeg' | 'webp' | 'pdf';
    readonly bytes: number;
}

export interface Post {
    readonly id: string;
    readonly kind: PostKind;
    readonly author: string;
    readonly at_ms: number;
    readonly text: string;
    readonly recommendation: string | null;
    readonly refer: boolean | null;
    readonly attachments: readonly Attachment[];
}

export interface Line {
    readonly step: 'taken' | 'given_back' | 'released' | 'escalated' | 'closed' | 'withdrawn';
    readonly at_ms: number;
    readonly by: string | null;
}

export interface Thread extends Omit<Consult, 'attachments'> {
    readonly shared: readonly Part[];
    readonly posts: readonly Post[];
    readonly steps: readonly Line[];
    readonly server_ms: number;
}
