// SPDX-License-Identifier: Apache-2.0
// The desk's wait list, in English.
import type { deskWaitId } from './wait.id';

export const deskWaitEn: Record<keyof typeof deskWaitId, string> = {
    open: 'Wait list',
    title: 'Wait list',
    clinic: 'Clinic',
    one_by_one: 'A free place is offered to one after the other, 15 minutes each.',
    all_at_once: 'A free place is offered to all: whoever is first.',
    none: 'Nobody waits.',
    add: 'Add a patient',
    add_title: 'Add to the wait list',
    add_text: 'When there is a place the patient gets an SMS. A mobile number is needed.',
    add_submit: 'Put on the list',
    added: '{patient} is on the wait list.',
    added_link: 'This link is sent by SMS, too.',
    since: 'Since {when}',
    until: 'until {date}',
    any: 'any doctor',
    urgent: 'Goes first: {reason}',
    offered: 'Offered {when}, to answer until {until}',
    unanswered: '{n} offers not answered',
    first: 'Put first',
    not_first: 'Not first any more',
    reason: 'Why this one goes first',
    reason_hint: 'The reason is kept in the audit trail.',
    reason_short: 'Write the reason, 3 letters at least.',
    save: 'Save',
    remove: 'Take off',
    remove_sure: 'Take {patient} off the list? The patient is told by SMS.',
    remove_yes: 'Yes, take off',
    back: 'Back',
};
