// SPDX-License-Identifier: Apache-2.0
// The call: the doctor fills the screen, one's own picture in the corner, the switches below.
import { useState } from 'preact/hooks';
import { duration, withTitle } from '../../shared/format';
import type { ParticipantView } from '../../shared/messages';
import { isShown, pausedWords, personOn, sendsPicture, stageOf, type Stage } from '../../shared/picture';
import type { SessionView } from '../../shared/visit_session';
import { howGone } from '../../shared/visit_state';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Busy } from '../../shared/widgets/busy';
import { CallControls, Switch } from '../../shared/widgets/call_controls';
import { LangSwitch } from '../../shared/widgets/header';
import { Icon } from '../../shared/widgets/icon';
import { MorePictures, personWords } from '../../shared/widgets/more_pictures';
import { RemoteAudio, VideoView } from '../../shared/widgets/media_view';
import { QualityBadge } from '../../shared/widgets/quality_badge';
import { common } from '../../shared/words';
import { ConnectionBanner } from '../connection_banner';
import { Dialog } from '../dialog';
import { factsOf, PhoneHelp } from '../page';
import type { PatientStore } from '../store';
import { t } from '../words';

export function CallScreen({ store }: { store: PatientStore }) {
    const [ending, setEnding] = useState(false);
    const session = store.current.session;
    if (!session) return null;
    const doctor = session.visit.others.find((other) => other.role === 'doctor');
    const name = withTitle(doctor?.name || factsOf(store)?.doctor || '');
    const gone = goneOf(session, store.talkedMs);
    const devices = store.session?.devices;
    const selfTrack = devices?.sent('video') ?? null;
    const { group } = session.visit;
    const stage = stageOf(session.remotes, session.pinned, doctor?.id);
    return (
        <main class="call dark">
            <h1 class="hidden-words">{common('remote_view', { name })}</h1>
            <CallTop session={session} gone={gone !== null} talkedMs={store.talkedMs} />
            <div class="stage">
                <Remote store={store} session={session} stage={stage} doctor={doctor} name={name} gone={gone !== null} />
                {gone && <DoctorGone store={store} gone={gone} name={name} />}
                {selfTrack && (
                    <div class="self">
                        <VideoView track={selfTrack} label={common('self_view')}
                            mirrored={session.devices.facing === 'user'} testId="self-video" />
                    </div>
                )}
                <RemoteAudio remotes={session.remotes} />
                <div class="stage-notes">
                    <Notes store={store} session={session} stage={stage} doctor={doctor} name={name} gone={gone !== null} />
                </div>
            </div>
            <div class="call-bottom">
                <CallControls devices={session.devices} mutedByOther={group?.muted}
                    onAudio={(on) => void devices?.setAudio(on)}
                    onVideo={(on) => void devices?.setVideo(on)}
                    onFlip={() => void devices?.switchCamera()}>
                    {group && (
                        <Switch icon="hand" word={t(group.hand ? 'hand_down' : 'hand_up')} label="" testId="hand"
                            onClick={() => store.session?.raiseHand(!group.hand)} />
                    )}
                </CallControls>
                <Button kind="danger" wide icon="phone-down" onClick={() => setEnding(true)} testId="hang-up">
                    {common('end')}
                </Button>
            </div>
            {ending && <HangUpDialog store={store} onClose={() => setEnding(false)} />}
        </main>
    );
}

type Gone = 'left' | 'lost';

/** The doctor was in the call and is not now. While we are cut off ourselves we cannot know. */
function goneOf(session: SessionView, talkedMs: number): Gone | null {
    const cutOff = session.call === 'interrupted' || session.visit.lostSinceMs !== null;
    return cutOff || talkedMs === 0 ? null : howGone(session.visit, 'doctor');
}

interface TopProps {
    readonly session: SessionView;
    readonly gone: boolean;
    readonly talkedMs: number;
}

function CallTop({ session, gone, talkedMs }: TopProps) {
    return (
        <div class="call-top">
            {!gone && <QualityBadge grade={session.grade} connecting={session.call === 'connecting'} />}
            {talkedMs > 0 && (
                <span class="numbers" data-testid="timer">
                    {duration(talkedMs)}
                </span>
            )}
            <LangSwitch />
        </div>
    );
}

interface RemoteProps {
    readonly session: SessionView;
    /** Whose picture is large: the doctor's, or whose was chosen. */
    readonly stage: Stage;
    readonly doctor: ParticipantView | undefined;
    readonly name: string;
    readonly gone: boolean;
}

