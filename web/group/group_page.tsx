// SPDX-License-Identifier: Apache-2.0
// Group visits: those to come, opening one, filling it; for its doctor the way into its room.
import { useState } from 'preact/hooks';
import { api } from '../shared/api';
import { dateAndTime, hoursWords, longDate, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { Failure, Loading, StateBadge } from '../staff/parts';
import { useRoute } from '../staff/router';
import { homeOf } from '../staff/session';
import { useGuard } from '../staff/shell';
import type { Session } from '../staff/types';
import { useFetched } from '../staff/use_fetched';
import { CancelDialog } from './cancel_dialog';
import { FillDialog } from './fill_dialog';
import { untoldOf } from './group_state';
import { OpenDialog } from './open_dialog';
import { Room } from './room';
import type { Group, GroupsReply } from './types';
import { g } from './words';

const HOME = '/kelompok';

export function GroupPage({ session }: { readonly session: Session }) {
    const { path, go } = useRoute();
    const id = /^\/kelompok\/([A-Za-z0-9]{1,64})$/.exec(path)?.[1];
    if (id && session.role === 'doctor') return <Room key={id} groupId={id} onBack={() => go(HOME)} />;
    return <List session={session} onEnter={(group) => go(`${HOME}/${group}`)} />;
}

interface ListProps {
    readonly session: Session;
    readonly onEnter: (group: string) => void;
}

type Open = { readonly what: 'fill' | 'cancel'; readonly group: Group } | { readonly what: 'new' };

function List({ session, onEnter }: ListProps) {
    const [version, setVersion] = useState(0);
    const [open, setOpen] = useState<Open | null>(null);
    /* In the page's language of now. */
    const [done, setDone] = useState<(() => string) | null>(null);
    const { value, problem } = useFetched<GroupsReply>('/api/v1/groups', version);
    const reload = () => setVersion((n) => n + 1);
    const finish = (words: () => string) => {
        setDone(() => words);
        setOpen(null);
        reload();
    };
    const close = () => setOpen(null);
    return (
        <div class="groups-page stack">
            <div class="groups-head">
                <h1>{g('title')}</h1>
                <a class="button plain" href={homeOf(session.role)} data-testid="home">
                    <Icon name="back" />
                    {g('home')}
                </a>
            </div>
            <p class="quiet">{g('intro')}</p>
            {done !== null && <Banner tone="good">{done()}</Banner>}
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {value === null && problem === null && <Loading />}
            {value && (
                <p>
                    <Button kind="primary" icon="person-add" onClick={() => setOpen({ what: 'new' })} testId="new-group">
                        {g('new')}
                    </Button>
                </p>
            )}
            {value?.groups.length === 0 && <p class="empty quiet" data-testid="no-groups">{g('none')}</p>}
            <ul class="rows group-cards" data-testid="groups">
                {value?.groups.map((group) => (
                    <Card key={group.id} group={group} isHost={session.role === 'doctor'} onEnter={() => onEnter(group.id)}
                        onOpen={(what) => setOpen({ what, group })} onChanged={reload} />
                ))}
            </ul>
            {open?.what === 'new' && (
                <OpenDialog session={session} onClose={close}
                    onOpened={(group) => finish(() => g('opened', { title: group.title, when: dateAndTime(group.starts_at_ms) }))} />
            )}
            {open?.what === 'fill' && <FillDialog group={open.group} onClose={close} onAdded={reload} />}
            {open?.what === 'cancel' && (
                <CancelDialog group={open.group} onClose={close} onCancelled={() => finish(() => cancelledWords(open.group))} />
            )}
        </div>
    );
}

/** With who is left to be told: the group is in no list any more. */
function cancelledWords({ visits }: Group): string {
    const { inPerson, byPhone } = untoldOf(visits);
    const left = [
        ...(inPerson.length > 0 ? [g('cancelled_untold', { names: inPerson.join(', ') })] : []),
        ...(byPhone.length > 0 ? [g('cancelled_phone', { names: byPhone.join(', ') })] : []),
    ];
    return left.length > 0 ? [g('cancelled_some'), ...left].join(' ') : g('cancelled');
}

interface CardProps {
    readonly group: Group;
    readonly isHost: boolean;
    readonly onEnter: () => void;
    readonly onOpen: (what: 'fill' | 'cancel') => void;
    readonly onChanged: () => void;
}

function Card({ group, isHost, onEnter, onOpen, onChanged }: CardProps) {
    const planned = group.state === 'planned';
    const isFull = group.visits.length >= group.places;
    return (
        <li class="group-card" data-testid="group" data-group={group.id}>
            <h2>{group.title}</h2>
            <p>
                {longDate(group.starts_at_ms)}, {hoursWords(group)}
                <br />
                <span class="quiet">{g('with', { doctor: withTitle(group.doctor), clinic: group.clinic })}</span>
            </p>
            <p data-testid="places">{g('places', { n: group.visits.length, of: group.places })}</p>
            {!planned && <p class="quiet">{g('ended')}</p>}
            {planned && group.obstacle !== null && (
                <Banner tone="warning" testId="obstacle">{`${g(`obstacle.${group.obstacle}`)} ${g('obstacle')}`}</Banner>
            )}
            <Visits group={group} />
            {planned && <Publicity group={group} isFull={isFull} onChanged={onChanged} />}
            {planned && (
                <div class="group-actions">
                    {isHost && (
                        <Button kind="primary" icon="camera" onClick={onEnter} testId="enter-group">{g('start')}</Button>
                    )}
                    <Button icon="person-add" disabled={isFull || group.obstacle !== null} onClick={() => onOpen('fill')} testId="fill">
                        {g(isFull ? 'full' : 'add')}
                    </Button>
                    <Button kind="plain" onClick={() => onOpen('cancel')} testId="cancel-group">{g('cancel')}</Button>
                </div>
            )}
        </li>
    );
}

function Visits({ group }: { readonly group: Group }) {
    if (group.visits.length === 0) return <p class="quiet">{g('empty')}</p>;
    return (
        <ol class="group-visits">
            {group.visits.map((visit) => (
                <li key={visit.id}>
                    <span class="quiet numbers">{visit.number}</span>
                    <strong>{visit.patient}</strong>
                    <span class="quiet">
                        {g('shown', { name: visit.shown_name ?? g('place', { n: visit.place }) })}
                    </span>
                    <StateBadge state={visit.state} />
                </li>
            ))}
        </ol>
    );
}

function Publicity({ group, isFull, onChanged }: {
    readonly group: Group;
    readonly isFull: boolean;
    readonly onChanged: () => void;
}) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const change = () => {
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/groups/${group.id}/open`, { open: !group.open }).then(onChanged, (error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(false));
    };
    return (
        <div class="group-public">
            <span>{g(!group.open ? 'staff_only' : isFull ? 'open_full' : 'anybody')}</span>
            <Button kind="plain" busy={busy} onClick={change} testId="toggle-open">
                {g(group.open ? 'make_closed' : 'make_open')}
            </Button>
            {problem !== null && <Failure problem={problem} />}
        </div>
    );
}
