// SPDX-License-Identifier: Apache-2.0
// One patient of the day: number, name, age and sex, time, state in words, how long waiting.
import { clockTime } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { StateBadge } from '../staff/parts';
import { ContactLine, PersonWords } from '../staff/person';
import { PersonMarks, ReasonLine } from '../staff/person_marks';
import { isUrgent } from '../staff/day';
import { Waiting } from '../staff/presence';
import { QueueMarks } from '../staff/queue_marks';
import { isPlainClick } from '../staff/router';
import type { DayVisit } from '../staff/types';
import { t } from '../staff/words';
import { UnsentMark } from './unsent_notes';

interface Props {
    readonly visit: DayVisit;
    readonly nowMs: number;
    readonly chosen: boolean;
    readonly mayCall: boolean;
    /** Its note is not on the server. */
    readonly unsent: boolean;
    readonly onChoose: () => void;
    readonly onCall: () => void;
}

export function DayRow({ visit, nowMs, chosen, mayCall, unsent, onChoose, onCall }: Props) {
    const waits = visit.state === 'checked_in';
    return (
        <li
            class={`row${isUrgent(visit) ? ' urgent' : ''}${chosen ? ' chosen' : ''}`}
            data-visit={visit.id}
            data-state={visit.state}
            data-present={visit.present}
        >
            <a
                class="row-link"
                href={`/dokter/${visit.id}`}
                aria-current={chosen ? 'true' : undefined}
                onClick={(event) => {
                    if (!isPlainClick(event)) return;
                    event.preventDefault();
                    onChoose();
                }}
            >
                <span class="row-number numbers">{visit.number}</span>
                <span class="row-words">
                    <span class="row-name">{visit.patient}</span>
                    <ContactLine contact={visit.contact} />
                    <ReasonLine visit={visit} />
                    <span class="row-facts">
                        <span class="numbers">{clockTime(visit.starts_at_ms)}</span>
                        <PersonWords age={visit.age} sex={visit.sex} />
                        {!waits && <StateBadge state={visit.state} way={visit.way} came={visit.came} />}
                        <QueueMarks visit={visit} brief own />
                        <PersonMarks visit={visit} />
                        {unsent && <UnsentMark />}
                    </span>
                    {/* That it waits is the group's title. */}
                    {waits && <Waiting visit={visit} nowMs={nowMs} />}
                </span>
            </a>
            {waits && mayCall && !visit.group && (
                <Button kind="secondary" onClick={onCall} testId="call"
                    label={t('day.call_name', { number: visit.number, patient: visit.patient })}>
                    {t('day.call')}
                </Button>
            )}
        </li>
    );
}
