// SPDX-License-Identifier: Apache-2.0
// The doctor's list of a day, live: who is in the call, who waits and since when, who is to come.
import { useState } from 'preact/hooks';
import { AskLink } from '../ask/ask_link';
import { clockTime, inOnePiece } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { DateBar } from '../staff/date_bar';
import { byGroup, callableOf, currentCall, DAY_GROUPS, unansweredOf, type DayGroup } from '../staff/day';
import type { FeedState } from '../staff/day_feed';
import { LateDialog } from '../staff/late_dialog';
import { EmptyDay, Failure, Loading } from '../staff/parts';
import { q } from '../staff/queue_words';
import type { DayVisit } from '../staff/types';
import { UnansweredBanner } from '../staff/unanswered';
import { useNow } from '../staff/use_day';
import { t } from '../staff/words';
import { DayRow } from './day_row';
import type { UnsentNote } from './note/open_notes';
import { CallNext } from './queue_steps';
import { ShortcutsHelp } from './shortcuts_dialog';
import { UnsentNotes } from './unsent_notes';

export interface DayPaneProps {
    readonly feed: FeedState;
    readonly date: string;
    readonly today: string;
    readonly chosen: string | null;
    /** The visit whose call runs on this page. */
    readonly inCall: string | null;
    readonly unsent: readonly UnsentNote[];
    readonly onDate: (date: string) => void;
    readonly onReload: () => void;
    readonly onChoose: (visit: string) => void;
    readonly onCall: (visit: string) => void;
    /** The next one was called: its call is to be opened. */
    readonly onCalled: (visit: string) => void;
}

export function DayPane(props: DayPaneProps) {
    const { feed, date, today, onDate, onReload } = props;
    const visits = feed.day?.visits ?? [];
    return (
        <>
            <div class="day-head">
                <h1>{t(date === today ? 'day.title' : 'day.title_date')}</h1>
                <a class="button plain" href="/jadwal" data-testid="to-hours">
                    {t('staff.hours')}
                </a>
                <AskLink version={feed.day?.server_ms ?? 0} />
                <a class="button plain" href="/kelompok" data-testid="to-groups">
                    {t('staff.groups')}
                </a>
            </div>
            <DateBar date={date} today={today} onDate={onDate} />
            <Unanswered feed={feed} />
            {(feed.day !== null || feed.problem !== null) && (
                <UnsentNotes unsent={props.unsent.filter((one) => !visits.some((visit) => visit.id === one.visit))} onChoose={props.onChoose} />
            )}
            <ToPhone visits={visits} onChoose={props.onChoose} />
            {feed.day !== null && date === today && <Late minutes={feed.day.late[0]?.minutes ?? 0} onReload={onReload} />}
            {feed.offline && feed.problem === null && <Banner tone="warning">{t('staff.offline')}</Banner>}
            {feed.problem !== null && <Failure problem={feed.problem} onRetry={onReload} />}
            {feed.day === null && feed.problem === null && <Loading />}
            {feed.day !== null && visits.length === 0 && <EmptyDay date={date} today={today} />}
            {visits.length > 0 && <MainAction {...props} visits={visits} />}
            {visits.length > 0 && <Groups {...props} visits={visits} />}
            <ShortcutsHelp />
        </>
    );
}

function Unanswered({ feed }: { readonly feed: FeedState }) {
    const now = useNow(15_000) + feed.offsetMs;
    const lines = unansweredOf(feed.day?.visits ?? [], (visit) => `${visit.number} · ${visit.patient}`);
    return <UnansweredBanner lines={lines} nowMs={now} advice={q('unanswered.doctor')} own />;
}

interface ToPhoneProps {
    readonly visits: readonly DayVisit[];
    readonly onChoose: (visit: string) => void;
}

