// SPDX-License-Identifier: Apache-2.0
// One visit at the desk.
import { clockTime } from '../shared/format';
import { moveWords as m } from '../shared/move_words';
import { Button } from '../shared/widgets/button';
import { Came } from '../staff/came';
import { asksCame, groupOf, isUrgent, wasMissed, wasSeen } from '../staff/day';
import { StateBadge } from '../staff/parts';
import { ContactLine, PersonWords } from '../staff/person';
import { PersonMarks, ReasonLine } from '../staff/person_marks';
import { QueueMarks } from '../staff/queue_marks';
import { q } from '../staff/queue_words';
import { Waiting } from '../staff/presence';
import type { DayVisit } from '../staff/types';
import { t } from '../staff/words';

interface Props {
    readonly visit: DayVisit;
    /** An emergency whose doctor is on leave. */
    readonly isOnLeave: boolean;
    readonly nowMs: number;
    readonly onQueue: () => void;
    readonly onMove: () => void;
    readonly onLink: () => void;
    readonly onPhone: () => void;
    readonly onCancel: () => void;
    readonly onChanged: () => void;
}

/** Who calls: the one named, or whoever is free. */
export function doctorWords({ any_doctor, doctor }: Pick<DayVisit, 'any_doctor' | 'doctor'>): string {
    return any_doctor ? q('mark.any_doctor') : doctor;
}

export function DeskRow({ visit, isOnLeave, nowMs, onQueue, onMove, onLink, onPhone, onCancel, onChanged }: Props) {
    const group = groupOf(visit.state);
    const open = group === 'coming' || group === 'waiting';
    return (
        <li class={`row desk-row${isUrgent(visit) ? ' urgent' : ''}`} data-visit={visit.id} data-state={visit.state} data-present={visit.present}>
            <span class="row-number numbers">{visit.number}</span>
            <span class="row-words">
                <span class="row-name">{visit.patient}</span>
                <ContactLine contact={visit.contact} />
                <ReasonLine visit={visit} />
                <span class="row-facts">
                    <PersonWords age={visit.age} sex={visit.sex} />
                    <span class="quiet">
                        {t('visit.code')} {visit.code}
                    </span>
                    <QueueMarks visit={visit} doctorShown isOnLeave={isOnLeave} />
                    <PersonMarks visit={visit} />
                </span>
                {group !== 'over' && visit.consent_withdrawn && <span>{q('withdrawn.desk')}</span>}
            </span>
            <span class="row-words">
                <span>
                    <span class="numbers">{clockTime(visit.starts_at_ms)}</span>
                    {` · ${doctorWords(visit)}`}
                </span>
                <span class="quiet">{visit.clinic}</span>
            </span>
            <span class="row-words">
                <StateBadge state={visit.state} way={visit.way} came={visit.came} />
                {visit.state === 'checked_in' && <Waiting visit={visit} nowMs={nowMs} />}
            </span>
            <span class="desk-actions no-print">
                {asksCame(visit) && <Came visit={visit} onSaid={onChanged} />}
                {open && (
                    <>
                        <Button onClick={onQueue} testId="manage-queue"
                            label={q('manage_name', { number: visit.number, patient: visit.patient })}>
                            {q('manage')}
                        </Button>
                        <Button icon="calendar" onClick={onMove} testId="move-visit"
                            label={m('staff_title', { patient: visit.patient })}>
                            {m('staff_action')}
                        </Button>
                        <Button icon="link" onClick={onLink} testId="new-link"
                            label={t('desk.link_name', { patient: visit.patient })}>
                            {t('desk.link')}
                        </Button>
                        <Button kind="plain" onClick={onCancel} testId="cancel-visit"
                            label={t('desk.cancel_name', { patient: visit.patient })}>
                            {t('desk.cancel')}
                        </Button>
                    </>
                )}
                {wasSeen(visit.state) && (
                    <Button icon="link" onClick={onLink} testId="new-link"
                        label={`${t('link.of_letters')}: ${visit.patient}`}>
                        {t('link.of_letters')}
                    </Button>
                )}
                {(wasSeen(visit.state) || wasMissed(visit.state)) && (
                    <Button kind="plain" onClick={onPhone} testId="phone-change"
                        label={`${q('phone.change')}: ${visit.patient}`}>
                        {q('phone.change')}
                    </Button>
                )}
            </span>
        </li>
    );
}
