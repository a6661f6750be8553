// SPDX-License-Identifier: Apache-2.0
// Cancels a visit with a reason that the record keeps: one of a few codes, or words.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Dialog, Failure } from './parts';
import { useGuard } from './shell';
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
    readonly visitId: string;
    readonly patient: string;
    readonly onClose: () => void;
    readonly onCancelled: () => void;
}

export function CancelDialog({ visitId, patient, onClose, onCancelled }: Props) {
    const [reason, setReason] = useState<Reason>('doctor_unavailable');
    const [words, setWords] = useState('');
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const missing = reason === 'other' && words.trim() === '';
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (missing || busy) return;
        setBusy(true);
        setProblem(null);
        const body = { reason: reason === 'other' ? words.trim() : reason };
        api.post(`/api/v1/visits/${visitId}/cancel`, body)
            .then(onCancelled, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const title = t('cancel.title', { patient });
    return (
        <Dialog label={title} onClose={onClose} testId="cancel-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                <p>{t('cancel.text')}</p>
                <fieldset class="choices">
                    <legend class="label">{t('cancel.reason')}</legend>
                    {CANCEL_REASONS.map((code) => (
                        <label class="choice" key={code}>
                            <input type="radio" name="reason" value={code} checked={reason === code}
                                onChange={() => setReason(code)} />
                            <span>{t(`cancel.reason.${code}`)}</span>
                        </label>
                    ))}
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
