// SPDX-License-Identifier: Apache-2.0
// The facility's day at the desk: who waits, who is to come; new links, cancelling, printing.
import { useState } from 'preact/hooks';
import { dateAndTime } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Icon } from '../shared/widgets/icon';
import { CancelDialog } from '../staff/cancel_dialog';
import { DateBar } from '../staff/date_bar';
import { byGroup, DAY_GROUPS, groupOf, inOrder, isExpected, matches, unansweredOf, urgentFirst, wasSeen, type DayGroup } from '../staff/day';
import { IncidentDialog } from '../staff/incident_dialog';
import { LinkDialog } from '../staff/link_dialog';
import { MoveDialog } from '../staff/move_dialog';
import { QueueDialog } from '../staff/queue_dialog';
import { q } from '../staff/queue_words';
import { SeriesDialog } from '../staff/series_dialog';
import { EmptyDay, Failure, Loading } from '../staff/parts';
import { PhoneDialog } from '../staff/phone_dialog';
import { serverToday } from '../staff/server_clock';
import type { DayVisit } from '../staff/types';
import { UnansweredBanner } from '../staff/unanswered';
import { useDate } from '../staff/use_date';
import { useDay, useNow } from '../staff/use_day';
import { t } from '../staff/words';
import { DeskHead } from './desk_head';
import { DeskRow, doctorWords } from './desk_row';
import { LateList } from './late_doctors';
import { NikDialog } from './nik_dialog';
import { NurseDialog } from './nurse_dialog';
import { o } from '../outreach/words';
import { useLeave } from './use_leave';
import { WaitDialog } from './wait_dialog';
import { WalkInDialog } from './walk_in_dialog';

type Filter = 'all' | DayGroup;
const FILTERS: readonly Filter[] = ['all', ...DAY_GROUPS];

interface Open {
    readonly what: 'link' | 'cancel' | 'queue' | 'move' | 'nik' | 'phone' | 'incident' | 'series' | 'nurse';
    readonly visit: DayVisit;
}

interface PageProps {
    readonly facility: string;
    readonly facilityId: string;
}

export function DeskPage({ facility, facilityId }: PageProps) {
    const today = serverToday();
    const [date, setDate] = useDate(today);
    const day = useDay(date);
    const [open, setOpen] = useState<Open | null>(null);
    const [done, setDone] = useState('');
    const [walksIn, setWalksIn] = useState<'now' | 'extra' | null>(null);
    const [waits, setWaits] = useState(location.hash === '#tunggu');
    const visits = day.day?.visits ?? [];
    const onLeave = useLeave(date === today ? day.day : null);
    const close = () => setOpen(null);
    return (
        <div class="desk">
            <DeskHead facility={facility} today={date === today ? day.day : null} onWalkIn={setWalksIn}
                onWait={() => setWaits(true)} onReload={day.reload} />
            <DateBar date={date} today={today} onDate={setDate} />
            {day.offline && day.problem === null && <Banner tone="warning">{t('staff.offline')}</Banner>}
            {day.problem !== null && <Failure problem={day.problem} onRetry={day.reload} />}
            {done !== '' && <Banner tone="good">{done}</Banner>}
            <Unanswered visits={visits} offsetMs={day.offsetMs} />
            {day.day !== null && date === today && <LateList day={day.day} />}
            {day.day === null && day.problem === null && <Loading />}
            {day.day !== null && (
                <DeskList visits={visits} onLeave={onLeave} date={date} today={today} offsetMs={day.offsetMs} onOpen={setOpen}
                    onChanged={day.reload} />
            )}
            <p class="only-print quiet">{t('desk.printed', { when: dateAndTime(Date.now() + day.offsetMs) })}</p>
            {waits && (
                <WaitDialog facilityId={facilityId} onClose={() => {
                    history.replaceState(null, '', location.pathname);
                    setWaits(false);
                }} />
            )}
            {walksIn && (
                <WalkInDialog facilityId={facilityId} isExtra={walksIn === 'extra'} onClose={() => setWalksIn(null)}
                    onDone={day.reload} />
            )}
            {open?.what === 'move' && (
                <MoveDialog visit={open.visit} onClose={close} onMoved={(words) => {
                    setDone(words);
                    close();
                    day.reload();
                }} />
            )}
            {open?.what === 'queue' && (
                <QueueDialog visit={open.visit} offsetMs={day.offsetMs} onClose={close}
                    onRemove={open.visit.urgent ? undefined : () => setOpen({ what: 'incident', visit: open.visit })}
                    onNik={() => setOpen({ what: 'nik', visit: open.visit })}
                    onPhone={() => setOpen({ what: 'phone', visit: open.visit })}
                    onSeries={() => setOpen({ what: 'series', visit: open.visit })}
                    onNurse={open.visit.assisted ? () => setOpen({ what: 'nurse', visit: open.visit }) : undefined}
                    nurseWords={o('nurse.open')}
                    onDone={() => {
                        close();
                        day.reload();
                    }} />
            )}
            {open?.what === 'incident' && (
                <IncidentDialog visitId={open.visit.id} patient={open.visit.patient} number={open.visit.number} guests={[]} onClose={close} onDone={() => {
                    close();
                    day.reload();
                }} />
            )}
            {open?.what === 'series' && <SeriesDialog visit={open.visit} onClose={close} onBooked={day.reload} />}
            {open?.what === 'nurse' && <NurseDialog visit={open.visit} onClose={close} />}
            {open?.what === 'nik' && <NikDialog visit={open.visit} onClose={close} onSaved={day.reload} />}
            {open?.what === 'phone' && <PhoneDialog visit={open.visit} onClose={close} onSaved={day.reload} />}
            {open?.what === 'link' && <LinkDialog visit={open.visit} isOver={wasSeen(open.visit.state)} onClose={close} />}
            {open?.what === 'cancel' && (
                <CancelDialog
                    visit={open.visit}
                    onClose={close}
                    onCancelled={() => {
                        setDone(t('cancel.done', { patient: open.visit.patient }));
                        close();
                        day.reload();
                    }}
                />
            )}
        </div>
    );
}

