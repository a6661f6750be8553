// SPDX-License-Identifier: Apache-2.0
// Questions that were not answered in time, for who keeps the facility that was asked, and all of them for an
// administrator: neither words nor patients.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import { DueWords, StateWords, UrgencyMark } from './marks';
import type { Consult, ConsultsReply } from './types';
import { k, targetWords } from './words';

export function LatePage({ isAdmin }: { readonly isAdmin: boolean }) {
    const [version, setVersion] = useState(0);
    const [busy, setBusy] = useState<string | null>(null);
    const [failure, setFailure] = useState<unknown>(null);
    const { value, problem } = useFetched<ConsultsReply>('/api/v1/consults?box=late', version);
    const guard = useGuard();
    const reload = () => setVersion((n) => n + 1);
    const release = (consult: Consult) => {
        setBusy(consult.id);
        setFailure(null);
        api.post(`/api/v1/consults/${consult.id}/steps`, { step: 'give_back' })
            .then(reload, (error: unknown) => {
                if (!guard(error)) setFailure(error);
            })
            .finally(() => setBusy(null));
    };
    return (
        <div class="ask" data-testid="late-questions">
            <div class="hours-head">
                <h1>{k('late_page.title')}</h1>
                <a class="button plain" href="/pengaturan">{k('late_page.to_settings')}</a>
            </div>
            <p class="quiet">{k(isAdmin ? 'late_page.intro_all' : 'late_page.intro')}</p>
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {failure !== null && <Failure problem={failure} onRetry={reload} />}
            {problem === null && value === null && <Loading />}
            {value !== null && value.consults.length === 0 && <p class="empty">{k('late_page.none')}</p>}
            {value !== null && value.consults.length > 0 && (
                <>
                    <p>{k('late_page.hint')}</p>
                    <ul class="items">
                        {value.consults.map((one) => (
                            <LateItem key={one.id} consult={one} nowMs={value.server_ms} busy={busy === one.id}
                                onRelease={() => release(one)} />
                        ))}
                    </ul>
                </>
            )}
        </div>
    );
}

interface ItemProps {
    readonly consult: Consult;
    readonly nowMs: number;
    readonly busy: boolean;
    readonly onRelease: () => void;
}

function LateItem({ consult, nowMs, busy, onRelease }: ItemProps) {
    return (
        <li class="item" data-testid="late-question" data-state={consult.state}>
            <div class="item-words">
                <strong>{k('from', consult.from)}</strong>
                <span>{k('to', { to: targetWords(consult) })}</span>
                <span class="ask-marks">
                    <UrgencyMark urgency={consult.urgency} />
                    <StateWords consult={consult} />
                </span>
                <DueWords consult={consult} nowMs={nowMs} />
            </div>
            <div class="item-actions late-actions">
                <Phone to={consult.to} />
                {consult.state !== 'open' && (
                    <Button busy={busy} onClick={onRelease} testId="release"
                        label={k('late_page.release_label', { doctor: consult.from.doctor })}>
                        {k('late_page.release')}
                    </Button>
                )}
            </div>
        </li>
    );
}

/** Of the facility that was asked: nobody's own number is kept of a doctor. */
function Phone({ to: { facility, phone } }: Pick<Consult, 'to'>) {
    return (
        <a class="button" href={`tel:${phone.replace(/[^+\d]/g, '')}`} data-testid="late-phone"
            aria-label={k('late_page.phone', { facility, phone })}>
            <Icon name="phone" />
            <span class="numbers">{phone}</span>
        </a>
    );
}
