// SPDX-License-Identifier: Apache-2.0
// The screen in the lobby: the numbers that are called, large; those that come next. No names.
import { Fragment } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { FacilitiesReply, Facility } from '../shared/api_types';
import { longDate, timeOfDay, withTitle } from '../shared/format';
import { useLang } from '../shared/lang';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Header, LangSwitch } from '../shared/widgets/header';
import { Icon } from '../shared/widgets/icon';
import { failureText } from '../shared/words';
import { BoardFeed, NO_BOARD, type BoardState } from './board_feed';
import { clinicOf, keyOf, newlyCalled, runsOf, unnamed, type BoardReply, type Run } from './board_state';
import { t } from './words';

const EYE_MS = 8000;
/* So many stand large above what is said of the rest. */
const FEW = 8;

export function BoardPage() {
    useLang();
    document.title = `${t('title')} · Huyula`;
    const clinic = clinicOf(location.pathname);
    return clinic === null ? <Choose /> : <Board clinic={clinic} />;
}

function Choose({ unknown = false }: { readonly unknown?: boolean }) {
    const [facilities, setFacilities] = useState<readonly Facility[] | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    useEffect(() => {
        api.get<FacilitiesReply>('/api/v1/facilities').then((reply) => setFacilities(reply.facilities), setProblem);
    }, []);
    return (
        <div class="page">
            <Header title={t('title')} />
            <main class="board-choose" data-testid="board-choose">
                {unknown && <Banner tone="warning">{t('unknown')}</Banner>}
                <h1>{t('choose')}</h1>
                {problem !== null && <Banner tone="danger">{failureText(problem)}</Banner>}
                {facilities === null && problem === null && <Busy text={t('loading')} />}
                {facilities?.map((facility) => (
                    <section key={facility.id}>
                        <h2>{facility.name}</h2>
                        <ul>
                            {facility.clinics.map((clinic) => (
                                <li key={clinic.id}>
                                    <a class="button" href={`/papan/${clinic.id}`} data-testid="board-clinic">
                                        {clinic.name}
                                    </a>
                                </li>
                            ))}
                        </ul>
                    </section>
                ))}
            </main>
        </div>
    );
}

/** Numbers just called, for some seconds. */
function useEye(reply: BoardReply | null): ReadonlySet<string> {
    const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
    const before = useRef<BoardReply | null>(null);
    useEffect(() => {
        if (reply === null) return undefined;
        const numbers = newlyCalled(before.current, reply);
        before.current = reply;
        if (numbers.length === 0) return undefined;
        setFresh(new Set(numbers));
        const timer = setTimeout(() => setFresh(new Set()), EYE_MS);
        return () => clearTimeout(timer);
    }, [reply]);
    return fresh;
}

function Board({ clinic }: { readonly clinic: string }) {
    const [state, setState] = useState<BoardState>(NO_BOARD);
    useEffect(() => {
        const feed = new BoardFeed(clinic, setState);
        feed.start();
        return () => feed.stop();
    }, [clinic]);
    const { reply, problem, offline, offsetMs } = state;
    const fresh = useEye(reply);
    if (reply === null && problem instanceof ApiProblem && problem.status === 404) return <Choose unknown />;
    return (
        <main class="board" data-testid="board" data-live={!offline && reply !== null}>
            <header class="board-head">
                <div>
                    <h1>{reply?.clinic ?? t('title')}</h1>
                    <p>{reply?.facility}</p>
                </div>
                <Clock offsetMs={offsetMs} />
                <LangSwitch />
            </header>
            {reply === null && problem === null && <Busy text={t('loading')} />}
            {reply === null && problem !== null && <Banner tone="danger">{failureText(problem)}</Banner>}
            {reply !== null && <Numbers reply={reply} fresh={fresh} />}
            {reply !== null && (offline || problem !== null) && (
                <div class="board-offline" role="status">
                    <Icon name="warning" size={40} />
                    {t('offline')}
                </div>
            )}
        </main>
    );
}

