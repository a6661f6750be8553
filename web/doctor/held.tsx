// SPDX-License-Identifier: Apache-2.0
// A visit without a video call: what the doctor says of it. By telephone: that it is done, when the number was
// asked for. At the facility: that the patient has come, and then that it is done. In both that nobody was there, once asked whether that is meant.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { isoDate } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure } from '../staff/parts';
import { PhoneCall } from '../staff/phone_call';
import { q } from '../staff/queue_words';
import { useGuard } from '../staff/shell';
import type { DayVisit, VisitState } from '../staff/types';
import { useNow } from '../staff/use_day';

interface Props {
    readonly visit: DayVisit;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
    readonly onChanged: () => void;
}

interface AskProps {
    readonly byPhone: boolean;
    readonly busy: boolean;
    readonly onYes: () => void;
    readonly onNo: () => void;
}

/** Of who is at the facility. */
const HINTS: Partial<Record<VisitState, 'held.call_hint' | 'held.called_hint'>> = { checked_in: 'held.call_hint', called: 'held.called_hint' };

type Step = 'check-in' | 'absent' | 'end';

function useStep(visitId: string, onChanged: () => void) {
    const [busy, setBusy] = useState<Step | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const send = (step: Step) => {
        if (busy !== null) return;
        setBusy(step);
        setProblem(null);
        api.post(`/api/v1/visits/${visitId}/${step}`, step === 'end' ? { outcome: 'done' } : undefined)
            .then(onChanged, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    return { busy, problem, send };
}

/** It cannot be taken back, and stands beside what is said of most visits. */
function AskAbsent({ byPhone, busy, onYes, onNo }: AskProps) {
    return (
        <Banner tone="warning" testId="held-absent-ask">
            <p>{q(byPhone ? 'held.ask_not_reached' : 'held.ask_not_come')}</p>
            <div class="back-buttons">
                <Button kind="danger" busy={busy} onClick={onYes} testId="held-absent-yes">{q('held.absent_yes')}</Button>
                <Button kind="plain" onClick={onNo} testId="held-absent-no">{q('held.absent_no')}</Button>
            </div>
        </Banner>
    );
}

export function Held({ visit, offsetMs, onChanged }: Props) {
    const now = useNow(15_000) + offsetMs;
    const [asks, setAsks] = useState(false);
    const { busy, problem, send } = useStep(visit.id, onChanged);
    const byPhone = visit.way === 'phone';
    const isLater = isoDate(visit.starts_at_ms) > isoDate(now);
    const hint = byPhone ? 'held.phone_hint' : HINTS[visit.state] ?? 'held.in_person_hint';
    return (
        <div class="stack" data-testid="held">
            <p>{q(hint)}</p>
            {byPhone && !isLater && <PhoneCall visitId={visit.id} visit={visit} onShown={onChanged} />}
            {!isLater && (
                <div class="back-buttons">
                    {!byPhone && visit.state === 'booked' && (
                        <Button icon="check" busy={busy === 'check-in'} onClick={() => send('check-in')} testId="held-arrived">
                            {q('held.arrived')}
                        </Button>
                    )}
                    <Button kind="primary" icon="check" disabled={visit.to_phone} busy={busy === 'end'}
                        onClick={() => send('end')} testId="held-done">
                        {q('held.done')}
                    </Button>
                    {now >= visit.due_from_ms && !asks && (
                        <Button kind="plain" onClick={() => setAsks(true)} testId="held-absent">
                            {q(byPhone ? 'held.not_reached' : 'held.not_come')}
                        </Button>
                    )}
                </div>
            )}
            {asks && (
                <AskAbsent byPhone={byPhone} busy={busy === 'absent'} onYes={() => send('absent')} onNo={() => setAsks(false)} />
            )}
            {problem !== null && <Failure problem={problem} />}
        </div>
    );
}
