// SPDX-License-Identifier: Apache-2.0
// One visit, and another time for it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import type { BookingReply, FacilitiesReply, JoinReply, Slot } from '../shared/api_types';
import { clockTime, dateAndTime, hoursWords, NBSP, shortDate, timeOfDay, withTitle } from '../shared/format';
import { useLang } from '../shared/lang';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { Header } from '../shared/widgets/header';
import { Icon } from '../shared/widgets/icon';
import { LostLink } from '../shared/widgets/lost_link';
import { SlotPicker } from '../shared/widgets/slot_picker';
import { common, failureText } from '../shared/words';
import { forgetStage, knownToken } from '../patient/token';
import { CancelPart, Cancelled } from './cancel_part';
import { ConsentPart } from './consent_part';
import { ClosedPart } from './closed_part';
import { doctorOf, isUnplaced, mayCancel, placeOf, screenFor, speaksOfConsent, type MoveScreen, type Place } from './move_state';

const VISIT = '/v/kunjungan';

type Visit = JoinReply['visit'];

interface Known {
    readonly visit: Visit;
    readonly screen: MoveScreen;
    readonly hasConsent: boolean;
    readonly mayCancel: boolean;
    /** undefined: not asked for, as the doctor is there. */
    readonly place: Place | null | undefined;
}

/** Whom a change of hours or a missed visit sends for another time may find doctor, clinic or facility gone. */
async function know(token: string): Promise<Known> {
    const reply = await api.get<JoinReply>('/api/v1/join', { bearer: token });
    const { visit } = reply;
    const screen = screenFor(reply);
    const asks = screen === 'missed' || (screen === 'open' && isUnplaced(visit));
    const place = asks ? placeOf(visit, (await api.get<FacilitiesReply>('/api/v1/facilities')).facilities) : undefined;
    return { visit, screen, hasConsent: speaksOfConsent(reply), mayCancel: mayCancel(reply), place };
}

export function MovePage() {
    useLang();
    const [token] = useState(knownToken);
    const [known, setKnown] = useState<Known | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const [done, setDone] = useState<BookingReply | 'cancelled' | null>(null);
    document.title = `${m('title')} · Huyula`;
    const load = () => {
        if (token === null) return;
        setProblem(null);
        know(token).then(setKnown, setProblem);
    };
    useEffect(load, []);
    const over = (how: BookingReply | 'cancelled') => {
        forgetStage();
        setDone(how);
    };
    return (
        <div class="page">
            <Header title={known?.visit.facility ?? common('app_name')} />
            <main class="page-main stack" data-testid={`move-${testIdOf(done, known)}`}>
                {(token === null || problem !== null) && <LostLink problem={problem} noLink={m('no_link')} onRetry={load} />}
                {token !== null && known === null && problem === null && <Busy text={m('loading')} />}
                {done === null && token !== null && known !== null && (
                    <Body token={token} known={known} onDone={over} onCancelled={() => over('cancelled')} />
                )}
                {done === 'cancelled' && known !== null && <Cancelled visit={known.visit} />}
                {done !== null && done !== 'cancelled' && <Done reply={done} missed={known?.screen === 'missed'} />}
            </main>
        </div>
    );
}

function testIdOf(done: BookingReply | 'cancelled' | null, known: Known | null): string {
    if (done === null) return known?.screen ?? 'loading';
    return done === 'cancelled' ? done : 'done';
}

interface BodyProps {
    readonly token: string;
    readonly known: Known;
    readonly onDone: (reply: BookingReply) => void;
}

