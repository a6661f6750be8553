// SPDX-License-Identifier: Apache-2.0
// What the doctor's call is about right now, as pure functions of what shared/visit_session knows.
import type { CallState } from '../shared/call';
import type { ParticipantView } from '../shared/messages';
import type { PictureWords } from '../shared/picture';
import { phaseOf, type VisitState } from '../shared/visit_state';

export interface CallFacts {
    readonly visit: VisitState;
    readonly call: CallState;
    /** Both sides have been connected at least once. */
    readonly talked: boolean;
    /** Why the large picture does not move. */
    readonly paused?: PictureWords | null;
    /** It is a guest's, not the patient's. */
    readonly isGuest?: boolean;
}

export type CallScreen =
    | 'connecting'
    | 'calling'
    | 'joining'
    | 'talking'
    | 'occupied'
    | 'replaced'
    | 'ended'
    | 'failed';

export function patientOf(visit: VisitState): ParticipantView | null {
    return visit.others.find((other) => other.role === 'patient') ?? null;
}

export function bothConnected(visit: VisitState, call: CallState): boolean {
    return call === 'connected' && patientOf(visit)?.in_call === true;
}

/** The one thing the call's pane is about now. */
export function screenOf({ visit, talked }: CallFacts): CallScreen {
    if (visit.ended || visit.status === 'ended') return 'ended';
    if (visit.status === 'occupied') return 'occupied';
    if (visit.status === 'replaced') return 'replaced';
    if (visit.status === 'refused') return 'failed';
    if (!visit.visit) return 'connecting';
    switch (phaseOf(visit.visit.state)) {
        case 'before':
        case 'waiting':
            return 'connecting';
        case 'called':
            return 'calling';
        case 'call':
            return talked ? 'talking' : 'joining';
        case 'cancelled':
        case 'over':
            return 'ended';
    }
}

/** The one line above the picture that matters most; null when all is well. */
export type Line =
    | 'restarting'
    | 'lost'
    | 'patient_lost'
    | 'patient_left'
    | 'not_ready'
    | 'absent'
    | 'audio_none'
    | 'audio_off'
    | 'video_none'
    | 'video_off'
    | 'guest_sender_link'
    | PictureWords;

/** Only one's own weak signal and stills have the same words whoever is seen. */
function pictureLine({ paused, isGuest }: CallFacts): Line | null {
    return isGuest && paused === 'picture_sender_link' ? 'guest_sender_link' : paused ?? null;
}

function patientLine(patient: ParticipantView, talking: boolean, facts: CallFacts): Line | null {
    if (!patient.present) return talking ? 'patient_left' : 'absent';
    if (!talking) return null;
    if (patient.audio === 'denied' || patient.audio === 'none') return 'audio_none';
    if (patient.audio === 'off') return 'audio_off';
    const line = pictureLine(facts);
    if (facts.isGuest && line) return line;
    if (patient.video === 'denied' || patient.video === 'none') return 'video_none';
    return patient.video === 'off' ? 'video_off' : line;
}

export function lineOf(facts: CallFacts): Line | null {
    const { visit, call } = facts;
    if (visit.status === 'restarting') return 'restarting';
    if (visit.status === 'lost' || visit.lostSinceMs !== null || call === 'interrupted') return 'lost';
    const patient = patientOf(visit);
    if (patient && visit.lost.includes(patient.id)) return 'patient_lost';
    if (visit.notReady) return 'not_ready';
    return patient ? patientLine(patient, visit.visit?.state === 'in_call', facts) : null;
}

/** The patient was in the call and is not now: there is no picture, no link and no talk to show. */
export type Gone = 'patient_left' | 'patient_lost';

export function goneOf(facts: CallFacts): Gone | null {
    if (screenOf(facts) !== 'talking') return null;
    const line = lineOf(facts);
    return line === 'patient_left' || line === 'patient_lost' ? line : null;
}

/** What "end" offers first: who never came in cannot be "done", and who took the call has not missed it. */
export function likelyOutcome(talked: boolean, cameIn: boolean): 'done' | 'tech_failed' | 'no_show_patient' {
    if (talked) return 'done';
    return cameIn ? 'tech_failed' : 'no_show_patient';
}
