// SPDX-License-Identifier: Apache-2.0
// A doctor's hours: the week, the rules behind it, what differs, the holidays. A doctor sees the own, a
// desk those of its facility, an administrator all.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { addDays, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { Icon } from '../shared/widgets/icon';
import { WalkInDialog } from '../desk/walk_in_dialog';
import { dateWords } from '../staff/dates';
import { Failure, Loading } from '../staff/parts';
import { q } from '../staff/queue_words';
import { serverToday } from '../staff/server_clock';
import { homeOf } from '../staff/session';
import type { Role, Session } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { KEPT_PATH, type Saved } from './change';
import { HolidayDialog, LeaveDialog, OverrideDialog } from './exception_dialogs';
import { N_DAYS, permitsEnding, strEnding, weekStart } from './hours_state';
import { KeptList, KeptNote, useKeptShown } from './kept_list';
import { ExceptionList, HolidayList, RuleList } from './lists';
import { MonthView } from './month_view';
import { RemoveDialog, type Removal } from './remove_dialog';
import { RuleDialog } from './rule_dialog';
import type { Holiday, Hours, HoursDoctor, KeptReply, Rule } from './types';
import { WeekView } from './week_view';
import { h } from './words';

const HOLIDAY_DAYS = 365;
const VIEWS = ['week', 'month'] as const;
type View = (typeof VIEWS)[number];

type Open =
    | { readonly what: 'rule'; readonly rule: Rule | null }
    | { readonly what: 'day'; readonly date: string }
    | { readonly what: 'leave' }
    | { readonly what: 'holiday'; readonly holiday: Holiday | null }
    | { readonly what: 'remove'; readonly removal: Removal };

export function HoursPage({ session }: { readonly session: Session }) {
    const today = serverToday();
    const [version, setVersion] = useState(0);
    const [chosen, setChosen] = useState<string | null>(null);
    const [monday, setMonday] = useState(weekStart(today));
    const [view, setView] = useState<View>('week');
    const [day, setDay] = useState<string | null>(null);
    const [gives, setGives] = useState(false);
    const list = useFetched<{ doctors: HoursDoctor[] }>('/api/v1/hours', 0);
    const doctors = list.value?.doctors ?? [];
    const doctor = chosen ?? doctors[0]?.id ?? null;
    const path = doctor && `/api/v1/hours/${doctor}?from=${monday}&days=${N_DAYS}`;
    const hours = useFetched<Hours>(path, version);
    const until = addDays(today, HOLIDAY_DAYS);
    const holidays = useFetched<{ holidays: Holiday[] }>(`/api/v1/holidays?from=${today}&until=${until}`, version);
    const kept = useFetched<KeptReply>('/api/v1/hours-hits', version);
    const keptShown = useKeptShown();
    const reload = useCallback(() => setVersion((n) => n + 1), []);
    const problem = list.problem ?? hours.problem ?? holidays.problem ?? kept.problem;
    if (keptShown.isShown)
        return <KeptList session={session} {...kept} onChanged={reload} onBack={keptShown.leave} />;
    const isShown = hours.value !== null && hours.value.doctor.id === doctor;
    return (
        <div class="hours">
            <Head session={session} doctors={doctors} doctor={doctor} onDoctor={setChosen} onExtra={() => setGives(true)} />
            {gives && session.facility && (
                <WalkInDialog facilityId={session.facility.id} isExtra doctor={doctor} mayOverlap={false}
                    onClose={() => setGives(false)} onDone={reload} />
            )}
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            <KeptNote kept={kept.value} />
            {list.value !== null && doctors.length === 0 && <p class="quiet">{h('no_doctors')}</p>}
            {problem === null && !isShown && (list.value === null || doctors.length > 0) && <Loading />}
            {isShown && hours.value && (
                <Body session={session} hours={hours.value} holidays={holidays.value?.holidays ?? []}
                    isLate={problem === null && hours.value.days[0]?.date !== monday}
                    today={today} day={day} onMonday={setMonday} onChanged={reload} view={view} onView={setView}
                    month={(
                        <MonthView doctor={hours.value.doctor.id} doctors={doctors} mayAll={mayAll(session.role)}
                            today={today} date={monday <= today && today < addDays(monday, N_DAYS) ? today : monday}
                            version={version} onWeek={(date, one) => {
                                setChosen(one);
                                setMonday(weekStart(date));
                                setDay(date);
                                setView('week');
                            }} />
                    )} />
            )}
        </div>
    );
}

