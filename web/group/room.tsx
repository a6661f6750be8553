// SPDX-License-Identifier: Apache-2.0
// A group's room for its doctor: who waits outside, who is in, who may speak; the end for all.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { isShown, pausedWords, sendsPicture } from '../shared/picture';
import type { SessionView } from '../shared/visit_session';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { CallControls, Switch } from '../shared/widgets/call_controls';
import { Icon } from '../shared/widgets/icon';
import { PausedSign } from '../shared/widgets/more_pictures';
import { RemoteAudio, VideoView } from '../shared/widgets/media_view';
import { QualityBadge } from '../shared/widgets/quality_badge';
import { common } from '../shared/words';
import { ConsentNotice } from '../staff/consent_notice';
import { IncidentDialog } from '../staff/incident_dialog';
import { Dialog, Failure, Loading } from '../staff/parts';
import { serverToday } from '../staff/server_clock';
import { useGuard } from '../staff/shell';
import { useDay, type DayHook } from '../staff/use_day';
import { useFetched } from '../staff/use_fetched';
import { GroupSession, wasInRoom, type RoomView } from './group_session';
import { handsFirst, isListOld, peopleOf, waitingOf, type Person } from './group_state';
import type { Group } from './types';
import { g } from './words';

interface Props {
    readonly groupId: string;
    readonly onBack: () => void;
}

export function Room({ groupId, onBack }: Props) {
    const [version, setVersion] = useState(0);
    const { value: group, problem } = useFetched<Group>(`/api/v1/groups/${groupId}`, version);
    const { room, view, open } = useRoom(groupId);
    const session = view?.session ?? null;
    const others = session?.visit.others ?? [];
    const stale = group !== null && isListOld(group.visits, others);
    const ended = session?.visit.ended !== null && session !== null;
    useEffect(() => {
        if (stale || ended) setVersion((n) => n + 1);
    }, [stale, ended]);
    const leave = () => {
        room?.leave();
        onBack();
    };
    if (problem !== null && group === null) {
        return <Failure problem={problem} onRetry={() => setVersion((n) => n + 1)} />;
    }
    if (!group) return <Loading />;
    const people = peopleOf(group.visits, others);
    const isOver = ended || group.state !== 'planned';
    return (
        <div class="room" data-testid="room" data-live={session?.visit.status === 'open'}>
            <h1>{group.title}</h1>
            {isOver && <Over people={people} onBack={onBack} />}
            {!isOver && !view && <Entrance onEnter={open} onBack={onBack} />}
            {!isOver && room && view && <Inside group={group} room={room} view={view} people={people} onLeave={leave} />}
        </div>
    );
}

function useRoom(groupId: string) {
    const room = useRef<GroupSession | null>(null);
    const [view, setView] = useState<RoomView | null>(null);
    const open = () => {
        room.current?.close();
        const started = new GroupSession(groupId, setView);
        room.current = started;
        void started.start();
    };
    useEffect(() => {
        Object.defineProperty(window, 'huyulaCall', {
            configurable: true, enumerable: false, get: () => room.current?.connection ?? null,
        });
        if (wasInRoom(groupId)) open();
        return () => room.current?.close();
    }, []);
    return { room: room.current, view, open };
}

function Entrance({ onEnter, onBack }: { readonly onEnter: () => void; readonly onBack: () => void }) {
    return (
        <div class="stack room-way">
            <p>{g('enter_text')}</p>
            <Button kind="primary" icon="camera" onClick={onEnter} testId="enter-room">{g('enter')}</Button>
            <Button kind="plain" onClick={onBack}>{g('back')}</Button>
        </div>
    );
}

/** What is left to do is to write what was found in each patient. */
function Over({ people, onBack }: { readonly people: readonly Person[]; readonly onBack: () => void }) {
    return (
        <div class="stack room-way" data-testid="group-over">
            <p>{g('over')}</p>
            {people.length > 0 && <p>{g('over_notes')}</p>}
            <ul class="over-notes">
                {people.map((one) => (
                    <li key={one.id}>
                        <a class="button" href={`/dokter/${one.visit}`}>{g('write_note', { name: one.name })}</a>
                    </li>
                ))}
            </ul>
            <Button kind="plain" onClick={onBack}>{g('back')}</Button>
        </div>
    );
}

interface InsideProps {
    readonly group: Group;
    readonly room: GroupSession;
    readonly view: RoomView;
    readonly people: readonly Person[];
    readonly onLeave: () => void;
}

