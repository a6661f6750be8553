// SPDX-License-Identifier: Apache-2.0
// What a page knows of its visit: a pure function of the messages and of the connection's status.
import type { GroupStanding, ParticipantView, ServerError, ServerMessage, VisitView } from './messages';
import type { Status } from './protocol';
import type { VisitState as VisitStateName } from '../staff/types';

export interface VisitState {
    readonly status: Status;
    readonly me: { readonly id: string; readonly role: string } | null;
    readonly visit: VisitView | null;
    readonly others: readonly ParticipantView[];
    /** Others who are gone against their will (socket or media silent). */
    readonly lost: readonly string[];
    readonly refused: ServerError | null;
    readonly ended: { readonly state: string; readonly by: string } | null;
    /** The last error that was not fatal, for the page to show. */
    readonly error: ServerError | null;
    /** The patient asked for a moment ("Sebentar, saya belum siap"). */
    readonly notReady: boolean;
    /** In a group visit; null before the first word of it. */
    readonly group: GroupStanding | null;
    /** When the connection was lost (local clock); null while there is one. */
    readonly lostSinceMs: number | null;
}

export const NO_VISIT: VisitState = {
    status: 'idle', me: null, visit: null, others: [], lost: [], refused: null, ended: null,
    error: null, notReady: false, group: null, lostSinceMs: null,
};

export type VisitEvent =
    | { kind: 'status'; status: Status; nowMs: number }
    | { kind: 'refused'; error: ServerError }
    | { kind: 'message'; message: ServerMessage };

/* The visit's states in groups (scheduling/booking/README.md). */
export type Phase = 'before' | 'waiting' | 'called' | 'call' | 'cancelled' | 'over';

/** Each state of scheduling/booking/visit_state.c, which a test reads. */
export const PHASES: Readonly<Record<VisitStateName, Phase>> = {
    requested: 'before', booked: 'before',
    checked_in: 'waiting',
    called: 'called',
    in_call: 'call',
    cancelled_patient: 'cancelled', cancelled_provider: 'cancelled', cancelled_system: 'cancelled', rescheduled: 'cancelled',
    done: 'over', no_show_patient: 'over', no_show_doctor: 'over', left_without_being_seen: 'over', tech_failed: 'over',
    converted_phone: 'over', converted_in_person: 'over',
};

const BY_NAME: ReadonlyMap<string, Phase> = new Map(Object.entries(PHASES));

/** Of a state that a newer server has and this page does not know, the visit is not over: whoever waits goes on waiting. No
 * visit at all ('') is none that comes. */
export function phaseOf(state: string): Phase {
    if (state === '') return 'over';
    return BY_NAME.get(state) ?? 'waiting';
}

/** How the person of that role went; null when present, or never seen. */
export function howGone(visit: VisitState, role: string): 'left' | 'lost' | null {
    const other = visit.others.find((one) => one.role === role);
    if (!other) return null;
    if (visit.lost.includes(other.id)) return 'lost';
    return other.present ? null : 'left';
}

export function nextVisit(state: VisitState, event: VisitEvent): VisitState {
    if (event.kind === 'refused') return { ...state, refused: event.error };
    if (event.kind === 'message') return onMessage(state, event.message);
    const gone = event.status === 'lost' || event.status === 'restarting';
    const since = state.lostSinceMs ?? event.nowMs;
    const wasMending = event.status === 'connecting' && state.lostSinceMs !== null;
    return { ...state, status: event.status, lostSinceMs: gone || wasMending ? since : null };
}

function onMessage(state: VisitState, message: ServerMessage): VisitState {
    switch (message.type) {
        case 'welcome':
            return {
                ...state,
                me: { id: message.participant, role: message.role },
                visit: message.visit ?? state.visit,
                others: message.participants ?? state.others,
                lost: message.resumed ? state.lost : [],
                refused: null,
                error: null,
            };
        case 'visit': {
            const called = phaseOf(message.visit.state) === 'called';
            return { ...state, visit: message.visit, notReady: called && state.notReady };
        }
        case 'participant':
            return onParticipant(state, message.participant, message.event);
        case 'group':
            return { ...state, group: message };
        case 'ended':
            return { ...state, ended: { state: message.state, by: message.by } };
        case 'error':
            return message.fatal ? state : { ...state, error: message };
        default:
            return state;
    }
}

function onParticipant(state: VisitState, participant: ParticipantView, event: string): VisitState {
    const known = state.others.some((other) => other.id === participant.id);
    const others = known
        ? state.others.map((other) => (other.id === participant.id ? participant : other))
        : [...state.others, participant];
    const without = state.lost.filter((id) => id !== participant.id);
    const stillLost = event === 'devices' || event === 'not-ready' ? state.lost : without;
    return {
        ...state,
        others,
        lost: event === 'lost' ? [...without, participant.id] : stillLost,
        notReady: event === 'not-ready' ? true : event === 'media' ? false : state.notReady,
    };
}
