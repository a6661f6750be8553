// SPDX-License-Identifier: Apache-2.0
// A day, then a time. Only free ones are shown.
import { useState } from 'preact/hooks';
import type { OpenGroup, Slot } from '../../shared/api_types';
import { byPart, partWords } from '../../shared/day_parts';
import { clockTime, dateAndTime, dateMs, hoursWords, longDate, shortDate, withTitle } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Busy } from '../../shared/widgets/busy';
import { Icon } from '../../shared/widgets/icon';
import { common, failureText } from '../../shared/words';
import { chosen, withoutSlot, type Day } from '../booking_state';
import { DAYS_AT_ONCE, type BookingStore } from '../store';
import { serviceWords, t } from '../words';

export function TimeStep({ store }: { store: BookingStore }) {
    const { facilities, choice, days, failure, fromDay, groups, retries, slotGone } = store.current;
    const { facility, clinic, service, doctor } = chosen(facilities ?? [], withoutSlot(choice));
    const reload = () => void store.loadSlots(fromDay);
    return (
        <>
            <h1>{t('time_title')}</h1>
            <p>{[facility?.name, clinic?.name, withTitle(doctor?.name ?? '')].filter(Boolean).join(', ')}</p>
            {service && (
                <p class="soft" data-testid="service-chosen">
                    {`${service.name} · ${serviceWords(service)}`}
                </p>
            )}
            {slotGone && (
                <Banner tone="warning" testId="slot-gone">
                    <p>{t('held_gone')}</p>
                </Banner>
            )}
            {failure !== null && (
                <Banner tone="danger">
                    <p>{failureText(failure)}</p>
                    <Button onClick={reload}>{common('try_again')}</Button>
                </Banner>
            )}
            {failure === null && !days && (
                <Busy text={retries > 0 ? t('retrying', { n: retries }) : t('time_loading')} />
            )}
            {days && days.length === 0 && <NoTime store={store} />}
            {days && days.length > 0 && <Days days={days} store={store} key={days[0]?.date} />}
            {days && groups.length > 0 && <Groups groups={groups} store={store} />}
            {days && <OtherDays store={store} />}
        </>
    );
}

/** Classes: several patients at one time. */
function Groups({ groups, store }: { readonly groups: readonly OpenGroup[]; readonly store: BookingStore }) {
    const pick = ({ id, title, doctor, starts_at_ms, ends_at_ms }: OpenGroup) =>
        store.choose({ ...store.current.choice, slot: { doctor, starts_at_ms, ends_at_ms, session: null, group: { id, title } } }, 'details');
    return (
        <>
            <h2 id="groups">{t('group_title')}</h2>
            <p class="soft">{t('group_hint')}</p>
            <ul class="sessions" aria-labelledby="groups">
                {groups.map((group) => (
                    <li key={group.id}>
                        <button type="button" class="session" onClick={() => pick(group)} data-testid="group">
                            <span class="choice-words">
                                <strong>{group.title}</strong>
                                <span>{dateAndTime(group.starts_at_ms)}</span>
                                <span class="soft">{withTitle(group.doctor_name)} · {t('group_left', { n: group.left })}</span>
                            </span>
                            <Icon name="next" />
                        </button>
                    </li>
                ))}
            </ul>
        </>
    );
}

function NoTime({ store }: { store: BookingStore }) {
    return (
        <Banner tone="info" testId="no-time">
            <p>{t('time_none', { n: DAYS_AT_ONCE })}</p>
            {store.takesWaiters && <p>{t('wait_offer')}</p>}
            {store.takesWaiters && <Button kind="primary" onClick={() => store.wait()} testId="wait">{t('wait_join')}</Button>}
            <Button onClick={() => store.change('doctor')}>{t('time_other_doctor')}</Button>
        </Banner>
    );
}

