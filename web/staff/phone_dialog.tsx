// SPDX-License-Identifier: Apache-2.0
// Another telephone number than was written down, or none: the links of before open nothing any more.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, told, type FieldError } from '../shared/api';
import { dateAndTime, inOnePiece, NBSP } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { groupOf, wasMissed, wasSeen } from './day';
import { NewLink } from './link_dialog';
import { Dialog, Failure, VisitLine } from './parts';
import { put } from './put';
import { q } from './queue_words';
import { useGuard } from './shell';
import type { DayVisit } from './types';

const MAX_TYPED = 32;

interface OtherVisit {
    readonly starts_at_ms: number;
    readonly over: boolean;
    /** A message speaks of it. */
    readonly told: boolean;
}

interface Changed {
    readonly changed: boolean;
    /** A message brings the link. */
    readonly told: boolean;
    readonly link: string | null;
    /** Other visits of the patient, by one booking, that had the same number. */
    readonly also: readonly OtherVisit[];
    /** Likewise, and not changed: the patient is called there, or talks. */
    readonly left: readonly OtherVisit[];
    readonly warnings: readonly FieldError[];
}

/** What the dialog has to know of it. */
export type PhoneVisit = Pick<DayVisit, 'id' | 'number' | 'patient' | 'starts_at_ms' | 'state' | 'way' | 'no_phone' | 'contact'>;

interface Props {
    readonly visit: PhoneVisit;
    readonly onClose: () => void;
    readonly onSaved: () => void;
}

function ContentOf({ visit, onClose, onSaved }: Props) {
    const [reply, setReply] = useState<Changed | null>(null);
    const [typed, setTyped] = useState('');
    if (reply !== null) return <Saved reply={reply} phone={typed} state={visit.state} onClose={onClose} />;
    /* The page that calls the patient would go. */
    if (groupOf(visit.state) === 'now') {
        return (
            <>
                <Banner tone="warning" testId="phone-called">{q('phone.called')}</Banner>
                <div class="dialog-actions">
                    <Button kind="primary" onClick={onClose}>{q('manage.close')}</Button>
                </div>
            </>
        );
    }
    return (
        <PhoneForm visit={visit} onClose={onClose} onChanged={(one, phone) => {
            setTyped(phone);
            setReply(one);
            onSaved();
        }} />
    );
}

export function PhoneDialog({ visit, onClose, onSaved }: Props) {
    const title = q('phone.title', { patient: visit.patient });
    return (
        <Dialog label={title} onClose={onClose} testId="phone-dialog">
            <h2>{title}</h2>
            <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
            <ContentOf visit={visit} onClose={onClose} onSaved={onSaved} />
        </Dialog>
    );
}

/** What there is to do for who has none. */
function noneWords(state: string): string {
    if (wasMissed(state)) return q('phone.none_missed');
    return q(wasSeen(state) ? 'phone.none_over' : 'walk_in.no_phone_tell');
}

/** Its doctor is to phone, still. Of what is over in another way the dialog is not open. */
function isToPhone({ state, way }: PhoneVisit): boolean {
    return state === 'converted_phone' || (way === 'phone' && !wasSeen(state));
}

interface FormProps {
    readonly visit: PhoneVisit;
    readonly onClose: () => void;
    readonly onChanged: (reply: Changed, phone: string) => void;
}

