// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../../shared/api';
import { Button } from '../../shared/widgets/button';
import { Field } from '../../shared/widgets/field';
import { Dialog, Failure } from '../../staff/parts';
import { Untold, untoldWords } from '../../staff/queue_marks';
import { useGuard } from '../../staff/shell';
import type { DayVisit, Reach } from '../../staff/types';
import { type Letter, REVOKE_KINDS, type RevokeKind } from './types';
import { l } from './words';

interface Props {
    readonly letter: Letter;
    readonly visit: Reach & Pick<DayVisit, 'id'>;
    readonly onClose: () => void;
    readonly onRevoked: () => void;
}

export function RevokeDialog({ letter, visit, onClose, onRevoked }: Props) {
    const [kind, setKind] = useState<RevokeKind>('mistake');
    const [reason, setReason] = useState('');
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const title = l('revoke.title', { kind: l(`kind.${letter.kind}`).toLowerCase(), number: letter.number });
    const fault = problem instanceof ApiProblem ? problem.field('reason') : undefined;
    const submit = (event: Event) => {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/letters/${letter.id}/revoke`, { kind, reason: reason.trim() }).then(onRevoked, (error: unknown) => {
            setBusy(false);
            if (!guard(error)) setProblem(error);
        });
    };
    return (
        <Dialog label={title} onClose={onClose} testId="revoke-dialog">
            <form class="dialog-form" onSubmit={submit}>
                <h2>{title}</h2>
                <p>{l(untoldWords(visit) !== null ? 'revoke.text_untold' : 'revoke.text')}</p>
                <Untold visit={visit} isOver />
                <fieldset class="choices">
                    <legend class="label">{l('revoke.kind')}</legend>
                    {REVOKE_KINDS.map((one) => (
                        <label class="choice" key={one}>
                            <input type="radio" name="revoke-kind" value={one} checked={kind === one}
                                data-testid={`revoke-kind-${one}`} onChange={() => setKind(one)} />
                            <span>{l(`revoke.kind.${one}`)}</span>
                        </label>
                    ))}
                </fieldset>
                <Field id="revoke-reason" label={l('revoke.reason')} error={fault}>
                    {(tie) => (
                        <input {...tie} autoComplete="off" maxLength={200} value={reason} data-testid="revoke-reason"
                            onInput={(event) => setReason(event.currentTarget.value)} />
                    )}
                </Field>
                {problem !== null && fault === undefined && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="danger" type="submit" busy={busy} testId="revoke-submit">
                        {l('revoke.submit')}
                    </Button>
                    <Button kind="plain" onClick={onClose}>
                        {l('keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
