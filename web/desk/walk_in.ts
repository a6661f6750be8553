// SPDX-License-Identifier: Apache-2.0
// The form for somebody who is there without an appointment. Pure.
import {
    asksMother, birthDate, contactBody, digitsOf, NO_DETAILS, phoneBody, wrongFields, type Details, type FieldName, type Relation,
} from '../public/details';

export interface WalkIn {
    readonly clinic: string;
    /** "": none in particular. */
    readonly service: string;
    /** "": whichever doctor is free. */
    readonly doctor: string;
    readonly name: string;
    /** As typed: "02-03-1954". */
    readonly birth_date: string;
    readonly phone: string;
    /** There is none, and that was said. */
    readonly no_phone: boolean;
    readonly nik: string;
    /** What who came along is to the patient; '': the patient came alone. */
    readonly contact_relation: Relation | '';
    readonly contact_name: string;
    readonly mother_nik: string;
    /** Why the patient comes; '': not said. */
    readonly reason: string;
    /** It is an emergency, and why. */
    readonly urgent: boolean;
    readonly urgent_reason: string;
    /** The version that was read aloud and agreed to; 0: none. */
    readonly consent: number;
}

export type WalkInField = FieldName;
export const NO_WALK_IN: WalkIn = {
    clinic: '', service: '', doctor: '', name: '', birth_date: '', phone: '', no_phone: false, nik: '', contact_relation: '',
    contact_name: '', mother_nik: '', reason: '', urgent: false, urgent_reason: '', consent: 0,
};

/** A form that was kept, if VALUE is one. */
export function keptWalkIn(value: unknown): WalkIn | null {
    if (typeof value !== 'object' || value === null) return null;
    const kept = value as Readonly<Record<string, unknown>>;
    return Object.entries(NO_WALK_IN).every(([key, empty]) => typeof kept[key] === typeof empty) ? (value as WalkIn) : null;
}

/** What was sent last and by which key: the same again is the same request. */
export interface Sent {
    readonly body: string;
    readonly key: string;
}
export const NOTHING_SENT: Sent = { body: '', key: '' };

/** As it lies beside the form in the copy. */
export function keptSent(value: unknown): Sent {
    const { sent } = (value ?? {}) as { readonly sent?: Partial<Sent> };
    return typeof sent?.body === 'string' && typeof sent.key === 'string' ? { body: sent.body, key: sent.key } : NOTHING_SENT;
}

/** What is asked of this patient, in the order of the form. */
export function walkInFields(form: WalkIn, today: string): WalkInField[] {
    return [
        'name', 'birth_date', 'nik',
        ...(asksMother(detailsOf(form), today) ? ['mother_nik' as const] : []),
        ...(form.contact_relation ? ['contact_name' as const] : []),
        ...(form.no_phone ? [] : ['phone' as const]),
    ];
}

/** "2-3-1954", "02/03/1954", "02031954": day, month, year in the order in which people say them. */
function detailsOf({ birth_date: birth, name, phone, no_phone: noPhone, nik, contact_relation, contact_name, mother_nik }: WalkIn): Details {
    const parts = /^\d{8}$/.test(birth.trim())
        ? [birth.trim().slice(0, 2), birth.trim().slice(2, 4), birth.trim().slice(4)]
        : birth.trim().split(/[^\d]+/);
    const [day = '', month = '', year = '', more] = parts;
    const said = { ...NO_DETAILS, name, phone, noPhone, nik, contact_relation, contact_name, mother_nik };
    return { ...said, ...(more === undefined ? { day, month, year } : {}) };
}

/** An emergency without a reason that the record can keep. */
export function lacksReason(form: WalkIn): boolean {
    return form.urgent && form.urgent_reason.trim().length < 3;
}

/** Fields that cannot be right; `today` is "2026-11-24". */
export function walkInFaults(form: WalkIn, today: string): WalkInField[] {
    return wrongFields(detailsOf(form), today);
}

export interface WalkInBody {
    readonly clinic: string;
    readonly service?: string;
    readonly doctor?: string;
    readonly name: string;
    readonly birth_date: string | null;
    readonly phone?: string;
    readonly no_phone?: true;
    readonly nik?: string;
    readonly contact_name?: string;
    readonly contact_relation?: Relation;
    readonly mother_nik?: string;
    readonly reason?: string;
    readonly urgent_reason?: string;
    readonly consent?: number;
    readonly lang: string;
    /** Of an additional place. */
    readonly starts_at_ms?: number;
}

export function walkInBody(form: WalkIn, today: string, lang: string, startsAtMs: number | null = null): WalkInBody {
    const nik = digitsOf(form.nik);
    return {
        clinic: form.clinic,
        ...(form.service ? { service: form.service } : {}),
        ...(form.doctor ? { doctor: form.doctor } : {}),
        name: form.name.trim().replace(/\s+/g, ' '),
        birth_date: birthDate(detailsOf(form), today),
        ...phoneBody(detailsOf(form)),
        ...(nik ? { nik } : {}),
        ...contactBody(detailsOf(form), today),
        ...(form.reason.trim() ? { reason: form.reason.trim() } : {}),
        ...(form.urgent ? { urgent_reason: form.urgent_reason.trim() } : {}),
        ...(form.consent ? { consent: form.consent } : {}),
        lang,
        ...(startsAtMs === null ? {} : { starts_at_ms: startsAtMs }),
    };
}
