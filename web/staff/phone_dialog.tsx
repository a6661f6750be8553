// SPDX-License-Identifier: Apache-2.0
// Another telephone number than was written down, or none: the links of before open nothing any more.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, told, type FieldError } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { NewLink } from './link_dialog';
import { Dialog, Failure, VisitLine } from './parts';
import { put } from './put';
import { q } from './queue_words';
import { useGuard } from './shell';
import type { DayVisit } from './types';

const MAX_TYPED = 32;

interface Changed {
    readonly changed: boolean;
    /** A message brings the link. */
    readonly told: boolean;
    readonly link: string | null;
    readonly warnings: readonly FieldError[];
}

interface Props {
    readonly visit: DayVisit;
    readonly onClose: () => void;
    readonly onSaved: () => void;
}

export function PhoneDialog({ visit, onClose, onSaved }: Props) {
    const [reply, setReply] = useState<Changed | null>(null);
    const title = q('phone.title', { patient: visit.patient });
    return (
        <Dialog label={title} onClose={onClose} testId="phone-dialog">
            <h2>{title}</h2>
            <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
            {reply === null ? (
                <PhoneForm visit={visit} onClose={onClose} onChanged={(one) => {
                    setReply(one);
                    onSaved();
                }} />
            ) : <Saved reply={reply} onClose={onClose} />}
        </Dialog>
    );
}

interface FormProps {
    readonly visit: DayVisit;
    readonly onClose: () => void;
    readonly onChanged: (reply: Changed) => void;
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
    const mayLack = visit.way !== 'phone' && !visit.no_phone;
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
            .then(onChanged, (error: unknown) => {
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
            {none && <Banner tone="warning" testId="no-phone-tell">{q('walk_in.no_phone_tell')}</Banner>}
            {problem !== null && fault === undefined && <Failure problem={problem} />}
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

function Saved({ reply, onClose }: { readonly reply: Changed; readonly onClose: () => void }) {
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
    return (
        <div class="stack" data-testid="phone-saved">
            <Banner tone="good">
                <p>{q(isNone ? 'phone.saved_none' : 'phone.saved')}</p>
                {reply.told && <p>{q('phone.told')}</p>}
            </Banner>
            {reply.warnings.map((one) => (
                <Banner key={one.message} tone="warning" testId="odd">{told(one)}</Banner>
            ))}
            <NewLink link={reply.link} words={q(isNone ? 'walk_in.link_here' : 'phone.link')} onClose={onClose} />
        </div>
    );
}
