// SPDX-License-Identifier: Apache-2.0
// Who will be seen. The birth date is three fields: a calendar is a long way back to 1954.
import { useEffect, useRef } from 'preact/hooks';
import { monthName } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Field, FieldError } from '../../shared/widgets/field';
import { asksMother, FIELD_NAMES, isFixedLine, isUnder, RELATIONS, type Details } from '../details';
import { faultWords } from '../fault_words';
import type { BookingStore } from '../store';
import { t } from '../words';
import { HeldWords } from './held';

const ADULT_YEARS = 18;
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

export function DetailsStep({ store, forWhom }: { store: BookingStore; forWhom?: string | undefined }) {
    const { details, errors, refusals } = store.current;
    const form = useRef<HTMLFormElement>(null);
    const set = (key: keyof Details) => (event: Event) => {
        const input = event.currentTarget as HTMLInputElement | HTMLSelectElement;
        store.type({ ...details, [key]: input.value });
    };
    const today = store.today();
    const isOwn = details.contact_relation === '';
    const noPhone = store.mayLackPhone && details.noPhone === true;
    const wrong = FIELD_NAMES.some((field) => errors[field]);
    /* The first wrong field takes the focus; not while typing mends one after the other. */
    useEffect(() => {
        form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }, [refusals]);
    const submit = (event: Event) => {
        event.preventDefault();
        store.submitDetails();
    };
    return (
        <form ref={form} class="stack" onSubmit={submit} noValidate>
            <h1>{t('details_title')}</h1>
            {forWhom && <p class="strong">{forWhom}</p>}
            <HeldWords store={store} />
            {wrong && (
                <Banner tone="danger">
                    <p>{t('fix_fields')}</p>
                </Banner>
            )}
            <Field id="for-whom" label={t('for_whom')} error={isOwn ? faultWords(errors, 'contact_name') : undefined}>
                {(tie) => (
                    <select {...tie} value={details.contact_relation} onChange={set('contact_relation')}>
                        <option value="">{t('for_self')}</option>
                        {RELATIONS.map((one) => (
                            <option key={one} value={one}>
                                {t(`for_${one}`)}
                            </option>
                        ))}
                    </select>
                )}
            </Field>
            <Field id="name" label={t(isOwn ? 'name' : 'name_patient')} hint={t('name_hint')} error={faultWords(errors, 'name')}>
                {(tie) => (
                    <input {...tie} type="text" autoComplete={isOwn ? 'name' : 'off'} maxLength={100} required
                        value={details.name} onInput={set('name')} />
                )}
            </Field>
            <BirthDate details={details} error={faultWords(errors, 'birth_date')} set={set} />
            {isOwn && isUnder(ADULT_YEARS, details, today) && (
                <Banner tone="info" testId="minor">
                    <p>{t('minor')}</p>
                </Banner>
            )}
            {!isOwn && (
                <Field id="contact-name" label={t('contact_name')} hint={t('contact_name_hint')}
                    error={errors.contact_name?.code === 'guardian_required' ? undefined : faultWords(errors, 'contact_name')}>
                    {(tie) => (
                        <input {...tie} type="text" autoComplete="name" maxLength={100} required
                            value={details.contact_name} onInput={set('contact_name')} />
                    )}
                </Field>
            )}
            {!noPhone && (
                <Field id="phone" label={t(isOwn ? 'phone' : 'phone_contact')} hint={t('phone_hint')} error={faultWords(errors, 'phone')}>
                    {(tie) => (
                        <input {...tie} type="tel" autoComplete="tel" maxLength={24} required
                            value={details.phone} onInput={set('phone')} />
                    )}
                </Field>
            )}
            {store.mayLackPhone && (
                <label class="check-row">
                    <input id="no-phone" type="checkbox" checked={noPhone}
                        onChange={(event) => store.type({ ...details, noPhone: event.currentTarget.checked })} />
                    <span>{t(isOwn ? 'no_phone' : 'no_phone_contact')}</span>
                </label>
            )}
            {noPhone && (
                <Banner tone="warning" testId="no-phone-tell">
                    <p>{t('no_phone_tell')}</p>
                </Banner>
            )}
            {!noPhone && isFixedLine(details.phone) && (
                <Banner tone="warning" testId="no-messages">
                    <p>{t('phone_fixed')}</p>
                </Banner>
            )}
            <Field id="nik" label={t(isOwn ? 'nik' : 'nik_patient')} hint={t('nik_hint')} error={faultWords(errors, 'nik')}>
                {(tie) => (
                    <input {...tie} type="text" inputMode="numeric" autoComplete="off" maxLength={24}
                        value={details.nik} onInput={set('nik')} />
                )}
            </Field>
            {asksMother(details, today) && (
                <Field id="mother-nik" label={t('mother_nik')} error={faultWords(errors, 'mother_nik')}>
                    {(tie) => (
                        <input {...tie} type="text" inputMode="numeric" autoComplete="off" maxLength={24}
                            value={details.mother_nik} onInput={set('mother_nik')} />
                    )}
                </Field>
            )}
            <Field id="reason" label={t('reason')} hint={t('reason_hint')}>
                {(tie) => (
                    <input {...tie} type="text" autoComplete="off" maxLength={200} value={details.reason} onInput={set('reason')} />
                )}
            </Field>
            {store.current.choice.slot?.group && (
                <label class="check-row">
                    <input id="first-name" type="checkbox" checked={details.firstName ?? false}
                        onChange={(event) => store.type({ ...details, firstName: event.currentTarget.checked })} />
                    <span>{t('group_first_name')}</span>
                </label>
            )}
            <Button kind="primary" type="submit" wide testId="to-review">
                {t('next')}
            </Button>
        </form>
    );
}

interface BirthProps {
    readonly details: Details;
    readonly error: string | undefined;
    readonly set: (key: keyof Details) => (event: Event) => void;
}

function BirthDate({ details, error, set }: BirthProps) {
    const tie = {
        'aria-invalid': error ? true : undefined,
        'aria-describedby': error ? 'birth-error' : undefined,
    } as const;
    return (
        <fieldset class={error ? 'field wrong' : 'field'}>
            <legend>{t('birth')}</legend>
            <div class="birth">
                <label>
                    <span>{t('day')}</span>
                    <input {...tie} id="birth-day" type="text" inputMode="numeric" autoComplete="bday-day"
                        maxLength={2} value={details.day} onInput={set('day')} />
                </label>
                <label>
                    <span>{t('month')}</span>
                    <select {...tie} id="birth-month" autoComplete="bday-month" value={details.month}
                        onChange={set('month')}>
                        <option value="">{t('month_choose')}</option>
                        {MONTHS.map((month) => (
                            <option key={month} value={String(month)}>
                                {monthName(month)}
                            </option>
                        ))}
                    </select>
                </label>
                <label>
                    <span>{t('year')}</span>
                    <input {...tie} id="birth-year" type="text" inputMode="numeric"
                        autoComplete="bday-year" maxLength={4} value={details.year} onInput={set('year')} />
                </label>
            </div>
            <FieldError id="birth-error" text={error} />
        </fieldset>
    );
}
