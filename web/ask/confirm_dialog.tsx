// SPDX-License-Identifier: Apache-2.0
// A question as it will be sent, once more before it goes.
import { ApiProblem } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure } from '../staff/parts';
import { UrgencyMark } from './marks';
import type { Picked } from './files';
import { Parts } from './share_fields';
import type { Part, Urgency } from './types';
import { k } from './words';

interface Props {
    readonly target: string;
    readonly urgency: Urgency;
    readonly text: string;
    /** null: about no patient of a visit. */
    readonly parts: readonly Part[] | null;
    readonly named: boolean;
    readonly files: readonly Picked[];
    /** Which file goes now; 0: none. */
    readonly sendingFile: number;
    readonly busy: boolean;
    readonly problem: unknown;
    readonly onSend: () => void;
    readonly onClose: () => void;
    readonly onStale: () => void;
}

export function ConfirmDialog(props: Props) {
    const { target, urgency, text, parts, named, files, sendingFile, busy, problem, onSend, onClose, onStale } = props;
    const isStale = problem instanceof ApiProblem && problem.type === 'note-stale';
    return (
        <Dialog label={k('confirm.title')} onClose={onClose} testId="ask-confirm">
            <div class="dialog-form">
                <h2>{k('confirm.title')}</h2>
                <p class="ask-marks">
                    <strong>{k('to', { to: target })}</strong>
                    <UrgencyMark urgency={urgency} />
                </p>
                {parts !== null && <p class="strong">{k(named ? 'confirm.named' : 'confirm.unnamed')}</p>}
                <p class="ask-words">{text}</p>
                {files.length > 0 && <p>{files.length === 1 ? k('files_1') : k('files_n', { n: files.length })}</p>}
                {parts !== null && (
                    <div class="stack tight">
                        <h3>{k('confirm.told')}</h3>
                        {parts.length === 0 ? <p>{k('confirm.told_none')}</p> : <Parts parts={parts} />}
                    </div>
                )}
                {sendingFile > 0 && files.length > 0 && (
                    <p class="quiet" role="status">{k('confirm.sending', { n: sendingFile, all: files.length })}</p>
                )}
                {isStale && (
                    <Banner tone="warning">
                        <p>{k('confirm.stale')}</p>
                        <Button onClick={onStale}>{k('confirm.reload')}</Button>
                    </Banner>
                )}
                {problem !== null && !isStale && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="primary" busy={busy} onClick={onSend} testId="ask-send">{k('confirm.send')}</Button>
                    <Button kind="plain" disabled={busy} onClick={onClose}>{k('confirm.change')}</Button>
                </div>
            </div>
        </Dialog>
    );
}
