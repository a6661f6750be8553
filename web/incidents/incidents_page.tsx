// SPDX-License-Identifier: Apache-2.0
// Incidents of the facility, and bookings of who is blocked. No names: who keeps a facility sees no patients.
import { useCallback, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateAndTime, longDate } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon, type IconName } from '../shared/widgets/icon';
import { whoWords } from '../staff/incident_dialog';
import { i } from '../staff/incident_words';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import { OneIncident } from './one_incident';
import type { BookingToConfirm, Incident, IncidentsReply, IncidentState } from './types';

const STATE_ICONS: Record<IncidentState, IconName> = { open: 'warning', looked_at: 'clock', closed: 'check' };

export function IncidentsPage() {
    const [version, setVersion] = useState(0);
    const [open, setOpen] = useState<Incident | null>(null);
    const { value, problem } = useFetched<IncidentsReply>('/api/v1/incidents', version);
    const reload = useCallback(() => setVersion((n) => n + 1), []);
    return (
        <div class="incidents" data-testid="incidents">
            <div class="hours-head">
                <h1>{i('title')}</h1>
                <a class="button plain" href="/pengaturan">
                    {i('to_settings')}
                </a>
            </div>
            <p class="quiet">{i('intro')}</p>
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {problem === null && value === null && <Loading />}
            {value !== null && value.requests.length > 0 && <Requests requests={value.requests} onDone={reload} />}
            {value !== null && <Lists key={version} first={value} onOpen={setOpen} />}
            {open !== null && (
                <OneIncident id={open.id} onClose={() => {
                    setOpen(null);
                    reload();
                }} />
            )}
        </div>
    );
}

interface ListsProps {
    readonly first: IncidentsReply;
    readonly onOpen: (incident: Incident) => void;
}

function Lists({ first, onOpen }: ListsProps) {
    const [further, setFurther] = useState<readonly IncidentsReply[]>([]);
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const pages = [first, ...further];
    const all = pages.flatMap((page) => page.incidents);
    const last = pages[pages.length - 1];
    const older = () => {
        setBusy(true);
        setProblem(null);
        api.get<IncidentsReply>(`/api/v1/incidents?before=${all[all.length - 1]?.id ?? ''}`)
            .then((page) => setFurther([...further, page]), (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(false));
    };
    if (all.length === 0) {
        return (
            <div class="empty" data-testid="incidents-none">
                <p>{i('none')}</p>
                <p class="quiet">{i('none_hint')}</p>
            </div>
        );
    }
    const unfinished = all.filter((one) => one.state !== 'closed');
    const finished = all.filter((one) => one.state === 'closed');
    return (
        <>
            <section class="stack tight">
                <h2>{i('unfinished')}</h2>
                {unfinished.length === 0 && <p class="quiet">{i('none_unfinished')}</p>}
                <Items incidents={unfinished} onOpen={onOpen} />
            </section>
            {finished.length > 0 && (
                <section class="stack tight">
                    <h2>{i('finished')}</h2>
                    <Items incidents={finished} onOpen={onOpen} />
                </section>
            )}
            {problem !== null && <Failure problem={problem} />}
            {last?.more && (
                <div>
                    <Button busy={busy} onClick={older} testId="older">{i('older')}</Button>
                </div>
            )}
        </>
    );
}

export function StateWords({ state }: { readonly state: IncidentState }) {
    return (
        <span class="incident-state" data-state={state}>
            <Icon name={STATE_ICONS[state]} size={20} />
            {i(`state.${state}`)}
        </span>
    );
}

function Items({ incidents, onOpen }: { readonly incidents: readonly Incident[]; readonly onOpen: (one: Incident) => void }) {
    return (
        <ul class="items">
            {incidents.map((one) => (
                <li class="item" key={one.id} data-testid="incident" data-state={one.state}
                    data-kind={one.kind}>
                    <div class="item-words">
                        <strong>{i(`kind.${one.kind}`)}</strong>
                        <span>
                            {whoWords(one.who)} · {i(one.removed ? 'removed' : 'reported')}
                        </span>
                        <span class="quiet">
                            {dateAndTime(one.at_ms)} · {one.visit.clinic}, {one.visit.facility}
                        </span>
                        {one.blocked_until_ms !== null && (
                            <span class="quiet">{i('blocked', { date: longDate(one.blocked_until_ms) })}</span>
                        )}
                        <StateWords state={one.state} />
                    </div>
                    <div class="item-actions">
                        <Button onClick={() => onOpen(one)} testId="incident-read"
                            label={i('read_label', { number: one.visit.number, date: longDate(one.at_ms) })}>
                            {i('read')}
                        </Button>
                    </div>
                </li>
            ))}
        </ul>
    );
}

function Requests({ requests, onDone }: { readonly requests: readonly BookingToConfirm[]; readonly onDone: () => void }) {
    const [busy, setBusy] = useState<string | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const answer = (request: BookingToConfirm, confirmed: boolean) => {
        setBusy(request.visit);
        setProblem(null);
        api.post(`/api/v1/visits/${request.visit}/confirm`, { confirmed })
            .then(onDone, (error: unknown) => {
                if (!guard(error)) setProblem(error);
            })
            .finally(() => setBusy(null));
    };
    return (
        <section class="stack tight" data-testid="requests">
            <h2>{i('requests')}</h2>
            <p class="quiet">{i('requests_hint')}</p>
            {problem !== null && <Failure problem={problem} onRetry={onDone} />}
            <ul class="items">
                {requests.map((one) => (
                    <li class="item" key={one.visit} data-testid="request">
                        <div class="item-words">
                            <strong class="numbers">{one.number} · {dateAndTime(one.starts_at_ms)}</strong>
                            <span>{one.doctor} · {one.clinic}, {one.facility}</span>
                            <span>{i(one.why === 'missed' ? 'request.why_missed' : 'request.why_incident')}</span>
                            <span class="quiet">{i('request.made', { time: dateAndTime(one.requested_at_ms) })}</span>
                        </div>
                        <div class="item-actions">
                            <Button kind="primary" busy={busy === one.visit} onClick={() => answer(one, true)}
                                label={i('request.yes_label', { number: one.number })} testId="request-yes">
                                {i('request.yes')}
                            </Button>
                            <Button kind="plain" disabled={busy === one.visit} onClick={() => answer(one, false)}
                                label={i('request.no_label', { number: one.number })} testId="request-no">
                                {i('request.no')}
                            </Button>
                        </div>
                    </li>
                ))}
            </ul>
        </section>
    );
}
