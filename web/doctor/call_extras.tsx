// SPDX-License-Identifier: Apache-2.0
// The doctor's further switches of a call: the screen in place of the camera, and somebody more.
import { useState } from 'preact/hooks';
import { ScreenShare } from '../shared/screen_share';
import { Switch } from '../shared/widgets/call_controls';
import { GuestDialog } from '../staff/guest_dialog';
import { t } from '../staff/words';
import type { CallSession, CallView } from './call_session';

interface Props {
    readonly call: CallSession;
    readonly view: CallView;
    readonly name: string;
}

export function CallExtras({ call, view, name }: Props) {
    const [inviting, setInviting] = useState(false);
    const sharing = view.session?.sharing ?? false;
    return (
        <>
            {ScreenShare.isPossible && (
                <Switch icon="screen" testId="share-screen" off={sharing}
                    word={t(sharing ? 'call.share_stop' : 'call.share')}
                    label={t(sharing ? 'call.share_stop_label' : 'call.share_label')}
                    onClick={() => void call.shareScreen(!sharing)} />
            )}
            <Switch icon="person-add" testId="invite" word={t('guest.invite')} label={t('guest.invite_label')}
                onClick={() => setInviting(true)} />
            {inviting && (
                <GuestDialog visitId={view.visitId} patient={name} onClose={() => setInviting(false)} />
            )}
        </>
    );
}
