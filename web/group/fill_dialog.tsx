// SPDX-License-Identifier: Apache-2.0
// Somebody takes part: who it is, the consent read aloud, what the others see; then the link.
import { useState } from 'preact/hooks';
import type { BookingReply, ConsentReply } from '../shared/api_types';
import { Odd, WalkInForm } from '../desk/walk_in_dialog';
import { Button } from '../shared/widgets/button';
import { NewLink } from '../staff/link_dialog';
import { Dialog, Failure, Loading } from '../staff/parts';
import { q } from '../staff/queue_words';
import { useFetched } from '../staff/use_fetched';
import { t } from '../staff/words';
import type { Group } from './types';
import { g } from './words';

interface Props {
    readonly group: Group;
    readonly onClose: () => void;
    readonly onAdded: () => void;
}

export function FillDialog({ group, onClose, onAdded }: Props) {
    const { value: consent, problem } = useFetched<ConsentReply>('/api/v1/consent', 0);
    const [added, setAdded] = useState<{ readonly name: string; readonly reply: BookingReply } | null>(null);
    const [firstName, setFirstName] = useState(false);
    const title = g('add_title', { title: group.title });
    const clinics = [{ id: group.clinic_id, name: group.clinic, doctors: [] }];
    return (
        <Dialog label={title} onClose={onClose} testId="fill-dialog">
            {problem !== null && <Failure problem={problem} />}
            {consent === null && problem === null && <Loading />}
            {added && (
                <>
                    <h2>{g('added', { patient: added.name })}</h2>
                    <Odd warnings={added.reply.warnings} />
                    {added.reply.link === null ? (
                        <>
                            <p data-testid="link-replaced">{q('walk_in.link_replaced')}</p>
                            <div class="dialog-actions">
                                <Button kind="primary" onClick={onClose}>{t('staff.close')}</Button>
                            </div>
                        </>
                    ) : <NewLink link={added.reply.link} words={g('added_link')} label={g('link')} onClose={onClose} />}
                </>
            )}
            {!added && consent && (
                <>
                    <h2>{title}</h2>
                    <WalkInForm clinics={clinics} consent={consent} words={g('add_text')} submitWords={g('add_submit')}
                        pathOf={() => `/api/v1/groups/${group.id}/bookings`} onClose={onClose} namesPlace={false}
                        more={{ shown_as: firstName ? 'first_name' : 'number' }}
                        onTaken={({ reply, name }) => {
                            setAdded({ name, reply });
                            onAdded();
                        }}>
                        <label class="choice">
                            <input type="checkbox" id="shown-as" checked={firstName}
                                onChange={(event) => setFirstName(event.currentTarget.checked)} />
                            <span>{g('add_first_name')}</span>
                        </label>
                    </WalkInForm>
                </>
            )}
        </Dialog>
    );
}
