// SPDX-License-Identifier: Apache-2.0
// A chosen visit outside its call: what is known of it, calling, a new link, cancelling; when it is
// over, its record.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { longDate, timeOfDay } from '../shared/format';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Came } from '../staff/came';
import { CancelDialog } from '../staff/cancel_dialog';
import { IncidentDialog } from '../staff/incident_dialog';
import { dateWords } from '../staff/dates';
import { asksCame, groupOf, isUrgent, wasSeen } from '../staff/day';
import { LinkDialog } from '../staff/link_dialog';
import { Failure, Loading, StateBadge } from '../staff/parts';
import { ContactLine, contactWords, PersonWords } from '../staff/person';
import { PersonMarks, ReasonLine } from '../staff/person_marks';
import { PhoneCall } from '../staff/phone_call';
import { Presence } from '../staff/presence';
import { MoveDialog } from '../staff/move_dialog';
import { QueueDialog } from '../staff/queue_dialog';
import { QueueMarks } from '../staff/queue_marks';
import { q } from '../staff/queue_words';
import { SeriesDialog } from '../staff/series_dialog';
import { s as series } from '../staff/series_words';
import { useGuard } from '../staff/shell';
import type { DayVisit, VisitRecord } from '../staff/types';
import { t, type StaffKey } from '../staff/words';
import { Held } from './held';
import { BackToQueue } from './queue_steps';
import { RecordView } from './record_view';

export interface VisitPaneProps {
    readonly visitId: string;
    /** The visit's row of the day shown now; null when it belongs to another day. */
    readonly listed: DayVisit | null;
    readonly mayCall: boolean;
    /** The server would not let this doctor call. */
    readonly refused: boolean;
    /** Somebody else could be called now; null: not known on the list of another day. */
    readonly someWait: boolean | null;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
    readonly onBack: () => void;
    readonly onChanged: () => void;
    readonly onCall: (ring: boolean) => void;
}

function useRecord(visitId: string, trigger: string): { record: VisitRecord | null; problem: unknown; reload: () => void } {
    const [record, setRecord] = useState<VisitRecord | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const reload = useCallback(() => {
        const abort = new AbortController();
        setProblem(null);
        api.get<VisitRecord>(`/api/v1/visits/${visitId}`, { signal: abort.signal }).then(
            setRecord,
            (error: unknown) => {
                if (!abort.signal.aborted && !guard(error)) setProblem(error);
            },
        );
        return () => abort.abort();
    }, [visitId, trigger, guard]);
    useEffect(reload, [reload]);
    return { record, problem, reload };
}

export function VisitPane(props: VisitPaneProps) {
    const { visitId, listed, onBack } = props;
    const { record, problem, reload } = useRecord(visitId, listed?.state ?? '');
    return (
        <article class="visit" data-testid="visit-pane" data-visit={visitId}>
            <p class="only-narrow no-print">
                <Button kind="plain" icon="back" onClick={onBack} testId="back-to-list">
                    {t('staff.back')}
                </Button>
            </p>
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {record === null && problem === null && <Loading />}
            {record !== null && <VisitBody {...props} record={record} />}
        </article>
    );
}

