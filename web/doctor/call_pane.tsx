// SPDX-License-Identifier: Apache-2.0
// The call: the patient's picture, one's own, the switches, the end. Always dark.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { duration } from '../shared/format';
import { pausedWords, personOn, stageOf } from '../shared/picture';
import type { SessionView } from '../shared/visit_session';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Button } from '../shared/widgets/button';
import { CallControls } from '../shared/widgets/call_controls';
import { MorePictures, personWords } from '../shared/widgets/more_pictures';
import { RemoteAudio, VideoView } from '../shared/widgets/media_view';
import { QualityBadge } from '../shared/widgets/quality_badge';
import { common, failureText } from '../shared/words';
import { ContactLine } from '../staff/person';
import type { Contact, DayVisit } from '../staff/types';
import { useNow } from '../staff/use_day';
import { t } from '../staff/words';
import type { CallSession, CallView } from './call_session';
import {
    goneOf, likelyOutcome, lineOf, patientOf, screenOf, type CallFacts, type CallScreen, type Gone,
} from './call_state';
import { CallExtras, RemovePerson } from './call_extras';
import { CallNotices } from './call_notices';
import { ConsentNotice } from '../staff/consent_notice';
import { EndDialog } from './end_dialog';
import { BackToQueue } from './queue_steps';

interface Props {
    readonly call: CallSession;
    readonly view: CallView;
    readonly listed: DayVisit | null;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
    /** Another visit is looked at meanwhile; sound goes on. */
    readonly hidden: boolean;
    readonly onLeave: () => void;
    /** Who was called is in the queue again. */
    readonly onBack: () => void;
    readonly someWait: boolean | null;
    /** When the visit is over the next one is to be called. */
    readonly onNextWanted: () => void;
}

export function CallPane({ call, view, listed, offsetMs, hidden, onLeave, onBack, someWait, onNextWanted }: Props) {
    const facts = factsOf(view);
    const screen = facts ? screenOf(facts) : 'connecting';
    const gone = facts && goneOf(facts);
    const name = (facts && patientOf(facts.visit)?.name) || listed?.patient || t('visit.patient');
    const ends = (
        <CallEnds call={call} view={view} name={name} onLeave={onLeave} listed={listed} someWait={someWait}
            onNextWanted={onNextWanted} />
    );
    return (
        <section
            class="call dark"
            aria-label={t('call.region', { patient: name })}
            hidden={hidden}
            data-testid="call-pane"
            data-screen={screen}
            data-visit={view.visitId}
        >
            <CallHead view={view} screen={screen} gone={gone !== null} name={name} number={listed?.number ?? ''}
                contact={listed?.contact ?? null} />
            <Stage call={call} view={view} facts={facts} screen={screen} gone={gone} name={name}
                notice={listed && <ConsentNotice visit={listed} offsetMs={offsetMs} talking={screen === 'talking'} />}
                someWait={someWait} onLeave={onLeave} onBack={onBack} ends={ends} />
            {isOurs(view, screen) && (
                /* While the phone rings the ends stand with the other ways out. */
                <CallFoot call={call} view={view} name={name} ends={screen === 'calling' ? null : ends} />
            )}
        </section>
    );
}

function factsOf({ session, talkingSinceMs }: CallView): CallFacts | null {
    if (!session) return null;
    const { visit, call } = session;
    const { stage, person, isGuest } = seenIn(session);
    return { visit, call, talked: talkingSinceMs !== null, paused: pausedWords(stage.picture, person), isGuest };
}

/** False while the call runs elsewhere or cannot be opened: then there is nothing to switch. */
function isOurs({ session, preparing, failure }: CallView, screen: CallScreen): boolean {
    const elsewhere = screen === 'occupied' || screen === 'replaced' || screen === 'failed';
    return session !== null && !preparing && failure === null && !elsewhere && screen !== 'ended';
}

interface HeadProps {
    readonly view: CallView;
    readonly screen: CallScreen;
    readonly gone: boolean;
    readonly name: string;
    readonly number: string;
    readonly contact: Contact | null;
}

function CallHead({ view, screen, gone, name, number, contact }: HeadProps) {
    const { session, talkingSinceMs } = view;
    const hasLink = (screen === 'talking' || screen === 'joining') && !gone;
    return (
        <header class="call-head">
            <h1 class="call-name">
                {number !== '' && <span class="numbers">{number} </span>}
                {name}
            </h1>
            <ContactLine contact={contact} />
            {session && hasLink && (
                <QualityBadge grade={session.grade} connecting={session.call === 'connecting'} />
            )}
            {talkingSinceMs !== null && <Timer sinceMs={talkingSinceMs} stopped={gone} />}
        </header>
    );
}

