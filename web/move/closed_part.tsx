// SPDX-License-Identifier: Apache-2.0
// The clinic or the facility of the visit has closed: where else to go.
import type { JoinReply } from '../shared/api_types';
import { moveWords as m } from '../shared/move_words';
import { Banner } from '../shared/widgets/banner';
import type { Place } from './move_state';

interface Props {
    readonly visit: JoinReply['visit'];
    readonly place: Place | null;
    readonly mayCancel: boolean;
}

export function ClosedPart({ visit, place, mayCancel }: Props) {
    const { facility, clinic } = visit;
    const others = place?.others ?? [];
    return (
        <>
            <Banner tone="warning" testId="place-closed">
                <p>{place ? m('gone_clinic', { clinic, facility }) : m('gone_facility', { facility })}</p>
                {others.length > 0 && <p>{m('gone_others', { facility, clinics: others.map(({ name }) => name).join(', ') })}</p>}
                {/* Of a facility that has closed nobody may answer the telephone. */}
                <p>{[m(place ? 'gone_new_clinic' : 'gone_new_facility'), mayCancel && m('gone_cancel'), place && m('gone_ask')].filter(Boolean).join(' ')}</p>
            </Banner>
            <a class="button primary wide" href="/" data-testid="book-elsewhere">
                {m('gone_book')}
            </a>
        </>
    );
}
