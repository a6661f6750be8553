// SPDX-License-Identifier: Apache-2.0
// Cancelling a whole group: what that means, a reason.
import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Dialog, Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { untoldOf } from './group_state';
import type { Group } from './types';
import { g } from './words';

interface Props {
    readonly group: Group;
    readonly onClose: () => void;
    readonly onCancelled: () => void;
}

export function CancelDialog({ group, onClose, onCancelled }: Props) {
    const [reason, setReason] = useState('');
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const { inPerson, byPhone } = untoldOf(group.visits);
    const title = g('cancel_title', { title: group.title });
    const cancel = () => {
        setBusy(true);
        setProblem(null);
        const why = reason.trim();
        api.post(`/api/v1/groups/${group.id}/cancel`, why ? { reason: why } : {}).then(onCancelled, (error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(false));
    };
    return (
        <Dialog label={title} onClose={onClose} testId="cancel-group-dialog">
            <h2>{title}</h2>
            <p>{g(inPerson.length + byPhone.length > 0 ? 'cancel_text_some' : 'cancel_text')}</p>
            {inPerson.length > 0 && (
                <Banner tone="warning" testId="untold">{g('cancel_untold', { n: inPerson.length, names: inPerson.join(', ') })}</Banner>
            )}
            {byPhone.length > 0 && (
                <Banner tone="warning" testId="to-phone">{g('cancel_phone', { n: byPhone.length, names: byPhone.join(', ') })}</Banner>
            )}
            <Field id="cancel-reason" label={g('cancel_reason')} error={problem instanceof ApiProblem ? problem.field('reason') : undefined}>
                {(tie) => <input {...tie} maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
            </Field>
            {problem !== null && <Failure problem={problem} />}
            <div class="dialog-actions">
                <Button kind="danger" busy={busy} onClick={cancel} testId="cancel-group-yes">{g('cancel_yes')}</Button>
                <Button kind="plain" onClick={onClose}>{g('cancel_no')}</Button>
            </div>
        </Dialog>
    );
}
