// SPDX-License-Identifier: Apache-2.0
// Pure: what stands in the note's fields, and what of it is sent.
import { ApiProblem } from '../../shared/api';
import type { DayVisit } from '../../staff/types';
import { TEXT_KEYS, VITAL_KEYS, type Diagnosis, type KnownAllergy, type ServerNote, type TextKey, type VitalKey } from './types';

/** As typed: vital signs are texts until they are numbers. */
export interface Draft extends Readonly<Record<TextKey, string>> {
    readonly vitals: Readonly<Record<VitalKey, string>>;
    readonly diagnoses: readonly Diagnosis[];
}

interface VitalRule {
    /** What is typed times this is what is sent. */
    readonly factor: number;
    readonly min: number;
    readonly max: number;
    readonly unit: string;
}

/** The one unit that has a word in it. */
export const PER_MINUTE = '/min';

/** As scheduling/note/vital.c has them, in what people type. */
export const VITALS: Readonly<Record<VitalKey, VitalRule>> = {
    systolic_mmhg: { factor: 1, min: 40, max: 300, unit: 'mmHg' },
    diastolic_mmhg: { factor: 1, min: 20, max: 200, unit: 'mmHg' },
    pulse_per_min: { factor: 1, min: 20, max: 300, unit: PER_MINUTE },
    breaths_per_min: { factor: 1, min: 4, max: 100, unit: PER_MINUTE },
    temperature_tenth_c: { factor: 10, min: 30, max: 45, unit: '°C' },
    oxygen_percent: { factor: 1, min: 50, max: 100, unit: '%' },
    weight_g: { factor: 1000, min: 0.3, max: 400, unit: 'kg' },
    height_cm: { factor: 1, min: 20, max: 260, unit: 'cm' },
    glucose_mgdl: { factor: 1, min: 10, max: 1500, unit: 'mg/dL' },
};

export const LIMITS: Readonly<Record<TextKey, number>> = {
    subjective: 4000, objective: 4000, assessment: 4000, plan: 4000, allergies: 300,
};
export const MAX_DIAGNOSES = 10;

function record<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
    return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
}

export const EMPTY: Draft = { ...record(TEXT_KEYS, () => ''), vitals: record(VITAL_KEYS, () => ''), diagnoses: [] };

/** "36,5" or "36.5", rounded to what is kept; null for what is no number. */
export function parseVital(key: VitalKey, text: string): number | null {
    const match = /^\s*(\d{1,4})(?:[.,](\d{1,3}))?\s*$/.exec(text);
    if (!match) return null;
    return Math.round(Number(`${match[1]}.${match[2] ?? '0'}`) * VITALS[key].factor);
}

export function vitalText(key: VitalKey, value: number | null): string {
    return value === null ? '' : String(value / VITALS[key].factor).replace('.', ',');
}

export type VitalFault = 'number' | 'range' | 'below';

/** What is wrong with vital signs; such ones are not sent, everything else is. */
export function vitalFaults(draft: Pick<Draft, 'vitals'>): Partial<Record<VitalKey, VitalFault>> {
    const faults: Partial<Record<VitalKey, VitalFault>> = {};
    for (const key of VITAL_KEYS) {
        const text = draft.vitals[key];
        if (text.trim() === '') continue;
        const value = parseVital(key, text);
        const { factor, min, max } = VITALS[key];
        if (value === null) faults[key] = 'number';
        else if (value < min * factor - 1e-6 || value > max * factor + 1e-6) faults[key] = 'range';
    }
    const systolic = faults.systolic_mmhg ? null : parseVital('systolic_mmhg', draft.vitals.systolic_mmhg);
    const diastolic = faults.diastolic_mmhg ? null : parseVital('diastolic_mmhg', draft.vitals.diastolic_mmhg);
    if (systolic !== null && diastolic !== null && diastolic >= systolic) faults.diastolic_mmhg = 'below';
    return faults;
}

export interface NoteBody extends Readonly<Record<TextKey, string>> {
    readonly revision: number;
    readonly vitals: Readonly<Partial<Record<VitalKey, number>>>;
    readonly diagnoses: readonly string[];
}