function Body({ token, known, onDone, onCancelled }: BodyProps & { readonly onCancelled: () => void }) {
    const { visit, screen, place } = known;
    const isClosed = place !== undefined && !place?.clinic;
    return (
        <>
            <h1>{m(screen === 'missed' ? 'missed_title' : 'title')}</h1>
            {screen === 'missed' && <p>{m(missedWords(visit), { date: dateAndTime(visit.starts_at_ms) })}</p>}
            {screen !== 'missed' && <Now visit={visit} movable={screen === 'open' && !isUnplaced(visit)} />}
            {isClosed && <ClosedPart visit={visit} place={place} mayCancel={known.mayCancel} />}
            {isClosed && place !== null && <Phone visit={visit} />}
            {!isClosed && isUnplaced(visit) && <Banner tone="warning" testId="unplaced">{m('unplaced')}</Banner>}
            {screen === 'too_late' && <Banner tone="info">{m('too_late', { facility: visit.facility })}</Banner>}
            {screen === 'closed' && <Banner tone="info">{m('closed')}</Banner>}
            {screen === 'asked' && <Banner tone="info">{m('asked', { facility: visit.facility })}</Banner>}
            {!isClosed && screen === 'missed' && <TakeNumber token={token} onDone={onDone} />}
            {!isClosed && screen === 'open' && <Below known={known} />}
            {!isClosed && (screen === 'missed' || screen === 'open') && <Choose token={token} known={known} onDone={onDone} />}
            {known.mayCancel && <CancelPart token={token} visit={visit} onCancelled={onCancelled} />}
            {known.hasConsent && <ConsentPart token={token} asks={!isClosed} />}
            {!isClosed && <Phone visit={visit} />}
            <a class="button plain wide" href={VISIT} data-testid="back-to-visit">
                {m('back')}
            </a>
        </>
    );
}

function missedWords(visit: Visit) {
    if (visit.state !== 'no_show_patient') return 'unseen';
    return visit.way === 'phone' ? 'missed_phone' : 'missed';
}

/** What stands below all the times, and the way back without them. */
function Below({ known }: { readonly known: Known }) {
    return (
        <nav class="move-links" aria-label={m('more')}>
            {known.mayCancel && <a class="button plain" href="#cancel-title" data-testid="to-cancel">{m('cancel')}</a>}
            {known.hasConsent && <a class="button plain" href="#consent-title" data-testid="to-consent">{m('consent')}</a>}
            <a class="button plain" href={VISIT} data-testid="back-at-once">{m('back')}</a>
        </nav>
    );
}

/** What is so now. */
function Now({ visit, movable }: { readonly visit: Visit; readonly movable: boolean }) {
    return (
        <div class="card">
            <p class="soft">{m('now')}</p>
            <p>
                <strong>{dateAndTime(visit.starts_at_ms)}</strong>
            </p>
            <p>
                {visit.doctor ? withTitle(visit.doctor) : m('any_doctor')}, {visit.clinic}
            </p>
            {movable && (
                <p class="soft">{m('until', { date: dateAndTime(visit.moves_until_ms) })}</p>
            )}
        </div>
    );
}

function Phone({ visit }: { readonly visit: Visit }) {
    return (
        <p class="phone-help">
            <span>{m('phone', { facility: visit.facility })}</span>
            <a href={`tel:${visit.phone.replace(/[^+\d]/g, '')}`}>
                <Icon name="phone" size={20} />
                <span class="numbers">{visit.phone}</span>
            </a>
        </p>
    );
}

/** Sends a change; says why it was refused. */
function useSend(token: string, onDone: (reply: BookingReply) => void) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const send = (path: string, body?: object) => {
        setBusy(true);
        setProblem(null);
        api.post<BookingReply>(path, body, { bearer: token })
            .then(onDone, setProblem)
            .finally(() => setBusy(false));
    };
    return { busy, problem, send };
}

function refusal(problem: unknown): ComponentChildren {
    const type = problem instanceof ApiProblem ? problem.type : '';
    if (type === 'slot-taken') return m('taken');
    return failureText(problem);
}

/** Of a time that was taken meanwhile, those beside it. */
function nearestOf(problem: unknown): readonly Slot[] {
    const body = problem instanceof ApiProblem && problem.type === 'slot-taken' ? problem.body : {};
    return (body.nearest as readonly Slot[] | undefined) ?? [];
}

