// SPDX-License-Identifier: Apache-2.0
import { dateAndTime, isoDate, spokenDuration, timeOfDay } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { factsOf, Following, OtherTime, Page, PhoneHelp } from '../page';
import { guestOf, isUnplaced, serverNow } from '../screen';
import type { PatientStore } from '../store';
import { t } from '../words';

const HOUR_MS = 3600_000;

export function EarlyScreen({ store, opensAtMs }: { store: PatientStore; opensAtMs: number }) {
    const facts = factsOf(store);
    const { join } = store.current;
    const nowMs = serverNow(store.current);
    const leftMs = opensAtMs - nowMs;
    const isToday = isoDate(opensAtMs) === isoDate(nowMs);
    /* It will not be so, or is not said yes to: nothing of the waiting room. */
    const isAsked = join.kind === 'ok' && join.visit.state === 'requested';
    const isOpen = !isAsked && !isUnplaced(store.current);
    return (
        <Page store={store} more={!guestOf(store.current) && <OtherTime kind="plain" />}>
            <div class="stack">
                <h1>{t(isOpen ? 'early_title' : isAsked ? 'asked_title' : 'waiting_booked')}</h1>
                {isOpen && <p data-testid="early">{t(isToday ? 'early_text' : 'early_opens', { time: timeOfDay(opensAtMs), date: dateAndTime(opensAtMs) })}</p>}
                {isAsked && <p data-testid="asked">{t('asked_text', { facility: facts?.facility ?? '' })}</p>}
                {facts && <p>{isOpen || isAsked ? t('early_date', { date: dateAndTime(facts.startsAtMs) }) : dateAndTime(facts.startsAtMs)}</p>}
                {facts && <p>{t('visit_with', { doctor: facts.doctor, clinic: facts.clinic })}</p>}
                {isOpen && leftMs < 24 * HOUR_MS && (
                    <p class="big-number">
                        <span class="label">{t('early_left')}</span>
                        <span class="countdown" data-testid="countdown">
                            {spokenDuration(leftMs)}
                        </span>
                    </p>
                )}
                {isOpen && <Banner tone="info"><p>{t('early_keep')}</p></Banner>}
                <Following store={store} />
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}
