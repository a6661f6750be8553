// SPDX-License-Identifier: Apache-2.0
// What is set up, one list for each part of the settings.
import type { ComponentChildren } from 'preact';
import { decimal, NBSP, withTitle } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { dateWords } from '../staff/dates';
import type { Open } from './open';
import { areaWords, clinicsOf, nextStep, warningsOf, workplaces } from './settings_state';
import type { Account, Clinic, Facility, Practitioner, Settings } from './types';
import { s } from './words';

interface Props {
    readonly settings: Settings;
    readonly onOpen: (open: Open) => void;
}

interface ItemProps {
    readonly title: string;
    readonly testId: string;
    readonly children?: ComponentChildren;
    readonly actions: ComponentChildren;
}

function Item({ title, testId, children, actions }: ItemProps) {
    return (
        <li class="item" data-testid={testId}>
            <div class="item-words">
                <strong>{title}</strong>
                {children}
            </div>
            <div class="item-actions">{actions}</div>
        </li>
    );
}

function ChangeButton({ what, testId, onClick }: { readonly what: string; readonly testId: string; readonly onClick: () => void }) {
    return (
        <Button kind="plain" label={s('change_label', { what })} onClick={onClick} testId={testId}>
            {s('change')}
        </Button>
    );
}

function Archived() {
    return <span class="quiet">{s('archived')}</span>;
}

/** As long as there is a next step, that is the one main action. */
function mainKind(settings: Settings): 'primary' | 'secondary' {
    return nextStep(settings.directory) === null ? 'primary' : 'secondary';
}

export function PlacesPart({ settings, onOpen }: Props) {
    const { facilities, clinics } = settings.directory;
    return (
        <div class="stack">
            {settings.isAdmin && (
                <div class="hours-tools">
                    <Button kind={mainKind(settings)} testId="facility-add"
                        onClick={() => onOpen({ what: 'facility', facility: null })}>
                        {s('facility_add')}
                    </Button>
                </div>
            )}
            {facilities.length === 0 && <p class="quiet">{s('facilities_none')}</p>}
            {facilities.map((facility) => (
                <FacilityCard key={facility.id} facility={facility} clinics={clinicsOf(facility.id, clinics)}
                    settings={settings} onOpen={onOpen} />
            ))}
        </div>
    );
}

interface CardProps extends Props {
    readonly facility: Facility;
    readonly clinics: readonly Clinic[];
}

function FacilityCard({ facility, clinics, settings, onOpen }: CardProps) {
    return (
        <section class="card stack tight" data-testid="facility">
            <h2>{facility.name}</h2>
            <p class="quiet">
                {[s(`kind.${facility.kind}`), areaWords(facility.area_code, settings.areas), facility.address]
                    .filter(Boolean).join(' · ')}
            </p>
            <p class="numbers">{facility.phone}</p>
            {!facility.active && <p><Archived /></p>}
            {clinics.length === 0 && <p class="quiet">{s('clinics_none')}</p>}
            <ul class="items">
                {clinics.map((clinic) => (
                    <Item key={clinic.id} title={clinic.name} testId="clinic"
                        actions={
                            <>
                                {clinic.active && (
                                    <Button kind="plain" label={s('service_add_label', { what: clinic.name })}
                                        onClick={() => onOpen({ what: 'service', clinic, service: null })}
                                        testId="service-add">
                                        {s('service_add')}
                                    </Button>
                                )}
                                <ChangeButton what={clinic.name} testId="clinic-edit"
                                    onClick={() => onOpen({ what: 'clinic', facility, clinic })} />
                            </>
                        }>
                        <span class="quiet">{s('letter_words', { letter: clinic.letter })}</span>
                        {!clinic.active && <Archived />}
                        <ServiceLines clinic={clinic} settings={settings} onOpen={onOpen} />
                    </Item>
                ))}
            </ul>
            <div class="hours-tools">
                {facility.active && (
                    <Button label={s('clinic_add_label', { what: facility.name })} testId="clinic-add"
                        onClick={() => onOpen({ what: 'clinic', facility, clinic: null })}>
                        {s('clinic_add')}
                    </Button>
                )}
                {settings.isAdmin && (
                    <Button kind="plain" testId="facility-edit" onClick={() => onOpen({ what: 'facility', facility })}>
                        {s('facility_change')}
                    </Button>
                )}
            </div>
        </section>
    );
}