function Inside(props: InsideProps) {
    const { group, room, view, people } = props;
    const { session } = view;
    const status = session?.visit.status;
    if (view.unsupported) return <Banner tone="danger">{g('unsupported')}</Banner>;
    if (view.failure !== null) return <Failure problem={view.failure} onRetry={() => room.retry()} />;
    if (status === 'refused') {
        return (
            <Banner tone="danger" testId="failure">
                <p>{session?.visit.refused?.message}</p>
                <Button onClick={() => room.retry()}>{g('retry')}</Button>
            </Banner>
        );
    }
    if (status === 'occupied' || status === 'replaced') {
        return (
            <div class="stack" data-testid={status}>
                <p>{g('elsewhere')}</p>
                <Button kind="primary" onClick={() => void room.takeOver()} testId="take-over">{g('take_over')}</Button>
            </div>
        );
    }
    if (!session || !session.visit.visit) return <Busy text={g('connecting')} />;
    return (
        <div class="room-panes">
            <Stage room={room} session={session} people={people} title={group.title} />
            <People room={room} people={people} />
            <Foot {...props} session={session} />
        </div>
    );
}

interface StageProps {
    readonly room: GroupSession;
    readonly session: SessionView;
    readonly people: readonly Person[];
    readonly title: string;
}

function Stage({ room, session, people, title }: StageProps) {
    const inside = people.filter((one) => one.standing === 'in');
    const cutOff = session.visit.lostSinceMs !== null || session.call === 'interrupted';
    const aside = people.find((one) => one.aside);
    return (
        <section class="room-stage dark" aria-label={g('room', { title })} data-testid="room-stage">
            <RemoteAudio remotes={session.remotes} />
            {cutOff && <Banner tone="warning">{g('lost')}</Banner>}
            {aside && (
                <Banner tone="info" testId="aside-now">
                    <p>{g('aside_now', { name: aside.name })}</p>
                    {/* On a phone the one of the list lies behind the switches. */}
                    <Button onClick={() => room.say({ type: 'aside', participant: null })} testId="aside-end">{g('aside_back')}</Button>
                </Banner>
            )}
            {session.call === 'connected' && <QualityBadge grade={session.grade} connecting={false} />}
            {inside.length === 0 && <p class="centre">{g('nobody')}</p>}
            <ul class="room-tiles" data-n={inside.length}>
                {inside.map((one) => (
                    <Tile key={one.id} person={one} session={session} waits={aside !== undefined && !one.aside} />
                ))}
            </ul>
            {room.ownPicture && (
                <div class="room-self">
                    <VideoView track={room.ownPicture} label={common('self_view')} mirrored testId="self-video" />
                </div>
            )}
        </section>
    );
}

interface TileProps {
    readonly person: Person;
    readonly session: SessionView;
    /** While the doctor talks with another one alone. */
    readonly waits: boolean;
}

function Tile({ person, session, waits }: TileProps) {
    const remote = session.remotes.find((one) => one.kind === 'video' && one.participant === person.id);
    const live = session.visit.others.find((one) => one.id === person.id);
    const paused = live ? pausedWords(remote ?? null, live) : null;
    const shown = remote !== undefined && sendsPicture(live) && isShown(remote.picture, remote.picture === 'moving');
    return (
        <li class="room-tile" data-testid="tile" data-shown={shown} data-muted={person.muted}>
            {shown && (
                <VideoView track={remote.track} label={common('remote_view', { name: person.name })} testId={`remote-${person.place}`} />
            )}
            {waits && !shown && <p class="room-waits">{g('aside_waits')}</p>}
            <p class="room-name">
                {person.muted && <Icon name="mic-off" size={20} />}
                {person.hand && <Icon name="hand" size={20} />}
                <span>{person.name}</span>
                {paused && <PausedSign words={paused} name={person.name} />}
            </p>
        </li>
    );
}

function People({ room, people }: { readonly room: GroupSession; readonly people: readonly Person[] }) {
    const waiting = waitingOf(people);
    /* What else is known of them, and changes meanwhile. */
    const day = useDay(serverToday());
    const [removing, setRemoving] = useState<Person | null>(null);
    return (
        <section class="room-people" aria-label={g('people')}>
            <h2>{g('people')}</h2>
            {waiting.length > 1 && (
                <Button kind="primary" onClick={() => room.say({ type: 'admit', participant: null })} testId="admit-all">
                    {g('admit_all', { n: waiting.length })}
                </Button>
            )}
            <ul class="rows" data-testid="people">
                {handsFirst(people).map((one) => (
                    <PersonRow key={one.id} person={one} room={room} day={day} onRemove={() => setRemoving(one)} />
                ))}
            </ul>
            {removing && (
                <IncidentDialog visitId={removing.visit} patient={removing.name}
                    number={day.day?.visits.find(({ id }) => id === removing.visit)?.number ?? null}
                    guests={[]} onClose={() => setRemoving(null)} onDone={() => setRemoving(null)} />
            )}
        </section>
    );
}

