// SPDX-License-Identifier: Apache-2.0
// Somebody is there without an appointment: who it is, to which clinic; then the number and the link.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, newIdempotencyKey, told } from '../shared/api';
import type { BookingReply, Clinic, ConsentReply, FacilitiesReply } from '../shared/api_types';
import { dateAndTime } from '../shared/format';
import { getLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { ConsentText } from '../shared/widgets/consent_text';
import { Field, FieldError } from '../shared/widgets/field';
import { ExtraPlaces, type ExtraSlot } from '../staff/extra_places';
import { NewLink } from '../staff/link_dialog';
import { isOverlap, Overlap, useOverlap } from '../staff/overlap';
import { focusInSight } from '../staff/focus';
import { Dialog, Failure, Loading } from '../staff/parts';
import { q } from '../staff/queue_words';
import { serverToday } from '../staff/server_clock';
import { useGuard, useRole } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import { dropUnsaved, ownerOfUnsaved } from '../staff/unsaved';
import { t } from '../staff/words';
import { RELATIONS, type Relation } from '../public/details';
import { lacksReason, NO_WALK_IN, walkInBody, walkInFaults, walkInFields, type WalkIn, type WalkInField } from './walk_in';
import { poolFault, type DutyClinic, type DutyReply } from './duty';
import { useKeptWalkIn, type KeptWalkIn } from './use_kept_walk_in';
import { firstPlace, Places, Urgent } from './walk_in_place';
import './walk_in.css';

interface Props {
    readonly facilityId: string;
    /** At an additional place of a time that is full, instead of now. */
    readonly isExtra?: boolean;
    /** Whose place is asked for at first. */
    readonly doctor?: string | null;
    /** false: not beside another visit of the person, for whatever reason. */
    readonly mayOverlap?: boolean;
    readonly onClose: () => void;
    readonly onDone: () => void;
}

interface Taken {
    readonly reply: BookingReply;
    readonly name: string;
}

export function WalkInDialog({ facilityId, isExtra = false, doctor = null, mayOverlap = true, onClose, onDone }: Props) {
    const [clinics, setClinics] = useState<readonly Clinic[] | null>(null);
    const [consent, setConsent] = useState<ConsentReply | null>(null);
    const [duty, setDuty] = useState<readonly DutyClinic[]>([]);
    const [problem, setProblem] = useState<unknown>(null);
    const [taken, setTaken] = useState<Taken | null>(null);
    const guard = useGuard();
    useEffect(() => {
        Promise.all([
            api.get<FacilitiesReply>('/api/v1/facilities'),
            api.get<ConsentReply>('/api/v1/consent'),
            isExtra ? { clinics: [] } : api.get<DutyReply>('/api/v1/duty'),
        ]).then(
            ([{ facilities }, text, { clinics: onDuty }]) => {
                setConsent(text);
                setDuty(onDuty);
                setClinics(facilities.find((one) => one.id === facilityId)?.clinics ?? []);
            },
            (error: unknown) => {
                if (!guard(error)) setProblem(error);
            },
        );
    }, [facilityId]);
    const title = q(isExtra ? 'extra' : 'walk_in.title');
    const copy = isExtra ? 'walk_in.extra' : 'walk_in.now';
    /* Not wanted: the next patient begins with an empty form. */
    const leave = () => {
        dropUnsaved(ownerOfUnsaved() ?? '', copy);
        onClose();
    };
    return (
        <Dialog label={title} onClose={leave} testId={isExtra ? 'extra-dialog' : 'walk-in-dialog'}>
            {taken === null && <h2>{title}</h2>}
            {problem !== null && <Failure problem={problem} />}
            {clinics === null && problem === null && <Loading />}
            {taken === null && clinics !== null && consent !== null && (
                <WalkInForm clinics={clinics} consent={consent} isExtra={isExtra} doctor={doctor}
                    mayOverlap={mayOverlap} keptAs={copy}
                    duty={duty} words={q(isExtra ? 'extra.text' : 'walk_in.text')}
                    submitWords={q(isExtra ? 'extra.submit' : 'walk_in.submit')}
                    pathOf={() => (isExtra ? '/api/v1/extra-bookings' : '/api/v1/walk-ins')} onClose={leave} onTaken={(one) => {
                    setTaken(one);
                    onDone();
                }} />
            )}
            {taken !== null && <Given taken={taken} isExtra={isExtra} onClose={onClose} />}
        </Dialog>
    );
}

interface GivenProps {
    readonly taken: Taken;
    readonly isExtra: boolean;
    readonly onClose: () => void;
}

function Given({ taken, isExtra, onClose }: GivenProps) {
    const isCoordinator = useRole() === 'coordinator';
    return (
        <>
            <h2>{q(isExtra ? 'extra.given' : 'walk_in.given', { patient: taken.name })}</h2>
            <p class="given-number numbers" data-testid="walk-in-number">
                {taken.reply.number}
            </p>
            {isExtra && <p class="strong">{dateAndTime(taken.reply.starts_at_ms)}</p>}
            <Odd warnings={taken.reply.warnings} />
            {taken.reply.link ? <NewLink link={taken.reply.link} words={q(isUntold(taken.reply) ? 'walk_in.link_here' : 'walk_in.link')} onClose={onClose} /> : (
                <>
                    {!isCoordinator && <p data-testid="link-replaced">{q('walk_in.link_replaced')}</p>}
                    {isCoordinator && !isUntold(taken.reply) && !hasFixedLine(taken.reply) && <p>{q('extra.sent')}</p>}
                    <div class="dialog-actions">
                        <Button kind="primary" onClick={onClose} testId="extra-close">
                            {t('staff.close')}
                        </Button>
                    </div>
                </>
            )}
        </>
    );
}

/** Nobody gets a message of it, and nobody can be phoned. */
export function isUntold({ warnings = [] }: Pick<BookingReply, 'warnings'>): boolean {
    return warnings.some((one) => one.field === 'phone' && one.code === 'no_phone');
}

/** Nobody gets a message of it, but can be phoned. */
export function hasFixedLine({ warnings = [] }: Pick<BookingReply, 'warnings'>): boolean {
    return warnings.some((one) => one.field === 'phone' && one.code === 'no_messages');
}

/** What is odd about what was typed: whoever can look at the card again is there. */
export function Odd({ warnings = [] }: { readonly warnings?: BookingReply['warnings'] }) {
    return (
        <>
            {warnings.map((one) => (
                <Banner key={one.message} tone="warning" testId="odd">{told(one)}</Banner>
            ))}
        </>
    );
}

interface FormProps {
    readonly clinics: readonly Clinic[];
    readonly consent: ConsentReply;
    /** Who can be given somebody who is there now; undefined: it is not for now. */
    readonly duty?: readonly DutyClinic[];
    /** What the form is for, and where it is sent. */
    readonly words: string;
    readonly submitWords: string;
    /** Asks for one of the additional places, too. */
    readonly isExtra?: boolean;
    readonly doctor?: string | null;
    readonly mayOverlap?: boolean;
    readonly pathOf: (clinic: string) => string;
    /** false: what comes of it is said by message alone. */
    readonly mayLackPhone?: boolean;
    /** Under this name what is typed survives a reload. */
    readonly keptAs?: string;
    readonly onClose: () => void;
    readonly onTaken: (taken: Taken) => void;
    /** false: where to is known by the path. */
    readonly namesPlace?: boolean;
    /** What is sent beside the form, and the questions for it. */
    readonly more?: Readonly<Record<string, unknown>>;
    readonly children?: ComponentChildren;
}

/** Sends the form; one body has one key, also when it is sent again. */
function useSend({ pathOf, onTaken, namesPlace = true, more }: FormProps, kept: Pick<KeptWalkIn, 'sent' | 'keepSent'>) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const send = (form: WalkIn, today: string, startsAtMs: number | null, why: { readonly overlap_reason?: string }) => {
        const path = pathOf(form.clinic);
        const { clinic, ...person } = walkInBody(form, today, getLang(), startsAtMs);
        const namesClinic = namesPlace && !path.includes(clinic);
        const body = { ...(namesClinic ? { clinic } : {}), ...person, ...more, ...why };
        const text = JSON.stringify(body);
        if (text !== kept.sent().body) kept.keepSent({ body: text, key: newIdempotencyKey() });
        setBusy(true);
        setProblem(null);
        api.post<BookingReply>(path, body, { idempotencyKey: kept.sent().key })
            .then(
                (reply) => onTaken({ reply, name: person.name }),
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
    mother_nik: { mode: 'numeric', max: 24 },
    contact_name: { max: 80 },
};

function labelOf(field: WalkInField, form: WalkIn) {
    if (field === 'birth_date') return 'walk_in.birth';
    return field === 'phone' && form.contact_relation ? 'walk_in.contact_phone' : `walk_in.${field}` as const;
}

function noPhoneKey(form: WalkIn) {
    return form.contact_relation ? 'walk_in.no_phone_contact' as const : 'walk_in.no_phone' as const;
}

/** What is empty is not wrong yet: a name is asked for, a phone where there may be none with the other way out. */
function wrongWords(form: WalkIn, field: WalkInField, mayLackPhone: boolean): string {
    if (form[field].trim() !== '' || field === 'name' || field === 'contact_name') return q(`walk_in.wrong.${field}`);
    if (field === 'phone' && mayLackPhone) return q('walk_in.missing_phone', { tick: q(noPhoneKey(form)) });
    return q('walk_in.missing', { field: q(labelOf(field, form)) });
}

export function WalkInForm(props: FormProps) {
    const { clinics, words, submitWords, isExtra = false, doctor = null, mayOverlap = true, mayLackPhone = true, onClose } = props;
    const kept = useKeptWalkIn(props.keptAs, { ...NO_WALK_IN, ...firstPlace(clinics, isExtra, doctor) });
    const { form } = kept;
    const [slot, setSlot] = useState<ExtraSlot | null>(null);
    const [hasPlaces, setHasPlaces] = useState(true);
    const [version, setVersion] = useState(0);
    const [asked, setAsked] = useState(0);
    const { busy, problem, send } = useSend({ ...props, onTaken: (taken) => {
        kept.drop();
        props.onTaken(taken);
    } }, kept);
    const asksWhy = mayOverlap && isOverlap(problem);
    const overlap = useOverlap(mayOverlap ? problem : null);
    const today = serverToday();
    const own = walkInFaults(form, today);
    const fields = walkInFields(form, today);
    const refused = problem instanceof ApiProblem ? problem : null;
    /* Replaced while the form was filled in: the new one is fetched and read aloud, nothing else typed again. */
    const replaced = refused?.field('consent');
    const fresh = useFetched<ConsentReply>(replaced ? '/api/v1/consent' : null, version);
    const consent = fresh.value ?? props.consent;
    const fault = (field: WalkInField) =>
        asked > 0 && own.includes(field) ? wrongWords(form, field, mayLackPhone) : refused?.field(field);
    const set = (change: Partial<WalkIn>) => {
        overlap.clear();
        kept.set({ ...form, ...change });
        if ('clinic' in change || 'doctor' in change || 'service' in change) setSlot(null);
    };
    const needsSlot = isExtra && slot === null;
    const isNow = props.duty !== undefined && !isExtra;
    const nobody = isNow && form.doctor === '' ? poolFault(props.duty.find(({ id }) => id === form.clinic), form.urgent) : null;
    const element = useRef<HTMLFormElement>(null);
    useEffect(() => {
        const wrong = '[aria-describedby=extra-error] input, [aria-invalid=true]';
        const first = element.current?.querySelector<HTMLElement>(wrong);
        if (first) focusInSight(first);
    }, [asked, problem]);
    /* Somebody else may have taken it. */
    useEffect(() => {
        if (problem === null || asksWhy) return;
        if (replaced) set({ consent: 0 });
        setSlot(null);
        setVersion((n) => n + 1);
    }, [problem]);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        const why = overlap.answer();
        if (own.length === 0 && !needsSlot && nobody === null && !lacksReason(form) && why !== null && !busy) send(form, today, slot?.starts_at_ms ?? null, why);
    };
    const marked = replaced !== undefined || refused?.field('doctor') !== undefined || refused?.field('clinic') !== undefined || fields.some((field) => refused?.field(field));
    return (
        <form ref={element} class="dialog-form" onSubmit={submit} noValidate>
            <p>{words}</p>
            {kept.restored && (
                <Banner tone="info" testId="walk-in-restored">
                    <p>{q('walk_in.restored')}</p>
                    <Button onClick={kept.drop} testId="walk-in-clear">{q('walk_in.clear')}</Button>
                </Banner>
            )}
            <Places clinics={clinics} form={form} isNamed={isExtra} duty={isNow ? props.duty : []}
                error={refused?.field('doctor') ?? refused?.field('clinic')} onForm={set} />
            {nobody !== null && <Banner tone="warning" testId="nobody-works">{q(`walk_in.${nobody}`)}</Banner>}
            {isNow && <Urgent form={form} missing={asked > 0 && lacksReason(form)} onForm={set} />}
            {isExtra && form.doctor && (
                <ExtraPlaces clinic={form.clinic} doctor={form.doctor} service={form.service || null} chosen={slot}
                    version={version} saysNone error={asked > 0 && needsSlot ? q('extra.missing') : undefined}
                    onKnown={setHasPlaces} onPick={setSlot} />
            )}
            {isExtra && !hasPlaces ? (
                <>
                    {problem !== null && <Failure problem={problem} />}
                    <div class="dialog-actions">
                        <Button kind="primary" onClick={onClose} testId="extra-none-close">
                            {t('staff.close')}
                        </Button>
                    </div>
                </>
            ) : (
                <>
                    <CameAlong form={form} onForm={set} />
                    {fields.map((field) => (
                        <Field key={field} id={`walk-in-${field}`} label={q(labelOf(field, form))}
                            hint={field === 'birth_date' ? q('walk_in.birth_hint') : undefined} error={fault(field)}>
                            {(tie) => (
                                <input {...tie} autoComplete="off" inputMode={INPUTS[field].mode}
                                    maxLength={INPUTS[field].max} value={form[field]}
                                    onInput={(event) => set({ [field]: event.currentTarget.value })} />
                            )}
                        </Field>
                    ))}
                    {mayLackPhone && (
                        <label class="choice">
                            <input type="checkbox" id="walk-in-no_phone" checked={form.no_phone}
                                onChange={(event) => set({ no_phone: event.currentTarget.checked })} />
                            <span>{q(noPhoneKey(form))}</span>
                        </label>
                    )}
                    {form.no_phone && <Banner tone="warning" testId="no-phone-tell">{q('walk_in.no_phone_tell')}</Banner>}
                    <Field id="walk-in-reason" label={q('walk_in.reason')} hint={q('walk_in.reason_hint')}>
                        {(tie) => (
                            <input {...tie} autoComplete="off" maxLength={200} value={form.reason}
                                onInput={(event) => set({ reason: event.currentTarget.value })} />
                        )}
                    </Field>
                    {props.children}
                    <ConsentText consent={consent} title={q('manage.consent_text')} />
                    <label class="choice">
                        <input type="checkbox" id="walk-in-consent" aria-describedby={replaced ? 'walk-in-consent-error' : undefined} checked={form.consent > 0}
                            onChange={(event) => set({ consent: event.currentTarget.checked ? consent.version : 0 })} />
                        <span>{q('walk_in.consent')}</span>
                    </label>
                    <FieldError id="walk-in-consent-error" text={replaced} />
                    {fresh.problem !== null && <Failure problem={fresh.problem} />}
                    <Overlap {...overlap} />
                    {problem !== null && !marked && !asksWhy && <Failure problem={problem} />}
                    <div class="dialog-actions">
                        <Button kind="primary" type="submit" busy={busy} testId="walk-in-submit">
                            {submitWords}
                        </Button>
                        <Button kind="plain" onClick={onClose}>
                            {q('manage.close')}
                        </Button>
                    </div>
                </>
            )}
        </form>
    );
}

function CameAlong({ form, onForm }: { readonly form: WalkIn; readonly onForm: (change: Partial<WalkIn>) => void }) {
    return (
        <Field id="walk-in-relation" label={q('walk_in.along')}>
            {(tie) => (
                <select {...tie} value={form.contact_relation}
                    onChange={(event) => onForm({ contact_relation: event.currentTarget.value as Relation | '' })}>
                    <option value="">{q('walk_in.alone')}</option>
                    {RELATIONS.map((one) => (
                        <option key={one} value={one}>
                            {q(`walk_in.along.${one}`)}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}
