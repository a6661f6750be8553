// SPDX-License-Identifier: Apache-2.0
// The ticket that the person takes home: one page.
import { useState } from 'preact/hooks';
import { told } from '../shared/api';
import type { BookingReply } from '../shared/api_types';
import { dateAndTime, longDate, timeOfDay, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { Qr } from './qr';
import { c } from './words';

export interface TicketReply extends BookingReply {
    readonly patient: string;
    readonly qr: readonly string[] | null;
}

interface Props {
    readonly visit: string;
    /** What is odd about what was typed: told the officer, not printed. */
    readonly odd: NonNullable<BookingReply['warnings']>;
    readonly onNext: () => void;
    readonly onLeave: () => void;
}

export function CounterTicket({ visit, odd, onNext, onLeave }: Props) {
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<TicketReply>(`/api/v1/counter/bookings/${visit}`, version);
    return (
        <>
            <div class="no-print">
                <Button kind="plain" icon="back" onClick={onLeave} testId="counter-back">
                    {c('to_list')}
                </Button>
            </div>
            {odd.length > 0 && (
                <div class="stack tight no-print" data-testid="counter-odd">
                    {odd.map((one) => (
                        <Banner key={one.message} tone="warning">
                            <p>{told(one)}</p>
                            {one.code !== 'no_phone' && <p>{c('odd', { facility: value ? `${value.facility} (${value.phone.replace(/-/g, '\u2011')})` : c('facility') })}</p>}
                        </Banner>
                    ))}
                </div>
            )}
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {!value && problem === null && <Loading />}
            {value && <Paper ticket={value} />}
            {value && (
                <div class="counter-actions no-print">
                    <Button kind="primary" icon="print" onClick={() => print()} testId="counter-print">
                        {c('print')}
                    </Button>
                    <Button icon="person-add" onClick={onNext} testId="counter-next">
                        {c('next')}
                    </Button>
                </div>
            )}
        </>
    );
}

interface PaperProps {
    readonly ticket: TicketReply;
    /** Why there is no link on it. */
    readonly withoutLink?: string;
}

export function Paper({ ticket, withoutLink = c('link_renewed') }: PaperProps) {
    const { link, qr, phone } = ticket;
    return (
        <div class="card ticket counter-ticket" data-testid="paper">
            <h1>{ticket.patient}</h1>
            <p>{c('number')}</p>
            <p class="numbers queue-number" data-testid="paper-number">
                {ticket.number}
            </p>
            <p class="ticket-time">
                {longDate(ticket.starts_at_ms)}
                <br />
                {ticket.session && <span>{c('turn')} </span>}
                <strong class="numbers">{timeOfDay(ticket.starts_at_ms)}</strong>
            </p>
            <p>
                {ticket.doctor ? withTitle(ticket.doctor) : c('any_doctor')}, {ticket.clinic}
                <br />
                {ticket.facility}
            </p>
            <p>
                {c('code')}: <strong class="numbers">{ticket.code}</strong>
            </p>
            {qr && link && (
                <>
                    <p>{c('scan', { time: dateAndTime(ticket.opens_at_ms) })}</p>
                    <Qr rows={qr} label={link} />
                    <p>
                        {c('or_link')}
                        <br />
                        <span class="counter-link">{link}</span>
                    </p>
                    <p>{c('keep')}</p>
                </>
            )}
            {!link && <Banner tone="warning">{withoutLink}</Banner>}
            {phone && (
                <p>
                    {c('help', { facility: ticket.facility })} <span class="numbers">{phone}</span>
                </p>
            )}
        </div>
    );
}
