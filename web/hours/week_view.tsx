// SPDX-License-Identifier: Apache-2.0
// Seven days: when the doctor works, what is special, how many are booked.
import { useEffect, useRef } from 'preact/hooks';
import { addDays, clockTime, dateMs, longDate, shortDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { rangeWords } from '../staff/dates';
import { serverNow } from '../staff/server_clock';
import { t } from '../staff/words';
import { isWholeDay, minutesWords, N_DAYS, notesOf, placesClosed, weekStart } from './hours_state';
import type { Hours, HoursDay, Override } from './types';
import { h } from './words';

interface Props {
    readonly hours: Hours;
    /** Another week is asked for and has not come. */
    readonly isLate: boolean;
    readonly today: string;
    /** The day that was asked for in the month; null: none. */
    readonly chosen: string | null;
    readonly onMonday: (monday: string) => void;
    readonly onDay: (date: string) => void;
}

/** The week that has come, which on a poor link is not yet the one that was asked for. */
export function WeekView({ hours, isLate, today, chosen, onMonday, onDay }: Props) {
    const monday = hours.days[0]?.date ?? weekStart(today);
    const range = rangeWords(monday, addDays(monday, N_DAYS - 1));
    return (
        <section class="stack tight" aria-label={h('week', { range })}>
            <div class="week-bar">
                <div class="week-range">
                    <button type="button" class="icon-button" aria-label={h('week_previous')}
                        data-testid="week-previous" onClick={() => onMonday(addDays(monday, -N_DAYS))}>
                        <Icon name="back" />
                    </button>
                    <h2 class="numbers" data-testid="week">{range}</h2>
                    <button type="button" class="icon-button" aria-label={h('week_next')} data-testid="week-next"
                        onClick={() => onMonday(addDays(monday, N_DAYS))}>
                        <Icon name="next" />
                    </button>
                </div>
                {monday !== weekStart(today) && (
                    <Button kind="plain" onClick={() => onMonday(weekStart(today))}>
                        {h('week_now')}
                    </Button>
                )}
                {isLate && <span class="quiet" role="status">{t('staff.loading')}</span>}
            </div>
            <ul class="week" data-testid="week-days">
                {hours.days.map((day) => (
                    <Day key={day.date} day={day} hours={hours} today={today} isChosen={day.date === chosen}
                        onDay={onDay} />
                ))}
            </ul>
        </section>
    );
}

interface DayProps {
    readonly day: HoursDay;
    readonly hours: Hours;
    readonly today: string;
    readonly isChosen: boolean;
    readonly onDay: (date: string) => void;
}

function Day({ day, hours, today, isChosen, onDay }: DayProps) {
    const element = useRef<HTMLLIElement>(null);
    useEffect(() => {
        if (isChosen) element.current?.focus();
    }, [isChosen]);
    const [weekday = '', date = ''] = shortDate(dateMs(day.date)).split(', ');
    const isToday = day.date === today;
    return (
        <li class={isToday ? 'week-day is-today' : 'week-day'} data-date={day.date} data-open={day.open.length}
            ref={element} tabIndex={isChosen ? -1 : undefined}>
            <h3 class="week-date">
                <span>{weekday}</span> <span class="numbers">{date}</span>
                {isToday && <span class="today-mark">{h('today')}</span>}
            </h3>
            <div class="week-hours">
                {day.open.map((one) => (
                    <p class="open" key={`${one.clinic} ${one.from_ms}`}>
                        <strong class="numbers">
                            {clockTime(one.from_ms)}–{endWords(one.to_ms)}
                        </strong>
                        {hours.doctor.clinics.length > 1 && (
                            <span class="quiet">{hours.doctor.clinics.find((c) => c.id === one.clinic)?.name}</span>
                        )}
                        {isToday && one.to_ms <= serverNow() && <span class="quiet" data-testid="hours-past">{h('past')}</span>}
                    </p>
                ))}
                {day.open.length === 0 && <p class="quiet">{h('closed')}</p>}
                <Notes hours={hours} date={day.date} />
                {day.open.length + day.bookings > 0 && (
                    <p class={day.bookings > 0 ? 'strong' : 'quiet'}>
                        {day.bookings > 0 ? h('bookings', { n: day.bookings }) : h('no_bookings')}
                    </p>
                )}
            </div>
            {day.date >= today && (
                <Button kind="plain" testId="change-day"
                    label={h('change_day_label', { date: longDate(dateMs(day.date)) })} onClick={() => onDay(day.date)}>
                    {h('change_day')}
                </Button>
            )}
        </li>
    );
}

/** "12.00", at midnight "24.00". */
export function endWords(ms: number): string {
    const words = clockTime(ms);
    return words === '00.00' ? '24.00' : words;
}

function Notes({ hours, date }: { readonly hours: Hours; readonly date: string }) {
    const { holiday, leave, overrides } = notesOf(hours, date);
    return (
        <>
            {holiday && (
                <p class={holiday.certain ? 'note holiday' : 'note'}>
                    <Icon name={holiday.certain ? 'calendar' : 'info'} size={18} />
                    <span>{h(holiday.certain ? 'holiday' : 'holiday_unsure', { name: holiday.name })}</span>
                </p>
            )}
            {placesClosed(hours.doctor, date).map((one) => (
                <p class="note holiday" key={one.facility} data-testid="permit-over">
                    <Icon name="warning" size={18} />
                    <span>{h('permit_over', { facility: one.facility })}</span>
                </p>
            ))}
            {leave && (
                <p class="note holiday">
                    <Icon name="person" size={18} />
                    <span>{leave.note ? h('leave_note', { note: leave.note }) : h('leave')}</span>
                </p>
            )}
            {overrides.map((one) => (
                <p class="note" key={one.id}>
                    <Icon name={one.kind === 'extra' ? 'check' : 'close'} size={18} />
                    <span>{[overrideWords(one), one.note].filter(Boolean).join(': ')}</span>
                </p>
            ))}
        </>
    );
}

/** "Tutup 08.00–12.00" */
export function overrideWords(one: Override): string {
    if (one.kind === 'extra') return h('extra', { hours: minutesWords(one) });
    return isWholeDay(one) ? h('shut_day') : h('shut', { hours: minutesWords(one) });
}
