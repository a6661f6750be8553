// SPDX-License-Identifier: Apache-2.0
// One change of hours from the button to its answer: sent, refused by field, or asked about because
// patients who are booked would have no place any more.
import { useEffect, useState } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { dateAndTime, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { useGuard, useRole } from '../staff/shell';
import { Radios } from './fields';
import { mayMove } from './kept_state';
import type { Hit } from './types';
import { h } from './words';

const HITS_SHOWN = 8;
/** Where the list of those that were kept is. */
export const KEPT_HASH = '#tanpa-tempat';
export const KEPT_PATH = `/jadwal${KEPT_HASH}`;

export interface Hits {
    readonly count: number;
    readonly bookings: readonly Hit[];
}

/** Sends the change; `query` says whether bookings are to be kept. */
export type Send = (query: string) => Promise<{
    readonly kept: number;
    readonly told?: number;
    readonly not_reachable?: number;
    readonly no_phone?: number;
    readonly earlier_until?: string | null;
}>;
/** How many bookings were kept without a place, how many of their patients are told; the last day of the hours as they
 * were, when they stay before those that were saved; how many no message reaches, and how many have no telephone at all. */
export type Saved = (kept: number, told: number, earlierUntil?: string | null, notReachable?: number, noPhone?: number) => void;

/** What becomes of the bookings: dealt with one by one, told to the patients, or left alone. */
export const WAYS = ['move', 'message', 'keep'] as const;
export type Way = (typeof WAYS)[number];

export function queryOf(way: Way): string {
    return way === 'message' ? '?bookings=message' : '?bookings=keep';
}

export interface Change {
    readonly busy: boolean;
    readonly problem: unknown;
    readonly hits: Hits | null;
    readonly submit: (send: Send) => void;
    /** Sends the same again, keeping the bookings. */
    readonly keep: (way: Way) => void;
    readonly forget: () => void;
    /** What the server says of a field. */
    readonly fault: (field: string) => string | undefined;
}

function hitsOf(error: unknown): Hits | null {
    if (!(error instanceof ApiProblem) || error.type !== 'bookings-hit') return null;
    const bookings = Array.isArray(error.body.bookings) ? (error.body.bookings as Hit[]) : [];
    return { count: Number(error.body.count) || bookings.length, bookings };
}

/** `meet`: takes in what somebody else made of it meanwhile. */
export function useChange(onSaved: Saved, meet?: (problem: unknown) => Promise<void>): Change {
    const guard = useGuard();
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [hits, setHits] = useState<Hits | null>(null);
    const [last, setLast] = useState<{ readonly send: Send } | null>(null);
    const run = (send: Send, query: string, way: Way | null) => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        send(query)
            .then((answer) => {
                onSaved(answer.kept, answer.told ?? 0, answer.earlier_until ?? null, answer.not_reachable ?? 0, answer.no_phone ?? 0);
                if (way === 'move') openKept();
            }, async (error: unknown) => {
                const found = hitsOf(error);
                setHits(found);
                if (meet && error instanceof ApiProblem && error.type === 'changed-meanwhile') await meet(error);
                else if (!found) throw error;
            })
            .catch((error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return {
        busy, problem, hits,
        submit: (send) => {
            setLast({ send });
            run(send, '', null);
        },
        keep: (way) => last && run(last.send, queryOf(way), way),
        forget: () => setHits(null),
        fault: (field) => (problem instanceof ApiProblem ? problem.field(field) : undefined),
    };
}

/** Leads to the first field that is marked as wrong, each time `refusal` changes; what is wrong comes into sight with it. */
export function useFirstWrong(...refusal: readonly unknown[]): void {
    useEffect(() => {
        const wrong = document.querySelector<HTMLElement>('.dialog [aria-invalid="true"]');
        wrong?.focus();
        /* With its label, however long the hint between them is. */
        wrong?.closest('.field')?.scrollIntoView({ block: 'nearest' });
        /* Of a date or of several boxes the words are tied to what is around or behind the field. */
        const words = wrong?.closest('[aria-describedby]')?.getAttribute('aria-describedby') ?? '';
        document.getElementById(words.split(' ').find((id) => id.endsWith('-error')) ?? '')?.scrollIntoView({ block: 'nearest' });
    }, refusal);
}

export interface WayChoice {
    readonly ways: readonly Way[];
    readonly way: Way;
    readonly choose: (way: Way) => void;
}

/** An administrator, who moves nobody, has two. */
export function useWay(): WayChoice {
    const role = useRole();
    const ways = WAYS.filter((one) => one !== 'move' || role === null || mayMove(role));
    const [way, choose] = useState<Way>(ways[0] ?? 'message');
    return { ways, way, choose };
}

export function WayField({ ways, way, choose }: WayChoice) {
    return (
        <Radios name="hits" legend={h('hits_way')} value={way} onValue={choose} options={ways.map((value) => (
            { value, words: h(`hits_way.${value}`), hint: h(`hits_hint.${value}`) }))} />
    );
}

/** Where those without a place are moved one by one. */
export function openKept(): void {
    location.assign(KEPT_PATH);
}

/** Who is booked and would have no place, all of them on demand. */
export function HitItems({ hits }: { readonly hits: Hits }) {
    const [showsAll, setShowsAll] = useState(false);
    const shown = showsAll ? hits.bookings : hits.bookings.slice(0, HITS_SHOWN);
    const hidden = hits.bookings.length - shown.length;
    const beyond = hits.count - hits.bookings.length;
    const isOneDoctor = new Set(hits.bookings.map((hit) => hit.doctor)).size === 1;
    return (
        <>
            <ul class="hits">
                {shown.map((hit) => (
                    <li key={hit.visit} data-testid="hit">
                        <strong class="numbers">{hit.number}</strong>
                        <span>{dateAndTime(hit.starts_at_ms)}</span>
                        <span>{hit.clinic}, {hit.facility}</span>
                        {!isOneDoctor && <span class="quiet">{withTitle(hit.doctor)}</span>}
                        {hit.extra && <span class="quiet">{h('hits_extra')}</span>}
                        {hit.there && <span class="mark">{h('hits_there')}</span>}
                    </li>
                ))}
                {hidden === 0 && beyond > 0 && <li class="quiet">{h('hits_beyond', { n: beyond })}</li>}
            </ul>
            {hidden > 0 && (
                <Button kind="plain" onClick={() => setShowsAll(true)} testId="hits-all">
                    {h('hits_all', { n: hidden })}
                </Button>
            )}
        </>
    );
}

/** Those, and the three ways on. */
export function HitList({ hits, change }: { readonly hits: Hits; readonly change: Change }) {
    const choice = useWay();
    return (
        <form class="dialog-form" data-testid="hits" onSubmit={(event) => {
            event.preventDefault();
            change.keep(choice.way);
        }}>
            <Banner tone="warning">
                <p class="strong">{h('hits_title', { n: hits.count })}</p>
                <p>{h('hits_text')}</p>
            </Banner>
            <HitItems hits={hits} />
            <WayField {...choice} />
            <div class="dialog-actions">
                <Button kind="primary" type="submit" busy={change.busy} testId="hits-save">
                    {h('save')}
                </Button>
                <Button kind="plain" onClick={change.forget}>
                    {h('cancel')}
                </Button>
            </div>
        </form>
    );
}
