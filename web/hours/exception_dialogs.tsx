// SPDX-License-Identifier: Apache-2.0
// What differs from the week: one date, leave, a holiday.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateMs, longDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { NewsNote, useOpened } from '../staff/opened';
import type { Line } from '../staff/opened_state';
import { Dialog, Failure } from '../staff/parts';
import { HitList, useChange, useFirstWrong, type Change, type Saved } from './change';
import { Check, ClinicField, DateField, NoteField, Radios, TimeField } from './fields';
import { parseTime, turnMinutes } from './hours_state';
import { isNumber, NEW_PATTERN, patternBody, patternFaults, PatternFields } from './pattern_fields';
import type { Holiday, HoursDoctor, Override } from './types';
import { h } from './words';

interface FrameProps {
    readonly title: string;
    readonly testId: string;
    readonly change: Change;
    readonly submit: string;
    readonly danger?: boolean;
    readonly onSubmit: () => void;
    readonly onClose: () => void;
    readonly children: ComponentChildren;
}

/** A dialog around one change: its form, or the bookings that it would hit. */
export function ChangeDialog({ title, testId, change, submit, danger, onSubmit, onClose, children }: FrameProps) {
    useFirstWrong(change.problem);
    return (
        <Dialog label={title} onClose={onClose} testId={testId}>
            <h2>{title}</h2>
            {change.hits && <HitList hits={change.hits} change={change} />}
            {!change.hits && (
                <form class="dialog-form" noValidate onSubmit={(event) => {
                    event.preventDefault();
                    onSubmit();
                }}>
                    {children}
                    {change.problem !== null && <Failure problem={change.problem} />}
                    <div class="dialog-actions">
                        <Button kind={danger ? 'danger' : 'primary'} type="submit" busy={change.busy}
                            testId={`${testId}-save`}>
                            {submit}
                        </Button>
                        <Button kind="plain" onClick={onClose}>
                            {h('cancel')}
                        </Button>
                    </div>
                </form>
            )}
        </Dialog>
    );
}

interface DialogProps {
    readonly onClose: () => void;
    readonly onSaved: Saved;
}

export function OverrideDialog({ doctor, date, isOpen, onClose, onSaved }: DialogProps & {
    readonly doctor: HoursDoctor;
    readonly date: string;
    /** There are hours that day, which may be closed. */
    readonly isOpen: boolean;
}) {
    const [kind, setKind] = useState<Override['kind']>(isOpen ? 'closed' : 'extra');
    const [clinic, setClinic] = useState(doctor.clinics[0]?.id ?? '');
    const [wholeDay, setWholeDay] = useState(true);
    const [from, setFrom] = useState('08.00');
    const [to, setTo] = useState('12.00');
    const [pattern, setPattern] = useState(NEW_PATTERN);
    const [note, setNote] = useState('');
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved);
    useFirstWrong(asked);
    const timed = kind === 'extra' || !wholeDay;
    const hours = { from: parseTime(from), to: parseTime(to) };
    const own: Record<string, string> = kind === 'extra' ? patternFaults(pattern) : {};
    if (timed && hours.from === null) own.from = h('time_wrong');
    if (timed && hours.to === null) own.to = h('time_wrong');
    const fault = (field: string) => (asked > 0 ? own[field] : undefined) ?? change.fault(field);
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const body = { clinic, date, kind, note, ...(timed ? hours : {}),
            ...(kind === 'extra' ? { pattern: patternBody(pattern) } : {}) };
        change.submit((query) => api.post(`/api/v1/hours/${doctor.id}/overrides${query}`, body));
    };
    const turn = hours.from !== null && hours.to !== null && isNumber(pattern.quota)
        ? turnMinutes({ from: hours.from, to: hours.to }, [], Number(pattern.quota)) : null;
    return (
        <ChangeDialog title={h('override_title', { date: longDate(dateMs(date)) })} testId="override-dialog"
            change={change} submit={h('save')} onSubmit={submit} onClose={onClose}>
            <ClinicField clinics={doctor.clinics} value={clinic} onValue={setClinic} />
            <Radios name="kind" legend={h('kind')} value={kind} onValue={setKind} options={[
                { value: 'closed', words: h('kind_closed'), hint: h('kind_closed_hint') },
                { value: 'extra', words: h('kind_extra'), hint: h('kind_extra_hint') },
            ]} />
            {kind === 'closed' && (
                <Check label={h('whole_day')} checked={wholeDay} onChecked={setWholeDay} testId="whole-day" />
            )}
            {timed && (
                <div class="pair">
                    <TimeField id="from" label={h('from')} value={from} error={fault('from')} onValue={setFrom} />
                    <TimeField id="to" label={h('to')} value={to} error={fault('to')} onValue={setTo} />
                </div>
            )}
            {kind === 'extra' && <PatternFields draft={pattern} turn={turn} fault={fault} onDraft={setPattern}
                services={doctor.clinics.find((one) => one.id === clinic)?.services ?? []} />}
            <NoteField id="note" label={h('note')} value={note} error={fault('note')} onValue={setNote} />
        </ChangeDialog>
    );
}

