// SPDX-License-Identifier: Apache-2.0
// One patient as a tablet holds it: the form, what of it is sent, and what an answer changes. Pure.
import { EMPTY, parseVital, vitalFaults } from '../doctor/note/note_state';
import { VITAL_KEYS, type VitalKey } from '../doctor/note/types';
import { birthDate, digitsOf, NO_DETAILS } from '../public/details';
import type { FieldError } from '../shared/api';
import type { VisitState } from '../staff/types';
import type { EntryAnswer, EntryBody, SentEntry } from './types';

export type NikKind = 'nik' | 'not_at_hand' | 'none' | 'newborn';
export const NIK_KINDS: readonly NikKind[] = ['nik', 'not_at_hand', 'none', 'newborn'];
export type Identity = 'ktp' | 'family_card' | 'other' | 'none';
export const IDENTITIES: readonly Identity[] = ['ktp', 'family_card', 'other', 'none'];

/** As typed. */
export interface Form {
    readonly name: string;
    readonly birth: string;
    readonly sex: '' | 'L' | 'P';
    readonly nikKind: NikKind;
    readonly nik: string;
    readonly motherNik: string;
    readonly phone: string;
    readonly address: string;
    readonly identity: '' | Identity;
    readonly reason: string;
    /** The version that was read aloud and agreed to; 0: none. */
    readonly consent: number;
    /** Said to be missing still, rather than forgotten. */
    readonly consentLater: boolean;
    readonly vitals: Readonly<Record<VitalKey, string>>;
}

export const NO_FORM: Form = {
    name: '', birth: '', sex: '', nikKind: 'nik', nik: '', motherNik: '', phone: '', address: '', identity: '', reason: '',
    consent: 0, consentLater: false, vitals: EMPTY.vitals,
};

export interface Entry {
    readonly id: string;
    /** Which account took it down: no other one sees or sends it. */
    readonly owner: string;
    readonly post: string;
    readonly sequence: number;
    readonly revision: number;
    /** It may have reached the server as it is: a change makes another revision. */
    readonly sent: boolean;
    /** The revision that the server has said to have; missing: none. */
    readonly there?: number;
    /** The page's language as it was taken down: what is sent again is the same, whatever is chosen since. */
    readonly lang?: string;
    /** null, of an older page: the server has it, and only its photos are left to send. */
    readonly form: Form | null;
    readonly registeredAtMs: number;
    /** Not sent yet. */
    readonly photos: readonly string[];
    /** So many the server has. */
    readonly sentPhotos?: number;
    /** Why the server gave it back. */
    readonly errors: readonly FieldError[];
}

export type FormField = 'name' | 'birth_date' | 'sex' | 'nik' | 'mother_nik' | 'phone' | 'identity' | 'reason' | 'consent';
export const FORM_FIELDS: readonly FormField[] =
    ['name', 'birth_date', 'sex', 'nik', 'mother_nik', 'phone', 'identity', 'reason', 'consent'];

/** A tablet's clock may have stopped: what is later than it is for the server to judge. */
const ANY_DAY = '9999-12-31';

/** "2-3-1954", "02/03/1954", "02031954" -> "1954-03-02"; null: no day of a calendar. */
export function birthOf(text: string): string | null {
    const typed = text.trim();
    const parts = /^\d{8}$/.test(typed) ? [typed.slice(0, 2), typed.slice(2, 4), typed.slice(4)] : typed.split(/[^\d]+/);
    const [day = '', month = '', year = '', more] = parts;
    return more === undefined ? birthDate({ ...NO_DETAILS, day, month, year }, ANY_DAY) : null;
}

/** Later than the tablet's clock says that it is: one of both is wrong. */
export function isLater({ birth }: Form, today: string): boolean {
    return (birthOf(birth) ?? '') > today;
}

/** Which texts count for a patient: CURRENT is what the tablet has (0: none), HEARD what this one agreed to before. */
export interface Texts {
    readonly current: number;
    readonly heard: number;
}

export function isAgreed({ consent }: Form, { current, heard }: Texts): boolean {
    return consent > 0 && (consent === current || consent === heard);
}

/** Fields that cannot be right; the server has the last word. */
export function wrongFields(form: Form, texts: Texts): FormField[] {
    const isNik = (text: string) => /^\d{16}$/.test(digitsOf(text));
    const phone = digitsOf(form.phone);
    const right: Record<FormField, boolean> = {
        name: form.name.trim().length >= 2,
        birth_date: birthOf(form.birth) !== null,
        sex: form.sex !== '',
        nik: form.nikKind !== 'nik' || isNik(form.nik),
        mother_nik: form.nikKind !== 'newborn' || isNik(form.motherNik),
        phone: phone === '' || /^(?:\+?62|0)\d{8,13}$/.test(phone),
        identity: form.identity !== '',
        reason: form.reason.trim() !== '',
        consent: texts.current === 0 || form.consentLater || isAgreed(form, texts),
    };
    return FORM_FIELDS.filter((field) => !right[field]);
}

