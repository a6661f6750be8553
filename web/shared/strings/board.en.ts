// SPDX-License-Identifier: Apache-2.0
// The board in the lobby, in English.
import type { Words } from '../strings';
import type { id } from './board.id';

export const en: Words<typeof id> = {
    title: 'Queue board',
    choose: 'Choose the clinic for this screen',
    loading: 'Opening the board …',
    unknown: 'There is no such clinic. Choose another one.',
    called: 'Called',
    in_call: 'In consultation',
    nobody_called: 'Nobody has been called yet',
    day_before: 'from yesterday',
    from_yesterday: 'From yesterday',
    from_today: 'Today',
    seen_first: 'Seen first',
    next: 'Next',
    nobody_waits: 'Nobody is waiting',
    more: 'and {n} more',
    waiting: '{n} waiting',
    urgent: 'Emergencies seen first today: {n}',
    offline: 'The connection is lost. The numbers here may not be the newest.',
};
