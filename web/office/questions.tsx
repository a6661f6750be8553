// SPDX-License-Identifier: Apache-2.0
// Questions between doctors in figures, by the facility that was asked.
import { decimal } from '../shared/format';
import { Failure } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { t } from '../staff/words';
import type { Range } from './figures';
import { WideTable } from './wide_table';

const COLUMNS = ['asked', 'answered', 'in_time', 'withdrawn', 'unanswered'] as const;

interface Figures extends Readonly<Record<(typeof COLUMNS)[number], number>> {
    readonly facility?: string;
    readonly facility_name?: string;
    readonly answer_p50_minutes: number | null;
}

interface Reply {
    readonly rows: readonly Figures[];
    readonly totals: Figures;
}

/** Nothing where nobody asked anything. */
export function Questions({ range: { from, to } }: { readonly range: Range }) {
    const { value, problem } = useFetched<Reply>(`/api/v1/reports/consults?from=${from}&to=${to}`, 0);
    if (problem !== null) return <Failure problem={problem} />;
    if (value === null || value.rows.length === 0) return null;
    return (
        <section aria-labelledby="questions">
            <h2 id="questions">{t('office.ask')}</h2>
            <WideTable labelledBy="questions">
                <table class="figures" data-testid="questions-table">
                    <thead>
                        <tr>
                            <th scope="col">{t('office.facility')}</th>
                            {COLUMNS.map((one) => <th scope="col" class="number" key={one}>{t(`office.ask.${one}`)}</th>)}
                            <th scope="col" class="number">{t('office.ask.p50')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {value.rows.map((row) => (
                            <tr key={row.facility}>
                                <th scope="row">{row.facility_name}</th>
                                <Cells row={row} />
                            </tr>
                        ))}
                    </tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{t('office.sum')}</th>
                            <Cells row={value.totals} />
                        </tr>
                    </tfoot>
                </table>
            </WideTable>
            <p class="quiet">{t('office.ask.define')}</p>
        </section>
    );
}

function Cells({ row }: { readonly row: Figures }) {
    return (
        <>
            {COLUMNS.map((one) => <td class="number" key={one}>{decimal(row[one])}</td>)}
            <td class="number">{row.answer_p50_minutes === null ? t('staff.none') : decimal(row.answer_p50_minutes)}</td>
        </>
    );
}