/** Who sees all of a facility: an administrator's are too many for one page. */
function mayAll(role: Role): boolean {
    return role === 'desk' || role === 'coordinator';
}

function backWords(role: Role) {
    if (role === 'doctor') return 'back_doctor';
    return role === 'desk' ? 'back_desk' : 'back_settings';
}

interface HeadProps {
    readonly session: Session;
    readonly doctors: readonly HoursDoctor[];
    readonly doctor: string | null;
    readonly onDoctor: (id: string) => void;
    readonly onExtra: () => void;
}

function Head({ session, doctors, doctor, onDoctor, onExtra }: HeadProps) {
    return (
        <div class="hours-head">
            <h1>{h('title')}</h1>
            <a class="button plain" href={homeOf(session.role)} data-testid="to-home">
                {h(backWords(session.role))}
            </a>
            {/* The desk has it beside its patients. */}
            {session.role === 'coordinator' && doctors.length > 0 && (
                <Button icon="person-add" onClick={onExtra} testId="extra">{q('extra')}</Button>
            )}
            {session.role !== 'doctor' && doctors.length > 0 && (
                <Field id="doctor" label={h('doctor')}>
                    {(tie) => (
                        <select {...tie} value={doctor ?? ''} onChange={(event) => onDoctor(event.currentTarget.value)}>
                            {doctors.map((one) => (
                                <option key={one.id} value={one.id}>
                                    {withTitle(one.name)}
                                </option>
                            ))}
                        </select>
                    )}
                </Field>
            )}
        </div>
    );
}

interface BodyProps {
    readonly session: Session;
    readonly hours: Hours;
    readonly holidays: readonly Holiday[];
    /** Another week is asked for and has not come. */
    readonly isLate: boolean;
    readonly today: string;
    readonly onMonday: (monday: string) => void;
    readonly onChanged: () => void;
    readonly view: View;
    /** Chosen in the month; null: none. */
    readonly day: string | null;
    readonly onView: (view: View) => void;
    readonly month: ComponentChildren;
}

function Body({ session, hours, holidays, isLate, today, onMonday, onChanged, view, day, onView, month }: BodyProps) {
    const [open, setOpen] = useState<Open | null>(null);
    const [saved, setSaved] = useState<{ readonly kept: number; readonly told: number; readonly until: string | null; readonly notReachable: number; readonly noPhone: number } | null>(null);
    const close = () => setOpen(null);
    const onSaved: Saved = (kept, told, until = null, notReachable = 0, noPhone = 0) => {
        setSaved({ kept, told, until, notReachable, noPhone });
        close();
        onChanged();
    };
    const remove = (removal: Removal) => setOpen({ what: 'remove', removal });
    const keepsHolidays = session.role !== 'doctor';
    const mayKeep = (one: Holiday) =>
        session.role === 'admin' || (session.role !== 'doctor' && one.facility === session.facility?.id);
    /* Without weekly hours those are what is to be done; on a phone seven empty days stood before it. */
    const isNew = hours.rules.length === 0;
    const tools = (
        <div class="hours-tools">
            <Button kind="primary" onClick={() => setOpen({ what: 'rule', rule: null })} testId="add-rule">
                {h('add_rule')}
            </Button>
            <Button onClick={() => setOpen({ what: 'leave' })} testId="add-leave">
                {h('add_leave')}
            </Button>
            {keepsHolidays && (
                <Button onClick={() => setOpen({ what: 'holiday', holiday: null })} testId="add-holiday">
                    {h('add_holiday')}
                </Button>
            )}
        </div>
    );
    return (
        <>
            {saved !== null && (
                <Shown of={saved}>
                    <Banner tone="good" testId="saved">
                        <p>{savedWords(saved.kept, saved.told)}</p>
                        {saved.notReachable > 0 && <p data-testid="not-reachable">{h('not_reachable', { n: saved.notReachable })}</p>}
                        {saved.noPhone > 0 && <p data-testid="not-phoned">{h('not_phoned', { n: saved.noPhone })}</p>}
                        {saved.notReachable + saved.noPhone > 0 && <a class="button" href={KEPT_PATH}>{h('kept_open')}</a>}
                        {saved.until !== null && <p data-testid="saved-earlier">{h('saved_earlier', { date: dateWords(saved.until) })}</p>}
                        {homeOf(session.role) === '/pengaturan' && <a class="button" href="/" data-testid="see-booking">{h('see_booking')}</a>}
                    </Banner>
                </Shown>
            )}
            <PermitNotes doctor={hours.doctor} today={today} />
            {isNew && (
                <section class="stack tight" data-testid="no-rules">
                    <p>{h('rules_none')}</p>
                    {tools}
                </section>
            )}
            <ViewChoice view={view} onView={onView} />
            {view === 'month' ? month : (
                <WeekView hours={hours} isLate={isLate} today={today} chosen={day} onMonday={onMonday}
                    onDay={(date) => setOpen({ what: 'day', date })} />
            )}
            {!isNew && tools}
            <div class="hours-lists">
                {!isNew && <RuleList hours={hours} onEdit={(rule) => setOpen({ what: 'rule', rule })} onRemove={remove} />}
                <div class="stack">
                    <ExceptionList hours={hours} onRemove={remove} />
                    <HolidayList title={h('holidays')} holidays={holidays} mayKeep={mayKeep} onRemove={remove}
                        onEdit={(holiday) => setOpen({ what: 'holiday', holiday })} />
                    {homeOf(session.role) === '/pengaturan' && (
                        <a class="button plain to-holidays" href="/pengaturan#holidays" data-testid="to-holidays">
                            {h('holidays_all')}
                        </a>
                    )}
                </div>
            </div>
            {open && <OpenDialog open={open} hours={hours} today={today} province={session.role === 'admin'}
                onClose={close} onSaved={onSaved} />}
        </>
    );
}

