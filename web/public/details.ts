// SPDX-License-Identifier: Apache-2.0
// What the person types about the patient, and what is plainly wrong with it. The server has the last
// word; this only saves a round trip. Pure.
import type { Said } from '../shared/api';

export interface Details {
    readonly name: string;
    readonly day: string;
    readonly month: string;
    readonly year: string;
    readonly phone: string;
    /** Staff: there is none, and that was said. */
    readonly noPhone?: boolean;
    readonly nik: string;
    /** What the person who types is to the patient; '': the patient. */
    readonly contact_relation: Relation | '';
    readonly contact_name: string;
    readonly mother_nik: string;
    /** Why the patient comes; '': not said. */
    readonly reason: string;
    /** In a group: the others see the first name, not a number. */
    readonly firstName?: boolean;
}

export const RELATIONS = ['parent', 'child', 'spouse', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

export const NO_DETAILS: Details = {
    name: '', day: '', month: '', year: '', phone: '', nik: '', contact_relation: '', contact_name: '', mother_nik: '', reason: '',
};

/** Names of the API's fields. */
export type FieldName = 'name' | 'birth_date' | 'contact_name' | 'phone' | 'nik' | 'mother_nik';
export const FIELD_NAMES: readonly FieldName[] = ['name', 'birth_date', 'contact_name', 'phone', 'nik', 'mother_nik'];

/** What is wrong with a field: a code, not a sentence, so that the page can say it in either language. */
export interface FieldFault extends Said {
    /** The server's code ("nik_date"), whose sentence is for pages that do not know it; "wrong" for what this page
     * found itself. */
    readonly code: string;
}
export type FieldErrors = Partial<Record<FieldName, FieldFault>>;

const FIRST_YEAR = 1900;

/** A number that is right and no mobile one: it can be phoned, and gets no messages. */
export function isFixedLine(phone: string): boolean {
    const digits = digitsOf(phone);
    return /^(?:\+?62|0)\d{8,13}$/.test(digits) && !/^(?:\+?62|0)8/.test(digits);
}

/** Too young to come or to agree alone. */
export const CHILD_YEARS = 14;

export function lacksGuardian(details: Details, today: string): boolean {
    return details.contact_relation === '' && isUnder(CHILD_YEARS, details, today);
}

function two(value: number): string {
    return String(value).padStart(2, '0');
}

/** "1954-03-02"; null when there is no such day or it lies after `today` ("2026-11-24"). */
export function birthDate(details: Details, today: string): string | null {
    const [day, month, year] = [details.day, details.month, details.year].map((text) =>
        /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN,
    );
    if (!day || !month || !year || year < FIRST_YEAR) return null;
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return null;
    const iso = `${year}-${two(month)}-${two(day)}`;
    return iso <= today ? iso : null;
}

/** Has not had the birthday of so many years yet. */
export function isUnder(years: number, details: Details, today: string): boolean {
    const birth = birthDate(details, today);
    return birth !== null && birth > `${Number(today.slice(0, 4)) - years}${today.slice(4)}`;
}

/** A baby that has no NIK: its mother's is asked for. */
export function asksMother(details: Details, today: string): boolean {
    return details.nik === '' && isUnder(1, details, today);
}

/** Of the form, what says who came along: as the API has it. */
export function contactBody(details: Details, today: string): { contact_name?: string; contact_relation?: Relation; mother_nik?: string } {
    const { contact_relation, contact_name } = details, mother = digitsOf(details.mother_nik);
    return {
        ...(contact_relation ? { contact_name: contact_name.trim().replace(/\s+/g, ' '), contact_relation } : {}),
        ...(mother && asksMother(details, today) ? { mother_nik: mother } : {}),
    };
}

/** Either of the two, as the API has it. */
export function phoneBody({ phone, noPhone }: Pick<Details, 'phone' | 'noPhone'>): { phone: string } | { no_phone: true } {
    return noPhone ? { no_phone: true } : { phone: phone.trim() };
}

export function digitsOf(text: string): string {
    return text.replace(/[\s.\-()]/g, '');
}

/** "7571 0242 0354 0001": as people read it to each other. */
export function nikGroups(nik: string): string {
    return digitsOf(nik).replace(/(\d{4})(?=\d)/g, '$1 ');
}

const PLAINLY_WRONG: FieldFault = { code: 'wrong', message: '' };
/** As the server says it of a child with whom nobody comes. */
export const GUARDIAN_REQUIRED: FieldFault = { code: 'guardian_required', message: '' };

export function plainErrors(details: Details, today: string): FieldErrors {
    return Object.fromEntries(wrongFields(details, today).map((field) => [field, PLAINLY_WRONG]));
}

/** All that a field holds, to see whether it was changed. */
function contentOf(details: Details, field: FieldName): string {
    const { day, month, year, contact_relation } = details;
    if (field === 'birth_date') return `${day} ${month} ${year}`;
    if (field === 'phone') return details.noPhone ? 'none' : details.phone;
    return field === 'contact_name' ? contact_relation + details.contact_name : details[field];
}

/** The errors left after typing: a field that was changed and looks right is no longer marked. */
export function errorsLeft(errors: FieldErrors, before: Details, after: Details, today: string): FieldErrors {
    const wrong = wrongFields(after, today);
    const left = FIELD_NAMES.filter((field) =>
        wrong.includes(field) || contentOf(before, field) === contentOf(after, field));
    return Object.fromEntries(
        left.flatMap((field) => (errors[field] ? [[field, errors[field]]] : [])),
    );
}

/** Fields that cannot be right. */
export function wrongFields(details: Details, today: string): FieldName[] {
    const isNik = (text: string) => /^(\d{16})?$/.test(digitsOf(text));
    const right: Record<FieldName, boolean> = {
        name: details.name.trim().length >= 2,
        birth_date: birthDate(details, today) !== null,
        phone: details.noPhone === true || /^(?:\+?62|0)\d{8,13}$/.test(digitsOf(details.phone)),
        nik: isNik(details.nik),
        contact_name: details.contact_relation === '' || details.contact_name.trim().length >= 2,
        mother_nik: !asksMother(details, today) || isNik(details.mother_nik),
    };
    return FIELD_NAMES.filter((field) => !right[field]);
}
