// SPDX-License-Identifier: Apache-2.0
// What came of a change: saved, how many patients stay booked without hours, and where they are listed.
import { KEPT_PATH } from '../hours/change';
import { Banner } from '../shared/widgets/banner';
import { s } from './words';

interface KeptProps {
    readonly kept: number;
    /** Of these, whose patients get a message. */
    readonly told: number;
    /** And whom none reaches. */
    readonly notReachable?: number;
    /** Who has no telephone at all. */
    readonly noPhone?: number;
    readonly testId: string;
}

export function KeptBanner({ kept, told, notReachable = 0, noPhone = 0, testId }: KeptProps) {
    return (
        <Banner tone="warning" testId={testId}>
            <p>{told > 0 ? s('kept_told', { n: kept, told }) : s('kept', { n: kept })}</p>
            {notReachable > 0 && <p data-testid="not-reachable">{s('not_reachable', { n: notReachable })}</p>}
            {noPhone > 0 && <p data-testid="not-phoned">{s('not_phoned', { n: noPhone })}</p>}
            <a class="button" href={KEPT_PATH} data-testid="to-kept">
                {s('kept_open')}
            </a>
        </Banner>
    );
}

export interface SavedProps {
    readonly kept: number;
    readonly told: number;
    readonly notReachable?: number;
    readonly noPhone?: number;
}

export function Saved({ kept, ...more }: SavedProps) {
    if (kept > 0) return <KeptBanner kept={kept} {...more} testId="saved" />;
    return (
        <Banner tone="good" testId="saved">
            {s('saved')}
        </Banner>
    );
}
