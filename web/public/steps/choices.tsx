// SPDX-License-Identifier: Apache-2.0
// Where, which clinic, which doctor: lists of large buttons.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../shared/api';
import { withTitle } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Icon, type IconName } from '../../shared/widgets/icon';
import { ANY_DOCTOR, chosen } from '../booking_state';
import type { BookingStore } from '../store';
import { serviceWords, t } from '../words';

interface ChoiceProps {
    readonly icon: IconName;
    readonly title: string;
    readonly more?: string;
    readonly testId: string;
    readonly onClick: () => void;
}

function ChoiceButton({ icon, title, more, testId, onClick }: ChoiceProps) {
    return (
        <li>
            <button type="button" class="choice" onClick={onClick} data-testid={testId}>
                <Icon name={icon} />
                <span class="choice-words">
                    <span class="choice-title">{title}</span>
                    {more && <span class="soft">{more}</span>}
                </span>
                <Icon name="next" />
            </button>
        </li>
    );
}

export function FacilityStep({ store }: { store: BookingStore }) {
    const facilities = store.current.facilities ?? [];
    return (
        <>
            <h1>{t('facility_title')}</h1>
            <p>{t('intro')}</p>
            {facilities.length === 0 && (
                <Banner tone="info">
                    <p>{t('facility_none')}</p>
                    <SetupLink />
                </Banner>
            )}
            <ul class="choices">
                {facilities.map((facility) => (
                    <ChoiceButton key={facility.id} icon="hospital" title={facility.name}
                        more={facility.area} testId="facility"
                        onClick={() => store.choose({ facility: facility.id }, 'time')} />
                ))}
            </ul>
        </>
    );
}

/** An installation in which nobody can log in yet: whoever opens it is who sets it up. */
function SetupLink() {
    const [needed, setNeeded] = useState(false);
    useEffect(() => {
        api.get<{ needed: boolean }>('/api/v1/setup').then((answer) => setNeeded(answer.needed), () => undefined);
    }, []);
    if (!needed) return null;
    return (
        <>
            <p>{t('setup_needed')}</p>
            <a class="button primary" href="/mulai" data-testid="to-setup">
                {t('setup_start')}
            </a>
        </>
    );
}

export function ClinicStep({ store }: { store: BookingStore }) {
    const { facilities, choice } = store.current;
    const { facility } = chosen(facilities ?? [], choice);
    const clinics = facility?.clinics ?? [];
    return (
        <>
            <h1>{t('clinic_title')}</h1>
            <p>{facility?.name}</p>
            {clinics.length === 0 && (
                <Banner tone="info">
                    <p>{t('clinic_none')}</p>
                </Banner>
            )}
            <ul class="choices">
                {clinics.map((clinic) => (
                    <ChoiceButton key={clinic.id} icon="person" title={clinic.name} testId="clinic"
                        onClick={() =>
                            store.choose({ facility: facility?.id ?? '', clinic: clinic.id }, 'time')
                        } />
                ))}
            </ul>
        </>
    );
}

export function ServiceStep({ store }: { store: BookingStore }) {
    const { facilities, choice } = store.current;
    const { facility, clinic } = chosen(facilities ?? [], choice);
    const { doctor } = choice;
    const pick = (service: string) => store.choose({ facility: facility?.id ?? '', clinic: clinic?.id ?? '', service,
        ...(doctor ? { doctor } : {}) }, 'time');
    return (
        <>
            <h1>{t('service_title')}</h1>
            <p>
                {facility?.name}, {clinic?.name}
            </p>
            <ul class="choices">
                {clinic?.services?.map((service) => (
                    <ChoiceButton key={service.id} icon={service.mode === 'assisted' ? 'person' : 'camera'}
                        title={service.name} more={serviceWords(service)} testId="service"
                        onClick={() => pick(service.id)} />
                ))}
            </ul>
        </>
    );
}

export function DoctorStep({ store }: { store: BookingStore }) {
    const { facilities, choice } = store.current;
    const { facility, clinic, service } = chosen(facilities ?? [], choice);
    const pick = (doctor: string) => store.choose({ facility: facility?.id ?? '', clinic: clinic?.id ?? '',
        ...(service ? { service: service.id } : {}), doctor }, 'time');
    return (
        <>
            <h1>{t('doctor_title')}</h1>
            <p>
                {facility?.name}, {clinic?.name}
            </p>
            <ul class="choices">
                <ChoiceButton icon="clock" title={t('doctor_any')} more={t('doctor_any_hint')}
                    testId="doctor-any" onClick={() => pick(ANY_DOCTOR)} />
                {clinic?.doctors.map((doctor) => (
                    <ChoiceButton key={doctor.id} icon="person" title={withTitle(doctor.name)} testId="doctor"
                        onClick={() => pick(doctor.id)} />
                ))}
            </ul>
        </>
    );
}
