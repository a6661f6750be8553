// SPDX-License-Identifier: Apache-2.0
import { dateAndTime, spokenDuration, timeOfDay } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { factsOf, Following, OtherTime, Page, PhoneHelp } from '../page';
import { guestOf, serverNow } from '../screen';
import type { PatientStore } from '../store';
import { t } from '../words';

const HOUR_MS = 3600_000;

function elsewhereWords(place: string) {
    return place ? t('ended_in_person', { facility: place }) : t('ended_by_phone');
}

export function EarlyScreen({ store, opensAtMs, place }: { store: PatientStore; opensAtMs: number; place: string | undefined }) {
    const facts = factsOf(store);
    const isElsewhere = place !== undefined;
    const leftMs = opensAtMs - serverNow(store.current);
    return (
        <Page store={store} more={!guestOf(store.current) && <OtherTime kind="plain" />}>
            <div class="stack">
                <h1>{t(isElsewhere ? 'other_way_title' : 'early_title')}</h1>
                <p data-testid="early">{isElsewhere ? elsewhereWords(place) : t('early_text', { time: timeOfDay(opensAtMs) })}</p>
                {facts && <p>{t('early_date', { date: dateAndTime(facts.startsAtMs) })}</p>}
                {facts && <p>{t('visit_with', { doctor: facts.doctor, clinic: facts.clinic })}</p>}
                {!isElsewhere && leftMs < 24 * HOUR_MS && (
                    <p class="big-number">
                        <span class="label">{t('early_left')}</span>
                        <span class="countdown" data-testid="countdown">
                            {spokenDuration(leftMs)}
                        </span>
                    </p>
                )}
                {!isElsewhere && <Banner tone="info"><p>{t('early_keep')}</p></Banner>}
                <Following store={store} />
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}
