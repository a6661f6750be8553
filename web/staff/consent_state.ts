// SPDX-License-Identifier: Apache-2.0
// Pure: who agrees for a patient, and what of it is sent.
import type { Contact, DayVisit } from './types';

export type Giver = 'patient' | 'contact';
type Whose = Pick<DayVisit, 'contact' | 'age'>;

const ADULT_YEARS = 18;
/** Under this age nobody agrees alone. */
const CHILD_YEARS = 14;
const MIN_NAME = 2;

/** Of a child who came along agrees. */
export function isGuardians({ contact, age }: Whose): boolean {
    return contact !== null && age !== null && age < ADULT_YEARS;
}

/** A child whom nobody was named with: it is said who is there, and agrees. */
export function lacksContact({ contact, age }: Whose): boolean {
    return contact === null && age !== null && age < CHILD_YEARS;
}

export function hasName({ name }: Contact): boolean {
    return name.trim().length >= MIN_NAME;
}

export function consentBody(visit: Whose, version: number, giver: Giver, along: Contact): Record<string, unknown> {
    const said = { version, how: 'read_aloud' };
    if (lacksContact(visit)) return { ...said, by: 'contact', contact_name: along.name.trim(), contact_relation: along.relation };
    return { ...said, by: isGuardians(visit) ? 'contact' : giver };
}
