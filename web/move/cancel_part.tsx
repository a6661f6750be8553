// SPDX-License-Identifier: Apache-2.0
// Giving the visit up, in two steps: it is easily pressed by somebody who only reads.
import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { JoinReply } from '../shared/api_types';
import { dateAndTime } from '../shared/format';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { failureText } from '../shared/words';
import { isUnplaced } from './move_state';

interface Props {
    readonly token: string;
    readonly visit: JoinReply['visit'];
    readonly onCancelled: () => void;
}

export function CancelPart({ token, visit, onCancelled }: Props) {
    const [asking, setAsking] = useState(false);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const until = visit.state === 'booked' && !isUnplaced(visit) ? visit.cancels_until_ms : null;
    const cancel = () => {
        setBusy(true);
        setProblem(null);
        api.post('/api/v1/join/cancel', undefined, { bearer: token })
            .then(onCancelled, setProblem)
            .finally(() => setBusy(false));
    };
    return (
        <section class="card stack" aria-labelledby="cancel-title" data-testid="own-cancel">
            <h2 id="cancel-title">{m('cancel')}</h2>
            {until !== null && <p class="soft">{m('cancel_until', { date: dateAndTime(until) })}</p>}
            {!asking && (
                <Button kind="plain" wide onClick={() => setAsking(true)} testId="cancel-visit">
                    {m('cancel_action')}
                </Button>
            )}
            {asking && (
                <>
                    <Banner tone="warning" testId="cancel-means">
                        <p>{m('cancel_means', { date: dateAndTime(visit.starts_at_ms) })}</p>
                    </Banner>
                    {problem !== null && (
                        <Banner tone="danger" testId="cancel-refused">
                            <p>{refusal(problem, visit.facility)}</p>
                        </Banner>
                    )}
                    <Button kind="danger" wide busy={busy} onClick={cancel} testId="cancel-confirm">
                        {m('cancel_yes')}
                    </Button>
                    <Button kind="plain" wide disabled={busy} onClick={() => setAsking(false)} testId="cancel-keep">
                        {m('cancel_no')}
                    </Button>
                </>
            )}
        </section>
    );
}

function refusal(problem: unknown, facility: string): string {
    if (problem instanceof ApiProblem && problem.type === 'too-late') return m('cancel_too_late', { facility });
    return failureText(problem);
}

export function Cancelled({ visit }: { readonly visit: JoinReply['visit'] }) {
    return (
        <>
            <h1>{m('cancelled')}</h1>
            <Banner tone="info">
                <p>{m('cancelled_text', { date: dateAndTime(visit.starts_at_ms) })}</p>
            </Banner>
            <a class="button primary wide" href="/" data-testid="book-again">
                {m('cancelled_again')}
            </a>
        </>
    );
}
