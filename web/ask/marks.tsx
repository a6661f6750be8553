// SPDX-License-Identifier: Apache-2.0
// How urgent a question is, where it stands, and by when.
import { dateAndTime, spokenDuration } from '../shared/format';
import { Icon } from '../shared/widgets/icon';
import { isLate } from './ask_state';
import type { Consult } from './types';
import { k } from './words';

export function UrgencyMark({ urgency }: Pick<Consult, 'urgency'>) {
    return (
        <span class={urgency === 'emergency' ? 'mark mark-urgent' : 'mark'} data-urgency={urgency}>
            {urgency === 'emergency' && <Icon name="warning" size={20} />}
            {k(`urgency.${urgency}`)}
        </span>
    );
}

export function StateWords({ consult }: { readonly consult: Pick<Consult, 'state' | 'mine' | 'expert' | 'taken_by_me'> }) {
    const { state, mine, expert } = consult;
    const words = () => {
        if (state === 'asked_back' && mine) return k('state.asked_back_mine');
        if (state === 'taken' && expert !== null && !consult.taken_by_me) return k('state.taken_by', { doctor: expert });
        return k(`state.${state}`);
    };
    const needsMe = (mine && (state === 'asked_back' || state === 'answered')) || (consult.taken_by_me && state === 'taken');
    return <span class={needsMe ? 'strong' : ''} data-testid="consult-state" data-state={state}>{words()}</span>;
}

type Timed = Pick<Consult, 'state' | 'due_at_ms' | 'asked_at_ms' | 'first_answer_at_ms'>;

export function DueWords({ consult, nowMs }: { readonly consult: Timed; readonly nowMs: number }) {
    if (consult.first_answer_at_ms !== null && consult.state !== 'taken') {
        const time = spokenDuration(Math.max(60_000, consult.first_answer_at_ms - consult.asked_at_ms));
        return <span class="quiet">{k('answered_in', { time })}</span>;
    }
    if (isLate(consult, nowMs)) {
        return (
            <span class="ask-late">
                <Icon name="clock" size={20} />
                {k('late', { time: dateAndTime(consult.due_at_ms) })}
            </span>
        );
    }
    if (consult.state !== 'open' && consult.state !== 'taken') {
        return <span class="quiet">{dateAndTime(consult.asked_at_ms)}</span>;
    }
    return <span class="quiet">{k('due', { time: dateAndTime(consult.due_at_ms) })}</span>;
}