function PhoneForm({ visit, onClose, onChanged }: FormProps) {
    const guard = useGuard();
    const [phone, setPhone] = useState('');
    const [none, setNone] = useState(false);
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const input = useRef<HTMLInputElement>(null);
    const isEmpty = !none && phone.trim() === '';
    /* Whom the doctor is to phone has a number. */
    const mayLack = !isToPhone(visit) && !visit.no_phone;
    const label = q(visit.contact ? 'walk_in.contact_phone' : 'walk_in.phone');
    const missing = mayLack ? q('phone.missing') : q('walk_in.missing', { field: label });
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (isEmpty) input.current?.focus();
        if (busy || isEmpty) return;
        setBusy(true);
        setProblem(null);
        put<Changed>(`/api/v1/visits/${visit.id}/phone`, none ? { no_phone: true } : { phone: phone.trim() })
            .then((reply) => onChanged(reply, phone.trim()), (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const fault = problem instanceof ApiProblem ? problem.field('phone') : undefined;
    useEffect(() => {
        if (fault !== undefined) input.current?.focus();
    }, [problem]);
    return (
        <form class="dialog-form" onSubmit={submit} noValidate>
            {!none && (
                <Field id="new-phone" label={label} hint={q('phone.hint')} error={asked && isEmpty ? missing : fault}>
                    {(tie) => (
                        <input {...tie} ref={input} inputMode="tel" maxLength={MAX_TYPED} value={phone} autoComplete="off"
                            onInput={(event) => setPhone(event.currentTarget.value)} />
                    )}
                </Field>
            )}
            {mayLack && (
                <label class="choice">
                    <input type="checkbox" id="new-phone-none" checked={none} onChange={(event) => setNone(event.currentTarget.checked)} />
                    <span>{q(visit.contact ? 'walk_in.no_phone_contact' : 'walk_in.no_phone')}</span>
                </label>
            )}
            {none && <Banner tone="warning" testId="no-phone-tell">{noneWords(visit.state)}</Banner>}
            {problem !== null && fault === undefined && <Refused problem={problem} />}
            <div class="dialog-actions">
                <Button kind="primary" type="submit" busy={busy} testId="phone-save">
                    {q('phone.save')}
                </Button>
                <Button kind="plain" onClick={onClose}>
                    {q('manage.close')}
                </Button>
            </div>
        </form>
    );
}

function Refused({ problem }: { readonly problem: unknown }) {
    const isCalled = problem instanceof ApiProblem && problem.type === 'wrong-state';
    return isCalled ? <Banner tone="warning" testId="phone-called">{q('phone.called')}</Banner> : <Failure problem={problem} />;
}

function datesOf(visits: readonly OtherVisit[]): string {
    return visits.map((one) => (one.over ? q('phone.also_over', { date: dateAndTime(one.starts_at_ms) }) : dateAndTime(one.starts_at_ms))).join('; ');
}

interface SavedProps {
    readonly reply: Changed;
    /** As it was typed: whoever reads it again finds what they mistyped. */
    readonly phone: string;
    readonly state: string;
    readonly onClose: () => void;
}

/** For whom the new link is, and what it opens. */
function linkWords(isOver: boolean, isNone: boolean): string {
    if (isOver) return q('phone.link_over');
    return q(isNone ? 'walk_in.link_here' : 'phone.link');
}

function Saved({ reply, phone, state, onClose }: SavedProps) {
    /* The visit was held: what there is to say is of its letters. */
    const isOver = wasSeen(state);
    if (reply.link === null) {
        return (
            <>
                <Banner tone="info" testId="phone-same">{q('phone.same')}</Banner>
                <div class="dialog-actions">
                    <Button kind="primary" onClick={onClose}>{q('nik.done')}</Button>
                </div>
            </>
        );
    }
    const isNone = reply.warnings.some((one) => one.code === 'no_phone');
    const nTold = reply.also.filter((one) => one.told).length;
    /* Of who has none there is nothing to say of a number and a time that are over. */
    const warnings = isOver || wasMissed(state) ? reply.warnings.filter((one) => one.code !== 'no_phone') : reply.warnings;
    return (
        <div class="stack" data-testid="phone-saved">
            <Banner tone="good">
                <p>{isNone ? q('phone.saved_none') : q('phone.saved', { phone: inOnePiece(phone.replace(/ /g, NBSP)) })}</p>
                {reply.told && <p>{q('phone.told')}</p>}
                {!reply.told && reply.warnings.length === 0 && nTold === 0 && <p>{q(isOver ? 'phone.untold_over' : 'phone.untold')}</p>}
            </Banner>
            {reply.also.length > 0 && (
                <Banner tone="info" testId="phone-also">
                    <p>{q(isNone ? 'phone.also_none' : 'phone.also', { n: reply.also.length, dates: datesOf(reply.also) })}</p>
                    {nTold > 0 && <p>{nTold === reply.also.length ? q('phone.also_told') : q('phone.also_told_some', { n: nTold })}</p>}
                </Banner>
            )}
            {reply.left.length > 0 && (
                <Banner tone="warning" testId="phone-left">{q('phone.left', { dates: datesOf(reply.left) })}</Banner>
            )}
            {warnings.map((one) => (
                <Banner key={one.message} tone="warning" testId="odd">{told(one)}</Banner>
            ))}
            <NewLink link={reply.link} words={linkWords(isOver, isNone)} onClose={onClose} />
        </div>
    );
}
