// SPDX-License-Identifier: Apache-2.0
// What came of a change: saved, and how many patients stay booked without hours.
import { Banner } from '../shared/widgets/banner';
import { s } from './words';

export function Saved({ kept }: { readonly kept: number }) {
    return (
        <Banner tone={kept > 0 ? 'warning' : 'good'} testId="saved">
            {kept > 0 ? s('kept', { n: kept }) : s('saved')}
        </Banner>
    );
}
