// SPDX-License-Identifier: Apache-2.0
// What the forms of repeated visits are made of.
import { dateAndTime, dateMs, longDate, shortDate, timeOfDay } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Field, FieldError } from '../shared/widgets/field';
import { DatePick } from './date_pick';
import { dateWords } from './dates';
import type { Lost, SeriesDate, SeriesVisit } from './series_state';
import { s } from './series_words';

interface DateInputProps {
    readonly id: string;
    readonly label: string;
    readonly value: string;
    readonly error: string | undefined;
    readonly onValue: (value: string) => void;
}

export function DateInput({ id, label, value, error, onValue }: DateInputProps) {
    return (
        <div class={error ? 'field wrong' : 'field'}>
            <DatePick label={label} labelled value={value} words={value && dateWords(value)} testId={id}
                invalid={error !== undefined} describedBy={error ? `${id}-error` : undefined} onValue={onValue} />
            <FieldError id={`${id}-error`} text={error} />
        </div>
    );
}

interface TimeProps {
    readonly value: string;
    readonly error: string | undefined;
    readonly onValue: (value: string) => void;
}

export function TimeInput({ value, error, onValue }: TimeProps) {
    return (
        <Field id="series-time" label={s('time')} error={error}>
            {(tie) => (
                <input {...tie} class="numbers" inputMode="decimal" autoComplete="off" maxLength={5} value={value}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}

interface DateProps {
    readonly date: SeriesDate;
    readonly taken: number | null;
    readonly onTake: (start: number | null) => void;
}

/** What is taken of a date; of a visit that is moved, where it is now and that it may stay there. */
export function DateField({ date, taken, onTake }: DateProps) {
    const fits = date.fit === 'fits';
    const isMove = date.from_ms !== undefined;
    const hints = [
        ...(date.from_ms === undefined ? [] : [s('move.now', { time: dateAndTime(date.from_ms) })]),
        ...(fits ? [] : [s(`fit.${date.fit}`)]),
    ];
    return (
        <Field id={`series-${date.date}`} label={longDate(dateMs(date.date))} {...(hints.length > 0 ? { hint: hints.join(' ') } : {})}>
            {(tie) => (
                <select {...tie} value={taken === null ? '' : String(taken)} data-fit={date.fit} data-testid="series-date"
                    onChange={(event) => onTake(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}>
                    <option value="">{s(isMove ? 'move.keep' : 'leave_out')}</option>
                    {date.choices.map((one) => (
                        <option key={one.starts_at_ms} value={String(one.starts_at_ms)}>
                            {fits ? timeOfDay(one.turn_at_ms) : dateAndTime(one.turn_at_ms)}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}

/** Why what was chosen could not be had; the times below are new ones. */
export function LostBanner({ lost }: { readonly lost: Lost | null }) {
    if (lost === null) return null;
    return (
        <Banner tone="danger" testId="series-lost">
            <p>{lost.at_ms === null ? s('move.changed') : `${dateAndTime(lost.at_ms)}: ${s(lost.why)}`}</p>
        </Banner>
    );
}

/** When they are, one a line. */
export function VisitTimes({ visits }: { readonly visits: readonly SeriesVisit[] }) {
    return (
        <ul data-testid="series-times">
            {visits.map((one) => (
                <li key={one.visit}>{`${shortDate(one.starts_at_ms)}, ${timeOfDay(one.starts_at_ms)}`}</li>
            ))}
        </ul>
    );
}
