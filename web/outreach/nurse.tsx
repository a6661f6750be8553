// SPDX-License-Identifier: Apache-2.0
// A nurse's part for one patient of the queue: the own name to whom she sees, and that she leaves.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { inOnePiece } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Dialog, Failure } from '../staff/parts';
import { FieldError } from '../shared/widgets/field';
import type { SentEntry } from './types';

/** Whom it is about, and how it stands. */
export type NurseCase = Pick<SentEntry, 'visit' | 'patient' | 'number' | 'countersigned' | 'nurse'>;
import { o } from './words';

const SEEN = ['ktp', 'family_card', 'other', 'known'] as const;
type Seen = (typeof SEEN)[number];

interface Props {
    readonly entry: NurseCase;
    /** Coming is said here, too, and not by opening the patient's page. */
    readonly joins?: boolean;
    readonly onChanged: () => void;
}

export function NursePart({ entry, joins = false, onChanged }: Props) {
    const [asking, setAsking] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const say = (step: 'joined' | 'left') => {
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/visits/${entry.visit}/nurse`, { step })
            .then(onChanged, setProblem)
            .finally(() => setBusy(false));
    };
    return (
        <div class="pos-nurse" data-testid="nurse" data-countersigned={entry.countersigned} data-nurse={entry.nurse}>
            {entry.countersigned ? (
                <p class="quiet">{o('sign.done')}</p>
            ) : (
                <Button icon="check" onClick={() => setAsking(true)} testId="countersign" label={o('sign.name', { name: entry.patient })}>
                    {o('sign')}
                </Button>
            )}
            {entry.nurse && (
                <Button kind="plain" busy={busy} onClick={() => say('left')} testId="nurse-leave" label={o('leave_patient.name', { name: entry.patient })}>
                    {o('leave_patient')}
                </Button>
            )}
            {joins && !entry.nurse && (
                <Button busy={busy} onClick={() => say('joined')} testId="nurse-join" label={o('join_patient.name', { name: entry.patient })}>
                    {o('join_patient')}
                </Button>
            )}
            {problem !== null && <Failure problem={problem} />}
            {asking && (
                <Countersign entry={entry} onClose={() => setAsking(false)}
                    onSigned={() => {
                        setAsking(false);
                        onChanged();
                    }} />
            )}
        </div>
    );
}

interface SignProps {
    readonly entry: NurseCase;
    readonly onClose: () => void;
    readonly onSigned: () => void;
}

function Countersign({ entry, onClose, onSigned }: SignProps) {
    const [seen, setSeen] = useState<Seen | null>(null);
    const [asked, setAsked] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (seen === null || busy) return;
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/visits/${entry.visit}/countersign`, { seen })
            .then(onSigned, setProblem)
            .finally(() => setBusy(false));
    };
    const missing = asked && seen === null;
    return (
        <Dialog label={o('sign.title')} onClose={onClose} testId="countersign-dialog">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{o('sign.title')}</h2>
                <p>{o('sign.text', { name: entry.patient, number: inOnePiece(entry.number) })}</p>
                <fieldset class="choices" aria-describedby={missing ? 'seen-error' : undefined}>
                    <legend class="label">{o('sign.by')}</legend>
                    {SEEN.map((one) => (
                        <label class="choice" key={one}>
                            <input type="radio" name="seen" checked={seen === one} data-testid={`seen-${one}`} onChange={() => setSeen(one)} />
                            <span>{o(`sign.${one}`)}</span>
                        </label>
                    ))}
                    {missing && <FieldError id="seen-error" text={o('sign.missing')} />}
                </fieldset>
                {problem !== null && <Failure problem={problem} />}
                <div class="dialog-actions">
                    <Button kind="primary" type="submit" busy={busy} testId="countersign-save">{o('sign.save')}</Button>
                    <Button kind="plain" onClick={onClose}>{o('form.cancel')}</Button>
                </div>
            </form>
        </Dialog>
    );
}
