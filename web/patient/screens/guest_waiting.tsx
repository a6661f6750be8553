// SPDX-License-Identifier: Apache-2.0
// A guest before the call: as what they are here, and that they come in by themselves.
import { Banner } from '../../shared/widgets/banner';
import { Busy } from '../../shared/widgets/busy';
import { common } from '../../shared/words';
import { ConnectionBanner } from '../connection_banner';
import { factsOf, Page, PhoneHelp } from '../page';
import { guestOf } from '../screen';
import type { PatientStore } from '../store';
import { t } from '../words';

/** "You are invited as ..." */
export function GuestLine({ store }: { store: PatientStore }) {
    const guest = guestOf(store.current);
    if (!guest) return null;
    return (
        <Banner tone="info" icon="person" testId="guest-line">
            <p>{t('guest_as', { guest: common(`guest_${guest}`).toLowerCase() })}</p>
        </Banner>
    );
}

export function GuestWaitingScreen({ store }: { store: PatientStore }) {
    const facts = factsOf(store);
    return (
        <Page store={store}>
            <div class="stack">
                <ConnectionBanner store={store} />
                <h1>{t('guest_wait_title')}</h1>
                <GuestLine store={store} />
                {facts && <p>{t('visit_with', { doctor: facts.doctor, clinic: facts.clinic })}</p>}
                <Busy text={t('guest_wait_text')} />
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}
