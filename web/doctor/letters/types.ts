// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that letters read, and what their forms hold.

export type LetterKind = 'summary' | 'prescription' | 'referral' | 'sick';

/** Why it was revoked, as the patient is told it. */
export type RevokeKind = 'mistake' | 'replaced' | 'not_needed' | 'other';
export const REVOKE_KINDS: readonly RevokeKind[] = ['mistake', 'replaced', 'not_needed', 'other'];

export interface Letter {
    readonly id: string;
    readonly kind: LetterKind;
    readonly number: string;
    readonly date: string;
    readonly issued_at_ms: number;
    readonly check: string;
    readonly made: boolean;
    readonly revoked_at_ms: number | null;
    readonly revoke_kind: RevokeKind | null;
    readonly revoke_reason: string | null;
}

export interface LettersReply {
    readonly letters: readonly Letter[];
    readonly kinds: readonly LetterKind[];
    /** For so many days at most a sick letter may be. */
    readonly sick_letter_days: number;
    /** What the doctor signs under; null for a patient. */
    readonly permit: Permit | null;
    /** No message reaches the patient. */
    readonly no_phone: boolean;
    /** A fixed line: neither does one, and the patient is to be phoned. */
    readonly no_messages: boolean;
}

export interface Permit {
    readonly state: 'good' | 'missing' | 'over';
    readonly str: string | null;
    /** Last day of the registration, also when it is over; null: none on record, or for life. */
    readonly str_until: string | null;
    readonly sip: string | null;
    readonly valid_until: string | null;
}

export interface Medicine {
    readonly name: string;
    readonly strength: string;
    readonly form: string;
    readonly quantity: string;
    readonly signa: string;
}

export const NO_MEDICINE: Medicine = { name: '', strength: '', form: '', quantity: '', signa: '' };

export interface LetterForm {
    readonly kind: LetterKind;
    readonly items: readonly Medicine[];
    readonly toFacility: string;
    readonly toClinic: string;
    readonly urgency: 'routine' | 'urgent' | 'emergency';
    readonly reason: string;
    readonly therapy: string;
    readonly from: string;
    readonly days: string;
    readonly identityChecked: boolean;
}
