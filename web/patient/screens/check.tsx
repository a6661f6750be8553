// SPDX-License-Identifier: Apache-2.0
// The device check: one button asks for both; every refusal is explained and never the end of the road.
import { useState } from 'preact/hooks';
import { inAppBrowser, webrtcMissing, type DevicesView } from '../../shared/devices';
import { decimal } from '../../shared/format';
import { MAX_AUDIO_BPS, MAX_VIDEO_BPS } from '../../shared/visit_session';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Busy } from '../../shared/widgets/busy';
import { Icon } from '../../shared/widgets/icon';
import { VideoView } from '../../shared/widgets/media_view';
import { common } from '../../shared/words';
import { ConsentPlace } from '../consent_place';
import { factsOf, Page, PhoneHelp } from '../page';
import { isUnplaced } from '../screen';
import type { PatientStore } from '../store';
import { linkOf } from '../token';
import { t } from '../words';
import { GuestLine } from './guest_waiting';

/* Both directions, with 22 kbit/s of packet headers for sound (see the README). */
const AUDIO_MB_PER_MINUTE = ((MAX_AUDIO_BPS + 22_000) * 2 * 60) / 8e6;
const VIDEO_MB_PER_MINUTE = AUDIO_MB_PER_MINUTE + (MAX_VIDEO_BPS * 2 * 60) / 8e6;

export function CheckScreen({ store }: { store: PatientStore }) {
    const [asking, setAsking] = useState(false);
    const devices = store.current.session?.devices;
    if (!devices) return null;
    if (webrtcMissing()) return <NoWebrtc store={store} />;
    const ask = () => {
        setAsking(true);
        void store.askDevices().finally(() => setAsking(false));
    };
    const asked = devices.video !== 'unasked';
    const [main, other] = asked ? askedActions({ devices, store, ask }) : firstActions({ store, ask, asking });
    return (
        <Page store={store} actions={main} more={other}>
            <div class="stack">
                <h1>{t('check_title')}</h1>
                <GuestLine store={store} />
                {inAppBrowser(navigator.userAgent) && <InAppHint store={store} />}
                {asked ? <Result devices={devices} store={store} /> : <Intro store={store} />}
                {asked && <ConsentPlace store={store} />}
                {asking && <Busy text={t('check_asking')} />}
            </div>
        </Page>
    );
}

interface AskProps {
    readonly store: PatientStore;
    readonly ask: () => void;
}

/** Whom the doctor cannot see has the main action above, in the banner. */
function mainKind(store: PatientStore) {
    return isUnplaced(store.current) ? 'secondary' : 'primary';
}

/* The main action, and the other one if there is one. */

function firstActions({ store, ask, asking }: AskProps & { asking: boolean }) {
    return [
        <Button kind={mainKind(store)} wide icon="camera" busy={asking} onClick={ask} testId="allow-devices">
            {t('check_allow')}
        </Button>,
        <Button kind="plain" wide onClick={() => store.enterWaitingRoom()} testId="skip-devices">
            {t('check_skip')}
        </Button>,
    ];
}

function askedActions({ devices, store, ask }: AskProps & { devices: DevicesView }) {
    const audio = devices.audio === 'on';
    const video = devices.video === 'on';
    const words = video ? t('check_enter') : audio ? t('check_enter_audio') : t('check_enter_none');
    const enter = (
        <Button kind={audio ? mainKind(store) : 'plain'} wide onClick={() => store.enterWaitingRoom()}
            testId="enter-waiting">
            {words}
        </Button>
    );
    const again = (
        <Button kind={audio ? 'plain' : mainKind(store)} wide onClick={ask} testId="ask-again">
            {t('check_again')}
        </Button>
    );
    /* Without sound there is little to talk: trying again comes first. */
    if (!audio) return [again, enter];
    return video ? [enter] : [enter, again];
}

function Intro({ store }: { store: PatientStore }) {
    const facts = factsOf(store);
    const cost = {
        video: decimal(VIDEO_MB_PER_MINUTE),
        audio: decimal(AUDIO_MB_PER_MINUTE, 1),
    };
    return (
        <>
            {facts && (
                <p class="with-icon">
                    <Icon name="person" />
                    <span>{t('visit_with', { doctor: facts.doctor, clinic: facts.clinic })}</span>
                </p>
            )}
            <p>{t('check_text')}</p>
            <p class="with-icon soft">
                <Icon name="signal" />
                <span>{t('check_cost', cost)}</span>
            </p>
            <p class="with-icon soft">
                <Icon name="info" />
                <span>{t('check_private')}</span>
            </p>
            <PhoneHelp store={store} />
        </>
    );
}