export function LeaveDialog({ doctor, today, onClose, onSaved }: DialogProps & {
    readonly doctor: HoursDoctor;
    readonly today: string;
}) {
    const [from, setFrom] = useState(today);
    const [until, setUntil] = useState(today);
    const [note, setNote] = useState('');
    const change = useChange(onSaved);
    const choose = (date: string) => {
        setFrom(date);
        if (until < date) setUntil(date);
    };
    const submit = () =>
        change.submit((query) => api.post(`/api/v1/hours/${doctor.id}/leaves${query}`, { from, until, note }));
    return (
        <ChangeDialog title={h('leave_title')} testId="leave-dialog" change={change} submit={h('save')}
            onSubmit={submit} onClose={onClose}>
            <p>{h('leave_text')}</p>
            <div class="pair dates">
                <DateField id="leave-from" label={h('leave_from')} value={from} error={change.fault('from')}
                    onValue={choose} />
                <DateField id="leave-until" label={h('leave_until')} value={until} error={change.fault('until')}
                    onValue={setUntil} />
            </div>
            <NoteField id="note" label={h('note')} value={note} error={change.fault('note')} onValue={setNote} />
        </ChangeDialog>
    );
}

/** "seluruh provinsi", or the facility's name. */
export function whoseWords(holiday: Holiday): string {
    return holiday.facility === null ? h('of_province') : (holiday.facility_name ?? '');
}

interface HolidayDraft {
    readonly name: string;
    readonly certain: boolean;
}

/** As people read it, to be held against what somebody else saved. */
export function holidayLines({ name, certain }: HolidayDraft): readonly Line[] {
    return [[h('holiday_name'), name], [h('holiday_status'), h(certain ? 'sure' : 'unsure')]];
}

/** As it is now; undefined: it is gone. */
export async function holidayNow({ id, date }: Holiday): Promise<Holiday | undefined> {
    const { holidays } = await api.get<{ holidays: Holiday[] }>(`/api/v1/holidays?from=${date}&until=${date}`);
    return holidays.find((one) => one.id === id);
}

export interface Place {
    readonly id: string;
    readonly name: string;
}

interface HolidayProps extends DialogProps {
    /** The one that is changed: its day, and whose it is, stay. */
    readonly holiday?: Holiday | null;
    /** A new one is the province's, the administrator's; else the own facility's. */
    readonly province: boolean;
    /** Or one of theirs: `place`, at first. */
    readonly places?: readonly Place[];
    readonly place?: string;
    readonly today: string;
}

export function HolidayDialog({ holiday = null, province, places = [], place: first = '', today, onClose, onSaved }: HolidayProps) {
    const [place, setPlace] = useState(first);
    const [date, setDate] = useState(holiday?.date ?? today);
    const opened = useOpened<Holiday, HolidayDraft>({
        thing: holiday,
        load: async () => holiday && holidayNow(holiday),
        draftOf: (one) => ({ name: one?.name ?? '', certain: one?.certain ?? true }),
        linesOf: holidayLines,
    });
    const { draft, setDraft, base } = opened;
    const { name, certain } = draft;
    const change = useChange(onSaved, opened.meet);
    const submit = () => change.submit((query) => (base
        ? api.post(`/api/v1/holidays/${base.id}${query}`, { name, certain, revision: base.revision })
        : api.post(`/api/v1/holidays${query}`, { date, name, certain, ...(place ? { facility: place } : {}) })));
    return (
        <ChangeDialog title={holiday ? h('holiday_change', { date: longDate(dateMs(date)) }) : h('holiday_title')}
            testId="holiday-dialog" change={change} submit={h('save')} onSubmit={submit} onClose={onClose}>
            <NewsNote news={opened.news} />
            {holiday && <p class="strong">{whoseWords(holiday)}</p>}
            {!holiday && places.length > 0 && <PlaceField places={places} place={place} onPlace={setPlace} />}
            {!holiday && <p>{h(province && place === '' ? 'holiday_province' : 'holiday_facility')}</p>}
            {!holiday && <DateField id="holiday-date" label={h('holiday_date')} value={date} error={change.fault('date')}
                onValue={setDate} />}
            <Field id="holiday-name" label={h('holiday_name')} error={change.fault('name')}>
                {(tie) => (
                    <input {...tie} autoComplete="off" maxLength={80} value={name}
                        onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })} />
                )}
            </Field>
            <Check label={h('holiday_certain')} hint={h('holiday_certain_hint')} checked={certain}
                onChecked={(value) => setDraft({ ...draft, certain: value })} testId="holiday-certain" />
        </ChangeDialog>
    );
}

function PlaceField({ places, place, onPlace }: {
    readonly places: readonly Place[];
    readonly place: string;
    readonly onPlace: (place: string) => void;
}) {
    return (
        <Field id="holiday-place" label={h('holiday_place')}>
            {(tie) => (
                <select {...tie} value={place} onChange={(event) => onPlace(event.currentTarget.value)}>
                    <option value="">{h('place_province')}</option>
                    {places.map((one) => (
                        <option key={one.id} value={one.id}>
                            {one.name}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}
