// SPDX-License-Identifier: Apache-2.0
// The doctor's further switches of a call: the screen in place of the camera, somebody more, and somebody out.
import { useState } from 'preact/hooks';
import type { GuestLabel } from '../shared/messages';
import { ScreenShare } from '../shared/screen_share';
import { Button } from '../shared/widgets/button';
import { Switch } from '../shared/widgets/call_controls';
import { GuestDialog } from '../staff/guest_dialog';
import { IncidentDialog } from '../staff/incident_dialog';
import { i } from '../staff/incident_words';
import { t } from '../staff/words';
import type { CallSession, CallView } from './call_session';

interface Props {
    readonly call: CallSession;
    readonly view: CallView;
    readonly name: string;
}

/** As what others than the patient are in the visit. */
function guestsOf({ session }: CallView): readonly GuestLabel[] {
    return (session?.visit.others ?? []).flatMap(({ label }) => (label ? [label] : []));
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

interface RemoveProps {
    readonly view: CallView;
    readonly name: string;
    /** null: not known yet. */
    readonly number: string | null;
}

/** The patient, or one of the guests, has to go. */
export function RemovePerson({ view, name, number }: RemoveProps) {
    const [removing, setRemoving] = useState(false);
    const close = () => setRemoving(false);
    return (
        <>
            <Button kind="plain" onClick={() => setRemoving(true)} label={i('report_label')}
                testId="remove-person">
                {i('report')}
            </Button>
            {removing && (
                <IncidentDialog visitId={view.visitId} patient={name} number={number} guests={guestsOf(view)} onClose={close} onDone={close} />
            )}
        </>
    );
}
