// SPDX-License-Identifier: Apache-2.0
// Patients who may have been taken down twice: the list, and the pair that is open.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import { PairView } from './pair_view';
import { PAIR_STATES, type PairEntry, type PairsReply, type PairState } from './types';
import { dayWords, p } from './words';

export function PeoplePage() {
    const [state, setState] = useState<PairState>('open');
    const [open, setOpen] = useState<string | null>(null);
    const [version, setVersion] = useState(0);
    const [done, setDone] = useState('');
    if (open) {
        return (
            <PairView id={open} onLeave={() => setOpen(null)} onDone={(words) => {
                setDone(words);
                setOpen(null);
                setVersion(version + 1);
            }} />
        );
    }
    const choose = (one: PairState) => {
        setState(one);
        setDone('');
    };
    return (
        <div class="people stack">
            <h1>{p('title')}</h1>
            <a class="button plain" href="/loket">
                {p('to_desk')}
            </a>
            <p>{p('intro')}</p>
            {done !== '' && <Banner tone="good" testId="done">{done}</Banner>}
            <div class="people-actions" role="group" aria-label={p('filter')}>
                {PAIR_STATES.map((one) => (
                    <Button key={one} pressed={state === one} {...(state === one ? { icon: 'check' as const } : {})} onClick={() => choose(one)} testId={`state-${one}`}>
                        {p(`state.${one}`)}
                    </Button>
                ))}
            </div>
            <PairList key={`${state} ${version}`} state={state} onOpen={(id) => {
                setDone('');
                setOpen(id);
            }} />
        </div>
    );
}

interface ListProps {
    readonly state: PairState;
    readonly onOpen: (id: string) => void;
}

function PairList({ state, onOpen }: ListProps) {
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<PairsReply>(`/api/v1/patient-pairs?state=${state}`, version);
    if (problem !== null) return <Failure problem={problem} onRetry={() => setVersion(version + 1)} />;
    if (!value) return <Loading />;
    if (value.pairs.length === 0) return <p class="empty quiet">{p(`none.${state}`)}</p>;
    return <Pages first={value} state={state} onOpen={onOpen} />;
}

/** The newest, and older ones as far as they are asked for. */
function Pages({ first, state, onOpen }: ListProps & { readonly first: PairsReply }) {
    const guard = useGuard();
    const [further, setFurther] = useState<readonly PairsReply[]>([]);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const pages = [first, ...further];
    const all = pages.flatMap((page) => page.pairs);
    const last = pages[pages.length - 1];
    const older = () => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        api.get<PairsReply>(`/api/v1/patient-pairs?state=${state}&before=${all[all.length - 1]?.id ?? ''}`)
            .then((page) => setFurther([...further, page]), (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return (
        <>
            <Rows pairs={all} onOpen={onOpen} />
            {problem !== null && <Failure problem={problem} />}
            {last?.more && (
                <div>
                    <Button busy={busy} onClick={older} testId="older">{p('older')}</Button>
                </div>
            )}
        </>
    );
}

function Rows({ pairs, onOpen }: { readonly pairs: readonly PairEntry[]; readonly onOpen: (id: string) => void }) {
    return (
        <ul class="rows" data-testid="pairs">
            {pairs.map((pair) => (
                <li key={pair.id} class="row pair-row" data-pair={pair.id} data-certainty={pair.certainty}>
                    <span class="row-words">
                        {pair.people.map((one, n) => (
                            <span key={n}>
                                <strong>{one.initials}</strong> {p('born', { date: dayWords(one.birth_date) })}
                            </span>
                        ))}
                        <span class="quiet">{p(`certainty.${pair.certainty}`)}</span>
                    </span>
                    <Button onClick={() => onOpen(pair.id)} testId="compare"
                        label={p('compare_name', { who: pair.people.map((one) => one.initials).join(' · ') })}>
                        {p('compare')}
                    </Button>
                </li>
            ))}
        </ul>
    );
}
