// SPDX-License-Identifier: Apache-2.0
// The connection is gone: said at once, with ways out after 20 s.
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { common } from '../shared/words';
import { factsOf, telOf } from './page';
import type { PatientStore } from './store';
import { t } from './words';

const LONG_MS = 20_000;

/** Since when the person is cut off; null when all is well. */
export function cutOffSince(store: PatientStore): number | null {
    return store.current.session?.visit.lostSinceMs ?? null;
}

export function ConnectionBanner({ store, mediaLost }: { store: PatientStore; mediaLost?: boolean }) {
    const since = cutOffSince(store);
    const status = store.current.session?.visit.status;
    if (since === null && !mediaLost) return null;
    const long = since !== null && store.current.nowMs - since > LONG_MS;
    const facts = factsOf(store);
    return (
        <Banner tone="warning" icon="signal" testId="connection-lost">
            <p>{common(status === 'restarting' ? 'restarting' : 'link_lost')}</p>
            {long && (
                <>
                    <p>{t('call_lost_long')}</p>
                    <div class="row">
                        <Button onClick={() => store.retry()} testId="retry">
                            {common('try_again')}
                        </Button>
                        {facts?.phone && (
                            <a class="button secondary" href={telOf(facts.phone)}>
                                {t('call_phone_facility')}
                            </a>
                        )}
                    </div>
                </>
            )}
        </Banner>
    );
}