interface TimerProps {
    readonly sinceMs: number;
    /** Nobody is there to talk to: the clock stands. */
    readonly stopped: boolean;
}

function Timer({ sinceMs, stopped }: TimerProps) {
    const now = useNow(1000);
    const shown = useRef(now);
    if (!stopped) shown.current = now;
    return (
        <span class="numbers call-timer" role="timer" aria-label={t('call.duration')} data-testid="timer">
            {duration(shown.current - sinceMs)}
        </span>
    );
}

interface StageProps {
    readonly call: CallSession;
    readonly view: CallView;
    readonly facts: CallFacts | null;
    readonly screen: CallScreen;
    readonly gone: Gone | null;
    readonly name: string;
    /** What the doctor has to know whatever the call does. */
    readonly notice: ComponentChildren;
    readonly someWait: boolean | null;
    readonly onLeave: () => void;
    readonly onBack: () => void;
    readonly ends: ComponentChildren;
}

function Stage({ call, view, facts, screen, gone, name, notice, someWait, onLeave, onBack, ends }: StageProps) {
    const { session } = view;
    const showsVideo = (screen === 'talking' || screen === 'joining') && gone === null;
    const guest = session ? guestOf(session) : '';
    return (
        <div class="stage">
            {session && <RemoteAudio remotes={session.remotes} />}
            {showsVideo && session && <Pictures call={call} session={session} name={name} />}
            {isOurs(view, screen) && call.ownPicture && (
                <div class="self-view">
                    <VideoView track={call.ownPicture} label={common('self_view')} mirrored={!session?.sharing}
                        testId="self-video" />
                </div>
            )}
            <div class="stage-words">
                {showsVideo && guest !== '' && <p class="stage-name" data-testid="stage-name">{guest}</p>}
                {screen !== 'ended' && notice}
                {facts && <CallNotices call={call} session={view.session} line={gone ? null : lineOf(facts)}
                    guest={guest} />}
                {gone && <PatientGone gone={gone} name={name} />}
                <ScreenWords call={call} view={view} screen={screen} name={name} someWait={someWait} onLeave={onLeave}
                    onBack={onBack} ends={ends} />
            </div>
        </div>
    );
}

interface PicturesProps {
    readonly call: CallSession;
    readonly session: SessionView;
    readonly name: string;
}

/** Large the patient, or whom the doctor chose; the others small. */
function Pictures({ call, session, name }: PicturesProps) {
    const { stage, patient } = seenIn(session);
    const shown = guestOf(session) || name;
    return (
        <>
            <VideoView track={stage.picture?.track ?? null} label={common('remote_view', { name: shown })}
                testId="remote-video" />
            <MorePictures session={session} stage={stage}
                onPick={(id) => call.pin(id === patient ? null : id)} />
        </>
    );
}

/** What fills the stage, and who is meant to be seen there. */
function seenIn({ visit, remotes, pinned }: SessionView) {
    const patient = patientOf(visit)?.id;
    const stage = stageOf(remotes, pinned, patient);
    return { stage, patient, person: personOn(stage, visit.others), isGuest: stage.person !== patient };
}

/** Who fills the stage in place of the patient; '' if nobody does. */
function guestOf(session: SessionView): string {
    const { person, isGuest } = seenIn(session);
    if (!isGuest) return '';
    return person ? personWords(person) : common('person_guest');
}

/** In the place of the last picture, which would stand there as if somebody were behind it. */
function PatientGone({ gone, name }: { readonly gone: Gone; readonly name: string }) {
    return (
        <div class="gone" role="status" data-testid="call-line" data-line={gone}>
            <span class="gone-initial" aria-hidden="true">
                {(name.trim()[0] ?? '').toUpperCase()}
            </span>
            <p class="gone-words">{t(`call.${gone}`)}</p>
            <p class="quiet">{t(`call.${gone}_hint`)}</p>
        </div>
    );
}

type WordsProps = Omit<StageProps, 'facts' | 'gone' | 'notice'>;

