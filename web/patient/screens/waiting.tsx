// SPDX-License-Identifier: Apache-2.0
// The waiting room: the place in the queue, what was checked, and that nothing more need be done.
import { useState } from 'preact/hooks';
import type { DevicesView } from '../../shared/devices';
import { clockTime } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Busy } from '../../shared/widgets/busy';
import { Icon } from '../../shared/widgets/icon';
import { failureText } from '../../shared/words';
import { ConnectionBanner } from '../connection_banner';
import { ConsentPlace } from '../consent_place';
import { Dialog } from '../dialog';
import { factsOf, Page, PhoneHelp } from '../page';
import { lateWords, Place } from '../queue_place';
import { isUnplaced } from '../screen';
import type { PatientStore } from '../store';
import { t } from '../words';

const SLOW_RTT_MS = 500;

export function WaitingScreen({ store }: { store: PatientStore }) {
    const [leaving, setLeaving] = useState(false);
    const session = store.current.session;
    const facts = factsOf(store);
    if (!session) return null;
    const visit = session.visit.visit;
    const queue = visit?.queue;
    const late = visit?.late_minutes ?? 0;
    const leaveWords = t(visit?.group ? 'leave_group' : 'leave_queue');
    const leave = (
        <Button kind="plain" wide onClick={() => setLeaving(true)} testId="leave-queue">
            {leaveWords}
        </Button>
    );
    return (
        <Page store={store} more={leave}>
            <div class="stack waiting">
                <ConnectionBanner store={store} />
                {queue ? <Place store={store} queue={queue} late={late} /> : <NoPlace startsAtMs={facts?.startsAtMs ?? 0}
                    number={facts?.number ?? ''} here={visit?.state === 'checked_in'} group={visit?.group} />}
                {facts && (
                    <p class="center">{t('visit_with', { doctor: facts.doctor, clinic: facts.clinic })}</p>
                )}
                {!queue && late > 0 && <p class="center">{lateWords(late, t('waiting_late_coming'))}</p>}
                <ConsentPlace store={store} />
                <Checks devices={session.devices} rttMs={store.rttMs}
                    connected={session.visit.status === 'open'} />
                {!isUnplaced(store.current) && (
                    <Banner tone="info" icon="sound">
                        <p>{t('waiting_sound')}</p>
                    </Banner>
                )}
                <PhoneHelp store={store} lead={t(visit?.unanswered ? 'waiting_told' : 'waiting_silence')} />
            </div>
            {leaving && <LeaveDialog store={store} title={`${leaveWords}?`} onClose={() => setLeaving(false)} />}
        </Page>
    );
}

interface NoPlaceProps {
    readonly startsAtMs: number;
    readonly number: string;
    readonly here: boolean;
    readonly group: string | null | undefined;
}

function NoPlace({ startsAtMs, number, here, group }: NoPlaceProps) {
    return (
        <div class="big-number" aria-live="polite">
            <h1 class="label">{group ?? t('waiting_booked')}</h1>
            {group && <p class="label">{t('group_starts')}</p>}
            <p class="numbers queue-number">{(!group && number) || clockTime(startsAtMs)}</p>
            {here ? <p class="ahead">{t(group ? 'group_waiting' : 'waiting_here')}</p> : <Busy text={t('waiting_entering')} />}
        </div>
    );
}

interface ChecksProps {
    readonly devices: DevicesView;
    readonly rttMs: number;
    readonly connected: boolean;
}

function Checks({ devices, rttMs, connected }: ChecksProps) {
    const camera = devices.video === 'on';
    const audio = devices.audio === 'on';
    const slow = rttMs > SLOW_RTT_MS;
    const network = !connected ? 'net_lost' : slow ? 'net_slow' : 'net_good';
    return (
        <ul class="checks">
            <li>
                <Icon name={camera ? 'check' : 'camera-off'} />
                {t(camera ? 'ok_camera' : 'no_camera')}
            </li>
            <li>
                <Icon name={audio ? 'check' : 'mic-off'} />
                {t(audio ? 'ok_audio' : 'no_audio')}
            </li>
            <li>
                <Icon name={connected && !slow ? 'check' : 'signal'} />
                {t(network)}
            </li>
        </ul>
    );
}

function LeaveDialog({ store, title, onClose }: { store: PatientStore; title: string; onClose: () => void }) {
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState('');
    const leave = () => {
        setBusy(true);
        store.leaveQueue().catch((error: unknown) => {
            setBusy(false);
            setFailure(failureText(error));
        });
    };
    return (
        <Dialog title={title} text={t('leave_text')} onClose={onClose}>
            {failure && (
                <Banner tone="danger">
                    <p>{failure}</p>
                </Banner>
            )}
            <Button kind="primary" wide onClick={onClose} testId="stay-in-queue">
                {t('leave_no')}
            </Button>
            <Button kind="secondary" wide busy={busy} onClick={leave} testId="confirm-leave">
                {t('leave_yes')}
            </Button>
        </Dialog>
    );
}
