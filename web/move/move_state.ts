// SPDX-License-Identifier: Apache-2.0
// What the patient may do with a visit that lies ahead or was missed. Pure.
import type { JoinReply } from '../shared/api_types';

export type MoveScreen = 'missed' | 'open' | 'too_late' | 'closed';

/** A guest may look, and move nothing. */
export function screenFor({ visit, guest, server_ms }: JoinReply): MoveScreen {
    return guest === null ? moveScreen(visit, server_ms) : 'closed';
}

/** Whoever's fault it was: the patient was not seen, and may come again. */
const MISSED = ['no_show_patient', 'no_show_doctor', 'left_without_being_seen', 'tech_failed'];
const OPEN = ['requested', 'booked', 'checked_in', 'called', 'in_call'];

/** May the consent be given or taken back here? By the patient alone, until the visit is over. */
export function speaksOfConsent({ visit, guest }: JoinReply): boolean {
    return guest === null && OPEN.includes(visit.state);
}

export function moveScreen(visit: JoinReply['visit'], serverMs: number): MoveScreen {
    if (MISSED.includes(visit.state)) return 'missed';
    if (visit.state !== 'booked') return 'closed';
    return serverMs <= visit.moves_until_ms ? 'open' : 'too_late';
}
