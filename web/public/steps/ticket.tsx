// SPDX-License-Identifier: Apache-2.0
// The ticket: number, time, link; copied, sent, printed. Prints on one page.
import { useEffect, useState } from 'preact/hooks';
import { told } from '../../shared/api';
import type { BookingReply } from '../../shared/api_types';
import { dateAndTime, hoursWords, longDate, timeOfDay, withTitle } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Icon } from '../../shared/widgets/icon';
import { calendarFile } from '../calendar';
import type { BookingStore } from '../store';
import { t } from '../words';

const OPEN_CHECK_MS = 15_000;

export function Ticket({ store }: { store: BookingStore }) {
    const ticket = store.current.ticket;
    if (!ticket) return null;
    return (
        <>
            <h1>{t(ticket.needs_confirmation ? 'ticket_asked' : 'ticket_title')}</h1>
            {ticket.needs_confirmation && (
                <Banner tone="info" testId="ticket-asked">
                    <p>{t('ticket_asked_text', { facility: ticket.facility })}</p>
                </Banner>
            )}
            <div class="card ticket" data-testid="ticket">
                <p>{t('ticket_for', { name: ticket.patient })}</p>
                {ticket.group && <p data-testid="ticket-group">{ticket.group}</p>}
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
                    <p>{told(warning)}</p>
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

/** True once the waiting room can be entered; looked at often enough for a page that stays open. */
function useOpen(store: BookingStore, opensAtMs: number): boolean {
    const [, update] = useState(0);
    const open = store.serverNow() >= opensAtMs;
    useEffect(() => {
        if (open) return undefined;
        const timer = setInterval(() => update((n) => n + 1), OPEN_CHECK_MS);
        return () => clearInterval(timer);
    }, [open]);
    return open;
}

function saveFile(text: string): void {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }));
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = 'kunjungan.ics';
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function TicketLink({ store }: { store: BookingStore }) {
    const ticket = store.current.ticket;
    if (!ticket) return null;
    if (ticket.link === null) return <Banner tone="warning" testId="link-replaced">{t('ticket_no_link')}</Banner>;
    return <LinkOf ticket={ticket} link={ticket.link} store={store} />;
}

function LinkOf({ ticket, link, store }: { ticket: BookingReply; link: string; store: BookingStore }) {
    const [copied, setCopied] = useState(false);
    const { facility, starts_at_ms: startsAtMs } = ticket;
    const open = useOpen(store, ticket.opens_at_ms);
    const select = () => document.querySelector<HTMLInputElement>('#ticket-link')?.select();
    const copy = () => {
        /* Without permission the field is selected, ready for the person's own copying. */
        if (!navigator.clipboard) select();
        else navigator.clipboard.writeText(link).then(() => setCopied(true), select);
    };
    const title = t('ticket_share_text', { facility, date: dateAndTime(startsAtMs) });
    const share = () => {
        /* Rejected when the person closes the system's dialog. */
        navigator.share({ title: t('title'), text: title, url: link }).catch(() => undefined);
    };
    const remind = () => saveFile(calendarFile({
        id: ticket.code, startsAtMs, endsAtMs: ticket.ends_at_ms, title: t('ticket_event', { facility }),
        place: `${ticket.clinic}, ${facility}`, text: `${t('ticket_number')}: ${ticket.number}`, link,
    }, store.serverNow()));
    const visit = (
        <a class={open ? 'button primary' : 'button plain'} href={link} data-testid="open-visit">
            {t(open ? 'ticket_open' : 'ticket_look')}
        </a>
    );
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
                {open && visit}
                <Button kind={open ? 'secondary' : 'primary'} icon="copy" onClick={copy} testId="copy-link">
                    {t(copied ? 'ticket_copied' : 'ticket_copy')}
                </Button>
                {typeof navigator.share === 'function' && (
                    <Button icon="share" onClick={share}>
                        {t('ticket_share')}
                    </Button>
                )}
                {!open && (
                    <Button icon="calendar" onClick={remind} testId="calendar">
                        {t('ticket_calendar')}
                    </Button>
                )}
                <Button icon="print" onClick={() => print()}>
                    {t('ticket_print')}
                </Button>
                {!open && visit}
            </div>
            <p class="hidden-words" role="status">
                {copied ? t('ticket_copied') : ''}
            </p>
        </div>
    );
}
