// SPDX-License-Identifier: Apache-2.0
// What doctor and desk do with one who waits or is to come: an emergency goes first, for a reason; who
// did not come is given up; it is to be held by telephone, at the facility or by video again; who was asked to come
// is there; the consent was read aloud, or is taken back.
import { Fragment } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { ConsentReply } from '../shared/api_types';
import { isoDate, timeOfDay } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { ConsentText } from '../shared/widgets/consent_text';
import { Field, FieldError } from '../shared/widgets/field';
import { consentBody, hasName, isGuardians, lacksContact, type Giver } from './consent_state';
import { groupOf } from './day';
import { focusInSight } from './focus';
import { Dialog, Failure, VisitLine } from './parts';
import { contactWords } from './person';
import { isOnRecord, WhoIsAlong } from './who_along';
import { NumberToTell, untoldWords } from './queue_marks';
import { q } from './queue_words';
import { s as series } from './series_words';
import { useGuard } from './shell';
import type { Contact, DayVisit, VisitWay } from './types';
import { useNow } from './use_day';

type Choice = 'arrived' | 'urgent' | 'not_urgent' | 'absent' | VisitWay | 'consent' | 'withdraw' | 'remove';
const WAYS: readonly VisitWay[] = ['video', 'phone', 'in_person'];
const MIN_REASON = 3;
const MAX_REASON = 200;

interface Props {
    readonly visit: DayVisit;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
    readonly onClose: () => void;
    readonly onDone: () => void;
    /** The NIK of who has none; only the desk's. */
    readonly onNik?: () => void;
    /** Another telephone number; likewise. */
    readonly onPhone?: () => void;
    /** The patient comes again, several times; undefined: not asked here. */
    readonly onSeries?: () => void;
    /** Of a visit with a nurse: what she says; undefined: not here. */
    readonly onNurse?: () => void;
    readonly nurseWords?: string;
    /** Who waits is to be put out: another dialog asks why. undefined: not by this person. */
    readonly onRemove: (() => void) | undefined;
}

interface Said {
    readonly reason: string;
    readonly version: number;
    readonly giver: Giver;
    readonly along: Contact;
}

function send(visit: DayVisit, choice: Exclude<Choice, 'remove'>, { reason, version, giver, along }: Said): Promise<unknown> {
    const path = `/api/v1/visits/${visit.id}`;
    switch (choice) {
        case 'arrived':
            return api.post(`${path}/check-in`);
        case 'urgent':
            return api.post(`${path}/urgent`, { reason });
        case 'not_urgent':
            return api.remove(`${path}/urgent`);
        case 'absent':
            return api.post(`${path}/absent`);
        case 'video':
        case 'phone':
        case 'in_person':
            return api.post(`${path}/convert`, { to: choice, reason });
        case 'consent':
            return api.post(`${path}/consent`, consentBody(visit, version, giver, along));
        case 'withdraw':
            return api.post(`${path}/consent`, { how: 'withdrawn' });
    }
}

function choicesOf(visit: DayVisit, isLater: boolean, mayRemove: boolean): readonly Choice[] {
    const consent = visit.consent ? 'withdraw' : 'consent';
    /* Who is in the call is in no queue. */
    if (groupOf(visit.state) === 'now') return [consent];
    const comes = visit.way === 'in_person' && visit.state === 'booked' && !isLater;
    return [
        ...(comes ? (['arrived'] as const) : []),
        visit.urgent ? 'not_urgent' : 'urgent',
        'absent',
        ...(visit.state === 'requested' || visit.group ? [] : WAYS.filter((way) => way !== visit.way && !(way === 'phone' && visit.no_phone))),
        consent,
        ...(mayRemove && visit.state === 'checked_in' ? ['remove' as const] : []),
    ];
}

/** For a child somebody else agrees; of another way no message tells whom none reaches. */
function hintOf(choice: Choice, visit: DayVisit): string {
    if (choice === 'consent' && (lacksContact(visit) || isGuardians(visit))) return q('manage.consent_hint_child');
    if (choice === 'phone' && visit.no_messages) return q('manage.phone_hint_untold');
    const untold = WAYS.some((way) => way === choice) ? untoldWords(visit) : null;
    return untold ?? q(`manage.${choice}_hint`);
}

