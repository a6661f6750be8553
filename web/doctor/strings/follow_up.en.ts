// SPDX-License-Identifier: Apache-2.0
// What comes after a visit, and the keyboard, in English.
import type { Words } from '../../shared/strings';
import type { followUpId } from './follow_up.id';

export const followUpEn: Words<typeof followUpId> = {
    title: 'Follow-up',
    hint: 'The patient gets a message with the link.',
    hint_fixed_line: 'A landline gets no message: tell the patient the day and the time.',
    none: 'Not needed',
    in_3: 'In about 3 days',
    in_7: 'In about 1 week',
    in_14: 'In about 2 weeks',
    in_28: 'In about 4 weeks',
    times: 'When',
    no_times: 'Nothing is free around that day. Choose another period.',
    taken: 'Somebody else has just taken that time. Choose again, then end.',
    end_and_next: 'End and call the next one',
    phone_wrong_later: 'Wrong number? Change it after ending.',
    keys: 'Keyboard shortcuts',
    keys_open: 'Shortcuts',
    end_refused: 'The visit cannot be ended in the way that was chosen. Choose another one.',
    end_no_phone: 'The patient has no telephone, so this visit cannot go on by phone.',
    keys_text: 'Hold Alt and press the letter. It works while you write the note, too.',
    'key.next': 'Call next',
    'key.mute': 'Sound off or on',
    'key.camera': 'Camera off or on',
    'key.end': 'End the visit',
    'key.help': 'This list',
    keys_close: 'Close',
};