function Unanswered({ visits, offsetMs }: { readonly visits: readonly DayVisit[]; readonly offsetMs: number }) {
    const now = useNow(15_000) + offsetMs;
    const lines = unansweredOf(visits, (visit) => `${visit.number} · ${visit.patient} · ${doctorWords(visit)}`);
    return <UnansweredBanner lines={lines} nowMs={now} advice={q('unanswered.desk')} moves />;
}

interface ListProps {
    readonly visits: readonly DayVisit[];
    /** The ids of emergencies whose doctor is on leave. */
    readonly onLeave: ReadonlySet<string>;
    readonly date: string;
    readonly today: string;
    readonly offsetMs: number;
    readonly onOpen: (open: Open) => void;
    readonly onChanged: () => void;
}

/** Who was asked to come and of whom the desk has not said whether they did is not in yet. */
function deskGroups(visits: readonly DayVisit[]): Record<DayGroup, DayVisit[]> {
    const groups = byGroup(visits);
    const { over } = groups;
    return { ...groups, coming: [...groups.coming, ...over.filter(isExpected)], over: over.filter((visit) => !isExpected(visit)) };
}

function DeskList({ visits, onLeave, date, today, offsetMs, onOpen, onChanged }: ListProps) {
    const now = useNow(15_000) + offsetMs;
    const [filter, setFilter] = useState<Filter>('all');
    const [query, setQuery] = useState('');
    if (visits.length === 0) return <EmptyDay date={date} today={today} />;
    const listed = urgentFirst(filter === 'all' ? inOrder(visits) : deskGroups(visits)[filter]);
    const shown = listed.filter((visit) => matches(visit, query));
    /* Between those who wait they are in the way; of who is to come here the desk still says whether they did. */
    const isBelow = (visit: DayVisit) => filter === 'all' && groupOf(visit.state) === 'over' && !isExpected(visit);
    const below = shown.filter(isBelow);
    const rowOf = (visit: DayVisit) => (
        <DeskRow key={visit.id} visit={visit} isOnLeave={onLeave.has(visit.id)} nowMs={now}
            onQueue={() => onOpen({ what: 'queue', visit })}
            onMove={() => onOpen({ what: 'move', visit })}
            onLink={() => onOpen({ what: 'link', visit })}
            onPhone={() => onOpen({ what: 'phone', visit })}
            onCancel={() => onOpen({ what: 'cancel', visit })} onChanged={onChanged} />
    );
    return (
        <>
            <Filters visits={visits} filter={filter} onFilter={setFilter} />
            <label class="search no-print">
                <span class="hidden-words">{t('desk.search')}</span>
                <input type="search" class="input" placeholder={t('desk.search')} value={query}
                    maxLength={80} data-testid="search" onInput={(e) => setQuery(e.currentTarget.value)} />
            </label>
            {shown.length === 0 && <p class="empty quiet">{t(query.trim() === '' ? `desk.none.${filter}` : 'desk.no_match')}</p>}
            <ul class="rows desk-rows" data-testid="day-list">
                {shown.filter((visit) => !isBelow(visit)).map(rowOf)}
            </ul>
            {below.length > 0 && (
                <section aria-labelledby="over">
                    <h2 class="group-title" id="over">{`${t('day.group.over')} (${below.length})`}</h2>
                    <ul class="rows desk-rows" data-testid="day-list-over">{below.map(rowOf)}</ul>
                </section>
            )}
        </>
    );
}

interface FilterProps {
    readonly visits: readonly DayVisit[];
    readonly filter: Filter;
    readonly onFilter: (filter: Filter) => void;
}

/** Big numbers that are the filters, too. */
function Filters({ visits, filter, onFilter }: FilterProps) {
    const groups = deskGroups(visits);
    return (
        <div class="counts no-print" role="group" aria-label={t('desk.state')}>
            {FILTERS.map((one) => (
                <button
                    type="button"
                    class="count"
                    key={one}
                    aria-pressed={filter === one}
                    data-testid={`filter-${one}`}
                    onClick={() => onFilter(one)}
                >
                    <span class="count-number numbers">
                        {one === 'all' ? visits.length : groups[one].length}
                        {filter === one && <Icon name="check" size={16} />}
                    </span>
                    <span class="count-words">{t(`desk.filter.${one}`)}</span>
                </button>
            ))}
        </div>
    );
}