export function formIsFine(form: Form, texts: Texts): boolean {
    return wrongFields(form, texts).length === 0 && Object.keys(vitalFaults(form)).length === 0;
}

function vitalsOf(form: Form): Partial<Record<VitalKey, number>> {
    const vitals: Partial<Record<VitalKey, number>> = {};
    for (const key of VITAL_KEYS) {
        const value = parseVital(key, form.vitals[key]);
        if (value !== null) vitals[key] = value;
    }
    return vitals;
}

export function bodyOf(entry: Entry, form: Form): EntryBody {
    const text = (value: string) => value.trim();
    return {
        id: entry.id, sequence: entry.sequence, revision: entry.revision,
        name: text(form.name).replace(/\s+/g, ' '), birth_date: birthOf(form.birth) ?? text(form.birth), sex: form.sex,
        ...(form.nikKind === 'nik' ? { nik: digitsOf(form.nik) } : { without_nik: form.nikKind }),
        ...(form.nikKind === 'newborn' ? { mother_nik: digitsOf(form.motherNik) } : {}),
        ...(text(form.phone) ? { phone: text(form.phone) } : {}),
        ...(text(form.address) ? { address: text(form.address) } : {}),
        reason: text(form.reason), identity: form.identity,
        ...(form.consent ? { consent: form.consent } : {}),
        registered_at_ms: entry.registeredAtMs, lang: entry.lang ?? 'id', vitals: vitalsOf(form),
    };
}

/** Another form in the place of one that may have been sent is another revision. */
export function changed(entry: Entry, form: Form, photos: readonly string[]): Entry {
    return { ...entry, form, photos, errors: [], sent: false, revision: entry.sent ? entry.revision + 1 : entry.revision };
}

/** What ENTRY is after ANSWER to its revision SENT. */
export function answered(entry: Entry, sent: number, answer: EntryAnswer): Entry {
    if (answer.result === 'refused') return entry.revision === sent ? { ...entry, errors: answer.errors } : entry;
    if (answer.revision < entry.revision) return entry; // changed while it was under way
    return { ...entry, revision: answer.revision, there: answer.revision, sent: true, errors: [] };
}

/** The server has it as it is; its photos perhaps not yet. */
export function isThere({ form, there, revision }: Entry): boolean {
    return form === null || (there ?? 0) >= revision;
}

/** Nothing of it is left to be sent: it is held to be corrected. */
export function isSent(entry: Entry): boolean {
    return isThere(entry) && entry.photos.length === 0;
}

/** May still be corrected at the server, which does not take a change of whom the doctor has called. */
export function isCorrectable(state: VisitState): boolean {
    return state === 'booked' || state === 'checked_in';
}

/** What of HELD is at the server and cannot be corrected any more, as THERE has it of POST; of other posts all that is sent. */
export function outdated(held: readonly Entry[], post: string, there: readonly SentEntry[]): Entry[] {
    const open = new Set(there.filter((one) => isCorrectable(one.state)).map((one) => one.id));
    return held.filter((entry) => isSent(entry) && !(entry.form !== null && entry.post === post && open.has(entry.id)));
}

/** Another of HELD at the same post with the NIK of FORM. */
export function sameNik(held: readonly Entry[], form: Form, own: string | null): Entry | null {
    const nik = digitsOf(form.nik);
    if (form.nikKind !== 'nik' || nik.length !== 16) return null;
    return held.find(({ id, form: other }) => id !== own && other?.nikKind === 'nik' && digitsOf(other.nik) === nik) ?? null;
}

/** A whole batch was refused for its form: whose errors are whose ("entries[3].name"). */
export function errorsByEntry(errors: readonly FieldError[]): Map<number, FieldError[]> {
    const found = new Map<number, FieldError[]>();
    for (const error of errors) {
        const match = /^entries\[(\d+)\]\.?(.*)$/.exec(error.field);
        if (!match) continue;
        const index = Number(match[1]);
        found.set(index, [...(found.get(index) ?? []), { ...error, field: match[2] || 'id' }]);
    }
    return found;
}

/** In the order in which patients came; the ones to be mended as well. */
export function inOrder(entries: readonly Entry[]): Entry[] {
    return [...entries].sort((a, b) => a.sequence - b.sequence);
}
