// SPDX-License-Identifier: Apache-2.0
// The ticket: number, time, link; copied, sent, printed. Prints on one page.
import { useState } from 'preact/hooks';
import { dateAndTime, longDate, timeOfDay, withTitle } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Icon } from '../../shared/widgets/icon';
import { common } from '../../shared/words';
import type { BookingStore } from '../store';
import { hoursWords, t } from '../words';

export function Ticket({ store }: { store: BookingStore }) {
    const ticket = store.current.ticket;
    if (!ticket) return null;
    return (
        <>
            <h1>{t('ticket_title')}</h1>
            <div class="card ticket" data-testid="ticket">
                <p>{t('ticket_for', { name: ticket.patient })}</p>
                <p>{t('ticket_number')}</p>
                <p class="numbers queue-number" data-testid="ticket-number">
                    {ticket.number}
                </p>
                <p class="ticket-time">
                    {longDate(ticket.starts_at_ms)}
                    <br />
                    {ticket.session && <span>{t('ticket_turn')} </span>}
                    <strong class="numbers">{timeOfDay(ticket.starts_at_ms)}</strong>
                </p>
                {ticket.session && (
                    <p data-testid="ticket-session">
                        {t('ticket_session', { place: ticket.session.place, hours: hoursWords(ticket.session) })}
                    </p>
                )}
                <p>
                    {ticket.doctor ? withTitle(ticket.doctor) : t('doctor_any')}, {ticket.clinic}
                    <br />
                    {ticket.facility}
                </p>
                <p class="soft">
                    {t('ticket_code')}: <strong class="numbers">{ticket.code}</strong>
                </p>
            </div>
            {ticket.warnings?.map((warning) => (
                <Banner key={warning.message} tone="warning">
                    <p>{warning.message}</p>
                </Banner>
            ))}
            <TicketLink store={store} />
            <p class="phone-help">
                <span>{t('ticket_phone', { facility: ticket.facility })}</span>
                <a href={`tel:${ticket.phone.replace(/[^+\d]/g, '')}`}>
                    <Icon name="phone" size={20} />
                    <span class="numbers">{ticket.phone}</span>
                </a>
            </p>
            <div class="no-print">
                <Button kind="plain" wide onClick={() => store.another()} testId="another">
                    {t('ticket_another')}
                </Button>
            </div>
        </>
    );
}

function TicketLink({ store }: { store: BookingStore }) {
    const [copied, setCopied] = useState(false);
    const ticket = store.current.ticket;
    if (!ticket) return null;
    const { link, facility, starts_at_ms: startsAtMs } = ticket;
    const select = () => document.querySelector<HTMLInputElement>('#ticket-link')?.select();
    const copy = () => {
        /* Without permission the field is selected, ready for the person's own copying. */
        if (!navigator.clipboard) select();
        else navigator.clipboard.writeText(link).then(() => setCopied(true), select);
    };
    const share = () => {
        const text = t('ticket_share_text', { facility, date: dateAndTime(startsAtMs) });
        /* Rejected when the person closes the system's dialog. */
        navigator.share({ title: t('title'), text, url: link }).catch(() => undefined);
    };
    return (
        <div class="stack">
            <div class="field">
                <label for="ticket-link">{t('ticket_link')}</label>
                <p class="hint" id="ticket-link-hint">
                    {t('ticket_opens', { time: dateAndTime(ticket.opens_at_ms) })} {t('ticket_link_hint')}
                </p>
                <input id="ticket-link" type="text" readOnly value={link}
                    aria-describedby="ticket-link-hint" onFocus={select} data-testid="ticket-link" />
            </div>
            <div class="row ticket-actions no-print">
                <a class="button primary" href={link} data-testid="open-visit">
                    {t('ticket_open')}
                </a>
                <Button icon="copy" onClick={copy} testId="copy-link">
                    {copied ? common('copied') : t('ticket_copy')}
                </Button>
                {typeof navigator.share === 'function' && (
                    <Button icon="share" onClick={share}>
                        {t('ticket_share')}
                    </Button>
                )}
                <Button icon="print" onClick={() => print()}>
                    {t('ticket_print')}
                </Button>
            </div>
            <p class="hidden-words" role="status">
                {copied ? common('copied') : ''}
            </p>
        </div>
    );
}
