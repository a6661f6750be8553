// SPDX-License-Identifier: Apache-2.0
// A month of hours: each day says when somebody works, how many places are taken, and what is special. Days below
// each other on a phone, weeks on a wide page. A day leads to its week, or to the doctors who work on it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { clockTime, dateMs, longDate, monthName, shortDate, withTitle } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Dialog, Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { Check } from './fields';
import { WEEKDAYS, weekdayOf } from './hours_state';
import { addMonths, dateByKey, fullness, gridOf, holidayOf, isInMonth, monthOf, sumOf } from './month_state';
import type { DaySum, Holiday, HoursDoctor, MonthDay, MonthDays } from './types';
import { endWords } from './week_view';
import { h } from './words';

interface Props {
    /** Whose month when not all of the facility's. */
    readonly doctor: string;
    readonly doctors: readonly HoursDoctor[];
    /** All doctors can be asked for. */
    readonly mayAll: boolean;
    readonly today: string;
    /** A day of the month that is shown first. */
    readonly date: string;
    readonly version: number;
    readonly onWeek: (date: string, doctor: string) => void;
}

export function MonthView({ doctor, doctors, mayAll, today, date, version, onWeek }: Props) {
    const [{ month, isByKey }, setShown] = useState({ month: monthOf(date), isByKey: false });
    const setMonth = (next: string) => setShown({ month: next, isByKey: false });
    const [all, setAll] = useState(false);
    const name = monthWords(month);
    return (
        <section class="stack tight" aria-label={h('month', { month: name })} data-testid="month-view">
            <div class="week-bar">
                <div class="week-range">
                    <button type="button" class="icon-button" aria-label={h('month_previous')}
                        data-testid="month-previous" onClick={() => setMonth(addMonths(month, -1))}>
                        <Icon name="back" />
                    </button>
                    <h2 class="numbers" data-testid="month" aria-live="polite">{name}</h2>
                    <button type="button" class="icon-button" aria-label={h('month_next')} data-testid="month-next"
                        onClick={() => setMonth(addMonths(month, 1))}>
                        <Icon name="next" />
                    </button>
                </div>
                {month !== monthOf(today) && (
                    <Button kind="plain" onClick={() => setMonth(monthOf(today))}>{h('month_now')}</Button>
                )}
            </div>
            {mayAll && <Check label={h('month_all')} checked={all} onChecked={setAll} testId="month-all" />}
            <Month key={String(all)} month={month} doctor={all ? null : doctor} doctors={doctors} today={today}
                version={version} isByKey={isByKey} onWeek={onWeek}
                onMonth={(next) => setShown({ month: next, isByKey: true })} />
        </section>
    );
}

interface MonthProps extends Pick<Props, 'doctors' | 'today' | 'version' | 'onWeek'> {
    readonly month: string;
    /** null: all. */
    readonly doctor: string | null;
    /** The month was reached by a key on a day: a day has the focus again. */
    readonly isByKey: boolean;
    readonly onMonth: (month: string) => void;
}

function Month({ month, doctor, doctors, today, version, isByKey, onWeek, onMonth }: MonthProps) {
    const [open, setOpen] = useState<MonthDay | null>(null);
    const { from, days } = gridOf(month);
    const whose = doctor === null ? '' : `&doctor=${doctor}`;
    const { value, problem } = useFetched<MonthDays>(`/api/v1/hours-days?from=${from}&days=${days}${whose}`, version);
    if (problem !== null) return <Failure problem={problem} />;
    if (value === null || value.days[0]?.date !== from) return <Loading />;
    return (
        <>
            <Days key={month} days={value} month={month} today={today} all={doctor === null} isByKey={isByKey}
                onMonth={onMonth}
                onDay={(day) => (doctor === null ? setOpen(day) : onWeek(day.date, doctor))} />
            {open && (
                <DoctorsDialog day={open} doctors={doctors} onClose={() => setOpen(null)}
                    onDoctor={(one) => onWeek(open.date, one)} />
            )}
        </>
    );
}

function monthWords(month: string): string {
    return `${monthName(Number(month.slice(5)))} ${month.slice(0, 4)}`;
}

interface DaysProps {
    readonly days: MonthDays;
    readonly month: string;
    readonly today: string;
    readonly all: boolean;
    readonly isByKey: boolean;
    readonly onDay: (day: MonthDay) => void;
    readonly onMonth: (month: string) => void;
}

/** One day is reached by Tab, the others of the month by arrows. */
function Days({ days, month, today, all, isByKey, onDay, onMonth }: DaysProps) {
    const first = monthOf(today) === month ? today : `${month}-01`;
    const [at, setAt] = useState(first);
    const list = useRef<HTMLOListElement>(null);
    useEffect(() => {
        if (isByKey) list.current?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
    }, []);
    const move = (event: KeyboardEvent, date: string) => {
        if (event.key === 'PageUp' || event.key === 'PageDown') {
            event.preventDefault();
            onMonth(addMonths(month, event.key === 'PageUp' ? -1 : 1));
            return;
        }
        const next = dateByKey(date, event.key);
        if (next === null || monthOf(next) !== month) return;
        event.preventDefault();
        setAt(next);
        list.current?.querySelector<HTMLElement>(`[data-date="${next}"] button`)?.focus();
    };
    return (
        <>
            <p class="hidden-words" id="month-keys">{h('month_keys')}</p>
            <ul class="month-weekdays" aria-hidden="true">
                {WEEKDAYS.map((weekday) => <li key={weekday}>{h(`weekday.${weekday}`)}</li>)}
            </ul>
            <ol class="month" ref={list} aria-describedby="month-keys" data-testid="month-days">
                {days.days.map((day) => (isInMonth(day, month) ? (
                    <Day key={day.date} day={day} holiday={holidayOf(days.holidays, day.date)} today={today} all={all}
                        isReached={day.date === at} onDay={onDay} onFocus={() => setAt(day.date)}
                        onKey={(event) => move(event, day.date)} />
                ) : <li key={day.date} class="month-blank" aria-hidden="true" />))}
            </ol>
        </>
    );
}

