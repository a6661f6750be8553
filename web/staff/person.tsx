// SPDX-License-Identifier: Apache-2.0
// "72 th · P": age and sex, each only when known.
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
