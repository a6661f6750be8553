// SPDX-License-Identifier: Apache-2.0
// Whose day it is at the desk: the doctors for whom somebody is booked, and how late they said to be.
import type { Day, LateDoctor } from '../staff/types';

/** By name. Doctors without a patient today have nobody who could be told; whom any may call is nobody's yet. */
export function doctorsOf(day: Day): LateDoctor[] {
    const own = day.visits.filter((visit) => !visit.any_doctor);
    const names = new Map(own.map((visit) => [visit.doctor_id, visit.doctor]));
    return [...names]
        .map(([id, name]) => ({ id, name, minutes: day.late.find((one) => one.doctor === id)?.minutes ?? 0 }))
        .sort((a, b) => a.name.localeCompare(b.name, 'id'));
}