function VisitBody(props: VisitPaneProps & { readonly record: VisitRecord }) {
    const { record, listed } = props;
    /* The list hears of changes first; the record is read again after it. */
    const state = listed?.state ?? record.visit.state;
    const group = groupOf(state);
    const isElsewhere = listed !== null && listed.way !== 'video' && group !== 'over';
    return (
        <>
            <header class="visit-head">
                <p class="visit-number numbers">{record.visit.number}</p>
                <div>
                    <h1 class="visit-name">{record.visit.patient}</h1>
                    <ContactLine contact={record.visit.contact} />
                    {listed && <ReasonLine visit={listed} whole />}
                    <p class="row-facts">
                        <PersonWords age={listed?.age ?? null} sex={listed?.sex ?? null} />
                        <StateBadge state={state} way={listed?.way} came={listed?.came} />
                        {group === 'waiting' && listed && !isElsewhere && <Presence present={listed.present} />}
                        {listed && <QueueMarks visit={listed} own />}
                        {listed && <PersonMarks visit={listed} />}
                    </p>
                </div>
            </header>
            {listed && isUrgent(listed) && <UrgentReason record={record} />}
            {group === 'coming' && !isElsewhere && <p class="quiet">{t('visit.not_yet')}</p>}
            {group !== 'over' && listed?.group && <ToGroup group={listed.group} />}
            {group === 'waiting' && !listed?.group && <WaitingAction {...props} />}
            {group === 'now' && !listed?.group && !isElsewhere && <NowAction {...props} called={state === 'called'} />}
            {isElsewhere && state !== 'requested' && (
                <Held visit={listed} offsetMs={props.offsetMs} onChanged={props.onChanged} />
            )}
            {isElsewhere && state === 'called' && <BackToQueue visitId={props.visitId} someWait={props.someWait} onDone={props.onChanged} />}
            {state === 'converted_phone' && (
                <PhoneCall visitId={props.visitId} visit={{ ...record.visit, way: listed?.way ?? 'video', state }} onShown={props.onChanged} />
            )}
            {listed && asksCame(listed) && <div class="back-buttons"><Came visit={listed} onSaid={props.onChanged} /></div>}
            <Facts record={record} />
            {(group === 'coming' || group === 'waiting') && <SideActions {...props} />}
            {(group === 'over' || group === 'now') && <Again {...props} />}
            {(group === 'over' || group === 'now') && <RecordView record={record} way={listed?.way ?? 'video'} />}
        </>
    );
}

/** As whoever made it an emergency wrote it down. */
function UrgentReason({ record }: { readonly record: VisitRecord }) {
    const said = record.events?.filter((event) => event.kind === 'urgent').pop();
    if (!said?.detail) return null;
    return (
        <Banner tone="danger" testId="urgent-reason">
            <p>{q('urgent.reason', { reason: said.detail })}</p>
        </Banner>
    );
}

/** Its patient is let in there. */
function ToGroup({ group }: { readonly group: { readonly id: string; readonly title: string } }) {
    return (
        <p>
            <a class="button primary" href={`/kelompok/${group.id}`} data-testid="to-group">
                {t('visit.to_group', { title: group.title })}
            </a>
        </p>
    );
}

function WaitingAction({ mayCall, refused, onCall, listed }: VisitPaneProps) {
    if (refused) {
        return (
            <Banner tone="warning" testId="refused">
                {q(listed?.other_doctor_why === 'nobody_may' ? 'refused.nobody_may' : 'refused.doctor_permit_over')}
            </Banner>
        );
    }
    return (
        <div class="stack">
            <Button kind="primary" wide icon="phone" disabled={!mayCall} onClick={() => onCall(true)} testId="call">
                {t('day.call')}
            </Button>
            {listed?.way !== 'in_person' && (
                <p class="quiet">{t(listed && !listed.present ? 'visit.absent_hint' : 'visit.call_hint')}</p>
            )}
        </div>
    );
}

function NowAction({ visitId, mayCall, someWait, onCall, onChanged, called }: VisitPaneProps & { readonly called: boolean }) {
    return (
        <div class="stack">
            <p>{t('visit.rejoin_hint')}</p>
            <Button kind="primary" wide icon="phone" disabled={!mayCall} onClick={() => onCall(false)} testId="rejoin">
                {t('visit.rejoin')}
            </Button>
            {called && <BackToQueue visitId={visitId} someWait={someWait} onDone={onChanged} />}
        </div>
    );
}

