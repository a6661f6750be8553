// SPDX-License-Identifier: Apache-2.0
// Whom to phone when the page does not know the visit, and so not its facility: all of them.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import type { FacilitiesReply, Facility } from '../shared/api_types';
import { Banner } from '../shared/widgets/banner';
import { Busy } from '../shared/widgets/busy';
import { Icon } from '../shared/widgets/icon';
import { failureText } from '../shared/words';
import { telOf } from './page';
import { t } from './words';

export function FacilityPhones() {
    const [facilities, setFacilities] = useState<readonly Facility[] | null>(null);
    const [failure, setFailure] = useState<unknown>(null);
    useEffect(() => {
        const abort = new AbortController();
        api.get<FacilitiesReply>('/api/v1/facilities', { signal: abort.signal }).then(
            (reply) => setFacilities(reply.facilities.filter((one) => one.phone)),
            (error: unknown) => {
                if (!abort.signal.aborted) setFailure(error);
            },
        );
        return () => abort.abort();
    }, []);
    if (failure !== null) {
        return (
            <Banner tone="danger">
                <p>{failureText(failure)}</p>
            </Banner>
        );
    }
    if (!facilities) return <Busy text={t('phones_loading')} />;
    if (facilities.length === 0) return null;
    return (
        <section class="stack" aria-labelledby="phones">
            <h2 id="phones">{t('phones_title')}</h2>
            <ul class="phones" data-testid="facility-phones">
                {facilities.map((facility) => (
                    <li key={facility.id} class="phone-help">
                        <span>{facility.name}</span>
                        <a href={telOf(facility.phone)}>
                            <Icon name="phone" size={20} />
                            <span class="numbers">{facility.phone}</span>
                        </a>
                    </li>
                ))}
            </ul>
        </section>
    );
}
