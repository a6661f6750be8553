// SPDX-License-Identifier: Apache-2.0
// The two side by side, and the decision with its reason.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field, FieldError } from '../shared/widgets/field';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import type { Pair, Side } from './types';
import { dayWords, p } from './words';

const MIN_REASON = 3;
const MAX_REASON = 200;

interface Props {
    readonly id: string;
    readonly onLeave: () => void;
    readonly onDone: (words: string) => void;
}

export function PairView({ id, onLeave, onDone }: Props) {
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<Pair>(`/api/v1/patient-pairs/${id}`, version);
    const top = useRef<HTMLHeadingElement>(null);
    useEffect(() => top.current?.focus(), [value !== null]);
    return (
        <div class="people stack">
            <Button kind="plain" icon="back" onClick={onLeave} testId="pair-back">
                {p('to_list')}
            </Button>
            <h1 ref={top} tabIndex={-1}>{p(value && value.state !== 'open' ? `state.${value.state}` : 'pair_title')}</h1>
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {!value && problem === null && <Loading />}
            {value && (
                <>
                    <p>{p(`certainty.${value.certainty}`)}</p>
                    <div class="pair-sides">
                        {value.people.map((side, n) => (
                            <SideCard key={side.patient} title={p(n === 0 ? 'side.0' : 'side.1')} side={side}
                                other={value.people[1 - n]} />
                        ))}
                    </div>
                    <Decide pair={value} onDone={onDone} />
                    <Past pair={value} />
                </>
            )}
        </div>
    );
}


function visitsWords({ visits, first_visit: first, last_visit: last }: Side): string {
    if (!first || !last) return '0';
    return visits === 1 ? p('visits_one', { first: dayWords(first) }) : p('visits_n', { n: visits, first: dayWords(first), last: dayWords(last) });
}

interface CardProps {
    readonly title: string;
    readonly side: Side;
    readonly other: Side | undefined;
}

function SideCard({ title, side, other }: CardProps) {
    const rows = [
        { label: p('name'), value: side.name, differs: side.name !== other?.name },
        { label: p('birth'), value: dayWords(side.birth_date), differs: side.birth_date !== other?.birth_date },
        { label: p('sex'), value: side.sex ? p(`sex.${side.sex}`) : p('not_known'), differs: side.sex !== other?.sex },
        { label: p('nik'), value: side.nik_masked ?? p('nik_none'), differs: side.nik_masked !== other?.nik_masked },
        { label: p('phone'), value: side.phone_masked ?? p('not_known'), differs: side.phone_masked !== other?.phone_masked },
        { label: p('visits'), value: visitsWords(side), differs: false },
    ];
    return (
        <section class="card" data-testid="side" data-patient={side.patient}>
            <h2>{title}</h2>
            <dl>
                {rows.map(({ label, value, differs }) => (
                    <div key={label}>
                        <dt>{differs ? `${label} (${p('differs')})` : label}</dt>
                        <dd class={differs ? 'strong' : ''}>{value}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}

type Step = 'merge' | 'keep-apart' | 'undo';

function Decide({ pair, onDone }: { readonly pair: Pair; readonly onDone: (words: string) => void }) {
    const guard = useGuard();
    const [keep, setKeep] = useState('');
    const [reason, setReason] = useState('');
    const [tried, setTried] = useState<Step | null>(null);
    const [busy, setBusy] = useState<Step | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const noReason = reason.trim().length < MIN_REASON;
    const send = (step: Step) => {
        setTried(step);
        if (busy || noReason || (step === 'merge' && keep === '')) return;
        setBusy(step);
        setProblem(null);
        api.post(`/api/v1/patient-pairs/${pair.id}/${step}`, { reason: reason.trim(), ...(step === 'merge' ? { keep } : {}) })
            .then(() => onDone(p(`done.${step}`)), (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    const isDecided = problem instanceof ApiProblem && problem.status === 409;
    return (
        <form class="stack" noValidate onSubmit={(event) => event.preventDefault()}>
            {pair.state === 'open' && (
                <Keep people={pair.people} keep={keep} isMissing={tried === 'merge' && keep === ''} onKeep={setKeep} />
            )}
            {pair.state === 'merged' && <p>{p('undo_hint')}</p>}
            <Field id="reason" label={p('reason')} hint={p(pair.state === 'merged' ? 'undo_reason_hint' : 'reason_hint')} error={tried && noReason ? p('reason_missing') : undefined}>
                {(tie) => (
                    <input {...tie} type="text" maxLength={MAX_REASON} value={reason} autoComplete="off"
                        onInput={(event) => setReason(event.currentTarget.value)} />
                )}
            </Field>
            {isDecided && <Banner tone="danger" testId="failure">{p('decided')}</Banner>}
            {problem !== null && !isDecided && <Failure problem={problem} />}
            <div class="people-actions">
                {pair.state === 'open' && (
                    <>
                        <Button kind="primary" busy={busy === 'merge'} onClick={() => send('merge')} testId="merge">
                            {p('merge')}
                        </Button>
                        <Button busy={busy === 'keep-apart'} onClick={() => send('keep-apart')} testId="keep-apart">
                            {p('apart')}
                        </Button>
                    </>
                )}
                {pair.state !== 'open' && (
                    <Button kind="danger" busy={busy === 'undo'} onClick={() => send('undo')} testId="undo">
                        {p('undo')}
                    </Button>
                )}
            </div>
        </form>
    );
}

interface KeepProps {
    readonly people: readonly Side[];
    readonly keep: string;
    readonly isMissing: boolean;
    readonly onKeep: (patient: string) => void;
}

function Keep({ people, keep, isMissing, onKeep }: KeepProps) {
    return (
        <fieldset class="choices" aria-describedby="keep-hint">
            <legend class="label">{p('keep')}</legend>
            <p class="hint" id="keep-hint">{p('keep_hint')}</p>
            {people.map((side, n) => (
                <label key={side.patient} class="choice">
                    <input type="radio" name="keep" value={side.patient} checked={keep === side.patient}
                        disabled={side.nik_masked === null && people.some((one) => one.nik_masked !== null)}
                        data-testid={`keep-${n}`} onChange={() => onKeep(side.patient)} />
                    <span>
                        {p(n === 0 ? 'side.0' : 'side.1')}: {p('keep_side', { name: side.name, nik: side.nik_masked ?? p('nik_none') })}
                    </span>
                </label>
            ))}
            <FieldError id="keep-error" text={isMissing ? p('keep_missing') : undefined} />
        </fieldset>
    );
}

function Past({ pair }: { readonly pair: Pair }) {
    if (pair.events.length === 0) return null;
    return (
        <section>
            <h2>{p('history')}</h2>
            <ul class="items" data-testid="pair-events">
                {pair.events.map((event) => (
                    <li key={event.at_ms}>
                        <strong>{p(`event.${event.kind}`)}</strong>, {dateAndTime(event.at_ms)}: {event.reason}
                    </li>
                ))}
            </ul>
        </section>
    );
}