function TakeNumber({ token, onDone }: Omit<BodyProps, 'known'>) {
    const { busy, problem, send } = useSend(token, onDone);
    const closed = problem instanceof ApiProblem && problem.type === 'slot-not-offered';
    return (
        <>
            <Button kind="primary" wide busy={busy} onClick={() => send('/api/v1/join/number')} testId="take-number">
                {m('take_number')}
            </Button>
            <p class="soft">{m('take_number_hint')}</p>
            {problem !== null && (
                <Banner tone="warning" testId="refused">
                    <p>{closed ? m('not_offered') : refusal(problem)}</p>
                </Banner>
            )}
        </>
    );
}

interface RefusedProps {
    readonly problem: unknown;
    readonly chosen: Slot | null;
    readonly onPick: (slot: Slot) => void;
}

/** Why not, and what is near. */
function Refused({ problem, chosen, onPick }: RefusedProps) {
    const nearest = nearestOf(problem);
    return (
        <Banner tone="warning" testId="refused">
            <p>{nearest.length > 0 ? m('taken_nearest') : refusal(problem)}</p>
            {nearest.length > 0 && (
                <div class="row">
                    {nearest.map((one) => (
                        <Button key={`${one.doctor} ${one.starts_at_ms}`} pressed={one === chosen} testId="nearest" onClick={() => onPick(one)}>
                            {shortDate(one.starts_at_ms)} · {one.session ? hoursWords(one) : clockTime(one.starts_at_ms)}
                        </Button>
                    ))}
                </div>
            )}
        </Banner>
    );
}

function Choose({ token, known, onDone }: BodyProps) {
    const { visit, screen, place } = known;
    const [slot, setSlot] = useState<Slot | null>(null);
    const [version, setVersion] = useState(0);
    const { busy, problem, send } = useSend(token, onDone);
    useEffect(() => {
        if (problem === null) return;
        setSlot(null);
        setVersion((n) => n + 1);
    }, [problem]);
    const bar = useRef<HTMLDivElement>(null);
    useEffect(() => bar.current?.scrollIntoView({ block: 'nearest' }), [slot]);
    const confirm = () => {
        if (!slot) return;
        send('/api/v1/join/move', {
            doctor: slot.doctor, starts_at_ms: slot.starts_at_ms,
            ...(visit.any_doctor && !slot.session ? { any_doctor: true } : {}),
        });
    };
    const at = slot && (slot.session?.turn_at_ms ?? slot.starts_at_ms);
    const other = visit.doctor_id && slot?.doctor !== visit.doctor_id && place?.clinic?.doctors.find(({ id }) => id === slot?.doctor);
    return (
        <>
            <h2>{m(screen === 'missed' ? 'or_other' : 'choose_new')}</h2>
            {problem !== null && <Refused problem={problem} chosen={slot} onPick={setSlot} />}
            <SlotPicker clinic={visit.clinic_id} doctor={doctorOf(visit, place?.clinic ?? null)} first={visit.doctor_id} service={visit.service_id}
                chosen={slot} version={version} onPick={setSlot} help={<Phone visit={visit} />} />
            {at !== null && (
                <div class="move-confirm" ref={bar}>
                    {other && <p data-testid="other-doctor">{m('other_doctor', { doctor: withTitle(other.name) })}</p>}
                    <Button kind="primary" wide busy={busy} onClick={confirm} testId="confirm-move">
                        {m('confirm', { time: `${shortDate(at)}, ${timeOfDay(at)}`.replace(/ /g, NBSP) })}
                    </Button>
                    <p class="soft">{m('confirm_hint')}</p>
                </div>
            )}
        </>
    );
}

function Done({ reply, missed }: { readonly reply: BookingReply; readonly missed: boolean }) {
    return (
        <>
            <h1>{m(missed ? 'number_taken' : 'moved')}</h1>
            <div class="card ticket">
                {!missed && <p>{m('new_number')}</p>}
                <p class="numbers queue-number" data-testid="new-number">
                    {reply.number}
                </p>
                <p>
                    <strong>{dateAndTime(reply.starts_at_ms)}</strong>
                </p>
                <p>
                    {reply.doctor ? withTitle(reply.doctor) : m('any_doctor')}, {reply.clinic}
                </p>
                <p class="soft">{m('same_link')}</p>
            </div>
            <a class="button primary wide" href={VISIT} data-testid="open-visit">
                {m('open')}
            </a>
        </>
    );
}
