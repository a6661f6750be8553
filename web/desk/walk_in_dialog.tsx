// SPDX-License-Identifier: Apache-2.0
// Somebody is there without an appointment: who it is, to which clinic; then the number and the link.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, newIdempotencyKey } from '../shared/api';
import type { BookingReply, Clinic, ConsentReply, FacilitiesReply } from '../shared/api_types';
import { isoDate } from '../shared/format';
import { getLang } from '../shared/lang';
import { Button } from '../shared/widgets/button';
import { ConsentText } from '../shared/widgets/consent_text';
import { Field } from '../shared/widgets/field';
import { NewLink } from '../staff/link_dialog';
import { Dialog, Failure, Loading } from '../staff/parts';
import { q } from '../staff/queue_words';
import { useGuard } from '../staff/shell';
import { FIELDS, NO_WALK_IN, walkInBody, walkInFaults, type WalkIn, type WalkInField } from './walk_in';

interface Props {
    readonly facilityId: string;
    readonly onClose: () => void;
    readonly onDone: () => void;
}

interface Taken {
    readonly reply: BookingReply;
    readonly name: string;
}

export function WalkInDialog({ facilityId, onClose, onDone }: Props) {
    const [clinics, setClinics] = useState<readonly Clinic[] | null>(null);
    const [consent, setConsent] = useState<ConsentReply | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [taken, setTaken] = useState<Taken | null>(null);
    const guard = useGuard();
    useEffect(() => {
        Promise.all([api.get<FacilitiesReply>('/api/v1/facilities'), api.get<ConsentReply>('/api/v1/consent')]).then(
            ([{ facilities }, text]) => {
                setConsent(text);
                setClinics(facilities.find((one) => one.id === facilityId)?.clinics ?? []);
            },
            (error: unknown) => {
                if (!guard(error)) setProblem(error);
            },
        );
    }, [facilityId]);
    const title = q('walk_in.title');
    return (
        <Dialog label={title} onClose={onClose} testId="walk-in-dialog">
            {taken === null && <h2>{title}</h2>}
            {problem !== null && <Failure problem={problem} />}
            {clinics === null && problem === null && <Loading />}
            {taken === null && clinics !== null && consent !== null && (
                <WalkInForm clinics={clinics} consent={consent} words={q('walk_in.text')} submitWords={q('walk_in.submit')}
                    pathOf={() => '/api/v1/walk-ins'} onClose={onClose} onTaken={(one) => {
                    setTaken(one);
                    onDone();
                }} />
            )}
            {taken !== null && <Given taken={taken} onClose={onClose} />}
        </Dialog>
    );
}

function Given({ taken, onClose }: { readonly taken: Taken; readonly onClose: () => void }) {
    return (
        <>
            <h2>{q('walk_in.given', { patient: taken.name })}</h2>
            <p class="given-number numbers" data-testid="walk-in-number">
                {taken.reply.number}
            </p>
            <NewLink link={taken.reply.link} words={q('walk_in.link')} onClose={onClose} />
        </>
    );
}

interface FormProps {
    readonly clinics: readonly Clinic[];
    readonly consent: ConsentReply;
    /** What the form is for, and where it is sent. */
    readonly words: string;
    readonly submitWords: string;
    readonly pathOf: (clinic: string) => string;
    readonly onClose: () => void;
    readonly onTaken: (taken: Taken) => void;
    /** false: where to is known by the path. */
    readonly namesPlace?: boolean;
    /** What is sent beside the form, and the questions for it. */
    readonly more?: Readonly<Record<string, string>>;
    readonly children?: ComponentChildren;
}

/** Sends the form; one body has one key, also when it is sent again. */
function useSend({ pathOf, onTaken, namesPlace = true, more }: FormProps) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const sent = useRef({ body: '', key: '' });
    const guard = useGuard();
    const send = (form: WalkIn, today: string) => {
        const body = { ...walkInBody(form, today, getLang()), ...more };
        const text = JSON.stringify(body);
        if (text !== sent.current.body) sent.current = { body: text, key: newIdempotencyKey() };
        setBusy(true);
        setProblem(null);
        const path = pathOf(form.clinic);
        const { clinic: _clinic, ...rest } = body;
        api.post<BookingReply>(path, namesPlace && !path.includes(form.clinic) ? body : rest, { idempotencyKey: sent.current.key })
            .then(
                (reply) => onTaken({ reply, name: body.name }),
                (error: unknown) => {
                    if (!guard(error)) setProblem(error);
                },
            )
            .finally(() => setBusy(false));
    };
    return { busy, problem, send };
}

