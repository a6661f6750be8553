// SPDX-License-Identifier: Apache-2.0
// What is wrong with a field, in the reader's language. Called while rendering, so that a changed
// language changes these too.
import { told } from '../shared/api';
import type { FieldErrors, FieldName } from './details';
import { t } from './words';

type Key = Parameters<typeof t>[0];

const NAME: Readonly<Record<string, Key>> = {
    wrong: 'name_wrong', required: 'name_wrong', too_short: 'name_wrong', too_long: 'name_long',
    bad_characters: 'name_characters',
};
const NIK: Readonly<Record<string, Key>> = {
    wrong: 'nik_wrong', not_a_nik: 'nik_wrong', too_long: 'nik_wrong', nik_date: 'nik_date',
    nik_serial: 'nik_serial',
};

const WORDS: Record<FieldName, Readonly<Record<string, Key>>> = {
    name: NAME,
    contact_name: { ...NAME, guardian_required: 'guardian_required' },
    birth_date: {
        wrong: 'birth_wrong', required: 'birth_wrong', not_a_date: 'birth_wrong',
        in_future: 'birth_future', too_old: 'birth_year',
    },
    phone: {
        wrong: 'phone_wrong', required: 'phone_wrong', not_a_phone: 'phone_wrong',
        too_short: 'phone_wrong', too_long: 'phone_wrong',
    },
    nik: NIK,
    mother_nik: NIK,
};

/** undefined when nothing is wrong; the server's own sentence for a code that is new to this page. */
export function faultWords(errors: FieldErrors, field: FieldName): string | undefined {
    const fault = errors[field];
    if (!fault) return undefined;
    const key = WORDS[field][fault.code];
    return key ? t(key) : told(fault) || t('fix_fields');
}
