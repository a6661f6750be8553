// SPDX-License-Identifier: Apache-2.0
// Patients who may have been taken down twice: the list, and the pair that is open.
import { useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { PairView } from './pair_view';
import { PAIR_STATES, type PairEntry, type PairState } from './types';
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

function PairList({ state, onOpen }: { readonly state: PairState; readonly onOpen: (id: string) => void }) {
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<{ pairs: readonly PairEntry[] }>(`/api/v1/patient-pairs?state=${state}`, version);
    if (problem !== null) return <Failure problem={problem} onRetry={() => setVersion(version + 1)} />;
    if (!value) return <Loading />;
    if (value.pairs.length === 0) return <p class="empty quiet">{p(`none.${state}`)}</p>;
    return (
        <ul class="rows" data-testid="pairs">
            {value.pairs.map((pair) => (
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