function ScreenWords({ call, view, screen, name, someWait, onLeave, onBack, ends }: WordsProps) {
    if (view.unsupported) {
        return (
            <Banner tone="danger" testId="call-failure">
                <p>{t('call.unsupported')}</p>
                <Button onClick={onLeave}>{t('staff.close')}</Button>
            </Banner>
        );
    }
    if (view.failure) {
        return (
            <Banner tone="danger" testId="call-failure">
                <p>{failureText(view.failure)}</p>
                <Button onClick={() => call.retry()}>{t('staff.retry')}</Button>
                <Button kind="plain" onClick={onLeave}>
                    {t('staff.close')}
                </Button>
            </Banner>
        );
    }
    if (view.preparing) return <Busy text={t('call.preparing')} />;
    switch (screen) {
        case 'connecting':
            return <Busy text={t('call.connecting')} />;
        case 'calling':
            return (
                <div class="calling">
                    <Busy text={t('call.calling', { patient: name })} />
                    <p class="quiet centre">{t('call.calling_hint')}</p>
                    <Button kind="primary" icon="phone" onClick={() => call.callAgain()} testId="call-again">
                        {t('call.again')}
                    </Button>
                    <BackToQueue visitId={view.visitId} someWait={someWait} onDone={onBack} more={ends} />
                </div>
            );
        case 'joining':
            return <Busy text={t('call.joining')} />;
        case 'occupied':
        case 'replaced':
            return <Elsewhere call={call} screen={screen} onLeave={onLeave} />;
        case 'failed':
            return (
                <Banner tone="danger" testId="call-failure">
                    <p>{view.session?.visit.refused?.message ?? t('call.failed')}</p>
                    <Button onClick={() => call.retry()}>{t('staff.retry')}</Button>
                    <Button kind="plain" onClick={onLeave}>
                        {t('staff.close')}
                    </Button>
                </Banner>
            );
        case 'talking':
        case 'ended':
            return null;
    }
}

interface ElsewhereProps {
    readonly call: CallSession;
    readonly screen: 'occupied' | 'replaced';
    readonly onLeave: () => void;
}

function Elsewhere({ call, screen, onLeave }: ElsewhereProps) {
    return (
        <div class="calling" data-testid={screen}>
            <p class="centre">{t(`call.${screen}`)}</p>
            <Button kind="primary" onClick={() => void call.takeOver()} testId="take-over">
                {t('call.take_over')}
            </Button>
            <Button kind="plain" onClick={onLeave}>
                {t('staff.close')}
            </Button>
        </div>
    );
}

interface EndsProps {
    readonly call: CallSession;
    readonly view: CallView;
    readonly name: string;
    readonly onLeave: () => void;
    readonly listed: DayVisit | null;
    readonly someWait: boolean | null;
    readonly onNextWanted: () => void;
}

interface FootProps {
    readonly call: CallSession;
    readonly view: CallView;
    readonly name: string;
    readonly ends: ComponentChildren;
}

function CallFoot({ call, view, name, ends }: FootProps) {
    const { session } = view;
    if (!session) return null;
    return (
        <footer class="call-foot">
            <CallControls
                devices={session.devices}
                onAudio={(on) => void call.setOn('audio', on)}
                onVideo={(on) => void call.setOn('video', on)}
                onFlip={() => void call.switchCamera()}
            >
                <CallExtras call={call} view={view} name={name} />
            </CallControls>
            {ends}
        </footer>
    );
}

function CallEnds({ call, view, name, onLeave, listed, someWait, onNextWanted }: EndsProps) {
    const [ending, setEnding] = useState(false);
    const error = view.session?.visit.error ?? null;
    return (
        <div class="call-ends">
            <Button kind="danger" icon="phone-down" onClick={() => setEnding(true)} testId="end">
                {t('call.end')}
            </Button>
            <Button kind="plain" onClick={onLeave} testId="leave">
                {t('call.leave')}
            </Button>
            <RemovePerson view={view} name={name} number={listed?.number ?? null} />
            {ending && (
                <EndDialog
                    patient={name}
                    likely={likelyOutcome(view.talkingSinceMs !== null, view.cameIn)}
                    visitId={view.visitId}
                    listed={listed}
                    refused={error?.of === 'end' ? error : null}
                    someWait={someWait}
                    onEnd={(outcome, next) => {
                        const reached = call.end(outcome);
                        if (reached && next) onNextWanted();
                        return reached;
                    }}
                    onClose={() => setEnding(false)}
                />
            )}
        </div>
    );
}
