// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../shared/strings';
import type { counterId } from './id';

export const counterEn: Words<typeof counterId> = {
    title: 'Kecamatan counter',
    of: 'Counter of {area}',
    intro: 'Book for the people who come to your counter, then print their ticket.',
    book: 'Book for somebody',
    booking_for: 'Enter the patient’s name and phone number, not your own.',
    booking_for_no_phone: 'Enter the patient’s details, not your own.',
    to_list: 'Back to the list',
    today: 'Booked today',
    none: 'You have booked for nobody today.',
    ticket: 'Show ticket',
    ticket_of: 'Show the ticket of {patient}',
    changed: 'Changed or over',
    odd: 'Compare it with the identity card. If it is wrong, phone {facility} to cancel it, then book again.',
    facility: 'the facility',
    any_doctor: 'Whichever doctor is free',
    number: 'Queue number',
    code: 'Visit code',
    scan: 'Scan to open the visit. It opens from {time}.',
    or_link: 'Or type on the phone:',
    keep: 'Keep this ticket. Whoever holds it can enter your visit.',
    link_renewed: 'The facility has made a new link, so the old one is not printed. The facility has the new one.',
    help: 'Need help? Call {facility}:',
    print: 'Print the ticket',
    next: 'Book for the next person',
    turn: 'Turn at about',
};
