// SPDX-License-Identifier: Apache-2.0
// After the call: thanks, what was agreed in words, what comes next.
import { useEffect, useState } from 'preact/hooks';
import type { JoinReply } from '../../shared/api_types';
import { dateAndTime, timeOfDay } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { guestOf } from '../screen';
import { bookAgain, doctorWords, factsOf, Following, OtherTime, Page, PhoneHelp, placeOf, type VisitFacts } from '../page';
import type { PatientStore } from '../store';
import { t } from '../words';

const NO_FACTS: VisitFacts = {
    facility: '', clinic: '', way: '', doctor: '', phone: '', startsAtMs: 0, number: '', endedAtMs: null,
};

/* Who was not to come in by video missed something else. */
const MISSED: Readonly<Record<string, 'ended_no_answer' | 'ended_not_come'>> = { phone: 'ended_no_answer', in_person: 'ended_not_come' };

/* The patient was not seen, and may want to come again. */
function nextStep(state: string) {
    return /^(no_show|left|tech)/.test(state) && <OtherTime words="come_again" />;
}

/* It goes on, but not here. */
function isElsewhere(state: string): boolean {
    return /^conv/.test(state);
}

function titleOf(state: string) {
    if (isElsewhere(state)) return t(state === 'converted_phone' ? 'held_phone_title' : 'held_come_title');
    return t(state === 'done' ? 'ended_title' : 'over_title');
}

function endWords(state: string, facts: VisitFacts, place: string): string {
    switch (state) {
        case 'done':
            return t('ended_done', { doctor: facts.doctor });
        case 'tech_failed':
            return t('ended_tech');
        case 'converted_phone':
            return t('held_phone_text');
        case 'converted_in_person':
            return `${t('ended_in_person', { place })} ${t('held_bring')}`;
        case 'no_show_patient':
            return t(MISSED[facts.way] ?? 'ended_no_show');
        case 'left_without_being_seen':
            return t('ended_left');
        default:
            return t('ended_other');
    }
}

export function EndedScreen({ store, state }: { store: PatientStore; state: string }) {
    const facts = factsOf(store) ?? NO_FACTS;
    if (state === 'rescheduled') return <MovedScreen store={store} />;
    const isGuest = guestOf(store.current);
    const next = !isGuest && nextStep(state);
    const { join } = store.current;
    const place = join.kind === 'ok' ? placeOf(join.visit) : '';
    return (
        <Page store={store} actions={next}>
            <div class="stack" data-testid="ended" data-state={state}>
                <h1>{titleOf(state)}</h1>
                <Banner tone={state === 'done' ? 'good' : 'info'}>
                    <p>{isGuest ? t('ended_guest') : endWords(state, facts, place)}</p>
                    {facts.endedAtMs && !isElsewhere(state) && <p>{t('ended_at', { time: timeOfDay(facts.endedAtMs) })}</p>}
                </Banner>
                {/* Of a visit that goes on elsewhere it is not the hour to come. */}
                {!isElsewhere(state) && <p>{t('early_date', { date: dateAndTime(facts.startsAtMs) })}</p>}
                <p>{t('visit_with', { doctor: facts.doctor, clinic: facts.clinic })}</p>
                {!isGuest && !next && <a class="button" href="/surat-saya">{t('ended_letters')}</a>}
                <Following store={store} />
                <p class="soft">{t('ended_close')}</p>
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}

/** Its old time would only mislead; the link leads to the new one by now. */
function MovedScreen({ store }: { store: PatientStore }) {
    const [visit, setVisit] = useState<JoinReply['visit'] | null>(null);
    useEffect(() => {
        void store.visitOfNow().then(setVisit, () => undefined);
    }, []);
    const isGuest = guestOf(store.current);
    return (
        <Page store={store} actions={!isGuest && <OtherTime />}>
            <div class="stack">
                <h1>{t('ended_moved')}</h1>
                {visit && <p data-testid="moved-to"><strong>{t('ended_moved_to', { date: dateAndTime(visit.starts_at_ms) })}</strong></p>}
                {visit && <p>{t('visit_with', { doctor: doctorWords(visit.doctor), clinic: visit.clinic })}</p>}
                {visit ? isGuest && <p>{t('ended_moved_guest')}</p> : !isGuest && <p>{t('ended_moved_look')}</p>}
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}

export function CancelledScreen({ store }: { store: PatientStore }) {
    const facts = factsOf(store) ?? NO_FACTS;
    const words = store.current.cancelledByMe
        ? t('cancelled_self', { doctor: facts.doctor })
        : t('cancelled_text', { date: dateAndTime(facts.startsAtMs), doctor: facts.doctor });
    return (
        <Page store={store} actions={bookAgain(store)}>
            <div class="stack" data-testid="cancelled">
                <h1>{t('cancelled_title')}</h1>
                <Banner tone="info">
                    <p>{words}</p>
                </Banner>
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}

export function LeftScreen({ store }: { store: PatientStore }) {
    return (
        <Page store={store} actions={
            <Button kind="primary" wide onClick={() => store.enterAgain()} testId="enter-again">
                {t('left_again')}
            </Button>
        }>
            <div class="stack">
                <h1>{t('left_title')}</h1>
                <p>{t('left_text')}</p>
                <PhoneHelp store={store} />
            </div>
        </Page>
    );
}
