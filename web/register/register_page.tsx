// SPDX-License-Identifier: Apache-2.0
// The desk books for somebody: the public page's questions for a time, the desk's own form for who it is, a ticket.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { BookingReply, ConsentReply } from '../shared/api_types';
import { timeOfDay, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { common } from '../shared/words';
import { WalkInForm } from '../desk/walk_in_dialog';
import { Focused, Opening, StepView } from '../public/app';
import { chosen, isForAnyDoctor, phaseOf } from '../public/booking_state';
import { keeps } from '../public/hold';
import { t as booking, whenWords } from '../public/words';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { DESK_BOOKINGS, DeskStore } from './desk_store';
import { DeskTicket } from './ticket';
import { r } from './words';

/** Place, time, who: there is no review, the form shows the time. */
const N_PHASES = 3;

export interface Booked {
    readonly reply: BookingReply & { readonly qr: readonly string[] | null };
    readonly patient: string;
}

/** The page that led here, and the clinic it was about. */
function backOf(session: Session, query: URLSearchParams) {
    if (session.role === 'coordinator') return { href: '/pengaturan', words: r('to_settings') };
    return query.get('dari') === 'pos' ? { href: '/pos', words: r('to_post') } : { href: '/loket', words: r('to_desk') };
}

export function RegisterPage({ session }: { readonly session: Session }) {
    const [query] = useState(() => new URLSearchParams(location.search));
    const isDesk = session.role === 'desk';
    const [store] = useState(() => new DeskStore({ facility: session.facility?.id ?? '', clinic: query.get('poli'),
        waitList: isDesk ? '/loket#tunggu' : null }));
    const [, update] = useState(0);
    const [booked, setBooked] = useState<Booked | null>(null);
    const guard = useGuard();
    const { failure } = store.current;
    useEffect(() => {
        store.on('change', () => update((n) => n + 1));
        store.start();
        addEventListener('popstate', () => setBooked(null));
    }, [store]);
    useEffect(() => {
        if (failure !== null) guard(failure);
    }, [failure]);
    const back = backOf(session, query);
    const leave = (
        <a class="button plain no-print" href={back.href} data-testid="register-leave">
            {back.words}
        </a>
    );
    const { facilities } = store.current;
    return (
        <div class="counter register stack">
            {(booked !== null || !facilities?.length) && <div class="register-ways">{leave}</div>}
            {!facilities && <Opening store={store} />}
            {facilities?.length === 0 && <Banner tone="info" testId="register-none">{r('none')}</Banner>}
            {booked && <DeskTicket booked={booked} onNext={() => setBooked(null)} />}
            {!booked && facilities && facilities.length > 0 && (
                <Booking session={session} store={store} leave={leave} href={back.href} onBooked={(one) => {
                    store.booked();
                    setBooked(one);
                }} />
            )}
        </div>
    );
}

interface BookingProps {
    readonly session: Session;
    readonly store: DeskStore;
    readonly leave: ComponentChildren;
    readonly href: string;
    readonly onBooked: (booked: Booked) => void;
}

/** What is typed of a patient stays while another time is looked for. */
function Booking({ session, store, leave, href, onBooked }: BookingProps) {
    const { step } = store.current;
    const [typing, setTyping] = useState(false);
    const atWho = step === 'details';
    const phase = phaseOf(step);
    useEffect(() => {
        if (atWho) setTyping(true);
    }, [atWho]);
    return (
        <>
            <div class="register-ways">
                {(typing || step !== store.begin) && (
                    <Button kind="plain" icon="back" onClick={() => store.back()} testId="register-back">
                        {common('back')}
                    </Button>
                )}
                {leave}
            </div>
            <p class="soft">
                {r('of', { facility: session.facility?.name ?? '' })} {phase !== null && booking('step', { n: phase, of: N_PHASES })}
            </p>
            {!atWho && (
                <Focused key={step} step={step}>
                    <StepView step={step} store={store} />
                </Focused>
            )}
            {(atWho || typing) && (
                <Who store={store} isShown={atWho} asksReason={session.role === 'desk'} href={href} onBooked={onBooked} />
            )}
        </>
    );
}

interface WhoProps {
    readonly store: DeskStore;
    readonly isShown: boolean;
    readonly asksReason: boolean;
    readonly href: string;
    readonly onBooked: (booked: Booked) => void;
}

function Who({ store, isShown, asksReason, href, onBooked }: WhoProps) {
    const [version, setVersion] = useState(0);
    const { value: consent, problem } = useFetched<ConsentReply>('/api/v1/consent', version);
    const ref = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (!isShown) return;
        ref.current?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }, [isShown]);
    return (
        <div ref={ref} tabIndex={-1} class="stack" hidden={!isShown} data-testid="step-details">
            <h1>{r('who')}</h1>
            <ChosenTime store={store} />
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {!consent && problem === null && <Loading />}
            {consent && (
                <WalkInForm clinics={[]} consent={consent} words={r('who_text')} submitWords={r('submit')} namesPlace={false}
                    more={{ ...store.place() }} mayOverlap={asksReason} pathOf={() => DESK_BOOKINGS}
                    onClose={() => location.assign(href)}
                    onTaken={({ reply, name }) => onBooked({ reply: reply as Booked['reply'], patient: name })} />
            )}
        </div>
    );
}

function ChosenTime({ store }: { readonly store: DeskStore }) {
    const { facilities, choice, held } = store.current;
    const { clinic, service, doctor, slot } = chosen(facilities ?? [], choice);
    if (!slot) return null;
    const doctorWords = isForAnyDoctor(choice) || !doctor ? booking('doctor_any') : withTitle(doctor.name);
    return (
        <section class="card register-time" aria-label={r('chosen')} data-testid="chosen-time">
            <p>
                <strong>{whenWords(slot)}</strong>
                <br />
                {[doctorWords, clinic?.name, service?.name].filter(Boolean).join(', ')}
            </p>
            {keeps(held, slot, store.serverNow()) && (
                <p class="soft">{r('kept', { until: timeOfDay(held.expires_at_ms) })}</p>
            )}
            <Button onClick={() => store.change('time')} testId="other-time">{r('other_time')}</Button>
        </section>
    );
}
