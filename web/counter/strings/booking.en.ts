// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../shared/strings';
import type { officerId } from './booking.id';

export const officerEn: Words<typeof officerId> = {
    service_title: 'Which service is needed?',
    group_hint: 'One doctor with several patients at a time. The others see the number alone.',
    group_first_name: 'This person wants the first name to be seen by the others',
    wait_offer: 'Put on the wait list: we will text the person as soon as a place is free on one of these days.',
    wait_join: 'Put on the wait list',
    wait_how: 'This is not an appointment yet. When a place is free the person gets an SMS and can take it or not.',
    wait_submit: 'They agree: put on the list',
    held: 'This time is kept until {until}.',
    for_whom: 'Who came along?',
    for_self: 'Nobody, the patient alone',
    for_parent: 'Their parent',
    for_child: 'Their child',
    for_spouse: 'Their husband or wife',
    for_other: 'Other family or a guardian',
    minor: 'A child under 18 comes with a parent or guardian. Under “Who came along?” above, choose “Their parent” or “Other family or a guardian”.',
    contact_name: 'Full name of who came along',
    contact_name_hint: 'Comes along with the patient, and gets the messages.',
    phone: 'Mobile number of the patient',
    phone_contact: 'Mobile number of who came along',
    review_details: 'the details',
    review_private: 'The data is used only for this person’s care and read only by those who care for them.',
    review_private_for: 'The data is used only for the patient’s care and read only by those who care for them.',
    consent: 'Read the consent below aloud. Book only when this person agrees to a visit by video.',
    consent_for: 'Read the consent below aloud. Book only when who came along agrees, for {name}, to a visit by video.',
    consent_read: 'The text to read',
    submit: 'They agree: book',
};
