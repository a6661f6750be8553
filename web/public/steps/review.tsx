// SPDX-License-Identifier: Apache-2.0
// Everything once more, then the one button that books. A slot that was taken meanwhile offers others.
import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../../shared/api';
import type { Slot } from '../../shared/api_types';
import { clockTime, dateMs, hoursWords, longDate, shortDate, withTitle } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { ConsentText } from '../../shared/widgets/consent_text';
import { common, failureText } from '../../shared/words';
import { chosen, isForAnyDoctor, type Step } from '../booking_state';
import { asksMother, birthDate, nikGroups } from '../details';
import type { BookingStore } from '../store';
import { serviceWords, t, whenWords } from '../words';
import { HeldWords } from './held';

interface RowProps {
    readonly label: string;
    readonly value: string;
    /** Struck out: it can no longer be had. */
    readonly gone?: boolean;
    /** Where it is changed, and what that changes in words; left out: with another row. */
    readonly step?: Step;
    readonly what?: string;
    readonly store: BookingStore;
}

function Row({ label, value, gone, step, what, store }: RowProps) {
    return (
        <div class="review-row">
            <dt>{label}</dt>
            {step && (
                <dd class="review-change">
                    <Button kind="plain" label={`${t('change')}: ${what ?? label}`} onClick={() => store.change(step)}>
                        {t('change')}
                    </Button>
                </dd>
            )}
            <dd class="review-value">{gone ? <s>{value}</s> : value}</dd>
        </div>
    );
}

export function ReviewStep({ store }: { store: BookingStore }) {
    const { facilities, choice, details, busy, failure, nearest, retries, consent } = store.current;
    const { facility, clinic, service, doctor, slot } = chosen(facilities ?? [], choice);
    const birth = birthDate(details, store.today());
    const place = [facility?.name, clinic?.name].filter(Boolean).join(', ');
    const { waits } = choice;
    const replaced = failure instanceof ApiProblem && failure.field('consent') !== undefined;
    const time = slot ? whenWords(slot) : waits ? t('wait_when', { from: shortDate(dateMs(waits.from)), until: shortDate(dateMs(waits.until)) }) : '';
    const doctorWords = isForAnyDoctor(choice) || !doctor ? t('doctor_any') : withTitle(doctor.name);
    return (
        <>
            <h1>{t(nearest ? 'taken_title' : 'review_title')}</h1>
            {waits && <p>{t('wait_how')}</p>}
            {!nearest && <HeldWords store={store} />}
            {nearest && <Taken nearest={nearest} of={slot} gone={failure !== null} store={store} />}
            <dl class="card review">
                <Row label={t('review_time')} value={time} gone={nearest !== null} step="time"
                    store={store} />
                <Row label={t('review_place')} value={place} step="facility" store={store} />
                {!slot?.group && (
                    <Row label={t('review_service')} store={store} {...(service ? { step: 'service' as const } : {})}
                        value={service ? `${service.name} · ${serviceWords(service)}` : t('review_no_service')} />
                )}
                <Row label={t('review_doctor')} value={doctorWords} step="doctor" store={store} />
                <Row label={t('review_person')} value={details.name} step="details" what={t('review_details')}
                    store={store} />
                <Row label={t('review_birth')} value={birth ? birthWords(birth) : ''} store={store} />
                {details.contact_relation && <Row label={t('review_contact')} store={store}
                    value={`${details.contact_name} (${t(`is_${details.contact_relation}`)})`} />}
                <Row label={t('review_phone')} value={store.mayLackPhone && details.noPhone ? t('no_phone') : details.phone} store={store} />
                {details.nik && <Row label={t('review_nik')} value={nikGroups(details.nik)} store={store} />}
                {details.reason.trim() && <Row label={t('review_reason')} value={details.reason.trim()} store={store} />}
                {details.mother_nik && asksMother(details, store.today()) && (
                    <Row label={t('review_mother')} value={nikGroups(details.mother_nik)} store={store} />
                )}
            </dl>
            <p class="soft">{t(details.contact_relation ? 'review_private_for' : 'review_private', { facility: facility?.name ?? '' })}</p>
            {!nearest && consent && (
                <div class="stack">
                    <p>{details.contact_relation ? t('consent_for', { name: details.name }) : t('consent')}</p>
                    <ConsentText consent={consent} title={t('consent_read')} open={replaced} />
                </div>
            )}
            {failure !== null && !nearest && (
                <Banner tone="danger" testId="failure">
                    <p>{failureText(failure)}</p>
                    {!consent && <Button onClick={() => void store.loadConsent()}>{common('try_again')}</Button>}
                </Banner>
            )}
            {!nearest && (
                <Button kind="primary" wide busy={busy || (!consent && failure === null)} disabled={!consent} onClick={() => void store.book()} testId="book">
                    {t(busy ? 'submitting' : waits ? 'wait_submit' : 'submit')}
                </Button>
            )}
            {retries > 0 && <p role="status">{t('retrying', { n: retries })}</p>}
        </>
    );
}

/** "2 Maret 1954": a birth date needs no weekday. */
function birthWords(date: string): string {
    return longDate(dateMs(date)).replace(/^[^,]*, /, '');
}

interface TakenProps {
    readonly nearest: readonly Slot[];
    /** What was asked for. */
    readonly of: Slot | undefined;
    /** The slot is no longer offered, rather than taken. */
    readonly gone: boolean;
    readonly store: BookingStore;
}

function Taken({ nearest, of, gone, store }: TakenProps) {
    const ref = useRef<HTMLDivElement>(null);
    /* The button that was tapped stood far below. */
    useEffect(() => {
        ref.current?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }, [nearest]);
    const full = of?.session ? 'taken_session' : 'taken';
    const words = t(gone ? 'slot_gone' : nearest.length > 0 ? full : `${full}_none`);
    return (
        <div ref={ref} tabIndex={-1}>
            <Banner tone="warning" testId="slot-taken">
                <p>{words}</p>
                <div class="row">
                    {nearest.map((slot) => (
                        <Button key={`${slot.doctor} ${slot.starts_at_ms}`} testId="nearest"
                            onClick={() => store.takeNearest(slot)}>
                            {shortDate(slot.starts_at_ms)} · {slot.session ? hoursWords(slot) : clockTime(slot.starts_at_ms)}
                        </Button>
                    ))}
                    <Button kind="plain" onClick={() => store.change('time')} testId="other-time">
                        {t('taken_other')}
                    </Button>
                </div>
            </Banner>
        </div>
    );
}