/** Who is to be phoned, until the number was asked for. */
function ToPhone({ visits, onChoose }: ToPhoneProps) {
    const wanted = visits.filter((visit) => visit.to_phone);
    if (wanted.length === 0) return null;
    return (
        <Banner tone="info" icon="phone" testId="to-phone">
            <p>{q('to_phone.title', { n: wanted.length })}</p>
            {wanted.map((visit) => (
                <p key={visit.id}>
                    <Button onClick={() => onChoose(visit.id)} testId="to-phone-open">
                        {`${visit.number} · ${visit.patient} · ${clockTime(visit.starts_at_ms)}`}
                    </Button>
                </p>
            ))}
            <p>{q('to_phone.advice')}</p>
        </Banner>
    );
}

interface LateProps {
    readonly minutes: number;
    readonly onReload: () => void;
}

/** What was said stands there as words; the button changes it. */
function Late({ minutes, onReload }: LateProps) {
    const [asking, setAsking] = useState(false);
    return (
        <div class="late">
            {minutes > 0 && (
                <span class="late-said" data-testid="late-said">
                    <Icon name="clock" />
                    {q('late.now', { n: minutes })}
                </span>
            )}
            <Button kind="plain" {...(minutes > 0 ? {} : { icon: 'clock' as const })} onClick={() => setAsking(true)}
                testId="late">
                {q(minutes > 0 ? 'late.change' : 'late')}
            </Button>
            {asking && (
                <LateDialog
                    doctors={[{ id: '', name: '', minutes }]}
                    onClose={() => setAsking(false)}
                    onSaid={() => {
                        setAsking(false);
                        onReload();
                    }}
                />
            )}
        </div>
    );
}

type WithVisits = DayPaneProps & { readonly visits: readonly DayVisit[] };

/** The one main action: back to the running call, else the next patient. */
function MainAction({ visits, date, today, chosen, inCall, onCalled, onChoose }: WithVisits) {
    const running = visits.find((visit) => visit.id === inCall) ?? currentCall(visits);
    const waiting = byGroup(visits).waiting.filter((visit) => !visit.group);
    const isSomebodyNext = waiting.some(callableOf(visits));
    /* Beside the list already: its own pane has the buttons. */
    if (running && running.id === chosen) {
        return (
            <p class="main-action quiet centre">
                {inCall === chosen && t('day.in_call', { number: inOnePiece(running.number) })}
            </p>
        );
    }
    if (!running && date !== today) return null;
    return (
        <div class="main-action">
            {running ? (
                <Button kind="primary" wide icon="phone" onClick={() => onChoose(running.id)} testId="back-to-call">
                    {t('day.back_to_call', { number: inOnePiece(running.number) })}
                </Button>
            ) : (
                <CallNext disabled={!isSomebodyNext} onCalled={onCalled} onBusy={onChoose} />
            )}
            {!running && !isSomebodyNext && (
                <p class="quiet centre">{waiting.length > 0 ? q('refused.all') : t('day.none_waiting')}</p>
            )}
        </div>
    );
}

function Groups(props: WithVisits) {
    const now = useNow(15_000) + props.feed.offsetMs;
    const groups = byGroup(props.visits);
    const isCallable = callableOf(props.visits);
    const heading = (group: DayGroup) => `${t(`day.group.${group}`)} (${groups[group].length})`;
    return (
        <div class="groups" data-testid="day-list">
            {DAY_GROUPS.filter((group) => groups[group].length > 0).map((group) => (
                <section key={group} aria-label={t(`day.group.${group}`)}>
                    <h2 class="group-title">{heading(group)}</h2>
                    <ul class="rows">
                        {groups[group].map((visit) => (
                            <DayRow
                                key={visit.id}
                                visit={visit}
                                nowMs={now}
                                chosen={visit.id === props.chosen}
                                mayCall={props.inCall === null && isCallable(visit)}
                                unsent={props.unsent.some((one) => one.visit === visit.id)}
                                onChoose={() => props.onChoose(visit.id)}
                                onCall={() => props.onCall(visit.id)}
                            />
                        ))}
                    </ul>
                </section>
            ))}
        </div>
    );
}
