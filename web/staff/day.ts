// SPDX-License-Identifier: Apache-2.0
// The day list as pure functions: what the staff sees in which order, and who is next.
import type { DayVisit, UnansweredLine, VisitState } from './types';

export type DayGroup = 'now' | 'waiting' | 'coming' | 'over';
export const DAY_GROUPS: readonly DayGroup[] = ['now', 'waiting', 'coming', 'over'];

export function groupOf(state: VisitState): DayGroup {
    switch (state) {
        case 'called':
        case 'in_call':
            return 'now';
        case 'checked_in':
            return 'waiting';
        case 'requested':
        case 'booked':
            return 'coming';
        case 'done':
        case 'cancelled_patient':
        case 'cancelled_provider':
        case 'cancelled_system':
        case 'no_show_patient':
        case 'no_show_doctor':
        case 'left_without_being_seen':
        case 'tech_failed':
        case 'converted_phone':
        case 'converted_in_person':
        case 'rescheduled':
            return 'over';
    }
}

/** Booked start first, then who came first, then the number. */
export function inOrder(visits: readonly DayVisit[]): DayVisit[] {
    return [...visits].sort(
        (a, b) =>
            a.starts_at_ms - b.starts_at_ms ||
            (a.checked_in_at_ms ?? Infinity) - (b.checked_in_at_ms ?? Infinity) ||
            a.number.localeCompare(b.number, 'id', { numeric: true }),
    );
}

/** Emergencies that are not over before all others, which stay as they are. */
export function urgentFirst(visits: readonly DayVisit[]): DayVisit[] {
    return [...visits.filter(isUrgent), ...visits.filter((visit) => !isUrgent(visit))];
}

/** Over, and nobody noted before whether who was asked to come did. */
export function asksCame({ state, way, checked_in_at_ms }: Pick<DayVisit, 'state' | 'way' | 'checked_in_at_ms'>): boolean {
    return state === 'converted_in_person' || (state === 'done' && way === 'in_person' && checked_in_at_ms === null);
}

/** The doctor asked the patient to come, and nobody has said yet whether they did. */
export function isExpected({ state, came }: Pick<DayVisit, 'state' | 'came'>): boolean {
    return state === 'converted_in_person' && came === null;
}

export type PersonMark = 'child' | 'child_alone' | 'interpreter' | 'english' | 'returning';
const ADULT_YEARS = 18;

/** What a call is prepared for. Somebody must agree for a child, so that one who is alone is another matter. */
export function personMarks({ age, contact, interpreter, lang, returning }: Pick<DayVisit, 'age' | 'contact' | 'interpreter' | 'lang' | 'returning'>): PersonMark[] {
    const marks: PersonMark[] = [];
    if (age !== null && age < ADULT_YEARS) marks.push(contact ? 'child' : 'child_alone');
    if (interpreter) marks.push('interpreter');
    if (lang === 'en') marks.push('english');
    if (returning) marks.push('returning');
    return marks;
}

/** Whole words of `text`, `most` letters at most with the mark that more follows; a word that is longer alone is cut. */
export function beginningOf(text: string, most: number): string {
    const letters = [...text];
    if (letters.length <= most) return text;
    const cut = letters.slice(0, most - 1).join('');
    const end = letters[most - 1] === ' ' ? cut.length : cut.lastIndexOf(' ');
    return `${(end > 0 ? cut.slice(0, end) : cut).trimEnd()}…`;
}

/** The patient was seen: there may be letters. */
export function wasSeen(state: string): boolean {
    return state === 'done' || state === 'converted_phone' || state === 'converted_in_person';
}

/** Not seen, and not called off: the patient's link offers another time for a day. */
export function wasMissed(state: string): boolean {
    return state === 'no_show_patient' || state === 'no_show_doctor' || state === 'left_without_being_seen' || state === 'tech_failed';
}

export function isUrgent({ urgent, state }: DayVisit): boolean {
    return urgent && groupOf(state) !== 'over';
}

/** Of a doctor's list: whom the server would let be called. Nobody of a clinic for which the doctor's permit has run out,
 * as a visit by the doctor's name says, also where any doctor may call. */
export function callableOf(visits: readonly DayVisit[]): (visit: DayVisit) => boolean {
    const shut = new Set(visits.filter((one) => one.other_doctor_why === 'doctor_permit_over').map((one) => one.clinic_id));
    return (visit) => visit.other_doctor_why !== 'nobody_may' && !shut.has(visit.clinic_id);
}

export function byGroup(visits: readonly DayVisit[]): Record<DayGroup, DayVisit[]> {
    const groups: Record<DayGroup, DayVisit[]> = { now: [], waiting: [], coming: [], over: [] };
    for (const visit of inOrder(visits)) {
        groups[groupOf(visit.state)].push(visit);
    }
    /* Who waits stands as the server's queue has them. */
    groups.waiting.sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity) || 0);
    return groups;
}

/** The visit in which somebody is called or talking now. */
export function currentCall(visits: readonly DayVisit[]): DayVisit | null {
    return byGroup(visits).now[0] ?? null;
}

/** Whole minutes of waiting at `nowMs` of the server's clock; null for who does not wait. */
export function waitingMinutes(visit: DayVisit, nowMs: number): number | null {
    if (visit.state !== 'checked_in') {
        return null;
    }
    if (visit.checked_in_at_ms === null) {
        return visit.waiting_minutes;
    }
    return Math.max(0, Math.floor((nowMs - visit.checked_in_at_ms) / 60000));
}

/** Who waits and is called by nobody, or was to be phoned and is not, the longest first; `words` says who it is. */
export function unansweredOf(visits: readonly DayVisit[], words: (visit: DayVisit) => string): UnansweredLine[] {
    return visits
        .flatMap((visit) =>
            (visit.state === 'checked_in' || visit.to_phone) && visit.unanswered_since_ms !== null
                ? [{ id: visit.id, words: words(visit), since_ms: visit.unanswered_since_ms, to_phone: visit.to_phone,
                    other_doctor_why: visit.other_doctor_why, unplaced: visit.unplaced }]
                : [],
        )
        .sort((a, b) => a.since_ms - b.since_ms);
}

/** What staff types into the search line: a part of name, number or code. */
export function matches(visit: DayVisit, query: string): boolean {
    const wanted = query.trim().toLocaleLowerCase('id');
    return (
        wanted === '' ||
        [visit.patient, visit.number, visit.code, visit.doctor].some((text) =>
            text.toLocaleLowerCase('id').includes(wanted),
        )
    );
}
