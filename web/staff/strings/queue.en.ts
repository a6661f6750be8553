// SPDX-License-Identifier: Apache-2.0
// What staff pages say about the queue, in English.
import type { Words } from '../../shared/strings';
import type { queueId } from './queue.id';

export const queueEn: Words<typeof queueId> = {
    'mark.urgent': 'Emergency',
    'mark.assisted': 'With a nurse',
    'mark.walk_in': 'Walk-in',
    'mark.any_doctor': 'Any doctor',
    'mark.delayed': 'After one other patient',

    'board': 'Queue board',
    'next.none': 'Nobody is waiting.',
    'next.busy': 'You have called somebody already. Finish with them or pass over them first.',

    'skip': 'Pass over',
    'skip_hint': 'Pass over: one other patient is called first. Put back: at the same place.',
    'return': 'Put back into the queue',

    'manage': 'Queue',
    'manage_name': 'Queue of {number}, {patient}',
    'manage.title': '{patient} in the queue',
    'manage.what': 'What is the matter?',
    'manage.urgent': 'Emergency, goes first',
    'manage.urgent_hint': 'Called before all other patients. The reason is recorded.',
    'manage.not_urgent': 'No emergency after all',
    'manage.not_urgent_hint': 'Back to the place in the queue.',
    'manage.absent': 'Did not come',
    'manage.absent_hint': 'The visit is closed. This cannot be undone.',
    'manage.absent_early': 'Only after {time}.',
    'manage.reason': 'Reason of the emergency',
    'manage.reason_hint': 'For example: short of breath, chest pain.',
    'manage.reason_missing': 'Write the reason, at least 3 letters.',
    'manage.choose': 'Choose one.',
    'manage.save': 'Save',
    'manage.close': 'Never mind',

    'walk_in': 'Walk-in patient',
    'walk_in.title': 'Walk-in patient',
    'walk_in.text': 'The patient gets a number of today’s queue and a link for the phone.',
    'walk_in.clinic': 'Clinic',
    'walk_in.service': 'Service',
    'walk_in.no_service': 'None in particular',
    'walk_in.doctor': 'Doctor',
    'walk_in.any': 'Whichever doctor is free first',
    'walk_in.name': 'Full name',
    'walk_in.birth': 'Date of birth',
    'walk_in.birth_hint': 'Day, month, year: 02.03.1954',
    'walk_in.phone': 'Phone number',
    'walk_in.nik': 'NIK (may stay empty)',
    'walk_in.wrong.name': 'Write the patient’s name, at least 2 letters.',
    'walk_in.wrong.birth_date': 'There is no such day, or it is still to come. Example: 02.03.1954.',
    'walk_in.wrong.phone': 'This is no phone number. Example: 0812 3456 7890.',
    'walk_in.wrong.nik': 'A NIK has 16 digits.',
    'walk_in.submit': 'Give a number',
    'walk_in.given': 'Queue number of {patient}',
    'walk_in.link': 'Give this link to the patient, who waits and talks with the doctor there.',
};
