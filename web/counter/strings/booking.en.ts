// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../shared/strings';
import type { officerId } from './booking.id';

export const officerEn: Words<typeof officerId> = {
    service_title: 'Which service is needed?',
    group_hint: 'One doctor with several patients at a time. The others see the number alone.',
    group_first_name: 'This person wants the first name to be seen by the others',
    wait_offer: 'Put on the wait list: the person is told by SMS as soon as there is a place on these days.',
    wait_join: 'Put on the wait list',
    wait_how: 'This is no appointment yet. When there is a place the person gets an SMS and chooses: take it or not.',
    wait_submit: 'They agree: put on the list',
    held: 'This time is kept until {until}.',
    for_whom: 'Who came along?',
    for_self: 'Nobody, the patient alone',
    for_parent: 'Their parent',
    for_child: 'Their child',
    for_spouse: 'Their husband or wife',
    for_other: 'Other family or a guardian',
    minor: 'A child under 18 comes with a parent or guardian. Choose above.',
    contact_name: 'Full name of who came along',
    contact_name_hint: 'Comes along with the patient, and gets the messages.',
    phone: 'Mobile number of the patient',
    phone_contact: 'Mobile number of who came along',
    review_details: 'the details',
    review_private: 'The data is used to care for this person only, and read by staff and doctors of {facility} only.',
    consent: 'Read the consent below aloud. Book only when this person agrees to a visit by video.',
    consent_for: 'Read the consent below aloud. Book only when who came along agrees, for {name}, to a visit by video.',
    consent_read: 'The text to read',
    submit: 'They agree: book',
};
