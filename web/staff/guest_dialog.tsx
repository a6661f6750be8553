// SPDX-License-Identifier: Apache-2.0
// Somebody more in the visit: as what, then the link for it. The link is shown only here.
import { useState } from 'preact/hooks';
import { Button } from '../shared/widgets/button';
import { common } from '../shared/words';
import { NewLink, useLink } from './link_dialog';
import { Dialog, Failure } from './parts';
import { t } from './words';

const LABELS = ['interpreter', 'family', 'expert'] as const;
type Label = (typeof LABELS)[number];

interface Props {
    readonly visitId: string;
    readonly patient: string;
    readonly onClose: () => void;
}

export function GuestDialog({ visitId, patient, onClose }: Props) {
    const [label, setLabel] = useState<Label>('interpreter');
    const { link, busy, problem, make } = useLink(`/api/v1/visits/${visitId}/guests`, { label });
    const title = t('guest.title', { patient });
    return (
        <Dialog label={title} onClose={onClose} testId="guest-dialog">
            <h2>{title}</h2>
            {problem !== null && <Failure problem={problem} />}
            {link === null ? (
                <>
                    <Choices label={label} onChoose={setLabel} />
                    <p class="quiet">{t('guest.hint')}</p>
                    <div class="dialog-actions">
                        <Button kind="primary" busy={busy} onClick={make} testId="guest-make">
                            {t('guest.make')}
                        </Button>
                        <Button kind="plain" onClick={onClose}>
                            {t('link.keep')}
                        </Button>
                    </div>
                </>
            ) : (
                <NewLink link={link} onClose={onClose}
                    words={t('guest.give', { guest: common(`guest_${label}`).toLowerCase() })} />
            )}
        </Dialog>
    );
}

function Choices({ label, onChoose }: { readonly label: Label; readonly onChoose: (label: Label) => void }) {
    return (
        <fieldset class="choices">
            <legend class="label">{t('guest.as')}</legend>
            {LABELS.map((one) => (
                <label key={one} class="choice">
                    <input type="radio" name="label" value={one} checked={label === one}
                        onChange={() => onChoose(one)} data-testid={`guest-${one}`} />
                    <span>{common(`guest_${one}`)}</span>
                </label>
            ))}
        </fieldset>
    );
}