interface RowProps {
    readonly person: Person;
    readonly room: GroupSession;
    readonly onRemove: () => void;
}

function PersonRow({ person, room, day, onRemove }: RowProps & { readonly day: DayHook }) {
    const { standing, name } = person;
    const listed = day.day?.visits.find((one) => one.id === person.visit);
    return (
        <li class="room-person" data-testid="person" data-place={person.place} data-standing={standing}>
            <p>
                <strong>{name}</strong>
                <br />
                <span class="quiet">
                    {g('place', { n: person.place })} · {g(`s_${standing}`)}
                    {person.muted && ` · ${g('muted')}`}
                </span>
                {person.hand && (
                    <span class="mark" data-testid="hand">
                        <Icon name="hand" size={20} />
                        {g('hand')}
                    </span>
                )}
            </p>
            {listed && <ConsentNotice visit={listed} offsetMs={day.offsetMs} talking={standing === 'in'} />}
            <PersonActions person={person} room={room} onRemove={onRemove} />
        </li>
    );
}

function PersonActions({ person, room, onRemove }: RowProps) {
    const { id, standing, name, muted, aside } = person;
    const label = (action: 'admit' | 'again' | 'mute' | 'unmute' | 'aside' | 'aside_back' | 'remove' | 'note') =>
        g('for_name', { action: g(action), name });
    const admit = () => room.say({ type: 'admit', participant: id });
    return (
        <div class="room-actions">
            {standing === 'waiting' && (
                <Button kind="primary" onClick={admit} label={label('admit')} testId="admit">{g('admit')}</Button>
            )}
            {standing === 'called' && <Button onClick={admit} label={label('again')} testId="again">{g('again')}</Button>}
            {standing === 'in' && (
                <Button label={label(muted ? 'unmute' : 'mute')} testId="mute-one"
                    onClick={() => room.say({ type: 'mute', participant: id, muted: !muted })}>
                    {g(muted ? 'unmute' : 'mute')}
                </Button>
            )}
            {standing === 'in' && (
                <Button label={label(aside ? 'aside_back' : 'aside')} testId="aside"
                    onClick={() => room.say({ type: 'aside', participant: aside ? null : id })}>
                    {g(aside ? 'aside_back' : 'aside')}
                </Button>
            )}
            <a class="button plain" href={`/dokter/${person.visit}`} target="_blank" rel="noopener" aria-label={label('note')}>
                {g('note')}
            </a>
            {(standing === 'in' || standing === 'waiting' || standing === 'away') && (
                <Button kind="plain" onClick={onRemove} label={label('remove')} testId="remove">{g('remove')}</Button>
            )}
        </div>
    );
}

function Foot({ group, room, people, session, onLeave }: InsideProps & { readonly session: SessionView }) {
    const [ending, setEnding] = useState(false);
    const inside = people.filter((one) => one.standing === 'in' || one.standing === 'away');
    const allMuted = inside.length > 0 && inside.every((one) => one.muted);
    return (
        <footer class="room-foot dark">
            <CallControls devices={session.devices} onAudio={(on) => void room.setOn('audio', on)}
                onVideo={(on) => void room.setOn('video', on)} onFlip={() => void room.switchCamera()}>
                {inside.length > 0 && (
                    <Switch icon={allMuted ? 'mic' : 'mic-off'} word={g(allMuted ? 'unmute_all' : 'mute_all')} label=""
                        onClick={() => room.say({ type: 'mute', participant: null, muted: !allMuted })} testId="mute-all" />
                )}
            </CallControls>
            <Button kind="danger" icon="phone-down" onClick={() => setEnding(true)} testId="end-group">{g('end')}</Button>
            <Button kind="plain" onClick={onLeave} testId="leave">{g('leave')}</Button>
            {ending && <EndDialog group={group} onClose={() => setEnding(false)} />}
        </footer>
    );
}

/** The room hears of the end by its socket. */
function EndDialog({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const end = () => {
        setBusy(true);
        setProblem(null);
        api.post(`/api/v1/groups/${group.id}/end`).then(onClose, (error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(false));
    };
    return (
        <Dialog label={g('end_title')} onClose={onClose} testId="end-group-dialog">
            <h2>{g('end_title')}</h2>
            <p>{g('end_text')}</p>
            {problem !== null && <Failure problem={problem} />}
            <div class="dialog-actions">
                <Button kind="danger" busy={busy} onClick={end} testId="end-group-yes">{g('end_yes')}</Button>
                <Button kind="plain" onClick={onClose}>{g('end_no')}</Button>
            </div>
        </Dialog>
    );
}
