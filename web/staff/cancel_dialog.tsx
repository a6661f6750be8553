// SPDX-License-Identifier: Apache-2.0
// Cancels a visit with a reason that the record keeps: one of a few codes, or words.
import { useRef, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Field, FieldError } from '../shared/widgets/field';
import { Dialog, Failure, VisitLine } from './parts';
import { Untold, untoldWords } from './queue_marks';
import { laterOf, type SeriesReply } from './series_state';
import { s } from './series_words';
import { useGuard } from './shell';
import type { VisitName } from './types';
import { useFetched } from './use_fetched';
import { t } from './words';

export const CANCEL_REASONS = [
    'doctor_unavailable',
    'patient_request',
    'wrong_booking',
    'facility_closed',
    'other',
] as const;
type Reason = (typeof CANCEL_REASONS)[number];
const MAX_REASON = 200;

interface Props {
    readonly visit: VisitName;
    readonly onClose: () => void;
    readonly onCancelled: () => void;
}

export function CancelDialog({ visit, onClose, onCancelled }: Props) {
    const [reason, setReason] = useState<Reason | null>(null);
    const [words, setWords] = useState('');
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [withLater, setWithLater] = useState(false);
    const { value: series } = useFetched<SeriesReply>(`/api/v1/visits/${visit.id}/series`, 0);
    const later = series === null ? 0 : laterOf(series, visit.id);
    const guard = useGuard();
    const first = useRef<HTMLInputElement>(null);
    const unchosen = asked && reason === null;
    const missing = reason === 'other' && words.trim() === '';
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        /* Its group is described by the error, which a screen reader says on the way in. */
        if (reason === null) first.current?.focus();
        if (reason === null || missing || busy) return;
        setBusy(true);
        setProblem(null);
        const body = { reason: reason === 'other' ? words.trim() : reason };
        api.post(`/api/v1/visits/${visit.id}/${withLater ? 'series/' : ''}cancel`, body)
            .then(onCancelled, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const title = t('cancel.title', { patient: visit.patient });
    return (
        <Dialog label={title} onClose={onClose} testId="cancel-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                <VisitLine number={visit.number} startsAtMs={visit.starts_at_ms} />
                <p>{t(untoldWords(visit) === null ? 'cancel.text' : 'cancel.text_untold')}</p>
                <Untold visit={visit} />
                <fieldset class="choices" aria-describedby={unchosen ? 'reason-error' : undefined}>
                    <legend class="label">{t('cancel.reason')}</legend>
                    {CANCEL_REASONS.map((code, i) => (
                        <label class="choice" key={code}>
                            <input ref={i === 0 ? first : undefined} type="radio" name="reason" value={code}
                                checked={reason === code} onChange={() => setReason(code)} />
                            <span>{t(`cancel.reason.${code}`)}</span>
                        </label>
                    ))}
                    <FieldError id="reason-error" text={unchosen ? t('cancel.choose') : undefined} />
                </fieldset>
                {reason === 'other' && (
                    <Field id="cancel-words" label={t('cancel.other')}
                        error={asked && missing ? t('login.required') : undefined}>
                        {(tie) => (
                            <input {...tie} maxLength={MAX_REASON} value={words}
                                onInput={(event) => setWords(event.currentTarget.value)} />
                        )}
                    </Field>
                )}
                {later > 0 && (
                    <label class="choice">
                        <input type="checkbox" checked={withLater} data-testid="cancel-later"
                            onChange={(event) => setWithLater(event.currentTarget.checked)} />
                        <span>{s('later', { n: later })}</span>
                    </label>
                )}
                {problem !== null && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="danger" type="submit" busy={busy} testId="cancel-submit">
                        {t('cancel.submit')}
                    </Button>
                    <Button kind="plain" onClick={onClose}>
                        {t('cancel.keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