function Result({ devices, store }: { devices: DevicesView; store: PatientStore }) {
    const { audio, video } = devices;
    const denied = audio === 'denied' || video === 'denied';
    return (
        <>
            {video === 'on' && (
                <div class="preview">
                    <VideoView track={store.session?.devices.sent('video') ?? null} mirrored
                        label={common('self_view')} testId="preview" />
                </div>
            )}
            {audio === 'on' && video === 'on' && (
                <Banner tone="good">
                    <p>{t('check_ready')}</p>
                </Banner>
            )}
            <Refusals devices={devices} />
            {(audio !== 'on' || video !== 'on') && <PhoneHelp store={store} />}
            {denied && <HowToAllow />}
        </>
    );
}

type Refusal = 'denied' | 'none' | 'busy';

function refusalOf(state: DevicesView['audio']): Refusal | null {
    return state === 'denied' || state === 'none' || state === 'busy' ? state : null;
}

/** One message where both were refused alike; that one can still talk only where that is true. */
function Refusals({ devices }: { devices: DevicesView }) {
    const audio = refusalOf(devices.audio);
    const video = refusalOf(devices.video);
    if (audio && audio === video) {
        return (
            <Banner tone="warning" testId={`media-${audio}`}>
                <p>{t(`media_${audio}`)}</p>
            </Banner>
        );
    }
    return (
        <>
            {video && (
                <Banner tone="warning" icon="camera-off" testId={`camera-${video}`}>
                    <p>{t(`camera_${video}`)}</p>
                    {devices.audio === 'on' && <p>{t('talk_still')}</p>}
                </Banner>
            )}
            {audio && (
                <Banner tone="warning" icon="mic-off" testId={`mic-${audio}`}>
                    <p>{t(`mic_${audio}`)}</p>
                </Banner>
            )}
        </>
    );
}

function HowToAllow() {
    return (
        <details class="card how-to" open>
            <summary>{t('how_to')}</summary>
            <ol class="steps">
                <li>{t('how_1')}</li>
                <li>{t('how_2')}</li>
                <li>{t('how_3')}</li>
            </ol>
        </details>
    );
}

/** `main`: it is the one action of its page. */
function CopyLink({ store, main }: { store: PatientStore; main?: boolean }) {
    const [copied, setCopied] = useState(false);
    const token = store.current.token ?? '';
    const copy = () => {
        navigator.clipboard?.writeText(linkOf(token)).then(
            () => setCopied(true),
            () => prompt(t('copy_link'), linkOf(token)),
        );
    };
    return (
        <>
            <Button kind={main ? 'primary' : 'secondary'} wide={main === true} icon="copy" onClick={copy}
                testId="copy-link">
                {t('copy_link')}
            </Button>
            {copied && (
                <p role="status" class={main ? 'center' : ''}>
                    {t('link_copied')}
                </p>
            )}
        </>
    );
}

/** Android opens Chrome from an `intent:` link; elsewhere copying is the way. */
function InAppHint({ store }: { store: PatientStore }) {
    const token = store.current.token ?? '';
    const intent = `intent://${location.host}/v/${token}#Intent;scheme=https;package=com.android.chrome;end`;
    return (
        <Banner tone="warning" testId="in-app">
            <p>{t('in_app_text')}</p>
            {/Android/.test(navigator.userAgent) && (
                <a class="button primary" href={intent}>
                    {t('in_app_open')}
                </a>
            )}
            <CopyLink store={store} />
        </Banner>
    );
}

function NoWebrtc({ store }: { store: PatientStore }) {
    return (
        <Page store={store} actions={<CopyLink store={store} main />}>
            <div class="stack" data-testid="no-webrtc">
                <h1>{t('no_webrtc_title')}</h1>
                <Banner tone="warning">
                    <p>{t('no_webrtc_text')}</p>
                </Banner>
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}
