// SPDX-License-Identifier: Apache-2.0
// What the reader of a question can do now: one step at a press, or a form that opens below.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { actionsOf, type Action } from './ask_state';
import { AnswerForm, WriteForm } from './write_forms';
import type { PostKind, Step, Thread } from './types';
import { k } from './words';

const STEPS: Partial<Record<Action, Step>> = { take: 'take', give_back: 'give_back', close: 'close', withdraw: 'withdraw' };
const KINDS: Partial<Record<Action, PostKind>> = { ask_back: 'ask_back', add: 'addition', reply: 'addition', ask_again: 'question' };

interface Props {
    readonly thread: Thread;
    readonly user: string;
    readonly onDone: () => void;
}

export function Actions({ thread, user, onDone }: Props) {
    const [wanted, setOpen] = useState<Action | null>(null);
    const [busy, setBusy] = useState<Action | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const actions = actionsOf(thread);
    /* What the other one did meanwhile may leave no room for it. */
    const open = wanted !== null && actions.includes(wanted) ? wanted : null;
    const run = (action: Action, step: Step) => {
        setOpen(null);
        setBusy(action);
        setProblem(null);
        api.post(`/api/v1/consults/${thread.id}/steps`, { step })
            .then(onDone, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    const press = (action: Action) => {
        const step = STEPS[action];
        if (step === undefined || action === 'withdraw') setOpen(action);
        else run(action, step);
    };
    const kind = open === null ? undefined : KINDS[open];
    const close = () => setOpen(null);
    const isAnswer = open === 'answer' || open === 'answer_again';
    const form = { consult: thread.id, user, onClose: close, onDone };
    return (
        <div class="ask-do">
            {problem !== null && <Failure problem={problem} onRetry={onDone} />}
            {open !== null && isAnswer && <AnswerForm {...form} />}
            {open !== null && kind !== undefined && <WriteForm key={open} {...form} kind={kind} title={k(`do.${open}`)} />}
            {!isAnswer && kind === undefined && (
                <>
                    {actions[0] === 'take' && <p class="quiet">{k('do.take_hint')}</p>}
                    <div class="ask-actions">
                        {actions.map((action, i) => (
                            <Button key={action} kind={kindOf(action, i)} busy={busy === action} onClick={() => press(action)}
                                testId={`do-${action}`}>
                                {k(`do.${action}`)}
                            </Button>
                        ))}
                    </div>
                </>
            )}
            {open === 'withdraw' && (
                <Dialog label={k('do.withdraw')} onClose={close} testId="withdraw-dialog">
                    <div class="dialog-form">
                        <h2>{k('do.withdraw')}</h2>
                        <p>{k('do.withdraw_sure')}</p>
                        <div class="dialog-actions">
                            <Button kind="danger" onClick={() => run('withdraw', 'withdraw')} testId="withdraw-yes">
                                {k('do.withdraw_yes')}
                            </Button>
                            <Button kind="plain" onClick={close}>{k('do.keep')}</Button>
                        </div>
                    </div>
                </Dialog>
            )}
        </div>
    );
}

function kindOf(action: Action, place: number): 'primary' | 'secondary' | 'plain' {
    if (action === 'withdraw' || action === 'give_back') return 'plain';
    return place === 0 && action !== 'add' && action !== 'answer_again' ? 'primary' : 'secondary';
}
