// SPDX-License-Identifier: Apache-2.0
// Sessions at a post and what tablets send (server/http/API.md).
import type { FieldError } from '../shared/api';
import type { VitalKey } from '../doctor/note/types';
import type { VisitState } from '../staff/types';

export interface Post {
    readonly id: string;
    readonly clinic_id: string;
    readonly clinic: string;
    readonly area_code: string;
    readonly area: string;
    readonly village: string;
    readonly date: string;
    readonly closed_at_ms: number | null;
    readonly team: number;
    readonly entries: number;
    readonly member: boolean;
}

/** One whom the server has. */
export interface SentEntry {
    readonly id: string;
    readonly visit: string;
    readonly number: string;
    readonly state: VisitState;
    readonly patient: string;
    readonly age: number;
    readonly sex: 'L' | 'P' | null;
    readonly identity: string;
    readonly sequence: number;
    readonly revision: number;
    readonly photos: number;
    /** A nurse has put her name to who it is; one sits beside the patient. */
    readonly countersigned: boolean;
    readonly nurse: boolean;
}

/** Of a visit with a nurse. */
export interface NurseReply {
    readonly countersigned: { readonly by: string; readonly seen: 'ktp' | 'family_card' | 'other' | 'known'; readonly at_ms: number } | null;
    readonly nurse: { readonly name: string; readonly joined_at_ms: number; readonly left_at_ms: number | null;
        /** Who said that the nurse left; null: the nurse. */
        readonly left_said_by: string | null } | null;
}

export interface PostReply {
    readonly session: Post;
    readonly entries: readonly SentEntry[];
    /** Version of the consent's text that is in effect. */
    readonly consent: number;
    readonly server_ms: number;
}

export interface EntryBody {
    readonly id: string;
    readonly sequence: number;
    readonly revision: number;
    readonly name: string;
    readonly birth_date: string;
    readonly sex: string;
    readonly nik?: string;
    readonly without_nik?: string;
    readonly mother_nik?: string;
    readonly phone?: string;
    readonly address?: string;
    readonly reason: string;
    readonly identity: string;
    readonly consent?: number;
    readonly registered_at_ms: number;
    readonly lang: string;
    readonly vitals: Readonly<Partial<Record<VitalKey, number>>>;
}

export type EntryAnswer = { readonly id: string } & (
    | { readonly result: 'taken'; readonly revision: number; readonly visit: string; readonly number: string }
    | { readonly result: 'refused'; readonly errors: readonly FieldError[] }
);

export interface VisitOutreach {
    readonly village: string;
    readonly area: string;
    readonly reason: string;
    readonly without_nik: string | null;
    readonly mother_nik_masked: string | null;
    readonly address: string | null;
    readonly identity: 'ktp' | 'family_card' | 'other' | 'none';
    readonly registered_at_ms: number;
    readonly received_at_ms: number;
    readonly vitals: Readonly<Record<VitalKey, number | null>>;
    readonly photos: readonly string[];
}
