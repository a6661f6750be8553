// SPDX-License-Identifier: Apache-2.0
// How the visit ended: chosen before it ends, because it ends for both.
import { useState } from 'preact/hooks';
import { common } from '../shared/words';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Dialog } from '../staff/parts';
import { OUTCOMES, type Outcome } from '../staff/types';
import { t } from '../staff/words';

interface Props {
    readonly patient: string;
    readonly likely: Outcome;
    /** False when the server was not reached. */
    readonly onEnd: (outcome: Outcome) => boolean;
    readonly onClose: () => void;
}

export function EndDialog({ patient, likely, onEnd, onClose }: Props) {
    const [outcome, setOutcome] = useState<Outcome>(likely);
    const [sent, setSent] = useState<'no' | 'yes' | 'failed'>('no');
    const title = t('end.title', { patient });
    const submit = (event: Event) => {
        event.preventDefault();
        setSent(onEnd(outcome) ? 'yes' : 'failed');
    };
    return (
        <Dialog label={title} onClose={onClose} testId="end-dialog">
            <form class="dialog-form" onSubmit={submit}>
                <h2>{title}</h2>
                <fieldset class="choices">
                    <legend class="label">{t('end.text')}</legend>
                    {OUTCOMES.map((one) => (
                        <label class="choice" key={one}>
                            <input type="radio" name="outcome" value={one} checked={outcome === one}
                                onChange={() => setOutcome(one)} />
                            <span>
                                {t(`end.${one}`)}
                                <span class="choice-hint quiet">{t(`end.${one}_hint`)}</span>
                            </span>
                        </label>
                    ))}
                </fieldset>
                {sent === 'failed' && <Banner tone="danger">{common('link_lost')}</Banner>}
                <div class="dialog-actions">
                    <Button kind="danger" type="submit" testId="end-submit">
                        {t('end.submit')}
                    </Button>
                    <Button kind="plain" onClick={onClose} testId="end-keep">
                        {t('end.keep')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
