// SPDX-License-Identifier: Apache-2.0
// What goes wrong during a call, in one line each, most important first.
import type { SessionView } from '../shared/visit_session';
import { Banner, type Tone } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { common } from '../shared/words';
import { useNow } from '../staff/use_day';
import { t, type StaffKey } from '../staff/words';
import type { CallSession } from './call_session';
import type { Line } from './call_state';
import { ownMediaFault } from './own_media';

const LINES: Record<Exclude<Line, 'guest_sender_link'>, { readonly words: StaffKey; readonly tone: Tone }> = {
    restarting: { words: 'call.restarting', tone: 'warning' },
    lost: { words: 'call.lost', tone: 'warning' },
    patient_lost: { words: 'call.patient_lost', tone: 'warning' },
    patient_left: { words: 'call.patient_left', tone: 'warning' },
    not_ready: { words: 'call.not_ready', tone: 'info' },
    absent: { words: 'call.absent', tone: 'info' },
    audio_none: { words: 'call.audio_none', tone: 'warning' },
    audio_off: { words: 'call.audio_off', tone: 'info' },
    video_none: { words: 'call.video_none', tone: 'info' },
    video_off: { words: 'call.video_off', tone: 'info' },
    picture_receiver_link: { words: 'call.picture_receiver_link', tone: 'warning' },
    picture_sender_link: { words: 'call.picture_sender_link', tone: 'info' },
    picture_stills: { words: 'call.picture_stills', tone: 'info' },
};
/** After this long without a connection the page offers something to do. */
const LONG_LOST_MS = 20_000;

interface Props {
    readonly call: CallSession;
    readonly session: SessionView | null;
    readonly line: Line | null;
    /** Who fills the stage, if it is not the patient. */
    readonly guest: string;
}

export function CallNotices({ call, session, line, guest }: Props) {
    const fault = session && ownMediaFault(session.devices);
    const error = session?.visit.error;
    return (
        <>
            {line !== null && <LineBanner call={call} line={line} guest={guest} lostSinceMs={session?.visit.lostSinceMs ?? null} />}
            {fault && (
                <Banner tone="warning" testId="own-media">
                    <p>{t(`call.${fault}`)}</p>
                    {fault.endsWith('denied') && <p>{t('call.allow_help')}</p>}
                    <Button onClick={() => void call.askDevicesAgain()}>{t('call.ask_again')}</Button>
                </Banner>
            )}
            {error && error.of !== 'offer' && (
                <Banner tone="danger" testId="call-error">
                    {error.message}
                </Banner>
            )}
        </>
    );
}

interface LineProps {
    readonly call: CallSession;
    readonly line: Line;
    readonly guest: string;
    readonly lostSinceMs: number | null;
}

function LineBanner({ call, line, guest, lostSinceMs }: LineProps) {
    const now = useNow(1000);
    const long = line === 'lost' && lostSinceMs !== null && now - lostSinceMs >= LONG_LOST_MS;
    if (line === 'guest_sender_link') {
        return (
            <div data-testid="call-line" data-line={line}>
                <Banner tone="info">
                    <p>{common('picture_sender_link', { name: guest })}</p>
                </Banner>
            </div>
        );
    }
    const { words, tone } = LINES[line];
    return (
        <div data-testid="call-line" data-line={line}>
            <Banner tone={tone}>
                <p>{t(long ? 'call.lost_long' : words)}</p>
                {long && <Button onClick={() => call.retry()}>{t('staff.retry')}</Button>}
            </Banner>
        </div>
    );
}
