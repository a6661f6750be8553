// SPDX-License-Identifier: Apache-2.0
// One step with one who waits, asked once more.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { WaitEntry } from './wait_dialog';
import { dw } from './wait_words';

export type StepKind = 'first' | 'not_first' | 'remove';
const MIN_REASON = 3;
const MAX_REASON = 200;

interface Props {
    readonly what: StepKind;
    readonly entry: WaitEntry;
    readonly onBack: () => void;
}

function send(what: StepKind, id: string, reason: string): Promise<unknown> {
    const path = `/api/v1/wait-list/${id}`;
    switch (what) {
        case 'first':
            return api.post(`${path}/urgent`, { reason });
        case 'not_first':
            return api.remove(`${path}/urgent`);
        case 'remove':
            return api.remove(path);
    }
}

export function WaitStep({ what, entry, onBack }: Props) {
    const [reason, setReason] = useState('');
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const missing = what === 'first' && reason.trim().length < MIN_REASON;
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (missing || busy) return;
        setBusy(true);
        setProblem(null);
        send(what, entry.id, reason.trim())
            .then(onBack, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return (
        <form class="dialog-form" onSubmit={submit} noValidate>
            <h2>{what === 'remove' ? dw('remove_sure', { patient: entry.name }) : `${dw(what)}: ${entry.name}`}</h2>
            {what === 'first' && (
                <Field id="wait-reason" label={dw('reason')} hint={dw('reason_hint')}
                    error={asked && missing ? dw('reason_short') : undefined}>
                    {(tie) => (
                        <input {...tie} autoComplete="off" maxLength={MAX_REASON} value={reason}
                            onInput={(event) => setReason(event.currentTarget.value)} />
                    )}
                </Field>
            )}
            {problem !== null && <Failure problem={problem} />}
            <div class="dialog-actions">
                <Button kind={what === 'remove' ? 'danger' : 'primary'} type="submit" busy={busy} testId="wait-step">
                    {dw(what === 'remove' ? 'remove_yes' : 'save')}
                </Button>
                <Button kind="plain" onClick={onBack}>
                    {dw('back')}
                </Button>
            </div>
        </form>
    );
}
