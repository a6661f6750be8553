// SPDX-License-Identifier: Apache-2.0
// This one and all later ones of a series come to another day and time at once.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { parseTime } from '../hours/hours_state';
import { Failure } from './parts';
import { Untold } from './queue_marks';
import { DateField, DateInput, LostBanner, TimeInput, VisitTimes } from './series_fields';
import { isRising, lostOf, movesOf, moveWish, proposed, type Lost, type Move, type SeriesDate, type SeriesVisit } from './series_state';
import { s } from './series_words';
import { serverNow } from './server_clock';
import { useGuard } from './shell';
import type { VisitName } from './types';

interface ListProps {
    readonly visits: readonly SeriesVisit[];
    readonly onMove: () => void;
}

/** What of the series is still to come. */
export function MovableList({ visits, onMove }: ListProps) {
    return (
        <Banner tone="info" testId="series-movable">
            <p>{s('move.listed', { n: visits.length })}</p>
            <VisitTimes visits={visits} />
            <Button icon="calendar" onClick={onMove} testId="series-move">
                {s('move.open')}
            </Button>
        </Banner>
    );
}

interface Wish {
    readonly first: string;
    readonly time: string;
}

interface Plan {
    readonly dates: readonly SeriesDate[];
    readonly taken: readonly (number | null)[];
    readonly lost: Lost | null;
}

function useMove(visitId: string, onMoved: () => void) {
    const [plan, setPlan] = useState<Plan | null>(null);
    const [busy, setBusy] = useState<'find' | 'move' | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [moved, setMoved] = useState<number | null>(null);
    const guard = useGuard();
    const path = `/api/v1/visits/${visitId}/series/move`;
    const run = (what: 'find' | 'move', work: Promise<void>) => {
        setBusy(what);
        setProblem(null);
        work.catch((error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(null));
    };
    const load = async ({ first, time }: Wish, lost: Lost | null) => {
        const query = new URLSearchParams({ first, time: parseTime(time) ?? time });
        const { dates } = await api.get<{ dates: SeriesDate[] }>(`${path}/plan?${query}`);
        setPlan({ dates, taken: proposed(dates), lost });
    };
    const send = async (wish: Wish, moves: readonly Move[]) => {
        try {
            setMoved((await api.post<{ moved: number }>(path, { moves })).moved);
            onMoved();
        } catch (error) {
            const lost = lostOf(error);
            if (lost === null) throw error;
            await load(wish, lost);
        }
    };
    return {
        plan, busy, problem, moved,
        find: (wish: Wish) => run('find', load(wish, null)),
        move: (wish: Wish, moves: readonly Move[]) => run('move', send(wish, moves)),
        take: (n: number, start: number | null) =>
            plan && setPlan({ ...plan, taken: plan.taken.map((one, i) => (i === n ? start : one)) }),
        forget: () => setPlan(null),
    };
}

interface FormProps {
    readonly visit: VisitName;
    /** What is to be moved, as far as it is known. */
    readonly visits: readonly SeriesVisit[];
    readonly onMoved: () => void;
}

export function SeriesMoveForm({ visit, visits, onMoved }: FormProps) {
    const [wish, setWish] = useState<Wish>(() => moveWish(visits, serverNow()));
    const { plan, busy, problem, moved, find, move, take, forget } = useMove(visit.id, onMoved);
    const top = useRef<HTMLHeadingElement>(null);
    /* What was asked for stands above, and the answer below what fits on a screen. */
    useEffect(() => top.current?.scrollIntoView({ block: 'start' }), [plan?.dates]);
    const set = (change: Partial<Wish>) => {
        setWish({ ...wish, ...change });
        forget();
    };
    const wrong = (field: string) => (problem instanceof ApiProblem ? problem.field(field) : undefined);
    const isMarked = ['first', 'time'].some(wrong);
    if (moved !== null) {
        return (
            <Banner tone="good" testId="series-moved">
                <p>{s('move.done', { n: moved })}</p>
            </Banner>
        );
    }
    return (
        <div class="stack" data-testid="series-move-form">
            <p>{s('move.text')}</p>
            <Untold visit={visit} />
            <DateInput id="series-first" label={s('move.first')} value={wish.first} error={wrong('first')}
                onValue={(first) => set({ first })} />
            <TimeInput value={wish.time} error={wrong('time')} onValue={(time) => set({ time })} />
            <Button kind={plan ? 'secondary' : 'primary'} busy={busy === 'find'} onClick={() => find(wish)} testId="series-find">
                {s('find')}
            </Button>
            {problem !== null && !isMarked && <Failure problem={problem} />}
            {plan && (
                <>
                    <h3 ref={top}>{s('proposed')}</h3>
                    <Chosen plan={plan} busy={busy === 'move'} onTake={take} onMove={(moves) => move(wish, moves)} />
                </>
            )}
        </div>
    );
}

interface ChosenProps {
    readonly plan: Plan;
    readonly busy: boolean;
    readonly onTake: (n: number, start: number | null) => void;
    readonly onMove: (moves: readonly Move[]) => void;
}

function Chosen({ plan, busy, onTake, onMove }: ChosenProps) {
    const moves = movesOf(plan.dates, plan.taken);
    const ordered = isRising(moves);
    return (
        <>
            <LostBanner lost={plan.lost} />
            {plan.dates.length === 0 && <p data-testid="series-none">{s('move.none')}</p>}
            {plan.dates.map((date, i) => (
                <DateField key={date.date} date={date} taken={plan.taken[i] ?? null} onTake={(start) => onTake(i, start)} />
            ))}
            {!ordered && <p role="status" data-testid="series-order">{s('move.order')}</p>}
            {plan.dates.length > 0 && moves.length === 0 && <p>{s('move.nothing')}</p>}
            {plan.dates.length > 0 && (
                <Button kind="primary" busy={busy} disabled={!ordered || moves.length === 0} onClick={() => onMove(moves)}
                    testId="series-move-submit">
                    {s('move.submit', { n: moves.length })}
                </Button>
            )}
        </>
    );
}