interface GoneProps {
    readonly store: PatientStore;
    readonly gone: Gone;
    readonly name: string;
}

/** In the place of the last picture: who is away, and what to do. */
function DoctorGone({ store, gone, name }: GoneProps) {
    const facility = factsOf(store)?.facility ?? '';
    return (
        <div class="no-picture" role="status" data-testid="doctor-gone" data-gone={gone}>
            <Icon name="person" size={64} />
            <p>{common(gone === 'left' ? 'remote_left' : 'remote_lost', { name })}</p>
            <p class="soft">{t('gone_stay')}</p>
            <PhoneHelp store={store} lead={t('gone_phone', { facility })} />
        </div>
    );
}

/** The doctor's picture, or whose was chosen, or words why there is none; the others' small. */
function Remote({ store, session, stage, doctor, name, gone }: NotesProps) {
    const { picture } = stage;
    const person = personOn(stage, session.visit.others);
    const shown = nameOn(stage, person, doctor, name);
    const moves = isShown(picture?.picture ?? 'none', session.remoteVideo);
    /* Before the socket tells who is there, what moves is shown. */
    const showsVideo = session.call !== 'closed' && moves && (person === null || sendsPicture(person));
    return (
        <>
            <VideoView track={picture?.track ?? null} label={common('remote_view', { name: shown })}
                testId="remote-video" />
            {!showsVideo && !gone && (
                <div class="no-picture" data-testid="no-picture">
                    <Icon name="person" size={64} />
                    <p>{noPictureWords(session, stage, person, shown)}</p>
                </div>
            )}
            <MorePictures session={session} stage={stage}
                onPick={(id) => store.session?.pin(id === doctor?.id ? null : id)} />
        </>
    );
}

/** NAME is the doctor's. */
function nameOn(stage: Stage, person: ParticipantView | null, doctor: ParticipantView | undefined, name: string): string {
    if (stage.person === doctor?.id) return name;
    return person ? personWords(person) : common('person_guest');
}

function noPictureWords(session: SessionView, stage: Stage, person: ParticipantView | null, name: string): string {
    if (session.call !== 'connected' || !person) return name; // heard before the socket tells who is there
    if (!person.in_call) return common('remote_waiting', { name });
    if (sendsPicture(person)) {
        const paused = pausedWords(stage.picture, person);
        return paused ? common(paused, { name }) : t('call_picture_coming', { name });
    }
    return common('remote_no_video', { name });
}

interface NotesProps extends RemoteProps {
    readonly store: PatientStore;
}

function Notes({ store, session, stage, doctor, name, gone }: NotesProps) {
    const interrupted = session.call === 'interrupted';
    const cutOff = interrupted || session.visit.lostSinceMs !== null;
    if (cutOff) return <ConnectionBanner store={store} mediaLost={interrupted} />;
    if (gone) return null;
    if (session.call !== 'connected') return <Busy text={common('call_connecting')} />;
    const { group } = session.visit;
    const muted = group?.muted && (group.hand ? 'group_raised' : 'group_muted');
    const groupWords = group?.aside === 'away' ? 'group_away' : group?.aside === 'here' ? 'group_here' : muted;
    if (groupWords) {
        return (
            <Banner tone="info" testId={groupWords}>
                <p>{t(groupWords)}</p>
            </Banner>
        );
    }
    const paused = pausedWords(stage.picture, personOn(stage, session.visit.others));
    if (paused === 'picture_stills') {
        return (
            <p class="note with-icon" role="status" data-testid="picture-stills">
                <Icon name="signal" />
                <span>{common('picture_stills')}</span>
            </p>
        );
    }
    if (session.grade === 'weak' && !paused) { // else said in the place of the picture
        return (
            <Banner tone="warning" icon="signal" testId="weak">
                <p>{t('call_video_off_weak')}</p>
            </Banner>
        );
    }
    if (doctor?.audio === 'off') {
        return (
            <p class="note with-icon" role="status">
                <Icon name="mic-off" />
                <span>{common('remote_muted', { name })}</span>
            </p>
        );
    }
    return null;
}

function HangUpDialog({ store, onClose }: { store: PatientStore; onClose: () => void }) {
    return (
        <Dialog title={t('hangup_title')} text={t('hangup_text')} onClose={onClose}>
            <Button kind="secondary" wide onClick={onClose} testId="stay-in-call">
                {t('hangup_no')}
            </Button>
            <Button kind="danger" wide onClick={() => store.hangUp()} testId="confirm-hang-up">
                {t('hangup_yes')}
            </Button>
        </Dialog>
    );
}
