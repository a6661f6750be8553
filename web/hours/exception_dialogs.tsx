// SPDX-License-Identifier: Apache-2.0
// What differs from the week: one date, leave, a holiday; and taking any of it away again.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateMs, longDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Dialog, Failure } from '../staff/parts';
import { HitList, useChange, useFirstWrong, type Change, type Saved } from './change';
import { Check, ClinicField, DateField, NoteField, Radios, TimeField } from './fields';
import { parseTime, turnMinutes } from './hours_state';
import { isNumber, NEW_PATTERN, patternBody, patternFaults, PatternFields } from './pattern_fields';
import type { HoursDoctor, Override } from './types';
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
function ChangeDialog({ title, testId, change, submit, danger, onSubmit, onClose, children }: FrameProps) {
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

export function OverrideDialog({ doctor, date, onClose, onSaved }: DialogProps & {
    readonly doctor: HoursDoctor;
    readonly date: string;
}) {
    const [kind, setKind] = useState<Override['kind']>('closed');
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
            <div class="pair">
                <DateField id="leave-from" label={h('leave_from')} value={from} error={change.fault('from')}
                    onValue={choose} />
                <DateField id="leave-until" label={h('leave_until')} value={until} error={change.fault('until')}
                    onValue={setUntil} />
            </div>
            <NoteField id="note" label={h('note')} value={note} error={change.fault('note')} onValue={setNote} />
        </ChangeDialog>
    );
}

export function HolidayDialog({ province, today, onClose, onSaved }: DialogProps & {
    /** The administrator's are the province's. */
    readonly province: boolean;
    readonly today: string;
}) {
    const [date, setDate] = useState(today);
    const [name, setName] = useState('');
    const [certain, setCertain] = useState(true);
    const change = useChange(onSaved);
    const submit = () => change.submit((query) => api.post(`/api/v1/holidays${query}`, { date, name, certain }));
    return (
        <ChangeDialog title={h('holiday_title')} testId="holiday-dialog" change={change} submit={h('save')}
            onSubmit={submit} onClose={onClose}>
            <p>{h(province ? 'holiday_province' : 'holiday_facility')}</p>
            <DateField id="holiday-date" label={h('holiday_date')} value={date} error={change.fault('date')}
                onValue={setDate} />
            <Field id="holiday-name" label={h('holiday_name')} error={change.fault('name')}>
                {(tie) => (
                    <input {...tie} autoComplete="off" maxLength={80} value={name}
                        onInput={(event) => setName(event.currentTarget.value)} />
                )}
            </Field>
            <Check label={h('holiday_certain')} hint={h('holiday_certain_hint')} checked={certain}
                onChecked={setCertain} testId="holiday-certain" />
        </ChangeDialog>
    );
}

export interface Removal {
    readonly path: string;
    /** What it is, in words. */
    readonly what: string;
    /** What it takes away, rather than opens. */
    readonly opens: boolean;
}

export function RemoveDialog({ removal, onClose, onSaved }: DialogProps & { readonly removal: Removal }) {
    const change = useChange(onSaved);
    const submit = () =>
        change.submit((query) => api.remove<{ kept: number; told: number }>(`${removal.path}${query}`));
    return (
        <ChangeDialog title={h('remove_title', { what: removal.what })} testId="remove-dialog" change={change}
            submit={h('remove_yes')} danger onSubmit={submit} onClose={onClose}>
            <p>{h(removal.opens ? 'remove_opens' : 'remove_text')}</p>
        </ChangeDialog>
    );
}
