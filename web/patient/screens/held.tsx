// SPDX-License-Identifier: Apache-2.0
// A visit without video: the doctor phones; or the patient comes, by which number, where to, with what, and then how
// many are ahead.
import { dateAndTime } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { ConnectionBanner } from '../connection_banner';
import { factsOf, Following, OtherTime, Page, PhoneHelp, placeOf } from '../page';
import { lateWords, Place } from '../queue_place';
import { guestOf, heldTitle, isUnplaced } from '../screen';
import type { PatientStore } from '../store';
import { t } from '../words';

interface Props {
    readonly store: PatientStore;
    readonly way: 'phone' | 'in_person';
    readonly isToday: boolean;
}

export function HeldScreen({ store, way, isToday }: Props) {
    const facts = factsOf(store);
    const { join, session } = store.current;
    if (!facts || join.kind !== 'ok') return null;
    const visit = session?.visit.visit ?? join.visit;
    const { state, late_minutes: late } = visit;
    const queue = session?.visit.visit?.queue;
    const byPhone = way === 'phone';
    const isCalled = !byPhone && state === 'called';
    const whose = { doctor: facts.doctor, clinic: facts.clinic };
    const isBooked = state === 'booked';
    const isGuest = guestOf(store.current);
    const whileThere = queue && !byPhone && !isUnplaced(store.current) && 'held_wait';
    const advice = isBooked ? (byPhone ? 'held_phone_text' : 'held_bring') : whileThere;
    return (
        <Page store={store} more={!isGuest && isBooked && <OtherTime kind="plain" />}>
            <div class="stack" data-testid="held" data-way={way} data-state={state}>
                <ConnectionBanner store={store} />
                {!queue && <h1>{t(heldTitle(way, state))}</h1>}
                {queue ? <Place store={store} queue={queue} late={late} /> : !byPhone && !isGuest && <OwnNumber number={facts.number} isBooked={isBooked} />}
                {isCalled ? <p class="ahead center">{t('held_called_go', whose)}</p> : !byPhone && <p data-testid="held-place">{placeOf(join.visit)}</p>}
                {advice && <Banner tone="info"><p>{t(advice)}</p></Banner>}
                <p>{t('early_date', { date: dateAndTime(facts.startsAtMs) })}</p>
                {!isCalled && <p>{t('visit_with', whose)}</p>}
                {!queue && late > 0 && <p>{lateWords(late, '')}</p>}
                <Following store={store} />
                <PhoneHelp store={store} {...(visit.unanswered && { lead: t(byPhone ? 'held_late' : 'waiting_told') })} />
                {/* From when the doctor can have written one: a message says so, and its link leads here. */}
                {!isGuest && (byPhone ? isToday : isCalled) && <a class="button" href="/surat-saya">{t('ended_letters')}</a>}
            </div>
        </Page>
    );
}

/** Before the desk has said that the patient is there, and once called: there is no place in the queue. */
function OwnNumber({ number, isBooked }: { readonly number: string; readonly isBooked: boolean }) {
    return (
        <div class="big-number">
            <p class="label">{t('waiting_number')}</p>
            <p class="numbers queue-number" data-testid="queue-number">
                {number}
            </p>
            {isBooked && <p class="soft">{t('held_say_number')}</p>}
        </div>
    );
}
