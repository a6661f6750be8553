// SPDX-License-Identifier: Apache-2.0
// Nurses who are with a patient, as they come and go: who forgot to say that she left is not there for ever, the coordinator says it for her.
import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { timeOfDay, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import { useNews } from '../staff/use_news';
import { s } from './words';

interface Nurse {
    readonly visit: string;
    readonly number: string;
    readonly clinic: string;
    /** Empty: whichever is free. */
    readonly doctor: string;
    readonly nurse: string;
    readonly joined_at_ms: number;
}

export function NursesNotice() {
    const { version, reload } = useNews('/api/v1/nurses/watch');
    const { value, problem } = useFetched<{ readonly nurses: readonly Nurse[] }>('/api/v1/nurses', version);
    if (problem !== null) return <Failure problem={problem} onRetry={reload} />;
    if (!value || value.nurses.length === 0) return null;
    return (
        <section class="nurses" aria-labelledby="nurses" data-testid="nurses">
            <h2 id="nurses">{s('nurses')}</h2>
            <p class="quiet">{s('nurses_hint')}</p>
            <ul>
                {value.nurses.map((one) => (
                    <Row key={one.visit} one={one} onSaid={reload} />
                ))}
            </ul>
        </section>
    );
}

function Row({ one, onSaid }: { readonly one: Nurse; readonly onSaid: () => void }) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const say = () => {
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/visits/${one.visit}/nurse`, { step: 'left' })
            .then(onSaid, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    const visit = [one.number, one.clinic, one.doctor && withTitle(one.doctor)].filter(Boolean).join(' · ');
    return (
        <li data-testid="nurse-there">
            <p>
                <strong>{s('nurse_since', { name: one.nurse, when: timeOfDay(one.joined_at_ms) })}</strong>
                <br />
                <span class="quiet">{visit}</span>
            </p>
            <Button busy={busy} onClick={say} label={s('nurse_left_label', { name: one.nurse, number: one.number })} testId="nurse-there-left">
                {s('nurse_left')}
            </Button>
            {problem !== null && <Refused problem={problem} />}
        </li>
    );
}

/** Over meanwhile, of which this page has not heard. */
function Refused({ problem }: { readonly problem: unknown }) {
    if (problem instanceof ApiProblem && problem.status === 404)
        return <Banner tone="danger" testId="failure">{s('nurse_gone')}</Banner>;
    return <Failure problem={problem} />;
}
