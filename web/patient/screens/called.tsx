// SPDX-License-Identifier: Apache-2.0
// Being called: the one loud moment. The store rings; this fills the screen.
import { LangSwitch } from '../../shared/widgets/header';
import { ConnectionBanner } from '../connection_banner';
import { factsOf } from '../page';
import type { PatientStore } from '../store';
import { t } from '../words';

export function CalledScreen({ store }: { store: PatientStore }) {
    const facts = factsOf(store);
    const visit = store.current.session?.visit;
    const told = visit?.notReady ?? false;
    return (
        <main class="called">
            <div class="called-top">
                <LangSwitch />
            </div>
            <ConnectionBanner store={store} />
            <div class="called-middle" role="alert">
                <h1>{t('called_title')}</h1>
                <p>{facts?.doctor}</p>
                <p>{facts?.clinic}</p>
            </div>
            <div class="called-actions">
                {told && <p role="status">{t('called_told')}</p>}
                <button type="button" class="button called-enter" onClick={() => store.accept()}
                    data-testid="accept">
                    {t('called_enter')}
                </button>
                {visit?.visit && !told && (
                    <button type="button" class="button called-wait" onClick={() => store.notReady()}
                        data-testid="not-ready">
                        {t('called_wait')}
                    </button>
                )}
            </div>
        </main>
    );
}
