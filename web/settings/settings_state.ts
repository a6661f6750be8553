// SPDX-License-Identifier: Apache-2.0
// What the settings come to: the next step of a new installation, permits that run out, areas in
// words. Pure.
import { isoDate } from '../shared/format';
import { permitState } from '../staff/permits';
import type { Area, Clinic, Directory, Facility, Practitioner } from './types';

export const STEPS = ['facility', 'clinic', 'practitioner', 'account', 'hours'] as const;
export type Step = (typeof STEPS)[number];

/** Who works where patients can book. */
export function workingPeople(directory: Directory): Practitioner[] {
    const facilities = new Set(directory.facilities.filter((one) => one.active).map((one) => one.id));
    const clinics = new Set(directory.clinics.filter((one) => one.active && facilities.has(one.facility)).map((one) => one.id));
    return directory.practitioners.filter((one) => one.active && one.clinics.some((id) => clinics.has(id)));
}

export function isStepDone(step: Step, directory: Directory): boolean {
    const { facilities, clinics } = directory;
    switch (step) {
        case 'facility':
            return facilities.some((one) => one.active);
        case 'clinic':
            return clinics.some((one) => one.active && facilities.some(({ id, active }) => active && id === one.facility));
        case 'practitioner':
            return workingPeople(directory).length > 0;
        case 'account':
            return workingPeople(directory).some((one) => one.user !== null);
        case 'hours':
            return workingPeople(directory).some((one) => one.has_hours);
    }
}

/** The first step that is not done; null: patients can book, and a doctor can log in. */
export function nextStep(directory: Directory): Step | null {
    return STEPS.find((step) => !isStepDone(step, directory)) ?? null;
}

export interface Warning {
    readonly what: 'str' | 'sip';
    readonly state: 'soon' | 'expired' | 'missing';
    readonly until: string | null;
    /** Of a SIP: where. */
    readonly facility: Facility | null;
}

/** Facilities in which the person works, in the order of the directory. */
export function workplaces(person: Pick<Practitioner, 'clinics'>, directory: Directory): Facility[] {
    const places = new Set(directory.clinics.filter((one) => person.clinics.includes(one.id)).map((one) => one.facility));
    return directory.facilities.filter((one) => places.has(one.id));
}

export function warningsOf(person: Practitioner, directory: Directory): Warning[] {
    const today = isoDate(directory.server_ms);
    const warnings: Warning[] = [];
    if (person.str_valid_until) {
        const state = permitState(person.str_valid_until, today);
        if (state !== 'good') warnings.push({ what: 'str', state, until: person.str_valid_until, facility: null });
    }
    for (const facility of workplaces(person, directory)) {
        const permit = person.permits.find((one) => one.facility === facility.id);
        const state = permit ? permitState(permit.valid_until, today) : 'missing';
        if (state !== 'good') warnings.push({ what: 'sip', state, until: permit?.valid_until ?? null, facility });
    }
    return warnings;
}

/** Kecamatan under their kabupaten or kota, by name. */
export function districts(areas: readonly Area[]): readonly { readonly parent: Area; readonly children: readonly Area[] }[] {
    const byName = (a: Area, b: Area) => a.name.localeCompare(b.name);
    return areas
        .filter((one) => one.kind === 'kabupaten' || one.kind === 'kota')
        .sort(byName)
        .map((parent) => ({ parent, children: areas.filter((one) => one.parent === parent.code).sort(byName) }));
}

/** "Limboto, Kabupaten Gorontalo" */
export function areaWords(code: string, areas: readonly Area[]): string {
    const area = areas.find((one) => one.code === code);
    const parent = areas.find((one) => one.code === area?.parent);
    return [area?.name ?? code, parent?.name ?? ''].filter(Boolean).join(', ');
}

export function clinicsOf(facility: string, clinics: readonly Clinic[]): Clinic[] {
    return clinics.filter((one) => one.facility === facility);
}

const PASSWORD_SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const PASSWORD_GROUPS = 4;

/** "k7qm-2xhd-9trw-b4sz" out of 16 random bytes: to be told to a colleague. */
export function passwordFrom(bytes: Uint8Array): string {
    const signs = Array.from(bytes, (byte) => PASSWORD_SIGNS[byte % PASSWORD_SIGNS.length]).join('');
    const size = Math.floor(signs.length / PASSWORD_GROUPS);
    return Array.from({ length: PASSWORD_GROUPS }, (_, i) => signs.slice(i * size, (i + 1) * size)).join('-');
}
