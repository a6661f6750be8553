// SPDX-License-Identifier: Apache-2.0
// Whose times are offered to a visit that is moved. Pure.
import type { Facility } from '../shared/api_types';
import type { DoctorNames } from '../shared/widgets/slot_picker';
import type { DayVisit } from './types';

/** What a list may know of why the visit has to be moved. */
export type Reasons = Partial<Pick<DayVisit, 'other_doctor_why' | 'unplaced'>>;
type Visit = Pick<DayVisit, 'any_doctor' | 'clinic_id' | 'doctor_id'> & Reasons;

/** Its doctor does not see it at all, whenever it is. */
export function isLost({ any_doctor, other_doctor_why }: Pick<Visit, 'any_doctor' | 'other_doctor_why'>): boolean {
    return !any_doctor && (other_doctor_why ?? null) !== null;
}

/** Needs another doctor, or may take one. */
export function takesOthers(visit: Visit): boolean {
    return !visit.any_doctor && (isLost(visit) || visit.unplaced === true);
}

/** The doctors of the visit's clinic; without its own whose account or SIP does not do any more. */
export function othersOf(visit: Visit, facilities: readonly Facility[]): DoctorNames {
    const clinic = facilities.flatMap(({ clinics }) => clinics).find(({ id }) => id === visit.clinic_id);
    const isOut = isLost(visit) && visit.other_doctor_why !== 'doctor_on_leave';
    return new Map((clinic?.doctors ?? []).flatMap(({ id, name }) => (isOut && id === visit.doctor_id ? [] : [[id, name] as const])));
}