/** Around midnight: today's numbers begin anew. */
function DayBefore() {
    return <span class="board-day-before" data-testid="board-day-before"> {t('day_before')}</span>;
}

function Clock({ offsetMs }: { readonly offsetMs: number }) {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), 1000);
        return () => clearInterval(timer);
    }, []);
    return (
        <p class="board-clock">
            <strong class="numbers">{timeOfDay(now + offsetMs)}</strong>
            <span>{longDate(now + offsetMs)}</span>
        </p>
    );
}

/** Around midnight of two days, each under its name; else of today, which goes without saying. */
function Next({ runs }: { readonly runs: readonly Run[] }) {
    const isOfTwo = runs.some((run) => run.dayBefore);
    const n = runs.reduce((sum, run) => sum + run.numbers.length, 0);
    return (
        <div class={`board-runs${isOfTwo ? ' of-two' : ''}${n > FEW ? ' many' : ''}`} data-testid="board-next">
            {runs.map(({ dayBefore, numbers }, i) => (
                <Fragment key={keyOf(numbers[0] ?? '', dayBefore)}>
                    {isOfTwo && <RunTitle dayBefore={dayBefore} goesFirst={!dayBefore && runs.slice(i).some((run) => run.dayBefore)} />}
                    <ol>
                        {numbers.map((number) => (
                            <li key={number} class="numbers">
                                {number}
                            </li>
                        ))}
                    </ol>
                </Fragment>
            ))}
        </div>
    );
}

/** `goesFirst`: of today, and before yesterday's. */
function RunTitle({ dayBefore, goesFirst }: { readonly dayBefore: boolean; readonly goesFirst: boolean }) {
    if (goesFirst) return <h3 data-testid="board-seen-first">{t('seen_first')}</h3>;
    return dayBefore
        ? <h3 data-testid="board-from-yesterday">{t('from_yesterday')}</h3>
        : <h3 data-testid="board-from-today">{t('from_today')}</h3>;
}

/** In how many places they stand. */
function cardsOf(n: number): number {
    return n > 6 ? 9 : Math.min(n, 5);
}

interface NumbersProps {
    readonly reply: BoardReply;
    readonly fresh: ReadonlySet<string>;
}

function Numbers({ reply, fresh }: NumbersProps) {
    const more = unnamed(reply);
    return (
        <div class="board-body">
            <section class="board-called" aria-label={t('called')} aria-live="polite">
                {reply.called.length === 0 && <p class="board-none">{t('nobody_called')}</p>}
                <ul class={`board-count-${cardsOf(reply.called.length)}`}>
                    {reply.called.map((one) => (
                        <li key={keyOf(one.number, one.day_before)} class={fresh.has(keyOf(one.number, one.day_before)) ? 'fresh' : one.in_call ? 'talks' : ''}
                            data-testid="board-called" data-number={one.number}>
                            <strong class="numbers">{one.number}</strong>
                            {one.day_before && <DayBefore />}
                            <span class="board-words">
                                <span>
                                    <Icon name={one.in_call ? 'sound' : 'phone'} size={40} />
                                    {t(one.in_call ? 'in_call' : 'called')}
                                </span>
                                <span>{withTitle(one.doctor)}</span>
                            </span>
                        </li>
                    ))}
                </ul>
            </section>
            <section class="board-next" aria-label={t('next')}>
                <h2>{t('next')}</h2>
                {reply.next.length === 0 && <p>{t('nobody_waits')}</p>}
                <Next runs={runsOf(reply)} />
                {more > 0 && <p>{t('more', { n: more })}</p>}
                {reply.waiting > 0 && <p class="board-waiting">{t('waiting', { n: reply.waiting })}</p>}
                {reply.urgent_today > 0 && <p data-testid="board-urgent">{t('urgent', { n: reply.urgent_today })}</p>}
            </section>
        </div>
    );
}
