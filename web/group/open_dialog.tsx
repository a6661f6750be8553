// SPDX-License-Identifier: Apache-2.0
// Opening a group: what it is called, when, for how many, and who may book.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { Clinic, FacilitiesReply } from '../shared/api_types';
import { withTitle } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Field, FieldError } from '../shared/widgets/field';
import { DatePick } from '../staff/date_pick';
import { dateWords } from '../staff/dates';
import { Dialog, Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { groupBody, groupFaults, MINUTES, NO_FORM, PLACES, type GroupField, type GroupForm } from './group_form';
import type { Group } from './types';
import { g } from './words';

interface Props {
    readonly session: Session;
    readonly onClose: () => void;
    readonly onOpened: (group: Group) => void;
}

interface OwnClinics {
    readonly doctors: readonly { readonly id: string; readonly clinics: readonly { readonly id: string; readonly name: string; readonly facility: string }[] }[];
}

/** A doctor's clinics are those of the own hours; a desk's those of its facility. */
export function OpenDialog(props: Props) {
    const isDoctor = props.session.role === 'doctor';
    const own = useFetched<OwnClinics>(isDoctor ? '/api/v1/hours' : null, 0);
    const all = useFetched<FacilitiesReply>(isDoctor ? null : '/api/v1/facilities', 0);
    const problem = own.problem ?? all.problem;
    const ofDoctor = own.value?.doctors[0]?.clinics.map(({ id, name, facility }) => ({ id, name: `${name}, ${facility}`, doctors: [] }));
    const ofDesk = all.value?.facilities.find((one) => one.id === props.session.facility?.id)?.clinics;
    const clinics = isDoctor ? ofDoctor : ofDesk;
    return (
        <Dialog label={g('new_title')} onClose={props.onClose} testId="open-dialog">
            <h2>{g('new_title')}</h2>
            <p>{g('new_text')}</p>
            {problem !== null && <Failure problem={problem} />}
            {!clinics && problem === null && <Loading />}
            {clinics && <Form {...props} clinics={clinics} />}
        </Dialog>
    );
}

interface FormProps extends Props {
    readonly clinics: readonly Clinic[];
}

/** What a field of the API is called here. */
const SERVER_FIELDS: Record<GroupField, string> = { title: 'title', date: 'starts_at_ms', time: 'starts_at_ms' };

function firstForm(clinics: readonly Clinic[]): GroupForm {
    return { ...NO_FORM, clinic: clinics[0]?.id ?? '', doctor: clinics[0]?.doctors[0]?.id ?? '' };
}

function Form({ clinics, onClose, onOpened }: FormProps) {
    const [form, setForm] = useState(() => firstForm(clinics));
    const [asked, setAsked] = useState(0);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const element = useRef<HTMLFormElement>(null);
    const own = groupFaults(form);
    const refused = problem instanceof ApiProblem ? problem : null;
    const fault = (field: GroupField) => {
        if (asked > 0 && own.includes(field)) return g(`wrong_${field === 'title' ? 'name' : field}`);
        return field === 'date' ? undefined : refused?.field(SERVER_FIELDS[field]);
    };
    const set = (change: Partial<GroupForm>) => {
        setProblem(null);
        setForm({ ...form, ...change });
    };
    useEffect(() => {
        element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }, [asked, problem]);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        if (own.length > 0 || busy) return;
        setBusy(true);
        setProblem(null);
        api.post<Group>('/api/v1/groups', groupBody(form)).then(onOpened, (error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(false));
    };
    const marked = fault('title') !== undefined || fault('time') !== undefined;
    return (
        <form ref={element} class="dialog-form" onSubmit={submit} noValidate>
            <Field id="group-title" label={g('name')} hint={g('name_hint')} error={fault('title')}>
                {(tie) => (
                    <input {...tie} autoComplete="off" maxLength={80} value={form.title}
                        onInput={(event) => set({ title: event.currentTarget.value })} />
                )}
            </Field>
            <Where clinics={clinics} form={form} onForm={set} />
            <div class={fault('date') ? 'field wrong' : 'field'}>
                <DatePick label={g('date')} labelled value={form.date} words={form.date && dateWords(form.date)} testId="group-date"
                    invalid={fault('date') !== undefined} describedBy={fault('date') ? 'group-date-error' : undefined}
                    onValue={(date) => set({ date })} />
                <FieldError id="group-date-error" text={fault('date')} />
            </div>
            <Field id="group-time" label={g('time')} hint={g('time_hint')} error={fault('time')}>
                {(tie) => (
                    <input {...tie} class="numbers" inputMode="decimal" autoComplete="off" maxLength={5} value={form.time}
                        onInput={(event) => set({ time: event.currentTarget.value })} />
                )}
            </Field>
            <Sizes form={form} onForm={set} />
            <label class="choice">
                <input type="checkbox" id="group-open" checked={form.open}
                    onChange={(event) => set({ open: event.currentTarget.checked })} />
                <span>{g('open_box')}</span>
            </label>
            {problem !== null && !marked && <Failure problem={problem} />}
            <div class="dialog-actions">
                <Button kind="primary" type="submit" busy={busy} testId="open-submit">{g('save')}</Button>
                <Button kind="plain" onClick={onClose}>{g('close')}</Button>
            </div>
        </form>
    );
}

interface PartProps {
    readonly form: GroupForm;
    readonly onForm: (change: Partial<GroupForm>) => void;
}

/** Asked only where there is something to choose. */
function Where({ clinics, form, onForm }: PartProps & { readonly clinics: readonly Clinic[] }) {
    const doctors = clinics.find((one) => one.id === form.clinic)?.doctors ?? [];
    const choose = (id: string) =>
        onForm({ clinic: id, doctor: clinics.find((one) => one.id === id)?.doctors[0]?.id ?? '' });
    return (
        <>
            {clinics.length > 1 && (
                <Field id="group-clinic" label={g('clinic')}>
                    {(tie) => (
                        <select {...tie} value={form.clinic} onChange={(event) => choose(event.currentTarget.value)}>
                            {clinics.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
                        </select>
                    )}
                </Field>
            )}
            {doctors.length > 1 && (
                <Field id="group-doctor" label={g('doctor')}>
                    {(tie) => (
                        <select {...tie} value={form.doctor} onChange={(event) => onForm({ doctor: event.currentTarget.value })}>
                            {doctors.map((one) => <option key={one.id} value={one.id}>{withTitle(one.name)}</option>)}
                        </select>
                    )}
                </Field>
            )}
        </>
    );
}

function Sizes({ form, onForm }: PartProps) {
    return (
        <>
            <Field id="group-minutes" label={g('length')}>
                {(tie) => (
                    <select {...tie} value={String(form.minutes)} onChange={(event) => onForm({ minutes: Number(event.currentTarget.value) })}>
                        {MINUTES.map((n) => <option key={n} value={String(n)}>{g('minutes', { n })}</option>)}
                    </select>
                )}
            </Field>
            <Field id="group-places" label={g('n_places')} hint={g('n_places_hint')}>
                {(tie) => (
                    <select {...tie} value={String(form.places)} onChange={(event) => onForm({ places: Number(event.currentTarget.value) })}>
                        {PLACES.map((n) => <option key={n} value={String(n)}>{g('n_patients', { n })}</option>)}
                    </select>
                )}
            </Field>
        </>
    );
}
