// SPDX-License-Identifier: Apache-2.0
// The booking page: one question a screen.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { dateAndTime, inOnePiece } from '../shared/format';
import { useLang } from '../shared/lang';
import { useChanges } from '../shared/use_changes';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Busy } from '../shared/widgets/busy';
import { Header } from '../shared/widgets/header';
import { common, failureText } from '../shared/words';
import { N_PHASES, phaseOf, type Step } from './booking_state';
import { ClinicStep, DoctorStep, FacilityStep, ServiceStep } from './steps/choices';
import { DetailsStep } from './steps/details';
import { ReviewStep } from './steps/review';
import { Ticket } from './steps/ticket';
import { TimeStep } from './steps/time';
import type { BookingStore } from './store';
import { t } from './words';

export function App({ store }: { store: BookingStore }) {
    useLang();
    useChanges(store);
    const { step, facilities, ticket } = store.current;
    document.title = `${t('title')} · Huyula`;
    const phase = phaseOf(step);
    const canGoBack = step !== 'facility' && phase !== null;
    return (
        <div class="page">
            <Header title={t('title')} onBack={canGoBack ? () => store.back() : undefined} />
            <main class="page-main">
                {!facilities && <Opening store={store} />}
                {facilities && (
                    <Focused key={step} step={step}>
                        {ticket && step === 'facility' && <TicketReminder store={store} />}
                        {phase !== null && <p class="soft">{t('step', { n: phase, of: N_PHASES })}</p>}
                        <StepView step={step} store={store} />
                    </Focused>
                )}
            </main>
            {step === 'facility' && (
                <footer class="page-foot no-print">
                    <a href="/masuk">{t('staff_login')}</a>
                </footer>
            )}
        </div>
    );
}

export function Opening({ store }: { store: BookingStore }) {
    const { failure, retries } = store.current;
    if (failure === null) {
        return <Busy text={retries > 0 ? t('retrying', { n: retries }) : t('loading')} />;
    }
    return (
        <div class="stack">
            <Banner tone="danger">
                <p>{failureText(failure)}</p>
            </Banner>
            <Button kind="primary" onClick={() => void store.loadFacilities()} testId="retry">
                {common('try_again')}
            </Button>
        </div>
    );
}

/** A new step takes the focus, so that a screen reader starts at its question. */
export function Focused({ step, children }: { step: Step; children: ComponentChildren }) {
    const ref = useRef<HTMLDivElement>(null);
    useEffect(() => {
        /* A form that came back with a wrong field has put the focus there. */
        if (step === 'facility' || ref.current?.contains(document.activeElement)) return;
        ref.current?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }, []);
    return (
        <div ref={ref} tabIndex={-1} class="stack" data-testid={`step-${step}`}>
            {children}
        </div>
    );
}

interface StepProps {
    readonly step: Step;
    readonly store: BookingStore;
    /** Whose details are asked for, where somebody else types. */
    readonly forWhom?: string;
}

export function StepView({ step, store, forWhom }: StepProps) {
    switch (step) {
        case 'facility':
            return <FacilityStep store={store} />;
        case 'clinic':
            return <ClinicStep store={store} />;
        case 'service':
            return <ServiceStep store={store} />;
        case 'doctor':
            return <DoctorStep store={store} />;
        case 'time':
            return <TimeStep store={store} />;
        case 'details':
            return <DetailsStep store={store} forWhom={forWhom} />;
        case 'review':
            return <ReviewStep store={store} />;
        case 'ticket':
            return <Ticket store={store} />;
    }
}

function TicketReminder({ store }: { store: BookingStore }) {
    const ticket = store.current.ticket;
    if (!ticket) return null;
    const date = dateAndTime(ticket.starts_at_ms);
    return (
        <Banner tone="good">
            <p>{t('ticket_before', { number: inOnePiece(ticket.number), date })}</p>
            <Button onClick={() => store.showTicket()}>{t('ticket_show')}</Button>
        </Banner>
    );
}
