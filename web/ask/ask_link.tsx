// SPDX-License-Identifier: Apache-2.0
// The ways from the doctor's day to questions between doctors: with how many wait, and about a visit.
import { Icon } from '../shared/widgets/icon';
import { useFetched } from '../staff/use_fetched';
import { k } from './words';

interface Waiting {
    readonly open: number;
    readonly taken: number;
    readonly asked: number;
}

/** VERSION changes when there may be other ones. */
export function AskLink({ version }: { readonly version: number }) {
    const { value } = useFetched<Waiting>('/api/v1/consults/waiting', version);
    const n = value === null ? 0 : value.open + value.taken + value.asked;
    return (
        <a class="button plain" href="/tanya" data-testid="to-ask" data-waiting={n}
            aria-label={n > 0 ? k('link_label', { n }) : undefined}>
            {n > 0 ? k('link_n', { n }) : k('link')}
        </a>
    );
}

/** In a tab of its own: a call may run here. */
export function AskAbout({ visitId }: { readonly visitId: string }) {
    return (
        <p>
            <a class="button" href={`/tanya/baru?kunjungan=${visitId}`} target="_blank" rel="noopener" data-testid="ask-about">
                <Icon name="person-add" />
                {k('visit_button')}
            </a>
        </p>
    );
}