/** Into sight, whenever it is of something new: on a phone the button that was pressed may be far below. */
function Shown({ of, children }: { readonly of: unknown; readonly children: ComponentChildren }) {
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => place.current?.scrollIntoView({ block: 'center' }), [of]);
    return <div ref={place}>{children}</div>;
}

function savedWords(kept: number, told: number): string {
    if (told > 0) return h('saved_told', { n: told, kept });
    return kept > 0 ? h('saved_kept', { n: kept }) : h('saved');
}

function ViewChoice({ view, onView }: { readonly view: View; readonly onView: (view: View) => void }) {
    return (
        <div class="view-choice" role="group" aria-label={h('view')}>
            {VIEWS.map((one) => (
                <button key={one} type="button" class="view" aria-pressed={view === one} data-testid={`view-${one}`}
                    onClick={() => onView(one)}>
                    {view === one && <Icon name="check" size={16} />}
                    {h(`view_${one}`)}
                </button>
            ))}
        </div>
    );
}

/** What is about to close, before it does. */
function PermitNotes({ doctor, today }: { readonly doctor: HoursDoctor; readonly today: string }) {
    const ending = permitsEnding(doctor, today);
    const str = strEnding(doctor, today);
    if (ending.length === 0 && str === null) return null;
    return (
        <Banner tone="warning" testId="permits">
            {str !== null && <p>{h(str < today ? 'str_expired' : 'str_soon', { date: dateWords(str) })}</p>}
            {ending.map((one) => (
                <p key={one.facility}>
                    {h(one.permit_until < today ? 'permit_expired' : 'permit_soon',
                        { facility: one.facility, date: dateWords(one.permit_until) })}
                </p>
            ))}
        </Banner>
    );
}

interface OpenProps {
    readonly open: Open;
    readonly hours: Hours;
    readonly today: string;
    readonly province: boolean;
    readonly onClose: () => void;
    readonly onSaved: Saved;
}

function OpenDialog({ open, hours, today, province, onClose, onSaved }: OpenProps) {
    const ways = { onClose, onSaved };
    switch (open.what) {
        case 'rule':
            return <RuleDialog doctor={hours.doctor} rules={hours.rules} rule={open.rule} today={today} {...ways} />;
        case 'day':
            return <OverrideDialog doctor={hours.doctor} date={open.date} {...ways}
                isOpen={hours.days.some((one) => one.date === open.date && one.open.length > 0)} />;
        case 'leave':
            return <LeaveDialog doctor={hours.doctor} today={today} {...ways} />;
        case 'holiday':
            return <HolidayDialog holiday={open.holiday} province={province} today={today} {...ways} />;
        case 'remove':
            return <RemoveDialog removal={open.removal} {...ways} />;
    }
}
