// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../shared/strings';
import type { registerId } from './id';

export const registerEn: Words<typeof registerId> = {
    title: 'Book for a patient',
    of: 'Book for a patient, {facility}.',
    to_desk: 'Back to the desk',
    to_post: 'Back to the post',
    to_settings: 'Back to the settings',
    none: 'Your facility has no clinic yet that takes bookings. The coordinator adds one in the settings.',
    who: 'Who is the patient?',
    who_text: 'Read the consent aloud and clearly. The link of the visit is sent to the phone number that you fill in.',
    chosen: 'The time chosen',
    other_time: 'Change the time',
    kept: 'This time is kept until {until}.',
    submit: 'Book',
    done: 'The patient is booked',
    tell: 'Say the number and the time, then print the ticket or copy the link. The link is also sent to the patient\'s phone.',
    tell_number: 'Say the number and the time, or print the ticket. The link of the visit is sent to the patient\'s phone.',
    tell_here: 'Say the number and the time, then print the ticket.',
    by_message: 'The link of your visit is sent to your phone by message.',
    no_message: 'The link of the visit is not sent. Please come to the facility at the time.',
    copy: 'Copy the link',
    copied: 'Link copied',
    copy_failed: 'This browser does not copy. Print the ticket, or make a new link in the desk\'s list.',
    next: 'Book for the next patient',
};
