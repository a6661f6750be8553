// SPDX-License-Identifier: Apache-2.0
// The counter of a kecamatan: what was booked today, a booking for somebody, its ticket.
import { useEffect, useState } from 'preact/hooks';
import type { BookingReply } from '../shared/api_types';
import { dateAndTime } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { N_PHASES, phaseOf } from '../public/booking_state';
import { NO_DETAILS } from '../public/details';
import { Focused, Opening, StepView } from '../public/app';
import { BookingStore } from '../public/store';
import { t as booking } from '../public/words';
import { useChanges } from '../shared/use_changes';
import { common } from '../shared/words';
import { Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { CounterTicket } from './ticket';
import { c } from './words';

interface Booked {
    readonly visit: string;
    readonly number: string;
    readonly patient: string;
    readonly facility: string;
    readonly clinic: string;
    readonly doctor: string | null;
    readonly starts_at_ms: number;
    readonly booked: boolean;
}

/** What is odd about what was typed, said once. */
type Odd = NonNullable<BookingReply['warnings']>;
type View =
    | { readonly what: 'list' }
    | { readonly what: 'book' }
    | { readonly what: 'ticket'; readonly visit: string; readonly odd: Odd };

const store = new BookingStore('/api/v1/counter/bookings');
let isStarted = false;

export function CounterPage({ area }: { readonly area: string }) {
    const [view, setView] = useState<View>({ what: 'list' });
    const book = () => {
        if (isStarted) store.another();
        else store.start();
        isStarted = true;
        /* Of whoever was not booked after all. */
        store.type(NO_DETAILS);
        setView({ what: 'book' });
    };
    return (
        <div class="counter stack">
            {view.what === 'list' && (
                <Today area={area} onBook={book} onTicket={(visit) => setView({ what: 'ticket', visit, odd: [] })} />
            )}
            {view.what === 'book' && (
                <Booking onBooked={(visit, odd) => setView({ what: 'ticket', visit, odd })} onLeave={() => setView({ what: 'list' })} />
            )}
            {view.what === 'ticket' && (
                <CounterTicket visit={view.visit} odd={view.odd} onNext={book} onLeave={() => setView({ what: 'list' })} />
            )}
        </div>
    );
}

interface TodayProps {
    readonly area: string;
    readonly onBook: () => void;
    readonly onTicket: (visit: string) => void;
}

function Today({ area, onBook, onTicket }: TodayProps) {
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<{ bookings: readonly Booked[] }>('/api/v1/counter/bookings', version);
    return (
        <>
            <h1>{c('of', { area })}</h1>
            <p>{c('intro')}</p>
            <Button kind="primary" icon="person-add" onClick={onBook} testId="counter-book">
                {c('book')}
            </Button>
            <h2>{c('today')}</h2>
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {!value && problem === null && <Loading />}
            {value?.bookings.length === 0 && <p class="empty quiet">{c('none')}</p>}
            <ul class="rows" data-testid="counter-list">
                {value?.bookings.map((one) => (
                    <li key={one.visit} class="row counter-row" data-visit={one.visit}>
                        <span class="row-number numbers">{one.number}</span>
                        <span class="row-words">
                            <span class="row-name">{one.patient}</span>
                            <span>{dateAndTime(one.starts_at_ms)}</span>
                            <span class="quiet">
                                {one.doctor ?? c('any_doctor')}, {one.clinic}, {one.facility}
                            </span>
                        </span>
                        {one.booked ? (
                            <Button icon="print" onClick={() => onTicket(one.visit)} testId="counter-ticket"
                                label={c('ticket_of', { patient: one.patient })}>
                                {c('ticket')}
                            </Button>
                        ) : (
                            <span class="quiet">{c('changed')}</span>
                        )}
                    </li>
                ))}
            </ul>
        </>
    );
}

/** The public page's questions; where it ends, the ticket of the counter begins. */
function Booking({ onBooked, onLeave }: {
    readonly onBooked: (visit: string, odd: Odd) => void;
    readonly onLeave: () => void;
}) {
    useChanges(store);
    const { step, facilities, ticket, details } = store.current;
    const booked = step === 'ticket' ? (ticket?.visit ?? null) : null;
    useEffect(() => {
        if (booked) onBooked(booked, ticket?.warnings ?? []);
    }, [booked]);
    const phase = phaseOf(step);
    if (!facilities) return <Opening store={store} />;
    if (booked) return null;
    return (
        <>
            <Button kind="plain" icon="back" onClick={step === 'facility' ? onLeave : () => store.back()} testId="counter-back">
                {step === 'facility' ? c('to_list') : common('back')}
            </Button>
            <Focused key={step} step={step}>
                {phase !== null && <p class="soft">{booking('step', { n: phase, of: N_PHASES })}</p>}
                <StepView step={step} store={store} forWhom={c(details.noPhone ? 'booking_for_no_phone' : 'booking_for')} />
            </Focused>
        </>
    );
}