function OtherDays({ store }: { store: BookingStore }) {
    const { fromDay } = store.current;
    return (
        <div class="row">
            {fromDay > 0 && (
                <Button kind="plain" onClick={() => void store.loadSlots(0)}>
                    {t('time_first')}
                </Button>
            )}
            {store.moreDays && (
                <Button kind="plain" onClick={() => void store.loadSlots(fromDay + DAYS_AT_ONCE)}
                    testId="later-days">
                    {t('time_later', { n: DAYS_AT_ONCE })}
                </Button>
            )}
        </div>
    );
}

/** "Sel" above "24 Nov". */
function DayWords({ date }: { date: string }) {
    const [weekday = '', day = ''] = shortDate(dateMs(date)).split(', ');
    return (
        <>
            <span class="weekday">{weekday}</span>
            <span>{day}</span>
        </>
    );
}

function Days({ days, store }: { days: readonly Day[]; store: BookingStore }) {
    const [date, setDate] = useState(days[0]?.date ?? '');
    const day = days.find((one) => one.date === date);
    const sessions = day?.slots.filter((slot) => slot.session) ?? [];
    const pick = (slot: Slot) => store.choose({ ...store.current.choice, slot }, 'details');
    return (
        <>
            <h2 id="days">{t('time_day')}</h2>
            <ul class="days" aria-labelledby="days">
                {days.map((one) => (
                    <li key={one.date}>
                        <button type="button" class="day" aria-pressed={one.date === date}
                            onClick={() => setDate(one.date)} data-testid="day" data-date={one.date}>
                            {one.date === date && <Icon name="check" size={14} />}
                            <DayWords date={one.date} />
                        </button>
                    </li>
                ))}
            </ul>
            <p class="soft">{longDate(dateMs(date))}</p>
            <Sessions sessions={sessions} onPick={pick} />
            <Times slots={day?.slots.filter((slot) => !slot.session) ?? []} isOther={sessions.length > 0} onPick={pick} />
        </>
    );
}

interface PickProps {
    readonly onPick: (slot: Slot) => void;
}

interface TimesProps extends PickProps {
    readonly slots: readonly Slot[];
    /** Sessions stand above. */
    readonly isOther: boolean;
}

function Times({ slots, isOther, onPick }: TimesProps) {
    if (slots.length === 0) return null;
    return (
        <>
            <h2>{t(isOther ? 'time_clock_or' : 'time_clock')}</h2>
            {byPart(slots).map(({ part, slots: own }) => (
                <div key={part} class="day-part">
                    <h3 id={part}>{partWords(part)}</h3>
                    <ul class="times" aria-labelledby={part}>
                        {own.map((slot) => (
                            <li key={slot.starts_at_ms}>
                                <button type="button" class="time numbers" onClick={() => onPick(slot)}
                                    data-testid="slot" data-starts={slot.starts_at_ms}>
                                    {clockTime(slot.starts_at_ms)}
                                </button>
                            </li>
                        ))}
                    </ul>
                </div>
            ))}
        </>
    );
}

/** Sessions with a quota: one takes the next number, not a time. */
function Sessions({ sessions, onPick }: PickProps & { readonly sessions: readonly Slot[] }) {
    if (sessions.length === 0) return null;
    return (
        <>
            <h2 id="sessions">{t('time_session')}</h2>
            <ul class="sessions" aria-labelledby="sessions">
                {sessions.map((slot) => (
                    <li key={`${slot.doctor} ${slot.starts_at_ms}`}>
                        <button type="button" class="session" onClick={() => onPick(slot)}
                            data-testid="session" data-starts={slot.starts_at_ms}>
                            <span class="choice-words">
                                <strong class="numbers">{hoursWords(slot)}</strong>
                                <span>{t('session_left', { n: slot.session?.left ?? 0 })}</span>
                                <span class="soft">
                                    {t('session_turn', { time: clockTime(slot.session?.turn_at_ms ?? 0) })}
                                </span>
                            </span>
                            <Icon name="next" />
                        </button>
                    </li>
                ))}
            </ul>
        </>
    );
}
