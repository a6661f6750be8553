// SPDX-License-Identifier: Apache-2.0
// To whom somebody without an appointment can be given today. Pure.
import { isUrgent } from '../staff/day';
import type { DayVisit } from '../staff/types';

export type DutyFault = 'doctor_archived' | 'doctor_permit_over' | 'doctor_disabled' | 'doctor_on_leave';

export interface DutyDoctor {
    readonly id: string;
    readonly works: boolean;
    readonly fault: DutyFault | null;
}

export interface DutyClinic {
    readonly id: string;
    /** Somebody works there today. */
    readonly works: boolean;
    readonly doctors: readonly DutyDoctor[];
}

export interface DutyReply {
    readonly clinics: readonly DutyClinic[];
}

export function faultOf(clinic: DutyClinic | undefined, doctor: string): DutyFault | null {
    return clinic?.doctors.find(({ id }) => id === doctor)?.fault ?? null;
}

/** An emergency is given to who is on leave, too; to nobody who may not see patients. */
export function isOffered(fault: DutyFault | null, urgent: boolean): boolean {
    return fault === null || (urgent && fault === 'doctor_on_leave');
}

/** Why nobody in particular can be asked for; null: one can. */
export function poolFault(clinic: DutyClinic | undefined, urgent: boolean): 'nobody_works' | 'nobody_may' | null {
    if (!clinic || clinic.works) return null;
    if (!clinic.doctors.some(({ fault }) => isOffered(fault, true))) return 'nobody_may';
    return urgent ? null : 'nobody_works';
}

/** An emergency that was given to a doctor by name. */
export function isUrgentOfDoctor(visit: DayVisit): boolean {
    return isUrgent(visit) && !visit.any_doctor;
}

/** The ids of emergencies whose doctor is on leave. */
export function leaveOf(visits: readonly DayVisit[], clinics: readonly DutyClinic[]): string[] {
    const isAway = ({ clinic_id, doctor_id }: DayVisit) =>
        faultOf(clinics.find(({ id }) => id === clinic_id), doctor_id) === 'doctor_on_leave';
    return visits.filter((visit) => isUrgentOfDoctor(visit) && isAway(visit)).map(({ id }) => id);
}
