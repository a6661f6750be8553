// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that notes and letters read.

export const TEXT_KEYS = ['subjective', 'objective', 'assessment', 'plan', 'allergies'] as const;
export type TextKey = (typeof TEXT_KEYS)[number];

export const VITAL_KEYS = [
    'systolic_mmhg', 'diastolic_mmhg', 'pulse_per_min', 'breaths_per_min', 'temperature_tenth_c', 'oxygen_percent',
    'weight_g', 'height_cm', 'glucose_mgdl',
] as const;
export type VitalKey = (typeof VITAL_KEYS)[number];

export interface Diagnosis {
    readonly code: string;
    readonly name: string;
}

export interface ServerNote extends Readonly<Record<TextKey, string>> {
    readonly vitals: Readonly<Record<VitalKey, number | null>>;
    readonly diagnoses: readonly Diagnosis[];
    readonly revision: number;
    readonly saved_at_ms: number | null;
    readonly signed_at_ms: number | null;
    readonly hash: string | null;
}

export interface Addendum {
    readonly text: string;
    readonly author: string;
    readonly added_at_ms: number;
}

export interface KnownAllergy {
    readonly text: string;
    readonly noted_at_ms: number;
}

export interface NotePatient {
    readonly name: string;
    readonly birth_date: string;
    readonly age: number;
    readonly sex: 'L' | 'P' | null;
    readonly nik_masked: string | null;
    /** What other visits noted, a line each, the latest first. */
    readonly allergies: readonly KnownAllergy[];
}

export interface NoteReply {
    readonly note: ServerNote;
    readonly addenda: readonly Addendum[];
    readonly patient: NotePatient;
    /** Another doctor who had the visit before and wrote in it. */
    readonly before: Before | null;
}

export interface Before {
    readonly author: string;
    readonly saved_at_ms: number;
}

export interface SavedReply {
    readonly revision: number;
    readonly saved_at_ms: number;
    readonly signed_at_ms: number | null;
}

export interface EarlierVisit {
    readonly visit: string;
    readonly starts_at_ms: number;
    readonly state: string;
    readonly facility: string;
    readonly clinic: string;
    readonly doctor: string;
    readonly note: ServerNote | null;
    readonly addenda: readonly Addendum[];
}

export interface CodeRow extends Diagnosis {
    readonly chapter: string | null;
}
