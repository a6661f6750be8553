// SPDX-License-Identifier: Apache-2.0
// A new question: whom, how urgently, what, and what of the patient is told; then all of it once more before it goes.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, newIdempotencyKey } from '../shared/api';
import type { FacilitiesReply, Facility } from '../shared/api_types';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { chosenParts, SHARED_AT_FIRST, shareNames, type ShareKey } from './ask_state';
import { ConfirmDialog } from './confirm_dialog';
import { FileFields, sendFiles, type Picked } from './files';
import { ShareFields } from './share_fields';
import { URGENCIES, type Summary, type Urgency } from './types';
import { useKept, type Kept } from '../staff/use_kept';
import { k } from './words';

const MIN_TEXT = 3;
const MAX_TEXT = 4000;

interface Props {
    readonly session: Session;
    readonly onBack: () => void;
    readonly onAsked: (id: string) => void;
}

export function AskForm({ session, onBack, onAsked }: Props) {
    const [visit] = useState(() => new URLSearchParams(location.search).get('kunjungan'));
    const [version, setVersion] = useState(0);
    const places = useFetched<FacilitiesReply>('/api/v1/facilities', 0);
    const summary = useFetched<Summary>(visit === null ? null : `/api/v1/visits/${visit}/consult-summary`, version);
    const problem = places.problem ?? summary.problem;
    return (
        <>
            <p>
                <Button kind="plain" icon="back" onClick={onBack} testId="ask-back">{k('back')}</Button>
            </p>
            <h1>{k('form.title')}</h1>
            <p class="quiet">{k(visit === null ? 'form.about_none' : 'form.about')}</p>
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {problem === null && (places.value === null || (visit !== null && summary.value === null)) && <Loading />}
            {places.value !== null && (visit === null || summary.value !== null) && (
                <Fields session={session} visit={visit} facilities={places.value.facilities} summary={summary.value}
                    onAsked={onAsked} onBack={onBack} onStale={() => setVersion(version + 1)} />
            )}
        </>
    );
}

interface FieldsProps {
    readonly session: Session;
    readonly visit: string | null;
    readonly facilities: readonly Facility[];
    readonly summary: Summary | null;
    readonly onAsked: (id: string) => void;
    readonly onBack: () => void;
    /** The note is another one by now. */
    readonly onStale: () => void;
}

type NeededField = 'facility' | 'text';

/** What each field says that misses something, in the order of the form. */
function missing(kept: Kept): ReadonlyMap<NeededField, string> {
    const { facility = '', text = '' } = kept.texts;
    const words = new Map<NeededField, string>();
    if (facility === '') words.set('facility', k('form.required'));
    if (text.trim().length < MIN_TEXT) words.set('text', k(text.trim() === '' ? 'form.text_missing' : 'form.too_short'));
    return words;
}

function Fields(props: FieldsProps) {
    const { session, visit, facilities, summary, onBack } = props;
    const kept = useKept(session.user, `ask.${visit ?? 'new'}`);
    const [chosen, setChosen] = useState<readonly ShareKey[]>(SHARED_AT_FIRST);
    const [files, setFiles] = useState<readonly Picked[]>([]);
    const [asked, setAsked] = useState(false);
    const sending = useSending(props, kept, chosen, files);
    const faults = missing(kept);
    const next = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        const [first] = faults.keys();
        if (first === undefined) sending.confirm();
        else document.getElementById(`ask-${first}`)?.focus();
    };
    const errorOf = (field: NeededField) => (asked ? faults.get(field) : undefined);
    return (
        <form class="ask-form" onSubmit={next} noValidate>
            {kept.restored && (
                <Banner tone="info" testId="restored">
                    <p>{k('form.restored')}{files.length === 0 && ` ${k('form.restored_files')}`}</p>
                </Banner>
            )}
            <TargetFields kept={kept} facilities={facilities} error={errorOf('facility') ?? sending.field('to')} />
            {sending.field('from') !== undefined && (
                <Select id="ask-from" label={k('form.from')} hint={k('form.from_hint')} value={kept.texts.from ?? ''}
                    error={sending.field('from')} none={k('form.choose')} options={facilities}
                    onValue={(id) => kept.set('from', id)} />
            )}
            <UrgencyFields urgency={urgencyOf(kept)} onUrgency={(one) => kept.set('urgency', one)} />
            <Field id="ask-text" label={k('form.text')} hint={k('form.text_hint')} error={errorOf('text') ?? sending.field('text')}>
                {(tie) => (
                    <textarea {...tie} rows={6} maxLength={MAX_TEXT} value={kept.texts.text ?? ''} data-testid="ask-text"
                        onInput={(event) => kept.set('text', event.currentTarget.value)} />
                )}
            </Field>
            {summary !== null && <ShareFields parts={summary.parts} chosen={chosen} onChosen={setChosen} />}
            <FileFields files={files} onFiles={setFiles} error={sending.field('attachments')} />
            {sending.problem !== null && !sending.isShown && <Failure problem={sending.problem} />}
            <div class="ask-actions">
                <Button kind="primary" type="submit" testId="ask-next">{k('form.next')}</Button>
                <Button kind="plain" onClick={() => {
                    kept.drop();
                    onBack();
                }}>
                    {k('form.cancel')}
                </Button>
            </div>
            {sending.isShown && (
                <ConfirmDialog target={targetOf(kept, facilities)} urgency={urgencyOf(kept)} text={kept.texts.text ?? ''}
                    parts={summary === null ? null : chosenParts(summary.parts, chosen)} named={chosen.includes('name')}
                    files={files} sendingFile={sending.file} problem={sending.problem} onSend={sending.send}
                    busy={sending.busy} onClose={sending.close} onStale={() => {
                        sending.close();
                        props.onStale();
                    }} />
            )}
        </form>
    );
}

