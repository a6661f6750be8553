// SPDX-License-Identifier: Apache-2.0
// Whom to phone when the page does not know the visit, and so not its facility: all of them.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import type { FacilitiesReply, Facility } from '../api_types';
import { common, failureText } from '../words';
import { Banner } from './banner';
import { Busy } from './busy';
import { Icon } from './icon';

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
    if (!facilities) return <Busy text={common('phones_loading')} />;
    if (facilities.length === 0) return null;
    return (
        <section class="stack" aria-labelledby="phones">
            <h2 id="phones">{common('phones_title')}</h2>
            <ul class="phones" data-testid="facility-phones">
                {facilities.map((facility) => (
                    <li key={facility.id} class="phone-help">
                        <span>{facility.name}</span>
                        <a href={`tel:${facility.phone.replace(/[^+\d]/g, '')}`}>
                            <Icon name="phone" size={20} />
                            <span class="numbers">{facility.phone}</span>
                        </a>
                    </li>
                ))}
            </ul>
        </section>
    );
}
