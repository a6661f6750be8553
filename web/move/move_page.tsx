// SPDX-License-Identifier: Apache-2.0
// One visit, and another time for it.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import type { BookingReply, FacilitiesReply, JoinReply } from '../shared/api_types';
import { dateAndTime, withTitle } from '../shared/format';
import { useLang } from '../shared/lang';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Header } from '../shared/widgets/header';
import { LostLink } from '../shared/widgets/lost_link';
import { common } from '../shared/words';
import { forgetStage, knownToken } from '../patient/token';
import { CancelPart, Cancelled } from './cancel_part';
import { Choose, Phone, TakeNumber, type BodyProps, type Known, type Visit } from './choose_part';
import { ConsentPart } from './consent_part';
import { ClosedPart } from './closed_part';
import { isUnplaced, mayCancel, placeOf, screenFor, speaksOfConsent } from './move_state';

const VISIT = '/v/kunjungan';

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
