// SPDX-License-Identifier: Apache-2.0
// "About 20 minutes late": the doctor says so, or the desk for one, and those who wait are told at once.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure } from './parts';
import { q } from './queue_words';
import { useGuard } from './shell';
import type { LateDoctor } from './types';

const CHOICES = [10, 15, 20, 30, 45, 60, 90, 120];
const USUAL = 20;

interface Props {
    /** Of whom it can be said: at the desk the day's, else the one who says it. */
    readonly doctors: readonly LateDoctor[];
    readonly onClose: () => void;
    readonly onSaid: () => void;
}

const proposed = (minutes: number) => (minutes > 0 ? minutes : USUAL);

export function LateDialog({ doctors, onClose, onSaid }: Props) {
    const [doctorId, setDoctorId] = useState(doctors[0]?.id ?? '');
    const minutes = doctors.find((one) => one.id === doctorId)?.minutes ?? 0;
    const [chosen, setChosen] = useState(proposed(minutes));
    const [busy, setBusy] = useState<'say' | 'back' | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const say = (what: 'say' | 'back') => {
        if (busy !== null) return;
        setBusy(what);
        setProblem(null);
        const doctor = doctorId === '' ? {} : { doctor: doctorId };
        api.post('/api/v1/queue/late', { minutes: what === 'say' ? chosen : 0, ...doctor })
            .then(onSaid, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    const submit = (event: Event) => {
        event.preventDefault();
        say('say');
    };
    const title = q(doctorId === '' ? 'late.title' : 'late.desk');
    /* The desk may have said something between. */
    const choices = CHOICES.includes(chosen) ? CHOICES : [...CHOICES, chosen].sort((a, b) => a - b);
    return (
        <Dialog label={title} onClose={onClose} testId="late-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                <p>{q('late.text')}</p>
                {doctorId !== '' && (
                    <DoctorField doctors={doctors} doctorId={doctorId} onChoose={(one) => {
                        setDoctorId(one.id);
                        setChosen(proposed(one.minutes));
                    }} />
                )}
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

interface FieldProps {
    readonly doctors: readonly LateDoctor[];
    readonly doctorId: string;
    readonly onChoose: (doctor: LateDoctor) => void;
}

function DoctorField({ doctors, doctorId, onChoose }: FieldProps) {
    return (
        <label class="field">
            <span class="label">{q('late.who')}</span>
            <select class="input" data-testid="late-doctor" value={doctorId}
                onChange={(event) => {
                    const found = doctors.find((one) => one.id === event.currentTarget.value);
                    if (found) onChoose(found);
                }}>
                {doctors.map((one) => (
                    <option key={one.id} value={one.id}>
                        {one.minutes > 0 ? q('late.of', { doctor: one.name, n: one.minutes }) : one.name}
                    </option>
                ))}
            </select>
        </label>
    );
}