/** What is asked to be written down; null: nothing. */
function reasonOf(choice: Choice | null): 'urgent' | 'convert' | null {
    if (wayOf(choice) !== null) return 'convert';
    return choice === 'urgent' ? 'urgent' : null;
}

function wayOf(choice: Choice | null): VisitWay | null {
    return WAYS.find((way) => way === choice) ?? null;
}

function seek(id: string) {
    const field = document.getElementById(id);
    if (field) focusInSight(field);
}

export function QueueDialog({ visit, offsetMs, onClose, onDone, onNik, onPhone, onSeries, onNurse, nurseWords, onRemove }: Props) {
    const only = choicesOf(visit, false, false);
    /* Who is in the call can only agree, or take it back. */
    const preset = only.length === 1 ? (only[0] ?? null) : null;
    const [choice, setChoice] = useState<Choice | null>(preset);
    const [reason, setReason] = useState('');
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [consent, setConsent] = useState<ConsentReply | null>(null);
    const [giver, setGiver] = useState<Giver>('patient');
    const [along, setAlong] = useState<Contact>({ name: '', relation: 'parent' });
    const guard = useGuard();
    const first = useRef<HTMLInputElement>(null);
    const nowMs = useNow(15_000) + offsetMs;
    const early = nowMs < visit.due_from_ms;
    /* Nobody is there the day before. */
    const isLater = isoDate(visit.starts_at_ms) > isoDate(nowMs);
    const asks = reasonOf(choice);
    const missing = asks !== null && reason.trim().length < MIN_REASON;
    /* Without it when another has replaced it meanwhile. */
    useEffect(() => {
        if (choice !== 'consent' || consent) return;
        api.get<ConsentReply>('/api/v1/consent').then(setConsent, setProblem);
    }, [choice, consent]);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (choice === null) first.current?.focus();
        if (missing) seek(`${asks}-reason`);
        const isNameless = choice === 'consent' && lacksContact(visit) && !hasName(along);
        if (isNameless) seek('consent-along-name');
        if (choice === null || missing || isNameless || busy || (choice === 'consent' && !consent)) return;
        if (choice === 'remove') {
            onRemove?.();
            return;
        }
        setBusy(true);
        setProblem(null);
        send(visit, choice, { reason: reason.trim(), version: consent?.version ?? 0, giver, along })
            .then(onDone, (error: unknown) => {
                if (guard(error)) return;
                setProblem(error);
                if (error instanceof ApiProblem && error.field('version')) setConsent(null);
            })
            .finally(() => setBusy(false));
    };
    const title = q(preset === null ? 'manage.title' : 'manage.title_consent', { patient: visit.patient });
    const isTwice = isOnRecord(problem);
    const unchosen = asked && choice === null;
    return (
        <Dialog label={title} onClose={onClose} testId="queue-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
                {onNik && !visit.nik && (
                    <div class="nik-line">
                        <p>{q('nik.none')}</p>
                        <Button kind="plain" onClick={onNik} testId="nik-open">
                            {q('nik.fill')}
                        </Button>
                    </div>
                )}
                {onPhone && (
                    <div class="nik-line">
                        <p>{q(visit.no_phone ? 'phone.none' : 'phone.wrong')}</p>
                        <Button kind="plain" onClick={onPhone} testId="phone-open">
                            {q('phone.change')}
                        </Button>
                    </div>
                )}
                <fieldset class="choices" aria-describedby={unchosen ? 'choice-error' : undefined}>
                    {preset === null && <legend class="label">{q('manage.what')}</legend>}
                    {choicesOf(visit, isLater, onRemove !== undefined).map((one, i) => (
                        <Fragment key={one}>
                            <label class="choice">
                                <input ref={i === 0 ? first : undefined} type="radio" name="choice" value={one}
                                    checked={choice === one} disabled={one === 'absent' && early}
                                    onChange={() => setChoice(one)} />
                                <span>
                                    {q(`manage.${one}`)}
                                    <span class="choice-hint quiet">
                                        {one === 'absent' && early
                                            ? q('manage.absent_early', { time: timeOfDay(visit.due_from_ms) })
                                            : hintOf(one, visit)}
                                    </span>
                                </span>
                            </label>
                            {choice === one && asks !== null && (
                                <Reason asks={asks} hint={q(`manage.reason_hint.${wayOf(choice) ?? 'urgent'}`)} value={reason} onValue={setReason} isMissing={asked && missing} />
                            )}
                            {choice === one && asks === 'convert' && visit.no_messages && (
                                <div class="choice-more">
                                    <NumberToTell visitId={visit.id} />
                                </div>
                            )}
                        </Fragment>
                    ))}
                    <FieldError id="choice-error" text={unchosen ? q('manage.choose') : undefined} />
                </fieldset>
                {choice === 'consent' && <WhoAgrees visit={visit} giver={giver} onGiver={setGiver} />}
                {choice === 'consent' && lacksContact(visit) && <WhoIsAlong along={along} asked={asked} problem={problem} onAlong={setAlong} />}
                {choice === 'consent' && consent && <ConsentText consent={consent} title={q('manage.consent_text')} open />}
                {choice === 'consent' && !consent && problem === null && <p>{q('manage.consent_loading')}</p>}
                {isTwice && <AlongTwice onReload={onDone} />}
                {problem !== null && !isTwice && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind={choice === 'absent' ? 'danger' : 'primary'} type="submit" busy={busy}
                        testId="queue-submit">
                        {q('manage.save')}
                    </Button>
                    {onSeries && choice === null && (
                        <Button kind="plain" onClick={onSeries} testId="series-open">
                            {series('action')}
                        </Button>
                    )}
                    {onNurse && choice === null && (
                        <Button kind="plain" onClick={onNurse} testId="nurse-open">
                            {nurseWords}
                        </Button>
                    )}
                    <Button kind="plain" onClick={onClose}>
                        {q('manage.close')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

/** Somebody else at the desk, or the doctor, was quicker. */
function AlongTwice({ onReload }: { readonly onReload: () => void }) {
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => place.current?.scrollIntoView({ block: 'center' }), []);
    return (
        <div ref={place}>
            <Banner tone="warning" testId="along-twice">
                <p>{q('manage.along_twice')}</p>
                <Button onClick={onReload} testId="reload-list">{q('manage.reload')}</Button>
            </Banner>
        </div>
    );
}

interface ReasonProps {
    readonly asks: 'urgent' | 'convert';
    readonly hint: string;
    readonly value: string;
    readonly onValue: (value: string) => void;
    readonly isMissing: boolean;
}

/** Below what it is the reason of, in sight with it: on a phone the actions cover what is further down. */
function Reason({ asks, hint, value, onValue, isMissing }: ReasonProps) {
    const id = `${asks}-reason`;
    useEffect(() => document.getElementById(id)?.scrollIntoView({ block: 'center' }), []);
    return (
        <div class="choice-more">
            <Field id={id} label={q(`manage.reason.${asks}`)} hint={hint}
                error={isMissing ? q('manage.reason_missing') : undefined}>
                {(tie) => (
                    <input {...tie} maxLength={MAX_REASON} value={value} autoComplete="off"
                        onInput={(event) => onValue(event.currentTarget.value)} />
                )}
            </Field>
        </div>
    );
}

interface WhoProps {
    readonly visit: DayVisit;
    readonly giver: Giver;
    readonly onGiver: (giver: Giver) => void;
}

/** Asked only where somebody came along, and the patient is old enough to agree. */
function WhoAgrees({ visit, giver, onGiver }: WhoProps) {
    const { contact } = visit;
    if (!contact) return null;
    if (isGuardians(visit)) return <p>{q('manage.consent_guardian', { name: contact.name })}</p>;
    return (
        <Field id="consent-by" label={q('manage.consent_by')}>
            {(tie) => (
                <select {...tie} value={giver} onChange={(event) => onGiver(event.currentTarget.value as Giver)}>
                    <option value="patient">{q('manage.consent_patient')}</option>
                    <option value="contact">{contactWords(contact)}</option>
                </select>
            )}
        </Field>
    );
}
