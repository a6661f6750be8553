// SPDX-License-Identifier: Apache-2.0
// Who waits for a place, in the order in which they are asked: putting somebody first, for a reason; taking
// somebody off; adding who called.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import type { BookingReply, Clinic, ConsentReply, FacilitiesReply } from '../shared/api_types';
import { dateAndTime, dateMs, longDate, timeOfDay, withTitle } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { NewLink } from '../staff/link_dialog';
import { Dialog, Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { WaitStep, type StepKind } from './wait_step';
import { dw } from './wait_words';
import { Odd, WalkInForm } from './walk_in_dialog';

export interface WaitEntry {
    readonly id: string;
    readonly name: string;
    readonly birth_date: string;
    readonly phone_masked: string;
    readonly doctor: string | null;
    readonly service: string | null;
    readonly until: string;
    readonly requested_at_ms: number;
    readonly urgent: boolean;
    readonly reason: string | null;
    readonly unanswered: number;
    readonly offer: { readonly doctor: string; readonly turn_at_ms: number; readonly expires_at_ms: number } | null;
}

interface ListReply {
    readonly mode: 'one_by_one' | 'all_at_once';
    readonly entries: readonly WaitEntry[];
}

interface Props {
    readonly facilityId: string;
    readonly onClose: () => void;
}

export function WaitDialog({ facilityId, onClose }: Props) {
    const [clinics, setClinics] = useState<readonly Clinic[] | null>(null);
    const [clinic, setClinic] = useState('');
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    useEffect(() => {
        api.get<FacilitiesReply>('/api/v1/facilities').then(({ facilities }) => {
            const own = facilities.find((one) => one.id === facilityId)?.clinics ?? [];
            setClinics(own);
            setClinic(own[0]?.id ?? '');
        }, (error: unknown) => {
            if (!guard(error)) setProblem(error);
        });
    }, [facilityId]);
    return (
        <Dialog label={dw('title')} onClose={onClose} testId="wait-dialog">
            {problem !== null && <Failure problem={problem} />}
            {clinics === null && problem === null && <Loading />}
            {clinics !== null && clinic !== '' && (
                <Chosen key={clinic} clinics={clinics} clinic={clinic} onClinic={setClinic} onClose={onClose} />
            )}
        </Dialog>
    );
}

interface ChosenProps {
    readonly clinics: readonly Clinic[];
    readonly clinic: string;
    readonly onClinic: (clinic: string) => void;
    readonly onClose: () => void;
}

function Chosen({ clinics, clinic, onClinic, onClose }: ChosenProps) {
    const [list, setList] = useState<ListReply | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [adds, setAdds] = useState(false);
    const [step, setStep] = useState<{ readonly what: StepKind; readonly entry: WaitEntry } | null>(null);
    const guard = useGuard();
    const load = () => {
        setProblem(null);
        api.get<ListReply>(`/api/v1/clinics/${clinic}/wait-list`).then(setList, (error: unknown) => {
            if (!guard(error)) setProblem(error);
        });
    };
    useEffect(load, [clinic]);
    const back = () => {
        setStep(null);
        setAdds(false);
        load();
    };
    if (adds) return <Add clinics={clinics.filter((one) => one.id === clinic)} onBack={back} onAdded={load} />;
    if (step) return <WaitStep what={step.what} entry={step.entry} onBack={back} />;
    return (
        <div class="stack">
            <h2>{dw('title')}</h2>
            {clinics.length > 1 && (
                <Field id="wait-clinic" label={dw('clinic')}>
                    {(tie) => (
                        <select {...tie} value={clinic} onChange={(event) => onClinic(event.currentTarget.value)}>
                            {clinics.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {one.name}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
            {problem !== null && <Failure problem={problem} onRetry={load} />}
            {list === null && problem === null && <Loading />}
            {list && <p class="quiet">{dw(list.mode)}</p>}
            {list && list.entries.length === 0 && <p class="empty quiet" data-testid="wait-none">{dw('none')}</p>}
            {list && (
                <ol class="rows wait-rows" data-testid="wait-rows">
                    {list.entries.map((entry, i) => (
                        <Row key={entry.id} n={i + 1} entry={entry} onStep={(what) => setStep({ what, entry })} />
                    ))}
                </ol>
            )}
            <div class="dialog-actions">
                <Button kind="primary" icon="person-add" onClick={() => setAdds(true)} testId="wait-add">
                    {dw('add')}
                </Button>
                <Button kind="plain" onClick={onClose}>
                    {dw('close')}
                </Button>
            </div>
        </div>
    );
}

function Row({ n, entry, onStep }: { readonly n: number; readonly entry: WaitEntry; readonly onStep: (what: StepKind) => void }) {
    const doctor = entry.doctor ? withTitle(entry.doctor) : dw('any');
    return (
        <li class="wait-row" data-testid="wait-row">
            <p>
                <strong>{`${n}. ${entry.name}`}</strong> <span class="quiet numbers">{entry.phone_masked}</span>
            </p>
            {entry.urgent && <p data-testid="wait-urgent">{dw('urgent', { reason: entry.reason ?? '' })}</p>}
            {entry.offer && (
                <p data-testid="wait-offered">
                    {dw('offered', { when: dateAndTime(entry.offer.turn_at_ms), until: timeOfDay(entry.offer.expires_at_ms) })}
                </p>
            )}
            <p class="quiet">{[doctor, entry.service].filter(Boolean).join(' · ')}</p>
            <p class="quiet">
                {dw('since', { when: dateAndTime(entry.requested_at_ms) })}, {dw('until', { date: longDate(dateMs(entry.until)) })}
            </p>
            {entry.unanswered > 0 && <p class="quiet">{dw('unanswered', { n: entry.unanswered })}</p>}
            <div class="wait-actions">
                <Button onClick={() => onStep(entry.urgent ? 'not_first' : 'first')} label={`${dw(entry.urgent ? 'not_first' : 'first')}: ${entry.name}`} testId="wait-first">
                    {dw(entry.urgent ? 'not_first' : 'first')}
                </Button>
                <Button kind="plain" onClick={() => onStep('remove')} label={`${dw('remove')}: ${entry.name}`} testId="wait-remove">
                    {dw('remove')}
                </Button>
            </div>
        </li>
    );
}

interface AddProps {
    readonly clinics: readonly Clinic[];
    readonly onBack: () => void;
    readonly onAdded: () => void;
}

function Add({ clinics, onBack, onAdded }: AddProps) {
    const [consent, setConsent] = useState<ConsentReply | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [added, setAdded] = useState<{ readonly name: string; readonly reply: BookingReply } | null>(null);
    useEffect(() => {
        api.get<ConsentReply>('/api/v1/consent').then(setConsent, setProblem);
    }, []);
    if (added) {
        return (
            <>
                <h2>{dw('added', { patient: added.name })}</h2>
                <Odd warnings={added.reply.warnings} />
                {added.reply.link !== null && <NewLink link={added.reply.link} words={dw('added_link')} label={dw('link')} onClose={onBack} />}
            </>
        );
    }
    return (
        <>
            <h2>{dw('add_title')}</h2>
            {problem !== null && <Failure problem={problem} />}
            {consent === null && problem === null && <Loading />}
            {consent && (
                <WalkInForm clinics={clinics} consent={consent} words={dw('add_text')} submitWords={dw('add_submit')} mayLackPhone={false}
                    pathOf={(clinic) => `/api/v1/clinics/${clinic}/wait-list`} onClose={onBack}
                    onTaken={({ reply, name }) => {
                        setAdded({ name, reply });
                        onAdded();
                    }} />
            )}
        </>
    );
}
