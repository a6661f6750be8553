// SPDX-License-Identifier: Apache-2.0
// What the patient may do with a visit that lies ahead or was missed. Pure.
import type { Clinic, Facility, JoinReply, Slot } from '../shared/api_types';

/** asked: the facility has not said yes to it yet. */
export type MoveScreen = 'missed' | 'open' | 'too_late' | 'asked' | 'closed';

/** A guest may look, and move nothing. */
export function screenFor({ visit, guest, server_ms }: JoinReply): MoveScreen {
    return guest === null ? moveScreen(visit, server_ms) : 'closed';
}

/** Whoever's fault it was: the patient was not seen, and may come again. */
const MISSED = ['no_show_patient', 'no_show_doctor', 'left_without_being_seen', 'tech_failed'];
const OPEN = ['requested', 'booked', 'checked_in', 'called', 'in_call'];

/** May the consent be given or taken back here? By the patient alone, until the visit is over. */
export function speaksOfConsent({ visit, guest }: JoinReply): boolean {
    return guest === null && OPEN.includes(visit.state);
}

/** Who waits already leaves by the waiting room's own button. Who has no place may at any time. */
export function mayCancel({ visit, guest, server_ms }: JoinReply): boolean {
    if (guest !== null) return false;
    if (isUnplaced(visit)) return visit.state !== 'called';
    if (visit.state !== 'booked') return visit.state === 'requested';
    return visit.cancels_until_ms === null || server_ms <= visit.cancels_until_ms;
}

export function moveScreen(visit: JoinReply['visit'], serverMs: number): MoveScreen {
    if (MISSED.includes(visit.state)) return 'missed';
    if (isUnplaced(visit)) return 'open';
    if (visit.state === 'requested') return 'asked';
    if (visit.state !== 'booked') return 'closed';
    return serverMs <= visit.moves_until_ms ? 'open' : 'too_late';
}

/** The doctor will not see the patient at this time, who may wait already. */
export function isUnplaced({ unplaced, state }: JoinReply['visit']): boolean {
    return unplaced === true && ['booked', 'checked_in', 'called'].includes(state);
}

/** What is left of where the visit was to be; null: its facility has closed. */
export interface Place {
    /** null: the clinic has closed. */
    readonly clinic: Clinic | null;
    readonly others: readonly Clinic[];
}

/** Of what can be booked by now. The visit does not name its facility by id: when its clinic is gone it is by name and telephone. */
export function placeOf(visit: JoinReply['visit'], facilities: readonly Facility[]): Place | null {
    const known = facilities.find(({ clinics }) => clinics.some(({ id }) => id === visit.clinic_id)) ??
        facilities.find(({ name, phone }) => name === visit.facility && phone === visit.phone);
    if (!known) return null;
    const clinic = known.clinics.find(({ id }) => id === visit.clinic_id) ?? null;
    return { clinic, others: known.clinics.filter((one) => one !== clinic) };
}

/** Whose times are offered; null: any doctor's of the clinic, as the own one cannot or is there no more. */
export function doctorOf(visit: JoinReply['visit'], clinic: Clinic | null): string | null {
    if (isUnplaced(visit)) return null;
    return clinic && !clinic.doctors.some(({ id }) => id === visit.doctor_id) ? null : visit.doctor_id;
}

/** Does the time bring another doctor than the visit's? Whoever is free is nobody else. */
export function isOtherDoctor(visit: JoinReply['visit'], slot: Slot): boolean {
    return slot.doctor !== visit.doctor_id && !staysOpen(visit, slot);
}

/** Any doctor of the clinic may still call it: a place in a session is its doctor's. */
export function staysOpen(visit: JoinReply['visit'], slot: Slot): boolean {
    return visit.any_doctor && !slot.session;
}
