// SPDX-License-Identifier: Apache-2.0
// What is good to know of a patient before the call: a child, another language, an interpreter, seen before; why the
// patient comes.
import { Icon, type IconName } from '../shared/widgets/icon';
import { beginningOf, groupOf, personMarks, type PersonMark } from './day';
import { q } from './queue_words';
import type { DayVisit } from './types';

const ICONS: Readonly<Record<PersonMark, IconName>> = {
    child: 'person', child_alone: 'person', interpreter: 'person-add', english: 'globe', returning: 'clock',
};

export function PersonMarks({ visit }: { readonly visit: DayVisit }) {
    if (groupOf(visit.state) === 'over') return null;
    return (
        <>
            {personMarks(visit).map((one) => (
                <span class="mark" key={one} data-testid={`mark-${one}`}>
                    <Icon name={ICONS[one]} size={16} />
                    {q(`mark.${one}`)}
                </span>
            ))}
        </>
    );
}

const LIST_LETTERS = 80;

/** "Keluhan: batuk sejak tiga hari", else the service that was chosen; nothing where neither is known. A list has the
 * beginning of it, the visit all. */
export function ReasonLine({ visit: { reason, service }, whole = false }: { readonly visit: DayVisit; readonly whole?: boolean }) {
    if (reason === null && service === null) return null;
    return (
        <span class="quiet row-reason" data-testid="reason">
            {reason !== null ? q('reason', { reason: whole ? reason : beginningOf(reason, LIST_LETTERS) }) : service}
        </span>
    );
}
