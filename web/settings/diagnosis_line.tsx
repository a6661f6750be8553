// SPDX-License-Identifier: Apache-2.0
// How many diagnoses doctors can choose from, and when the list was taken in last.
import { dateAndTime, decimal } from '../shared/format';
import { Failure } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import type { DiagnosisList } from './csv_state';
import { s } from './words';

export function DiagnosisLine({ version }: { readonly version: number }) {
    const { value, problem } = useFetched<DiagnosisList>('/api/v1/icd10/list', version);
    if (problem !== null) return <Failure problem={problem} />;
    if (value === null) return null;
    return (
        <p data-testid="diagnosis-list" data-codes={value.codes}>
            <strong>{s('icd10_codes', { n: decimal(value.codes) })}</strong> {lastWords(value)}
        </p>
    );
}

function lastWords({ last }: DiagnosisList): string {
    if (last === null) return s('icd10_never');
    const when = dateAndTime(last.at_ms);
    const words = { when, added: last.added, changed: last.changed };
    return last.by === '' ? s('icd10_last_server', words) : s('icd10_last', { ...words, by: last.by });
}
