// SPDX-License-Identifier: Apache-2.0
// Which one thing the patient sees now: a pure function of what the page knows.
import type { JoinReply } from '../shared/api_types';
import { isoDate } from '../shared/format';
import type { SessionView } from '../shared/visit_session';
import { phaseOf } from '../shared/visit_state';

export type Join =
    | { readonly kind: 'loading' }
    /** `type` of the problem ("link-invalid"), or "network". */
    | { readonly kind: 'failed'; readonly type: string; readonly text: string }
    | {
        readonly kind: 'ok';
        readonly visit: JoinReply['visit'];
        readonly guest: JoinReply['guest'];
        readonly offsetMs: number;
    };

export interface Model {
    readonly token: string | null;
    readonly join: Join;
    /** The device check is done in this tab. */
    readonly ready: boolean;
    /** "Masuk sekarang" was tapped. */
    readonly accepted: boolean;
    /** The patient ended the call on purpose; the visit goes on. */
    readonly left: boolean;
    readonly cancelledByMe: boolean;
    readonly session: SessionView | null;
    readonly nowMs: number;
}

export type Screen =
    | { readonly name: 'loading' }
    | { readonly name: 'problem'; readonly type: string; readonly text: string }
    | { readonly name: 'cancelled' }
    | { readonly name: 'ended'; readonly state: string }
    | { readonly name: 'early'; readonly opensAtMs: number }
    /** Without video. `isToday`: on its day, or after it. */
    | { readonly name: 'held'; readonly way: 'phone' | 'in_person'; readonly isToday: boolean }
    | { readonly name: 'check' }
    | { readonly name: 'waiting' }
    | { readonly name: 'called' }
    | { readonly name: 'call' }
    | { readonly name: 'left' }
    | { readonly name: 'occupied' }
    | { readonly name: 'replaced' };

/** What the person is there as; null: the patient. */
export function guestOf(model: Model): JoinReply['guest'] {
    return model.join.kind === 'ok' ? model.join.guest : null;
}

/** The doctor will not see the patient at this time. */
export function isUnplaced({ join, session }: Model): boolean {
    return join.kind === 'ok' && !join.guest && (session?.visit.visit ?? join.visit).unplaced === true;
}

/** Is the patient asked to agree to what is agreed to by now? */
export function asksConsent({ join, session }: Model): boolean {
    return join.kind === 'ok' && !join.guest && (session?.visit.visit ?? join.visit).asks_consent;
}

export function serverNow(model: Model): number {
    return model.nowMs + (model.join.kind === 'ok' ? model.join.offsetMs : 0);
}

export function screenOf(model: Model): Screen {
    if (!model.token) return { name: 'problem', type: 'no-token', text: '' };
    if (model.join.kind === 'loading') return { name: 'loading' };
    if (model.join.kind === 'failed') {
        return { name: 'problem', type: model.join.type, text: model.join.text };
    }
    const finished = finishedScreen(model);
    if (finished) return finished;
    const { visit } = model.join;
    const { way } = model.session?.visit.visit ?? visit;
    if (way === 'phone' || way === 'in_person') return heldScreen(model, way, visit.starts_at_ms);
    const early = phaseOf(visit.state) === 'before' && visit.opens_at_ms > serverNow(model);
    if (early) return { name: 'early', opensAtMs: visit.opens_at_ms };
    if (!model.ready || !model.session) return { name: 'check' };
    return liveScreen(model, model.session);
}

/** It neither waits nor rings here, but hears of the queue in one place, as others do. */
function heldScreen(model: Model, way: 'phone' | 'in_person', startsAtMs: number): Screen {
    const { status, refused } = model.session?.visit ?? {};
    if (status === 'occupied' || status === 'replaced') return { name: status };
    if (refused && refused.code !== 'too-early') return { name: 'problem', type: refused.code, text: refused.message };
    return { name: 'held', way, isToday: isoDate(startsAtMs) <= isoDate(serverNow(model)) };
}

/** Without a place in the queue, which only the socket tells: who is there is not called by that. */
export function heldTitle(way: 'phone' | 'in_person', state: string) {
    if (way === 'phone') return 'held_phone_title';
    if (state === 'called') return 'held_called_title';
    return state === 'checked_in' ? 'held_checking' : 'held_come_title';
}

/** Over or cancelled, by whichever of the two sources knows it. */
function finishedScreen(model: Model): Screen | null {
    if (model.cancelledByMe) return { name: 'cancelled' };
    const live = model.session?.visit;
    const refused = live?.refused?.code;
    if (refused === 'visit-cancelled') return { name: 'cancelled' };
    const known = model.join.kind === 'ok' ? model.join.visit.state : '';
    const state = live?.ended?.state ?? live?.visit?.state ?? known;
    const phase = phaseOf(state);
    if (phase === 'cancelled' && state !== 'rescheduled') return { name: 'cancelled' };
    if (phase === 'over' || state === 'rescheduled') return { name: 'ended', state };
    if (refused === 'visit-ended' || live?.status === 'ended') return { name: 'ended', state: '' };
    return null;
}

/** Until the socket tells: a phone that rang as the page was loaded rings, and may be answered. */
function stateBefore({ join }: Model): string {
    const rang = join.kind === 'ok' && phaseOf(join.visit.state) === 'called';
    return rang ? join.visit.state : 'booked';
}

function liveScreen(model: Model, session: SessionView): Screen {
    const { status, refused, visit } = session.visit;
    if (status === 'occupied') return { name: 'occupied' };
    if (status === 'replaced') return { name: 'replaced' };
    if (refused?.code === 'too-early') return { name: 'early', opensAtMs: refused.opens_at_ms ?? 0 };
    if (refused) return { name: 'problem', type: refused.code, text: refused.message };
    const phase = phaseOf(visit?.state ?? stateBefore(model));
    /* A guest's phone does not ring: they come in with the doctor. */
    const inCall = phase === 'call' || (phase === 'called' && (model.accepted || guestOf(model) !== null));
    if (inCall) return { name: model.left ? 'left' : 'call' };
    return { name: phase === 'called' ? 'called' : 'waiting' };
}
