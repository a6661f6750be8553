// SPDX-License-Identifier: Apache-2.0
// "About 20 minutes late": the doctor says so, and those who wait are told at once.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure } from '../staff/parts';
import { q } from '../staff/queue_words';
import { useGuard } from '../staff/shell';

const CHOICES = [10, 15, 20, 30, 45, 60, 90, 120];
const USUAL = 20;

interface Props {
    /** What was said last; 0: not late. */
    readonly minutes: number;
    readonly onClose: () => void;
    readonly onSaid: () => void;
}

export function LateDialog({ minutes, onClose, onSaid }: Props) {
    const [chosen, setChosen] = useState(minutes > 0 ? minutes : USUAL);
    const [busy, setBusy] = useState<'say' | 'back' | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const say = (what: 'say' | 'back') => {
        if (busy !== null) return;
        setBusy(what);
        setProblem(null);
        api.post('/api/v1/queue/late', { minutes: what === 'say' ? chosen : 0 })
            .then(onSaid, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    const submit = (event: Event) => {
        event.preventDefault();
        say('say');
    };
    /* The desk may have said something between. */
    const choices = CHOICES.includes(chosen) ? CHOICES : [...CHOICES, chosen].sort((a, b) => a - b);
    return (
        <Dialog label={q('late.title')} onClose={onClose} testId="late-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{q('late.title')}</h2>
                <p>{q('late.text')}</p>
                <fieldset class="choices late-choices">
                    <legend class="label">{q('late.how_much')}</legend>
                    {choices.map((one) => (
                        <label class="choice" key={one}>
                            <input type="radio" name="minutes" value={one} checked={chosen === one}
                                onChange={() => setChosen(one)} />
                            <span>{q('late.minutes', { n: one })}</span>
                        </label>
                    ))}
                </fieldset>
                {problem !== null && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="primary" type="submit" busy={busy === 'say'} disabled={busy === 'back'}
                        testId="late-say">
                        {q('late.say')}
                    </Button>
                    {minutes > 0 && (
                        <Button busy={busy === 'back'} disabled={busy === 'say'} onClick={() => say('back')}
                            testId="late-back">
                            {q('late.back')}
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
