// SPDX-License-Identifier: Apache-2.0
// Who is in a group and how each of them stands: what was booked, and what the socket says. Pure.
import type { ParticipantView } from '../shared/messages';
import { phaseOf } from '../shared/visit_state';
import type { GroupVisit } from './types';

export type Standing = 'coming' | 'waiting' | 'called' | 'in' | 'away' | 'over';

export interface Person {
    /** As the socket names it. */
    readonly id: string;
    readonly visit: string;
    readonly name: string;
    readonly place: number;
    readonly standing: Standing;
    readonly muted: boolean;
    readonly hand: boolean;
    readonly aside: boolean;
}

function standingOf(state: string, live: ParticipantView | undefined): Standing {
    switch (phaseOf(state)) {
        case 'before':
            return 'coming';
        case 'waiting':
            return 'waiting';
        case 'called':
            return 'called';
        case 'call':
            return live?.in_call ? 'in' : 'away';
        case 'cancelled':
        case 'over':
            return 'over';
    }
}

/** Who gets no message: without a telephone, or with a fixed line, and so to be phoned. */
export function untoldOf(visits: readonly GroupVisit[]): { readonly inPerson: string[]; readonly byPhone: string[] } {
    const namesOf = (is: (one: GroupVisit) => boolean) => visits.filter(is).map((one) => one.patient);
    return { inPerson: namesOf((one) => one.no_phone), byPhone: namesOf((one) => one.no_messages) };
}

/** All who have a place, by it. What the socket says of a visit is newer than the list. */
export function peopleOf(visits: readonly GroupVisit[], others: readonly ParticipantView[]): Person[] {
    const listed = visits.map((visit) => {
        const live = others.find((one) => one.id === visit.participant);
        return {
            id: visit.participant, visit: visit.id, name: visit.patient, place: visit.place,
            standing: standingOf(live?.state ?? visit.state, live),
            muted: live?.muted ?? false, hand: live?.hand ?? false, aside: live?.aside ?? false,
        };
    });
    return listed.sort((a, b) => a.place - b.place);
}

/** Somebody came whom the list does not have yet: it is read again. */
export function isListOld(visits: readonly GroupVisit[], others: readonly ParticipantView[]): boolean {
    return others.some((one) => one.place !== undefined && phaseOf(one.state ?? '') !== 'over' &&
        phaseOf(one.state ?? '') !== 'cancelled' && !visits.some((visit) => visit.participant === one.id));
}

export function waitingOf(people: readonly Person[]): readonly Person[] {
    return people.filter((one) => one.standing === 'waiting');
}

/** Who is in the group, those with a raised hand first. */
export function handsFirst(people: readonly Person[]): Person[] {
    return [...people].sort((a, b) => Number(b.hand) - Number(a.hand) || a.place - b.place);
}
