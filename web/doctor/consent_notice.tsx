// SPDX-License-Identifier: Apache-2.0
// The patient takes the consent back while being called or seen: the doctor asks before going on.
import { useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { QueueDialog } from '../staff/queue_dialog';
import { q } from '../staff/queue_words';
import type { DayVisit } from '../staff/types';

interface Props {
    readonly visit: DayVisit;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
}

export function ConsentNotice({ visit, offsetMs }: Props) {
    const [noting, setNoting] = useState(false);
    if (!visit.consent_withdrawn) return null;
    const close = () => setNoting(false);
    return (
        <>
            <Banner tone="warning" testId="consent-withdrawn">
                <p>{q('withdrawn.call')}</p>
                <Button onClick={() => setNoting(true)} testId="consent-again">
                    {q('withdrawn.again')}
                </Button>
            </Banner>
            {/* The day's feed hears of it and takes the notice away. */}
            {noting && (
                <QueueDialog visit={visit} offsetMs={offsetMs} onClose={close} onDone={close} onRemove={undefined} />
            )}
        </>
    );
}