/** Each is a button: there is nothing else to do with it. */
function ServiceLines({ clinic, settings, onOpen }: Props & { readonly clinic: Clinic }) {
    const services = settings.directory.services.filter((one) => one.clinic === clinic.id);
    if (services.length === 0) return clinic.active ? <span class="quiet">{s('services_none')}</span> : null;
    return (
        <ul class="services">
            {services.map((service) => (
                <li key={service.id}>
                    <button type="button" class="service" data-testid="service"
                        onClick={() => onOpen({ what: 'service', clinic, service })}>
                        {[service.name, s(`mode.${service.mode}`), s('minutes', { n: service.duration_minutes }),
                            service.price_rupiah > 0 ? `Rp${NBSP}${decimal(service.price_rupiah)}` : s('free'),
                            service.active ? '' : s('archived')].filter(Boolean).join(' · ')}
                    </button>
                </li>
            ))}
        </ul>
    );
}

export function PeoplePart({ settings, onOpen }: Props) {
    const { practitioners, clinics } = settings.directory;
    const hasClinic = clinics.some((one) => one.active);
    return (
        <div class="stack">
            <div class="hours-tools">
                <Button kind={mainKind(settings)} disabled={!hasClinic} testId="person-add"
                    onClick={() => onOpen({ what: 'person', person: null })}>
                    {s('person_add')}
                </Button>
                <a class="button" href="/jadwal" data-testid="to-hours">
                    {s('to_hours')}
                </a>
            </div>
            {!hasClinic && <p class="quiet">{s('clinics_none')}</p>}
            {practitioners.length === 0 && <p class="quiet">{s('people_none')}</p>}
            <ul class="items">
                {practitioners.map((person) => (
                    <PersonItem key={person.id} person={person} settings={settings} onOpen={onOpen} />
                ))}
            </ul>
        </div>
    );
}

function Warnings({ person, settings }: { readonly person: Practitioner; readonly settings: Settings }) {
    return (
        <>
            {warningsOf(person, settings.directory).map((one) => (
                <span key={`${one.what}${one.facility?.id}`} data-testid="warning" data-state={one.state}
                    class={one.state === 'expired' ? 'note holiday' : 'note'}>
                    <Icon name={one.state === 'missing' ? 'info' : 'warning'} size={20} />
                    <span>
                        {s(`warn.${one.what}.${one.state}`, { facility: one.facility?.name ?? '',
                            date: one.until ? dateWords(one.until) : '' })}
                    </span>
                </span>
            ))}
        </>
    );
}

function PersonItem({ person, settings, onOpen }: Props & { readonly person: Practitioner }) {
    const { directory, accounts } = settings;
    const account = accounts.find((one) => one.id === person.user);
    const places = directory.clinics.filter((one) => person.clinics.includes(one.id)).map((clinic) => {
        const facility = directory.facilities.find((one) => one.id === clinic.facility);
        return [clinic.name, facility?.name].filter(Boolean).join(', ');
    });
    const whom = { practitioner: person.id, name: person.name, facility: workplaces(person, directory)[0]?.id ?? null };
    return (
        <Item title={withTitle(person.name)} testId="person"
            actions={
                <>
                    {person.user === null && person.active && (
                        <Button kind="plain" label={s('account_make_label', { what: person.name })}
                            onClick={() => onOpen({ what: 'account-new', whom })} testId="account-make">
                            {s('account_make')}
                        </Button>
                    )}
                    <ChangeButton what={person.name} testId="person-edit"
                        onClick={() => onOpen({ what: 'person', person })} />
                </>
            }>
            <span>{places.join(' · ') || s('no_clinics')}</span>
            {!person.active && <Archived />}
            {person.active && (
                <span class="quiet">
                    {account ? s('account_words', { login: account.login }) : person.user === null ? s('no_account') : ''}
                </span>
            )}
            {person.active && <Warnings person={person} settings={settings} />}
        </Item>
    );
}

export function AccountsPart({ settings, onOpen }: Props) {
    const { accounts, directory } = settings;
    const placeOf = (account: Account) =>
        account.area ? areaWords(account.area, settings.areas)
            : directory.facilities.find((one) => one.id === account.facility)?.name;
    return (
        <div class="stack">
            <div class="hours-tools">
                <Button kind={mainKind(settings)} testId="account-add" onClick={() => onOpen({ what: 'account-new', whom: null })}>
                    {s('account_add')}
                </Button>
            </div>
            {accounts.length === 0 && <p class="quiet">{s('accounts_none')}</p>}
            <ul class="items">
                {accounts.map((account) => (
                    <Item key={account.id} title={account.name} testId="account"
                        actions={
                            <>
                                <Button kind="plain" testId="account-password"
                                    label={s('password_title', { login: account.login })}
                                    onClick={() => onOpen({ what: 'password', account })}>
                                    {s('password_new')}
                                </Button>
                                <ChangeButton what={account.login} testId="account-edit"
                                    onClick={() => onOpen({ what: 'account', account })} />
                            </>
                        }>
                        <span>{[account.login, s(`role.${account.role}`), placeOf(account)].filter(Boolean).join(' · ')}</span>
                        {!account.active && <span class="quiet">{s('account_off')}</span>}
                    </Item>
                ))}
            </ul>
        </div>
    );
}