const INPUTS: Record<WalkInField, { readonly mode?: 'numeric' | 'tel'; readonly max: number }> = {
    name: { max: 80 },
    birth_date: { mode: 'numeric', max: 10 },
    phone: { mode: 'tel', max: 24 },
    nik: { mode: 'numeric', max: 24 },
};

/** What is empty is not wrong yet. */
function wrongWords(form: WalkIn, field: WalkInField): string {
    return form[field].trim() === '' ? q('walk_in.missing') : q(`walk_in.wrong.${field}`);
}

export function WalkInForm(props: FormProps) {
    const { clinics, consent, words, submitWords, onClose } = props;
    const [form, setForm] = useState<WalkIn>({ ...NO_WALK_IN, clinic: clinics[0]?.id ?? '' });
    const [asked, setAsked] = useState(0);
    const { busy, problem, send } = useSend(props);
    const today = isoDate(Date.now());
    const own = walkInFaults(form, today);
    const refused = problem instanceof ApiProblem ? problem : null;
    const fault = (field: WalkInField) =>
        asked > 0 && own.includes(field) ? wrongWords(form, field) : refused?.field(field);
    const set = (change: Partial<WalkIn>) => setForm({ ...form, ...change });
    const element = useRef<HTMLFormElement>(null);
    useEffect(() => {
        element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }, [asked, problem]);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        if (own.length === 0 && !busy) send(form, today);
    };
    const marked = FIELDS.some((field) => refused?.field(field));
    return (
        <form ref={element} class="dialog-form" onSubmit={submit} noValidate>
            <p>{words}</p>
            <Places clinics={clinics} form={form} onForm={set} />
            {FIELDS.map((field) => (
                <Field key={field} id={`walk-in-${field}`} label={q(field === 'birth_date' ? 'walk_in.birth' : `walk_in.${field}`)}
                    hint={field === 'birth_date' ? q('walk_in.birth_hint') : undefined} error={fault(field)}>
                    {(tie) => (
                        <input {...tie} autoComplete="off" inputMode={INPUTS[field].mode}
                            maxLength={INPUTS[field].max} value={form[field]}
                            onInput={(event) => set({ [field]: event.currentTarget.value })} />
                    )}
                </Field>
            ))}
            {props.children}
            <ConsentText consent={consent} title={q('manage.consent_text')} />
            <label class="choice">
                <input type="checkbox" id="walk-in-consent" checked={form.consent > 0}
                    onChange={(event) => set({ consent: event.currentTarget.checked ? consent.version : 0 })} />
                <span>{q('walk_in.consent')}</span>
            </label>
            {problem !== null && !marked && <Failure problem={problem} />}
            <div class="dialog-actions">
                <Button kind="primary" type="submit" busy={busy} testId="walk-in-submit">
                    {submitWords}
                </Button>
                <Button kind="plain" onClick={onClose}>
                    {q('manage.close')}
                </Button>
            </div>
        </form>
    );
}

interface PlacesProps {
    readonly clinics: readonly Clinic[];
    readonly form: WalkIn;
    readonly onForm: (change: Partial<WalkIn>) => void;
}

/** Where to; asked only where there is something to choose. */
function Places({ clinics, form, onForm }: PlacesProps) {
    const clinic = clinics.find((one) => one.id === form.clinic);
    const doctors = clinic?.doctors ?? [], services = clinic?.services ?? [];
    return (
        <>
            {clinics.length > 1 && (
                <Field id="walk-in-clinic" label={q('walk_in.clinic')}>
                    {(tie) => (
                        <select {...tie} value={form.clinic}
                            onChange={(event) => onForm({ clinic: event.currentTarget.value, service: '', doctor: '' })}>
                            {clinics.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
            {services.length > 0 && (
                <Field id="walk-in-service" label={q('walk_in.service')}>
                    {(tie) => (
                        <select {...tie} value={form.service}
                            onChange={(event) => onForm({ service: event.currentTarget.value })}>
                            <option value="">{q('walk_in.no_service')}</option>
                            {services.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
            {doctors.length > 1 && (
                <Field id="walk-in-doctor" label={q('walk_in.doctor')}>
                    {(tie) => (
                        <select {...tie} value={form.doctor}
                            onChange={(event) => onForm({ doctor: event.currentTarget.value })}>
                            <option value="">{q('walk_in.any')}</option>
                            {doctors.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
        </>
    );
}
