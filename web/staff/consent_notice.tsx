// SPDX-License-Identifier: Apache-2.0
// The patient takes the consent back while being called or seen, or is a child for whom nobody has agreed: the doctor
// asks before going on.
import { useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { lacksContact } from './consent_state';
import { QueueDialog } from './queue_dialog';
import { q } from './queue_words';
import type { DayVisit } from './types';

interface Props {
    readonly visit: DayVisit;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
    /** The text can be read aloud to who is there. */
    readonly talking: boolean;
}

export function ConsentNotice({ visit, offsetMs, talking }: Props) {
    const [noting, setNoting] = useState(false);
    const { consent_withdrawn: isWithdrawn } = visit;
    /* Others are asked on their own page; a child that nobody is named with cannot answer there. */
    const isAlone = talking && !visit.consent && lacksContact(visit);
    if (!isWithdrawn && !isAlone) return null;
    const close = () => setNoting(false);
    return (
        <>
            <Banner tone="warning" testId={isWithdrawn ? 'consent-withdrawn' : 'consent-alone'}>
                <p>{q(!isWithdrawn ? 'alone.call' : talking ? 'withdrawn.call' : 'withdrawn.before')}</p>
                <Button onClick={() => setNoting(true)} testId={isWithdrawn ? 'consent-again' : 'consent-note'}>
                    {q(isWithdrawn ? 'withdrawn.again' : 'manage.consent')}
                </Button>
            </Banner>
            {/* The day's feed hears of it and takes the notice away. */}
            {noting && (
                <QueueDialog visit={visit} offsetMs={offsetMs} onClose={close} onDone={close} onRemove={undefined} />
            )}
        </>
    );
}