/** What is sent: vital signs with faults are left out, texts within their limits. */
export function bodyOf(draft: Draft, revision: number): NoteBody {
    const faults = vitalFaults(draft);
    const vitals: Partial<Record<VitalKey, number>> = {};
    for (const key of VITAL_KEYS) {
        const value = faults[key] ? null : parseVital(key, draft.vitals[key]);
        if (value !== null) vitals[key] = value;
    }
    return {
        revision,
        ...record(TEXT_KEYS, (key) => draft[key]),
        vitals,
        diagnoses: draft.diagnoses.map((one) => one.code),
    };
}

export function draftOf(note: ServerNote): Draft {
    return {
        ...record(TEXT_KEYS, (key) => note[key]),
        vitals: record(VITAL_KEYS, (key) => vitalText(key, note.vitals[key])),
        diagnoses: note.diagnoses,
    };
}

/** The same as far as the server is concerned. */
export function sameDraft(a: Draft, b: Draft): boolean {
    return JSON.stringify(bodyOf(a, 0)) === JSON.stringify(bodyOf(b, 0));
}

/** A code, or an assessment in words: what a signature, a referral and a sick letter want. */
export function saysWhat(draft: Draft): boolean {
    return draft.assessment.trim() !== '' || draft.diagnoses.length > 0;
}

export interface AllergyLine {
    readonly text: string;
    /** Null: in this visit's note. */
    readonly notedAtMs: number | null;
}

/** What other visits noted, then what is typed, a line each and each once (as scheduling/note/allergy.c): a "none" of
 * today that stood first hid the rest from a quick eye. */
export function allergyLines(typed: string, known: readonly KnownAllergy[]): AllergyLine[] {
    const lines = typed.split('\n').map((line) => ({ text: line.trim().replace(/\s+/g, ' '), notedAtMs: null as number | null }));
    const said = new Set<string>();
    const once = (all: readonly AllergyLine[]) => all.filter(({ text }) => {
        const key = text.toLowerCase();
        if (text === '' || said.has(key)) return false;
        said.add(key);
        return true;
    });
    const own = once(lines);
    return [...once(known.map(({ text, noted_at_ms }) => ({ text, notedAtMs: noted_at_ms }))), ...own];
}

export function hasDiagnosis(draft: Draft, code: string): boolean {
    return draft.diagnoses.some((one) => one.code === code);
}

/** The chosen one becomes the first, which is the main diagnosis. */
export function withMain(diagnoses: readonly Diagnosis[], code: string): Diagnosis[] {
    return [...diagnoses.filter((one) => one.code === code), ...diagnoses.filter((one) => one.code !== code)];
}

/** May the doctor sign what the visit was? As scheduling/booking/visit_begun.c and note_sign.c; whether doctor and patient
 * of a visit that went on otherwise or failed have talked, the server says (isUnmet). */
export function hasBegun({ state, way, to_phone }: Pick<DayVisit, 'state' | 'way' | 'to_phone'>): boolean {
    if (way === 'in_person' && state === 'called') return true;
    if (way === 'phone' && state === 'booked') return !to_phone;
    return ['in_call', 'done', 'converted_phone', 'converted_in_person', 'tech_failed'].includes(state);
}

/** They have not talked: nothing is wrong with the note. */
export function isUnmet(problem: unknown): boolean {
    return problem instanceof ApiProblem && problem.type === 'not-met';
}

/** What was measured elsewhere, where nothing has been typed yet. */
export function withVitals(draft: Draft, measured: Readonly<Record<VitalKey, number | null>>): Draft['vitals'] {
    return record(VITAL_KEYS, (key) => (draft.vitals[key].trim() === '' ? vitalText(key, measured[key]) : draft.vitals[key]));
}

/** A template's text under what stands there already. */
export function withTemplate(draft: Draft, template: Partial<Record<TextKey, string>>): Draft {
    const join = (key: TextKey) => {
        const added = template[key];
        if (!added || draft[key].includes(added)) return draft[key];
        const text = draft[key].trim() === '' ? added : `${draft[key].trimEnd()}\n${added}`;
        return text.length > LIMITS[key] ? draft[key] : text;
    };
    return { ...draft, ...record(TEXT_KEYS, join) };
}