function SideActions({ record, listed, offsetMs, onChanged }: VisitPaneProps & { readonly record: VisitRecord }) {
    const [open, setOpen] = useState<'link' | 'cancel' | 'queue' | 'move' | 'incident' | 'series' | null>(null);
    const done = () => {
        setOpen(null);
        onChanged();
    };
    const { visit } = record;
    return (
        <div class="side-actions">
            {listed && (
                <Button onClick={() => setOpen('queue')} testId="manage-queue"
                    label={q('manage_name', { number: visit.number, patient: visit.patient })}>
                    {q('manage')}
                </Button>
            )}
            {listed && (
                <Button icon="calendar" onClick={() => setOpen('move')} testId="move-visit">
                    {m('staff_action')}
                </Button>
            )}
            <Button icon="link" onClick={() => setOpen('link')} testId="new-link">
                {t('link.make')}
            </Button>
            <Button kind="plain" onClick={() => setOpen('cancel')} testId="cancel-visit">
                {t('cancel.action')}
            </Button>
            {open === 'incident' && (
                <IncidentDialog visitId={visit.id} patient={visit.patient} number={visit.number} guests={[]}
                    onClose={() => setOpen(null)} onDone={done} />
            )}
            {open === 'link' && <LinkDialog visit={visit} onClose={() => setOpen(null)} />}
            {open === 'cancel' && (
                <CancelDialog visit={visit} onClose={() => setOpen(null)} onCancelled={done} />
            )}
            {open === 'move' && listed && (
                <MoveDialog visit={listed} onClose={() => setOpen(null)} onMoved={done} />
            )}
            {open === 'queue' && listed && (
                <QueueDialog visit={listed} offsetMs={offsetMs} onClose={() => setOpen(null)} onDone={done}
                    onRemove={() => setOpen('incident')} onSeries={() => setOpen('series')} />
            )}
            {open === 'series' && <SeriesDialog visit={visit} onClose={done} onBooked={() => undefined} />}
        </div>
    );
}

/** Once the doctor has seen the patient. */
function Again({ record, onChanged }: VisitPaneProps & { readonly record: VisitRecord }) {
    const [open, setOpen] = useState<'series' | 'link' | null>(null);
    const close = () => {
        setOpen(null);
        onChanged();
    };
    return (
        <div class="side-actions no-print">
            <Button icon="calendar" onClick={() => setOpen('series')} testId="series-open">
                {series('action')}
            </Button>
            {wasSeen(record.visit.state) && (
                <Button icon="link" onClick={() => setOpen('link')} testId="new-link">
                    {t('link.of_letters')}
                </Button>
            )}
            {open === 'link' && <LinkDialog visit={record.visit} isOver onClose={() => setOpen(null)} />}
            {open === 'series' && <SeriesDialog visit={record.visit} onClose={close} onBooked={() => undefined} />}
        </div>
    );
}

/** Who agreed to the visit by video; null while nobody has. */
function agreedWords({ consents }: VisitRecord): string | null {
    const last = consents?.[consents.length - 1];
    if (!last || last.how === 'withdrawn') return null;
    return last.giver ? contactWords(last.giver) : t('visit.agreed_patient');
}

function Facts({ record }: { readonly record: VisitRecord }) {
    const { visit } = record;
    const facts: readonly (readonly [StaffKey, string | null])[] = [
        ['visit.time', `${longDate(visit.starts_at_ms)}, ${timeOfDay(visit.starts_at_ms)}`],
        ['visit.birth', visit.birth_date === null ? null : dateWords(visit.birth_date)],
        ['visit.contact', visit.contact && contactWords(visit.contact)],
        [visit.contact ? 'visit.contact_phone' : 'visit.phone', visit.phone_masked],
        ['visit.nik', visit.nik_masked],
        ['visit.mother_nik', visit.mother_nik_masked],
        ['visit.agreed', agreedWords(record)],
        ['visit.clinic', `${visit.clinic}, ${visit.facility}`],
        ['visit.code', visit.code],
    ];
    return (
        <dl class="pairs" aria-label={t('visit.info')}>
            {facts.map(([key, value]) =>
                value ? (
                    <div key={key}>
                        <dt>{t(key)}</dt>
                        <dd class="numbers">{value}</dd>
                    </div>
                ) : null,
            )}
        </dl>
    );
}
