// SPDX-License-Identifier: Apache-2.0
// The frame of the patient's light screens: head, one column, the main action at the bottom.
import type { ComponentChildren } from 'preact';
import { dateAndTime, withTitle } from '../shared/format';
import { Banner } from '../shared/widgets/banner';
import { Header } from '../shared/widgets/header';
import { Icon } from '../shared/widgets/icon';
import { common } from '../shared/words';
import { guestOf, isUnplaced } from './screen';
import type { PatientStore } from './store';
import { t } from './words';

/** What is known of the visit, from whichever source knows it. */
export interface VisitFacts {
    readonly facility: string;
    readonly clinic: string;
    /** 'video', 'phone' or 'in_person'. */
    readonly way: string;
    readonly doctor: string;
    readonly phone: string;
    readonly startsAtMs: number;
    readonly number: string;
    /** When the visit ended by the server's clock; null while it has not. */
    readonly endedAtMs: number | null;
}

export function doctorWords(doctor: string): string {
    return doctor ? withTitle(doctor) : t('any_doctor');
}

export function factsOf(store: PatientStore): VisitFacts | null {
    const { join, session } = store.current;
    const live = session?.visit.visit;
    if (join.kind !== 'ok') return null;
    const visit = live ?? join.visit;
    return {
        facility: visit.facility,
        clinic: visit.clinic,
        way: visit.way,
        doctor: doctorWords(visit.doctor),
        phone: visit.phone,
        startsAtMs: visit.starts_at_ms,
        number: live?.queue?.number ?? join.visit.number ?? '',
        endedAtMs: live?.ended_at_ms ?? join.visit.ended_at_ms,
    };
}

/** Where to come. */
export function placeOf({ facility, address }: { readonly facility: string; readonly address: string }): string {
    return address ? `${facility}, ${address}` : facility;
}

/* What comes before the doctor. */
const WAITS = ['early', 'check', 'waiting', 'held'];

export interface PageProps {
    readonly store: PatientStore;
    readonly children: ComponentChildren;
    /** The main action, always in the thumb's reach. */
    readonly actions?: ComponentChildren;
    /** What else may be done, below the text. */
    readonly more?: ComponentChildren;
}

export function Page({ store, children, actions, more }: PageProps) {
    const title = factsOf(store)?.facility ?? common('app_name');
    return (
        <div class="page">
            <Header title={title} />
            <main class="page-body">
                <div class="page-main">
                    {isUnplaced(store.current) && WAITS.includes(store.screen.name) && <Unplaced />}
                    {children}
                </div>
                {actions && <div class="page-actions">{actions}</div>}
                {more && <div class="page-more">{more}</div>}
            </main>
        </div>
    );
}

function Unplaced() {
    return (
        <Banner tone="warning" testId="unplaced">
            <p>{t('unplaced')}</p>
            <OtherTime words="choose_other" />
        </Banner>
    );
}

export function telOf(phone: string): string {
    return `tel:${phone.replace(/[^+\d]/g, '')}`;
}

/** The way out that always works: a telephone number. */
export function PhoneHelp({ store, lead }: { store: PatientStore; lead?: string }) {
    const facts = factsOf(store);
    if (!facts?.phone) return null;
    return (
        <p class="phone-help">
            <span>{lead ?? t('phone_help', { facility: facts.facility })}</span>
            <a href={telOf(facts.phone)}>
                <Icon name="phone" size={20} />
                <span class="numbers">{facts.phone}</span>
            </a>
        </p>
    );
}

/** What comes after this visit, where several were booked at once. */
export function Following({ store }: { store: PatientStore }) {
    const { join } = store.current;
    const times = (join.kind === 'ok' && join.visit.following_ms) || [];
    if (times.length === 0) return null;
    return (
        <section data-testid="following">
            <h2>{t('following')}</h2>
            <ul>
                {times.map((ms) => <li key={ms}>{dateAndTime(ms)}</li>)}
            </ul>
        </section>
    );
}

function wideLink(kind: string, href: string, words: string) {
    return (
        <a class={`button ${kind} wide`} href={href}>
            {words}
        </a>
    );
}

/** For the patient: a guest has nothing to book. */
export function bookAgain(store: PatientStore, kind = 'primary') {
    return !guestOf(store.current) && wideLink(kind, '/', t('book_new'));
}

/** To the page beside this one, which knows what may be done. */
export function OtherTime({ kind = 'primary', words = 'other_time' }: { kind?: 'primary' | 'plain'; words?: 'other_time' | 'come_again' | 'choose_other' }) {
    return wideLink(kind, '/pindah', t(words));
}
