// SPDX-License-Identifier: Apache-2.0
// One change of hours from the button to its answer: sent, refused by field, or asked about because
// patients are booked in what would close.
import { useEffect, useState } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { useGuard } from '../staff/shell';
import type { Hit } from './types';
import { h } from './words';

const HITS_SHOWN = 8;

export interface Hits {
    readonly count: number;
    readonly bookings: readonly Hit[];
}

/** Sends the change; `query` says whether bookings are to be kept. */
export type Send = (query: string) => Promise<{ readonly kept: number }>;

export interface Change {
    readonly busy: boolean;
    readonly problem: unknown;
    readonly hits: Hits | null;
    readonly submit: (send: Send) => void;
    /** Sends the same again, keeping the bookings. */
    readonly keep: () => void;
    readonly forget: () => void;
    /** What the server says of a field. */
    readonly fault: (field: string) => string | undefined;
}

function hitsOf(error: unknown): Hits | null {
    if (!(error instanceof ApiProblem) || error.type !== 'bookings-hit') return null;
    const bookings = Array.isArray(error.body.bookings) ? (error.body.bookings as Hit[]) : [];
    return { count: Number(error.body.count) || bookings.length, bookings };
}

export function useChange(onSaved: (kept: number) => void): Change {
    const guard = useGuard();
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [hits, setHits] = useState<Hits | null>(null);
    const [last, setLast] = useState<{ readonly send: Send } | null>(null);
    const run = (send: Send, query: string) => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        send(query)
            .then((answer) => onSaved(answer.kept), (error: unknown) => {
                const found = hitsOf(error);
                setHits(found);
                if (!found && !guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    return {
        busy, problem, hits,
        submit: (send) => {
            setLast({ send });
            run(send, '');
        },
        keep: () => last && run(last.send, '?bookings=keep'),
        forget: () => setHits(null),
        fault: (field) => (problem instanceof ApiProblem ? problem.field(field) : undefined),
    };
}

/** Leads to the first field that is marked as wrong, each time `refusal` changes. */
export function useFirstWrong(...refusal: readonly unknown[]): void {
    useEffect(() => {
        document.querySelector<HTMLElement>('.dialog [aria-invalid="true"]')?.focus();
    }, refusal);
}

/** Who is booked in what would close, and the two ways on. */
export function HitList({ hits, change }: { readonly hits: Hits; readonly change: Change }) {
    const shown = hits.bookings.slice(0, HITS_SHOWN);
    const more = hits.count - shown.length;
    return (
        <div class="stack" data-testid="hits">
            <Banner tone="warning">
                <p class="strong">{h('hits_title', { n: hits.count })}</p>
                <p>{h('hits_text')}</p>
            </Banner>
            <ul class="hits">
                {shown.map((hit) => (
                    <li key={hit.visit}>
                        <strong class="numbers">{hit.number}</strong>
                        <span>{dateAndTime(hit.starts_at_ms)}</span>
                        {hit.extra && <span class="quiet">{h('hits_extra')}</span>}
                    </li>
                ))}
                {more > 0 && <li class="quiet">{h('hits_more', { n: more })}</li>}
            </ul>
            <div class="dialog-actions">
                <Button kind="danger" busy={change.busy} onClick={change.keep} testId="hits-keep">
                    {h('hits_keep')}
                </Button>
                <Button kind="plain" onClick={change.forget}>
                    {h('cancel')}
                </Button>
            </div>
        </div>
    );
}