interface DayProps {
    readonly day: MonthDay;
    readonly holiday: Holiday | null;
    readonly today: string;
    readonly all: boolean;
    readonly isReached: boolean;
    readonly onDay: (day: MonthDay) => void;
    readonly onFocus: () => void;
    readonly onKey: (event: KeyboardEvent) => void;
}

function Day({ day, holiday, today, all, isReached, onDay, onFocus, onKey }: DayProps) {
    const sum = sumOf(day.doctors);
    const isToday = day.date === today;
    const look = ['month-day', isToday && 'is-today', day.date < today && 'is-past', sum.working === 0 && 'is-closed',
        weekdayOf(day.date) === 1 && 'is-monday'].filter(Boolean).join(' ');
    const facts = factsOf(sum, all);
    const special = specialOf(sum, holiday, all);
    const label = [longDate(dateMs(day.date)), ...(isToday ? [h('today')] : []), ...facts, ...special.map((one) => one.words)].join(', ');
    const [weekday = ''] = shortDate(dateMs(day.date)).split(', ');
    const full = fullness(sum);
    return (
        <li class={look} data-date={day.date} data-places={sum.places} data-held={sum.held} data-extra={sum.extra}>
            <button type="button" aria-label={label} aria-current={isToday ? 'date' : undefined}
                tabIndex={isReached ? 0 : -1} onClick={() => onDay(day)} onFocus={onFocus} onKeyDown={onKey}>
                <span class="month-date">
                    <span class="month-weekday">{weekday}</span>
                    <strong class="numbers">{Number(day.date.slice(8))}</strong>
                    {isToday && <span class="today-mark">{h('today')}</span>}
                </span>
                <span class="month-facts">
                    {facts.map((words, i) => <span key={words} class={i === 0 ? 'strong numbers' : 'numbers'}>{words}</span>)}
                    {special.map((one) => (
                        <span key={one.words} class={one.closes ? 'month-special is-closing' : 'month-special'}>{one.words}</span>
                    ))}
                </span>
                {full !== null && (
                    <span class={full >= 1 ? 'month-bar is-full' : 'month-bar'}>
                        <span style={{ inlineSize: `${Math.round(full * 100)}%` }} />
                    </span>
                )}
            </button>
        </li>
    );
}

/** When and how full, in words. */
function factsOf(sum: DaySum, all: boolean): string[] {
    const booked = sum.held + sum.extra > 0;
    const closed = sum.working === 0 || sum.from_ms === null || sum.to_ms === null;
    return [
        ...(closed ? [h('closed')] : [`${clockTime(sum.from_ms)}–${endWords(sum.to_ms)}`]),
        ...(all && sum.working > 0 ? [h('month_working', { n: sum.working })] : []),
        ...(sum.places > 0 ? [h('month_places', { n: sum.held, places: sum.places })] : []),
        ...(sum.places === 0 && booked ? [h('bookings', { n: sum.held })] : []),
        ...(sum.extra > 0 ? [h('month_extra', { n: sum.extra })] : []),
    ];
}

interface Special {
    readonly words: string;
    /** Not only marked: it takes hours away. */
    readonly closes: boolean;
}

function specialOf(sum: DaySum, holiday: Holiday | null, all: boolean): Special[] {
    return [
        ...(holiday ? [{ words: h(holiday.certain ? 'holiday' : 'holiday_unsure', { name: holiday.name }), closes: holiday.certain }] : []),
        ...(sum.on_leave > 0 ? [{ words: all ? h('month_leave', { n: sum.on_leave }) : h('leave'), closes: true }] : []),
    ];
}

interface DoctorsProps {
    readonly day: MonthDay;
    readonly doctors: readonly HoursDoctor[];
    readonly onDoctor: (id: string) => void;
    readonly onClose: () => void;
}

/** Who is there on a day; each leads to the own week. */
function DoctorsDialog({ day, doctors, onDoctor, onClose }: DoctorsProps) {
    const title = longDate(dateMs(day.date));
    const listed = doctors.filter((one) => day.doctors.some((row) => row.doctor === one.id));
    return (
        <Dialog label={title} onClose={onClose} testId="month-doctors">
            <h2>{title}</h2>
            {listed.length === 0 && <p class="quiet">{h('month_nobody')}</p>}
            <ul class="items">
                {listed.map((one) => {
                    const sum = sumOf(day.doctors.filter((row) => row.doctor === one.id));
                    return (
                        <li key={one.id} class="item">
                            <div class="item-words">
                                <strong>{withTitle(one.name)}</strong>
                                <span>{[...factsOf(sum, false), ...(sum.on_leave > 0 ? [h('leave')] : [])].join(' · ')}</span>
                            </div>
                            <div class="item-actions">
                                <Button kind="plain" label={h('month_week_label', { doctor: withTitle(one.name) })}
                                    onClick={() => onDoctor(one.id)} testId="month-week">
                                    {h('month_week')}
                                </Button>
                            </div>
                        </li>
                    );
                })}
            </ul>
            <div class="dialog-actions">
                <Button kind="plain" onClick={onClose}>{h('close')}</Button>
            </div>
        </Dialog>
    );
}
