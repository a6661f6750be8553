// SPDX-License-Identifier: Apache-2.0
// The doctor's day: the list, the chosen visit, the call. Two panes where there is room, one on a
// phone; the address says which visit is chosen, so that a reload comes back to it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { AskAbout } from '../ask/ask_link';
import { isoDate } from '../shared/format';
import { byGroup, callableOf } from '../staff/day';
import type { FeedState } from '../staff/day_feed';
import { Failure, Loading } from '../staff/parts';
import { useRoute } from '../staff/router';
import { serverToday } from '../staff/server_clock';
import { useDate } from '../staff/use_date';
import { useDay } from '../staff/use_day';
import { t } from '../staff/words';
import type { DayVisit, Session } from '../staff/types';
import { wasInCall } from './call_session';
import { screenOf } from './call_state';
import { CallPane } from './call_pane';
import { DayPane } from './day_pane';
import { useCall, type CallHook } from './use_call';
import { NotePane } from './note/note_pane';
import { hasBegun } from './note/note_state';
import { useOpenNotes } from './note/use_note';
import { useCallNext, useCallByApi } from './queue_steps';
import { useShortcuts } from './shortcuts';
import { UnsentNotes } from './unsent_notes';
import { VisitPane } from './visit_pane';

const HOME = '/dokter';

function visitOf(path: string): string | null {
    return /^\/dokter\/([A-Za-z0-9]{1,64})$/.exec(path)?.[1] ?? null;
}

function callIsOver({ view }: CallHook): boolean {
    if (!view) return false;
    if (view.failure !== null && 'type' in view.failure) {
        return view.failure.type === 'visit-ended' || view.failure.type === 'visit-cancelled';
    }
    const { session } = view;
    return (
        session !== null &&
        screenOf({ visit: session.visit, call: session.call, talked: view.talkingSinceMs !== null }) === 'ended'
    );
}

/** Comes back after a reload; lets the call's pane go when the visit is over. */
function useCallLife(call: CallHook, chosen: string | null, reload: () => void, afterwards: () => void): void {
    useEffect(() => {
        if (chosen !== null && wasInCall(chosen)) call.open(chosen, false);
    }, []);
    const over = callIsOver(call);
    useEffect(() => {
        if (!over) return;
        call.drop();
        reload();
        afterwards();
    }, [over]);
}

export function DoctorPage({ session }: { readonly session: Session }) {
    const today = serverToday();
    const [date, setDate] = useDate(today);
    const day = useDay(date);
    const { path, go } = useRoute();
    const chosen = visitOf(path);
    const call = useCall();
    const nextWanted = useRef(false);
    useShortcuts();
    const { notes, unsent } = useOpenNotes(session.user);
    const openCall = (visit: string, ring: boolean) => {
        call.open(visit, ring);
        go(`${HOME}/${visit}`);
    };
    /* Who sits in the lobby comes in, without a call. */
    const openCalled = (visit: string) => {
        if (find(day.day?.visits, visit)?.way !== 'in_person') {
            openCall(visit, false);
            return;
        }
        day.reload();
        go(`${HOME}/${visit}`);
    };
    const callNext = useCallNext(openCalled, day.reload);
    useCallLife(call, chosen, day.reload, () => {
        if (nextWanted.current) callNext();
        nextWanted.current = false;
    });
    const [refused, setRefused] = useState<{ readonly visit: string; readonly why: unknown } | null>(null);
    const callByApi = useCallByApi(openCalled, (visit, why) => {
        day.reload();
        if (why === null) return;
        setRefused({ visit, why });
        go(`${HOME}/${visit}`);
    });
    const callOne = (visit: string) => {
        const one = find(day.day?.visits, visit);
        setRefused(null);
        if (one?.any_doctor || one?.way === 'in_person') callByApi(visit);
        else openCall(visit, true);
    };
    const inCall = call.view?.visitId ?? null;
    const isCallable = callableOf(day.day?.visits ?? []);
    const listed = chosen === null ? null : find(day.day?.visits, chosen);
    const someWait = date === today ? byGroup(day.day?.visits ?? []).waiting.some(isCallable) : null;
    const hasNote = chosen !== null && !listed?.state.startsWith('cancelled');
    return (
        <div class={classOf(chosen, hasNote)}>
            <section class="pane-list" aria-label={t('day.title_date')}>
                <DayPane
                    feed={day}
                    date={date}
                    today={today}
                    chosen={chosen}
                    inCall={inCall}
                    unsent={unsent}
                    onDate={setDate}
                    onReload={day.reload}
                    onChoose={(visit) => go(`${HOME}/${visit}`)}
                    onCall={callOne}
                    onCalled={openCalled}
                />
            </section>
            <section class="pane-visit">
                {chosen !== null && chosen !== inCall && (
                    <div class="only-narrow no-print">
                        <UnsentNotes unsent={unsent.filter((one) => one.visit !== chosen)} testId="unsent-others"
                            onChoose={(visit) => go(`${HOME}/${visit}`)} />
                    </div>
                )}
                {call.call && call.view && (
                    <CallPane
                        key={call.view.visitId}
                        call={call.call}
                        view={call.view}
                        listed={find(day.day?.visits, call.view.visitId)}
                        offsetMs={day.offsetMs}
                        hidden={chosen !== inCall}
                        onLeave={call.leave}
                        someWait={someWait}
                        onNextWanted={() => {
                            nextWanted.current = true;
                        }}
                        onBack={() => {
                            call.leave();
                            day.reload();
                            go(HOME);
                        }}
                    />
                )}
                {refused !== null && refused.visit === chosen && chosen !== inCall && <Failure problem={refused.why} />}
                {chosen !== null && chosen !== inCall && (
                    <VisitPane
                        key={chosen}
                        visitId={chosen}
                        listed={listed}
                        mayCall={inCall === null}
                        refused={listed !== null && !isCallable(listed)}
                        someWait={someWait}
                        offsetMs={day.offsetMs}
                        onBack={() => go(HOME)}
                        onChanged={day.reload}
                        onCall={(ring) => (ring ? callOne(chosen) : openCall(chosen, false))}
                    />
                )}
                {chosen === null && <NothingChosen day={day} />}
            </section>
            {chosen !== null && hasNote && (
                <div class="pane-note no-print">
                    <AskAbout visitId={chosen} />
                    <NotePane key={chosen} user={session.user} notes={notes} visitId={chosen} visited={listed ? isoDate(listed.starts_at_ms) : ''}
                        assisted={listed?.assisted ?? false} contact={listed?.contact ?? null} begun={listed === null || hasBegun(listed)} version={day.day?.server_ms ?? 0} />
                </div>
            )}
        </div>
    );
}

function classOf(chosen: string | null, hasNote: boolean): string {
    if (chosen === null) return 'panes at-list';
    return hasNote ? 'panes at-visit with-note' : 'panes at-visit';
}

function find(visits: readonly DayVisit[] | undefined, id: string): DayVisit | null {
    return visits?.find((visit) => visit.id === id) ?? null;
}

function NothingChosen({ day: { day, problem } }: { readonly day: FeedState }) {
    if (day === null) return problem !== null ? <Failure problem={problem} /> : <Loading />;
    if (day.visits.length === 0) return null;
    return <p class="empty quiet">{t('day.choose')}</p>;
}
