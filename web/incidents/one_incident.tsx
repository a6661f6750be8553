// SPDX-License-Identifier: Apache-2.0
// One incident in the words of who wrote it down, what was done since, and what can be done.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateAndTime, longDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { whoWords } from '../staff/incident_dialog';
import { i } from '../staff/incident_words';
import { focusInSight } from '../staff/focus';
import { Dialog, Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { Incident, Step } from './types';

const ROLES = ['doctor', 'desk', 'admin', 'coordinator'] as const;
const MAX_NOTE = 500;

function roleWords(role: string): string {
    const known = ROLES.find((one) => one === role);
    return known ? i(`role.${known}`) : role;
}

/** Reads it, which the server writes down; `add` sends a step. */
function useIncident(id: string) {
    const [incident, setIncident] = useState<Incident | null>(null);
    const [busy, setBusy] = useState<Step | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const fail = (error: unknown) => {
        if (!guard(error)) setProblem(error);
    };
    useEffect(() => {
        api.get<Incident>(`/api/v1/incidents/${id}`).then(setIncident, fail);
    }, [id]);
    const add = (step: Step, note?: string) => {
        setBusy(step);
        setProblem(null);
        api.post<Incident>(`/api/v1/incidents/${id}/steps`, note === undefined ? { step } : { step, note })
            .then(setIncident, fail)
            .finally(() => setBusy(null));
    };
    return { incident, busy, problem, add };
}

export function OneIncident({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
    const { incident, busy, problem, add } = useIncident(id);
    const [note, setNote] = useState('');
    const [asked, setAsked] = useState(false);
    const isOpen = incident !== null && incident.state !== 'closed';
    const missing = note.trim() === '';
    const submit = (event: Event) => {
        event.preventDefault();
        if (!isOpen) return;
        setAsked(true);
        const field = document.getElementById('incident-note');
        if (!missing) add('closed', note.trim());
        else if (field) focusInSight(field);
    };
    const title = incident === null ? i('title') : i(`kind.${incident.kind}`);
    return (
        <Dialog label={title} onClose={onClose} testId="one-incident">
            <form class="dialog-form" onSubmit={submit} noValidate>
                <h2>{title}</h2>
                {incident === null && problem === null && <Loading />}
                {incident !== null && <Facts incident={incident} />}
                {problem !== null && <Failure problem={problem} />}
                {isOpen && <Note note={note} error={asked && missing ? i('note_missing') : undefined} onNote={setNote} />}
                <div class="dialog-actions">
                    {isOpen && (
                        <Button kind="primary" type="submit" busy={busy === 'closed'} testId="incident-close">
                            {i('close')}
                        </Button>
                    )}
                    {incident?.state === 'open' && (
                        <Button busy={busy === 'looked_at'} onClick={() => add('looked_at')} testId="incident-look">
                            {i('look')}
                        </Button>
                    )}
                    {incident !== null && incident.blocked_until_ms !== null && (
                        <Button busy={busy === 'lifted'} onClick={() => add('lifted')} testId="incident-lift">
                            {i('lift')}
                        </Button>
                    )}
                    <Button kind="plain" onClick={onClose} testId="incident-leave">
                        {i('leave')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function Facts({ incident }: { readonly incident: Incident }) {
    const { visit, steps = [] } = incident;
    return (
        <>
            <p>
                {whoWords(incident.who)} · {i(incident.removed ? 'removed' : 'reported')}
                <br />
                <span class="quiet">
                    {i('one.by', { role: roleWords(incident.by), time: dateAndTime(incident.at_ms) })}
                </span>
            </p>
            <div>
                <p class="label">{i('one.text')}</p>
                <p class="incident-text" data-testid="incident-words">{incident.text}</p>
            </div>
            <div>
                <p class="label">{i('one.visit')}</p>
                <p>
                    <span class="numbers">{visit.number}</span> · {dateAndTime(visit.starts_at_ms)} · {visit.code}
                    <br />
                    {visit.doctor} · {visit.clinic}, {visit.facility}
                </p>
            </div>
            {incident.blocked_until_ms !== null && (
                <p data-testid="incident-blocked">{i('blocked', { date: longDate(incident.blocked_until_ms) })}</p>
            )}
            {steps.length > 0 && (
                <div data-testid="incident-steps">
                    <p class="label">{i('one.steps')}</p>
                    {steps.map((one) => (
                        <p key={one.step}>
                            {i(`step.${one.step}`, { role: roleWords(one.by) })}
                            <span class="quiet">, {dateAndTime(one.at_ms)}</span>
                            {one.note !== null && <span class="incident-text"><br />{one.note}</span>}
                        </p>
                    ))}
                </div>
            )}
        </>
    );
}

interface NoteProps {
    readonly note: string;
    readonly error: string | undefined;
    readonly onNote: (note: string) => void;
}

function Note({ note, error, onNote }: NoteProps) {
    return (
        <Field id="incident-note" label={i('note')} hint={i('note_hint')} error={error}>
            {(tie) => (
                <textarea {...tie} rows={3} maxLength={MAX_NOTE} value={note} data-testid="incident-note"
                    onInput={(event) => onNote(event.currentTarget.value)} />
            )}
        </Field>
    );
}
