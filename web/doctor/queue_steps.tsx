// SPDX-License-Identifier: Apache-2.0
// The doctor and the queue: the next patient, and what is done with one who does not answer.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure } from '../staff/parts';
import { q } from '../staff/queue_words';
import { useGuard } from '../staff/shell';
import { t } from '../staff/words';

interface NextReply {
    readonly visit: string | null;
}

/** Whom the doctor has called already, as the server's refusal says. */
function busyWith(error: unknown): string | null {
    if (!(error instanceof ApiProblem) || error.type !== 'doctor-busy') return null;
    return typeof error.body.visit === 'string' ? error.body.visit : null;
}

interface NextProps {
    readonly disabled: boolean;
    /** It was called: its call is to be opened. */
    readonly onCalled: (visit: string) => void;
    /** It is called already. */
    readonly onBusy: (visit: string) => void;
}

/** The server says who is next: somebody else may be calling at this moment. */
export function CallNext({ disabled, onCalled, onBusy }: NextProps) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [none, setNone] = useState(false);
    const guard = useGuard();
    const call = () => {
        setBusy(true);
        setProblem(null);
        setNone(false);
        api.post<NextReply>('/api/v1/queue/next')
            .then(
                (reply) => {
                    if (reply.visit === null) setNone(true);
                    else onCalled(reply.visit);
                },
                (error: unknown) => {
                    const other = busyWith(error);
                    if (other !== null) onBusy(other);
                    else if (!guard(error)) setProblem(error);
                },
            )
            .finally(() => setBusy(false));
    };
    return (
        <>
            {problem !== null && <Failure problem={problem} />}
            {none && <Banner tone="info">{q('next.none')}</Banner>}
            <Button kind="primary" wide icon="phone" disabled={disabled} busy={busy} onClick={call}
                testId="call-next">
                {t('day.call_next')}
            </Button>
        </>
    );
}

/** The next one right after a call: the list stays the way when that fails or nobody waits any more. */
export function useCallNext(onCalled: (visit: string) => void, onNobody: () => void) {
    const guard = useGuard();
    return () => {
        api.post<NextReply>('/api/v1/queue/next').then(
            (reply) => (reply.visit === null ? onNobody() : onCalled(reply.visit)),
            (error: unknown) => {
                if (!guard(error)) onNobody();
            },
        );
    };
}

/** A visit that any doctor may call becomes ours by the call; only then can its call be opened. Who was asked to
 * come is called without one. */
export function useCallByApi(onCalled: (visit: string) => void, onRefused: (visit: string, why: unknown) => void) {
    const guard = useGuard();
    return (visit: string) => {
        api.post(`/api/v1/visits/${visit}/call`).then(
            () => onCalled(visit),
            (error: unknown) => {
                if (!guard(error)) onRefused(visit, isSeenInList(error) ? null : error);
            },
        );
    };
}

/** A colleague was quicker, or somebody is called already: the list says so. */
function isSeenInList(error: unknown): boolean {
    return error instanceof ApiProblem && ['wrong-state', 'doctor-busy'].includes(error.type);
}

interface BackProps {
    readonly visitId: string;
    /** Somebody else could be called now; null: not known. */
    readonly someWait: boolean | null;
    readonly onDone: () => void;
    /** Further ways out: with them all but the first stand folded away. */
    readonly more?: ComponentChildren;
}

/** For one who was called and has not come in. */
export function BackToQueue({ visitId, someWait, onDone, more }: BackProps) {
    const [busy, setBusy] = useState<'skip' | 'return' | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const send = (step: 'skip' | 'return') => {
        setBusy(step);
        setProblem(null);
        api.post(`/api/v1/visits/${visitId}/${step}`)
            .then(onDone, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    const back = (
        <Button icon="back" busy={busy === 'return'} disabled={busy === 'skip'} onClick={() => send('return')}
            testId="return">
            {q('return')}
        </Button>
    );
    return (
        <div class="back-to-queue">
            <div class="back-buttons">
                <Button icon="next" busy={busy === 'skip'} disabled={busy === 'return'} onClick={() => send('skip')}
                    testId="skip">
                    {q('skip')}
                </Button>
                {!more && back}
            </div>
            <p class="quiet">{q(someWait === false ? 'skip_alone' : more ? 'skip_only_hint' : 'skip_hint')}</p>
            {more && (
                <details class="call-more">
                    <summary>{q('more')}</summary>
                    <div class="back-buttons">
                        {back}
                        {more}
                    </div>
                </details>
            )}
            {problem !== null && <Failure problem={problem} />}
        </div>
    );
}
