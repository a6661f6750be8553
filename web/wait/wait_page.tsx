// SPDX-License-Identifier: Apache-2.0
// The place in the list, and what is offered: one big yes.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { BookingReply } from '../shared/api_types';
import { dateAndTime, dateMs, longDate, spokenDuration, timeOfDay, withTitle } from '../shared/format';
import { getLang, useLang } from '../shared/lang';
import { ProtocolClient, socketUrl } from '../shared/protocol';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { Header } from '../shared/widgets/header';
import { Icon } from '../shared/widgets/icon';
import { LostLink } from '../shared/widgets/lost_link';
import { failureText } from '../shared/words';
import { lastOf, leftMs, screenOf, type WaitOffer, type WaitReply } from './wait_state';
import { w } from './words';

/* While no socket can be opened. */
const LOOK_EVERY_MS = 120_000;
const TICK_MS = 1000;

interface Known {
    readonly reply: WaitReply;
    /** The server's clock less this one. */
    readonly offsetMs: number;
}

/** The server's time, anew each second. */
function useNow(offsetMs: number): number {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), TICK_MS);
        return () => clearInterval(timer);
    }, []);
    return now + offsetMs;
}

/** Looks when the page is shown and whenever the server says that something has changed. Gives what ends it. */
function listen(token: string, look: () => void): () => void {
    const socket = new ProtocolClient({ url: socketUrl(location.host), token: `tunggu:${token}`, lang: getLang });
    const isShown = () => document.visibilityState === 'visible';
    socket.on('status', (status) => status === 'open' && look());
    socket.on('message', ({ type }) => type === 'day-changed' && look());
    const onShown = () => {
        if (!isShown()) return socket.stop();
        look();
        socket.start();
    };
    const timer = setInterval(() => isShown() && socket.status !== 'open' && onShown(), LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', onShown);
    onShown();
    return () => {
        clearInterval(timer);
        socket.stop();
        document.removeEventListener('visibilitychange', onShown);
    };
}

function useWait(token: string | null) {
    const [known, setKnown] = useState<Known | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const last = useRef(0);
    const look = useCallback(() => {
        if (token === null) return;
        const mine = ++last.current;
        /* An older answer that comes later says what is no more. */
        const newest = <T,>(use: (value: T) => void) => (value: T) => mine === last.current && use(value);
        api.post<WaitReply>('/api/v1/wait-list/look', { token }).then(newest((reply) => {
            setProblem(null);
            setKnown({ reply, offsetMs: reply.server_ms - Date.now() });
        }), newest(setProblem));
    }, [token]);
    useEffect(() => (token === null ? undefined : listen(token, look)), [token, look]);
    return { known, problem, look };
}

export function WaitPage({ token }: { readonly token: string | null }) {
    useLang();
    const { known, problem, look } = useWait(token);
    const [booked, setBooked] = useState<BookingReply | null>(null);
    const now = useNow(known?.offsetMs ?? 0);
    const screen = known ? (booked ? 'booked' : screenOf(known.reply, now)) : 'loading';
    document.title = `${w('title')} · Huyula`;
    return (
        <div class="page">
            <Header title={known?.reply.facility ?? w('title')} />
            <main class="page-main stack" data-testid={`wait-${screen}`}>
                {(token === null || (problem !== null && known === null)) && (
                    <LostLink problem={problem} noLink={w('no_link')} onRetry={look} />
                )}
                {problem !== null && known !== null && (
                    <Banner tone="danger" testId="failure">
                        <p>{failureText(problem)}</p>
                        <Button onClick={look}>{w('again')}</Button>
                    </Banner>
                )}
                {token !== null && known === null && problem === null && <Busy text={w('loading')} />}
                {token !== null && known && (
                    <Body key={screen} token={token} reply={known.reply} now={now} booked={booked} onBooked={setBooked} onChange={look} />
                )}
                {known && <Phone reply={known.reply} />}
            </main>
        </div>
    );
}

interface BodyProps {
    readonly token: string;
    readonly reply: WaitReply;
    readonly now: number;
    readonly booked: BookingReply | null;
    readonly onBooked: (reply: BookingReply) => void;
    readonly onChange: () => void;
}

function Body(props: BodyProps) {
    const { reply, now, booked } = props;
    if (booked) return <Booked reply={booked} />;
    switch (screenOf(reply, now)) {
        case 'offer':
            return reply.offer && <Offer {...props} offer={reply.offer} />;
        case 'waiting':
            return <Waiting {...props} />;
        case 'booked':
            return (
                <>
                    <Title>{w('booked_title')}</Title>
                    <p>{w('booked_before')}</p>
                </>
            );
        case 'over':
            return <Over reply={reply} />;
    }
}

/** A new screen takes the focus, so that a screen reader says it. */
function Title({ children }: { readonly children: ComponentChildren }) {
    const ref = useRef<HTMLHeadingElement>(null);
    useEffect(() => ref.current?.focus({ preventScroll: true }), []);
    return (
        <h1 ref={ref} tabIndex={-1}>
            {children}
        </h1>
    );
}

/** Sends an answer; says why it was refused, and looks again. */
function useSend(token: string, onChange: () => void) {
    const [busy, setBusy] = useState('');
    const [problem, setProblem] = useState<unknown>(null);
    const send = <T,>(what: string, body: object, onDone?: (reply: T) => void) => {
        setBusy(what);
        setProblem(null);
        api.post<T>(`/api/v1/wait-list/${what}`, { token, ...body })
            .then((reply) => (onDone ? onDone(reply) : onChange()), (error: unknown) => {
                setProblem(error);
                onChange();
            })
            .finally(() => setBusy(''));
    };
    return { busy, problem, send };
}

function Refused({ problem }: { readonly problem: unknown }) {
    if (problem === null) return null;
    return (
        <Banner tone="warning" testId="refused">
            <p>{problem instanceof ApiProblem && problem.type === 'own-booking' ? w('own_booking') : failureText(problem)}</p>
        </Banner>
    );
}

function Offer({ token, reply, now, offer, onBooked, onChange }: BodyProps & { readonly offer: WaitOffer }) {
    const { busy, problem, send } = useSend(token, onChange);
    const until = timeOfDay(offer.expires_at_ms);
    return (
        <>
            <Title>{w(offer.kept ? 'offer_title' : 'open_title')}</Title>
            <div class="card">
                <p>
                    <strong data-testid="offer-time">{dateAndTime(offer.turn_at_ms)}</strong>
                </p>
                <p>
                    {withTitle(offer.doctor)}, {reply.clinic}
                </p>
                {reply.service && <p class="soft">{reply.service}</p>}
            </div>
            <Banner tone="info" testId="offer-until">
                <p>
                    {offer.kept
                        ? w('kept', { time: until, left: spokenDuration(leftMs(offer.expires_at_ms, now)) })
                        : w('first', { time: until })}
                </p>
            </Banner>
            <Refused problem={problem} />
            <Button kind="primary" wide busy={busy === 'accept'} testId="accept"
                onClick={() => send<BookingReply>('accept', { offer: offer.id }, onBooked)}>
                {w('accept')}
            </Button>
            <Button wide busy={busy === 'decline'} testId="decline" onClick={() => send('decline', { offer: offer.id })}>
                {w('decline')}
            </Button>
        </>
    );
}

function Waiting({ token, reply, now, onChange }: BodyProps) {
    const last = lastOf(reply, now);
    return (
        <>
            <Title>{w('waiting_title')}</Title>
            {last && (
                <Banner tone="info" testId="last-offer">
                    <p>{w(last.words, { time: dateAndTime(last.turnAtMs) })}</p>
                </Banner>
            )}
            <div class="card">
                <p data-testid="ahead">
                    <strong>{reply.ahead > 0 ? w('ahead', { n: reply.ahead }) : w('ahead_none')}</strong>
                </p>
                <p>
                    {reply.clinic}, {reply.doctor ? withTitle(reply.doctor) : w('any_doctor')}
                </p>
                {reply.service && <p class="soft">{reply.service}</p>}
                <p class="soft">{w('until', { date: longDate(dateMs(reply.until)) })}</p>
            </div>
            <p>{w('waiting')}</p>
            <p class="soft">{w('keep')}</p>
            <Leave token={token} onChange={onChange} />
        </>
    );
}

function Leave({ token, onChange }: { readonly token: string; readonly onChange: () => void }) {
    const [asks, setAsks] = useState(false);
    const { busy, problem, send } = useSend(token, onChange);
    if (!asks) {
        return (
            <Button kind="plain" onClick={() => setAsks(true)} testId="leave">
                {w('leave')}
            </Button>
        );
    }
    return (
        <div class="stack">
            <p role="alert">{w('leave_sure')}</p>
            <Refused problem={problem} />
            <div class="row">
                <Button kind="danger" busy={busy !== ''} onClick={() => send('leave', {})} testId="leave-yes">
                    {w('leave_yes')}
                </Button>
                <Button onClick={() => setAsks(false)}>{w('leave_no')}</Button>
            </div>
        </div>
    );
}

function Booked({ reply }: { readonly reply: BookingReply }) {
    return (
        <>
            <Title>{w('booked_title')}</Title>
            <div class="card ticket">
                <p>{w('your_number')}</p>
                <p class="numbers queue-number" data-testid="number">
                    {reply.number}
                </p>
                <p>
                    <strong>{dateAndTime(reply.starts_at_ms)}</strong>
                </p>
                <p>
                    {reply.doctor ? withTitle(reply.doctor) : w('any_doctor')}, {reply.clinic}
                </p>
            </div>
            {reply.link !== null && (
                <a class="button primary wide" href={new URL(reply.link).pathname} data-testid="open-visit">
                    {w('open_visit')}
                </a>
            )}
            <p class="soft">{w('booked')}</p>
        </>
    );
}

function Over({ reply }: { readonly reply: WaitReply }) {
    return (
        <>
            <Title>{w('over_title')}</Title>
            <p>{reply.state !== 'waiting' && reply.state !== 'booked' && w(reply.state)}</p>
            <a class="button primary wide" href="/">
                {w('book')}
            </a>
        </>
    );
}

function Phone({ reply }: { readonly reply: WaitReply }) {
    return (
        <p class="phone-help">
            <span>{w('phone', { facility: reply.facility })}</span>
            <a href={`tel:${reply.phone.replace(/[^+\d]/g, '')}`}>
                <Icon name="phone" size={20} />
                <span class="numbers">{reply.phone}</span>
            </a>
        </p>
    );
}
