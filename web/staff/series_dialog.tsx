// SPDX-License-Identifier: Apache-2.0
// The same patient again, every one, two or four weeks: the server proposes, staff settle, all are booked at once.
// Of a series that is still to come all can be moved instead.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem, newIdempotencyKey } from '../shared/api';
import { addDays, clockTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { parseTime } from '../hours/hours_state';
import { Dialog, Failure } from './parts';
import { Untold } from './queue_marks';
import { DateField, DateInput, LostBanner, TimeInput, VisitTimes } from './series_fields';
import { MovableList, SeriesMoveForm } from './series_move';
import {
    EVERY_WEEKS, lostOf, MAX_TIMES, MIN_TIMES, movableOf, proposed, startsOf, type Lost, type SeriesDate, type SeriesReply, type SeriesVisit,
} from './series_state';
import { s } from './series_words';
import { serverToday } from './server_clock';
import { useGuard } from './shell';
import type { VisitName } from './types';
import { useFetched } from './use_fetched';

interface Props {
    readonly visit: VisitName;
    readonly onClose: () => void;
    readonly onBooked: () => void;
}

export function SeriesDialog({ visit, onClose, onBooked }: Props) {
    const title = s('title', { patient: visit.patient });
    const [moves, setMoves] = useState(false);
    const { value: series } = useFetched<SeriesReply>(`/api/v1/visits/${visit.id}/series`, 0);
    const movable = series === null ? [] : movableOf(series, visit.id);
    return (
        <Dialog label={title} onClose={onClose} testId="series-dialog">
            <div class="dialog-form">
                <h2>{title}</h2>
                {!moves && movable.length > 0 && <MovableList visits={movable} onMove={() => setMoves(true)} />}
                {moves ? <SeriesMoveForm visit={visit} visits={movable} onMoved={onBooked} />
                    : (
                        <>
                            {movable.length > 0 && <h3>{s('add')}</h3>}
                            <SeriesForm visit={visit} onBooked={onBooked} />
                        </>
                    )}
                <div class="dialog-actions">
                    <Button onClick={onClose} testId="series-close">
                        {s('close')}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}

interface Wish {
    readonly first: string;
    readonly time: string;
    readonly every: number;
    readonly times: number;
    readonly until: string;
}

interface Plan {
    readonly dates: readonly SeriesDate[];
    readonly taken: readonly (number | null)[];
    readonly lost: Lost | null;
}

function useSeries(visitId: string, onBooked: () => void) {
    const [plan, setPlan] = useState<Plan | null>(null);
    const [busy, setBusy] = useState<'find' | 'book' | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [booked, setBooked] = useState<readonly SeriesVisit[]>([]);
    const sent = useRef({ body: '', key: '' });
    const guard = useGuard();
    const run = (what: 'find' | 'book', work: Promise<void>) => {
        setBusy(what);
        setProblem(null);
        work.catch((error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(null));
    };
    const path = `/api/v1/visits/${visitId}/series`;
    const load = async ({ first, time, every, times, until }: Wish, lost: Lost | null) => {
        const query = new URLSearchParams({ first, time: parseTime(time) ?? time, every: String(every), times: String(times), ...(until ? { until } : {}) });
        const { dates } = await api.get<{ dates: SeriesDate[] }>(`${path}/plan?${query}`);
        setPlan({ dates, taken: proposed(dates), lost });
    };
    const send = async (wish: Wish, starts: readonly number[]) => {
        const body = { every: wish.every, starts: starts.map((at_ms) => ({ at_ms })) };
        const text = JSON.stringify(body);
        if (text !== sent.current.body) sent.current = { body: text, key: newIdempotencyKey() };
        try {
            const reply = await api.post<SeriesReply>(path, body, { idempotencyKey: sent.current.key });
            setBooked(reply.visits);
            onBooked();
        } catch (error) {
            const lost = lostOf(error);
            if (lost === null) throw error;
            await load(wish, lost);
        }
    };
    return {
        plan, busy, problem, booked,
        find: (wish: Wish) => run('find', load(wish, null)),
        book: (wish: Wish, starts: readonly number[]) => run('book', send(wish, starts)),
        take: (n: number, start: number | null) =>
            plan && setPlan({ ...plan, taken: plan.taken.map((one, i) => (i === n ? start : one)) }),
        forget: () => setPlan(null),
    };
}

/** No form element of its own: it also stands in the one that ends a visit. */
export function SeriesForm({ visit, onBooked }: Omit<Props, 'onClose'>) {
    const [wish, setWish] = useState<Wish>({
        first: addDays(serverToday(), 7), time: clockTime(visit.starts_at_ms), every: 1, times: 4, until: '',
    });
    const { plan, busy, problem, booked, find, book, take, forget } = useSeries(visit.id, onBooked);
    const starts = startsOf(plan?.taken ?? []);
    const top = useRef<HTMLHeadingElement>(null);
    /* What was asked for stands above, and the answer below what fits on a screen. */
    useEffect(() => top.current?.scrollIntoView({ block: 'start' }), [plan?.dates]);
    const set = (change: Partial<Wish>) => {
        setWish({ ...wish, ...change });
        forget();
    };
    const wrong = (field: string) => (problem instanceof ApiProblem ? problem.field(field) : undefined);
    const isMarked = ['first', 'time', 'until', 'every', 'times'].some(wrong);
    if (booked.length > 0) {
        return (
            <Banner tone="good" testId="series-done">
                <p>{s('done', { n: booked.length })}</p>
                <VisitTimes visits={booked} />
            </Banner>
        );
    }
    return (
        <div class="stack series-form" data-testid="series-form">
            <p>{s('text')}</p>
            <Untold visit={visit} />
            <WishFields wish={wish} onWish={set} wrong={wrong} />
            <Button kind={plan ? 'secondary' : 'primary'} busy={busy === 'find'} onClick={() => find(wish)} testId="series-find">
                {s('find')}
            </Button>
            {problem !== null && !isMarked && <Failure problem={problem} />}
            {plan && (
                <>
                    <h3 ref={top}>{s('proposed')}</h3>
                    <p class="quiet">{s('not_booked')}</p>
                    <LostBanner lost={plan.lost} />
                    {plan.dates.map((date, i) => (
                        <DateField key={date.date} date={date} taken={plan.taken[i] ?? null} onTake={(start) => take(i, start)} />
                    ))}
                    {starts.length < MIN_TIMES && <p>{s('too_few')}</p>}
                    <Button kind="primary" busy={busy === 'book'} disabled={starts.length < MIN_TIMES}
                        onClick={() => book(wish, starts)} testId="series-book">
                        {s('book', { n: starts.length })}
                    </Button>
                </>
            )}
        </div>
    );
}

interface WishProps {
    readonly wish: Wish;
    readonly onWish: (change: Partial<Wish>) => void;
    readonly wrong: (field: string) => string | undefined;
}

function WishFields({ wish, onWish, wrong }: WishProps) {
    const times = Array.from({ length: MAX_TIMES - MIN_TIMES + 1 }, (_, i) => i + MIN_TIMES);
    return (
        <>
            <DateInput id="series-first" label={s('first')} value={wish.first} error={wrong('first')}
                onValue={(first) => onWish({ first })} />
            <TimeInput value={wish.time} error={wrong('time')} onValue={(time) => onWish({ time })} />
            <Field id="series-every" label={s('every')} error={wrong('every')}>
                {(tie) => (
                    <select {...tie} value={String(wish.every)} onChange={(event) => onWish({ every: Number(event.currentTarget.value) })}>
                        {EVERY_WEEKS.map((n) => <option key={n} value={String(n)}>{s(`every.${n}`)}</option>)}
                    </select>
                )}
            </Field>
            <Field id="series-times" label={s('times')} error={wrong('times')}>
                {(tie) => (
                    <select {...tie} value={String(wish.times)} onChange={(event) => onWish({ times: Number(event.currentTarget.value) })}>
                        {times.map((n) => <option key={n} value={String(n)}>{s('times_n', { n })}</option>)}
                    </select>
                )}
            </Field>
            <DateInput id="series-until" label={s('until')} value={wish.until} error={wrong('until')}
                onValue={(until) => onWish({ until })} />
        </>
    );
}
