// SPDX-License-Identifier: Apache-2.0
// "72 th · P": age and sex, each only when known.
import type { Contact } from './types';
import { t } from './words';

interface Props {
    readonly age: number | null;
    readonly sex: 'L' | 'P' | null;
}

export function PersonWords({ age, sex }: Props) {
    if (age === null && sex === null) return null;
    return (
        <span class="numbers">
            {age !== null && t('person.age', { n: age })}
            {age !== null && sex !== null && ' · '}
            {sex !== null && (
                <>
                    <span aria-hidden="true" title={t(`sex.${sex}_long`)}>
                        {t(`sex.${sex}`)}
                    </span>
                    <span class="hidden-words">{t(`sex.${sex}_long`)}</span>
                </>
            )}
        </span>
    );
}

/** "Rina Hasan (orang tua)" */
export function contactWords({ name, relation }: Contact): string {
    return `${name} (${t(`relation.${relation}`)})`;
}

/** "Bersama Rina Hasan (orang tua)"; nothing where nobody came along. */
export function ContactLine({ contact }: { readonly contact: Contact | null | undefined }) {
    if (!contact) return null;
    const { name, relation } = contact;
    return (
        <span class="quiet" data-testid="contact">
            {t('person.with', { name, relation: t(`relation.${relation}`) })}
        </span>
    );
}
