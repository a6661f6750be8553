// SPDX-License-Identifier: Apache-2.0
// The choices on the way to a booking and the step that they lead to. Pure.
import type { Clinic, Doctor, Facility, Service, Slot, SlotsReply } from '../shared/api_types';

export const STEPS = ['facility', 'clinic', 'service', 'doctor', 'time', 'details', 'review'] as const;
export type Step = (typeof STEPS)[number] | 'ticket';

/** What a person counts: the place is one of them, with or without a choice of clinic and doctor. */
export const N_PHASES = 4;
const PHASES: Readonly<Record<Step, number | null>> = {
    facility: 1, clinic: 1, service: 1, doctor: 1, time: 2, details: 3, review: 4, ticket: null,
};

/** 1..N_PHASES; null when all is done. */
export function phaseOf(step: Step): number | null {
    return PHASES[step];
}

export const ANY_DOCTOR = 'any';

/** Ids only: also kept in the browser's history, so nothing personal may stand here. */
export interface Choice {
    readonly facility?: string;
    readonly clinic?: string;
    readonly service?: string;
    readonly doctor?: string;
    readonly slot?: Slot;
    /** No time is free on these days: a place in the wait list for them instead of a slot. */
    readonly waits?: { readonly from: string; readonly until: string };
}

export interface Chosen {
    readonly facility: Facility | undefined;
    readonly clinic: Clinic | undefined;
    /** undefined where none is offered. */
    readonly service: Service | undefined;
    /** Of the chosen slot, else as chosen; undefined for "any" without a slot. */
    readonly doctor: Doctor | undefined;
    readonly slot: Slot | undefined;
}

export function chosen(facilities: readonly Facility[], choice: Choice): Chosen {
    const facility = facilities.find((one) => one.id === choice.facility);
    const clinic = facility?.clinics.find((one) => one.id === choice.clinic);
    const service = clinic?.services?.find((one) => one.id === choice.service);
    const doctorId = choice.slot?.doctor ?? choice.doctor;
    const doctor = clinic?.doctors.find((one) => one.id === doctorId);
    return { facility, clinic, service, doctor, slot: choice.slot };
}

/** Whoever is free calls; in a session the numbers are one doctor's. */
export function isForAnyDoctor({ doctor, slot }: Choice): boolean {
    return doctor === ANY_DOCTOR && !slot?.session && !slot?.group;
}

export function withoutSlot({ slot: _slot, waits: _waits, ...rest }: Choice): Choice {
    return rest;
}

/** Fills in what leaves nothing to choose: the only clinic, the only service, the only doctor. */
export function withOnlyOnes(facilities: readonly Facility[], choice: Choice): Choice {
    const { facility } = chosen(facilities, choice);
    const onlyClinic = facility?.clinics.length === 1 ? facility.clinics[0]?.id : undefined;
    const clinicId = choice.clinic ?? onlyClinic;
    const clinic = facility?.clinics.find((one) => one.id === clinicId);
    const onlyService = clinic?.services?.length === 1 ? clinic.services[0]?.id : undefined;
    const service = choice.service ?? onlyService;
    const onlyDoctor = clinic?.doctors.length === 1 ? clinic.doctors[0]?.id : undefined;
    const doctor = choice.doctor ?? onlyDoctor;
    return {
        ...choice,
        ...(clinicId ? { clinic: clinicId } : {}),
        ...(service ? { service } : {}),
        ...(doctor ? { doctor } : {}),
    };
}

/** The first step whose question is open, at most `wanted`. */
export function stepFor(facilities: readonly Facility[], choice: Choice, wanted: Step): Step {
    const { facility, clinic, service, slot } = chosen(facilities, choice);
    const hasServices = (clinic?.services ?? []).length > 0;
    if (wanted === 'facility' || !facility) return 'facility';
    if (wanted === 'clinic' || !clinic) return 'clinic';
    if (hasServices && (wanted === 'service' || !service)) return 'service';
    if (wanted === 'service' || wanted === 'doctor' || !choice.doctor) return 'doctor';
    if (wanted === 'time' || (!slot && !choice.waits)) return 'time';
    return wanted;
}

export interface Day {
    readonly date: string;
    readonly slots: readonly Slot[];
}

/** One slot per time (with "any doctor" several may start together) and every session, days without any
 * left out. */
export function freeDays(reply: SlotsReply): Day[] {
    const days = reply.days.map(({ date, slots }) => {
        const byTime = new Map<string, Slot>();
        for (const slot of slots) {
            const key = `${slot.starts_at_ms} ${slot.session ? slot.doctor : ''}`;
            if (!byTime.has(key)) byTime.set(key, slot);
        }
        const sorted = [...byTime.values()].sort((a, b) => a.starts_at_ms - b.starts_at_ms);
        return { date, slots: sorted };
    });
    return days.filter((day) => day.slots.length > 0);
}