function urgencyOf(kept: Kept): Urgency {
    return URGENCIES.find((one) => one === kept.texts.urgency) ?? 'routine';
}

/** Who is asked, in words. */
function targetOf({ texts }: Kept, facilities: readonly Facility[]): string {
    const facility = facilities.find((one) => one.id === texts.facility);
    const clinic = facility?.clinics.find((one) => one.id === texts.clinic);
    const doctor = facility?.clinics.flatMap((one) => one.doctors).find((one) => one.id === texts.doctor);
    const who = doctor?.name ?? clinic?.name;
    const place = facility?.name ?? '';
    return who === undefined ? k('to.whole', { facility: place }) : `${who}, ${place}`;
}

/** The most exact of what was chosen. */
function targetBody({ texts }: Kept): Readonly<Record<string, string>> {
    if (texts.doctor) return { doctor: texts.doctor };
    return texts.clinic ? { clinic: texts.clinic } : { facility: texts.facility ?? '' };
}

function useSending({ visit, summary, onAsked }: FieldsProps, kept: Kept, chosen: readonly ShareKey[], files: readonly Picked[]) {
    const [isShown, setShown] = useState(false);
    const [busy, setBusy] = useState(false);
    const [file, setFile] = useState(0);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    /* The same words once more are the same question; other words are another one. */
    const last = useRef({ said: '', key: '' });
    const fail = (error: unknown) => {
        if (guard(error)) return;
        setProblem(error);
        /* What is to be mended is in the form, not in the dialog. */
        if (error instanceof ApiProblem && error.errors.length > 0) setShown(false);
    };
    const send = async () => {
        setBusy(true);
        setProblem(null);
        try {
            const attachments = await sendFiles(files, setFile);
            const body = {
                ...targetBody(kept), urgency: urgencyOf(kept), text: kept.texts.text?.trim(), attachments,
                ...(kept.texts.from ? { from: kept.texts.from } : {}),
                ...(visit === null || summary === null ? {}
                    : { visit, note_revision: summary.note_revision, share: shareNames(chosen) }),
            };
            const said = JSON.stringify(body);
            if (last.current.said !== said) last.current = { said, key: newIdempotencyKey() };
            const { key } = last.current;
            const reply = await api.post<{ consult: string }>('/api/v1/consults', { ...body, key }, { idempotencyKey: key });
            kept.drop();
            onAsked(reply.consult);
        } catch (error) {
            fail(error);
        } finally {
            setBusy(false);
            setFile(0);
        }
    };
    return {
        isShown, busy, file, problem,
        field: (name: string) => (problem instanceof ApiProblem ? problem.field(name) : undefined),
        confirm: () => {
            setProblem(null);
            setShown(true);
        },
        close: () => setShown(false),
        send: () => void send(),
    };
}

interface Named {
    readonly id: string;
    readonly name: string;
}

interface SelectProps {
    readonly id: string;
    readonly label: string;
    readonly hint?: string;
    readonly none: string;
    readonly value: string;
    readonly options: readonly Named[];
    readonly onValue: (id: string) => void;
    readonly error?: string | undefined;
}

function Select({ id, label, hint, none, value, options, onValue, error }: SelectProps) {
    return (
        <Field id={id} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
            {(tie) => (
                <select {...tie} value={value} data-testid={id} onChange={(event) => onValue(event.currentTarget.value)}>
                    <option value="">{none}</option>
                    {options.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
                </select>
            )}
        </Field>
    );
}

interface TargetProps {
    readonly kept: Kept;
    readonly facilities: readonly Facility[];
    readonly error: string | undefined;
}

function TargetFields({ kept, facilities, error }: TargetProps) {
    const { texts } = kept;
    const facility = facilities.find((one) => one.id === texts.facility);
    const clinic = facility?.clinics.find((one) => one.id === texts.clinic);
    const doctors = new Map((clinic ? [clinic] : (facility?.clinics ?? [])).flatMap((one) => one.doctors).map((one) => [one.id, one]));
    /* A narrower choice that is no more in the wider one goes. */
    useEffect(() => {
        if (texts.clinic && !clinic) kept.set('clinic', '');
        else if (texts.doctor && !doctors.has(texts.doctor)) kept.set('doctor', '');
    });
    return (
        <div class="ask-target">
            <Select id="ask-facility" label={k('form.facility')} none={k('form.choose')} value={facility?.id ?? ''}
                options={facilities} error={error} onValue={(id) => kept.set('facility', id)} />
            {facility && (
                <Select id="ask-clinic" label={k('form.clinic')} none={k('form.clinic_any')} value={clinic?.id ?? ''}
                    options={facility.clinics} onValue={(id) => kept.set('clinic', id)} />
            )}
            {facility && (
                <Select id="ask-doctor" label={k('form.doctor')} none={k('form.doctor_any')} value={texts.doctor ?? ''}
                    options={[...doctors.values()]} onValue={(id) => kept.set('doctor', id)} />
            )}
        </div>
    );
}

interface UrgencyProps {
    readonly urgency: Urgency;
    readonly onUrgency: (urgency: Urgency) => void;
}

function UrgencyFields({ urgency, onUrgency }: UrgencyProps) {
    return (
        <fieldset class="choices">
            <legend class="label">{k('form.urgency')}</legend>
            {URGENCIES.map((one) => (
                <label class="choice" key={one}>
                    <input type="radio" name="urgency" value={one} checked={urgency === one} data-testid={`urgency-${one}`}
                        onChange={() => onUrgency(one)} />
                    <span>
                        {k(`urgency.${one}`)}
                        <span class="choice-hint quiet">{k(`urgency.${one}_hint`)}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}
