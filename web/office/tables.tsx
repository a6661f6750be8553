// SPDX-License-Identifier: Apache-2.0
// The figures as tables: by facility with the sum, and every day of every facility.
import { dateMs, decimal, shortDate } from '../shared/format';
import { t } from '../staff/words';
import type { ReportRow } from '../staff/types';
import { COUNTS, countsOf, type Counts, type FacilityFigure } from './figures';
import { WideTable } from './wide_table';

function CountCells({ counts }: { readonly counts: Counts }) {
    return (
        <>
            {COUNTS.map((count) => (
                <td class="number" key={count}>
                    {decimal(counts[count])}
                </td>
            ))}
        </>
    );
}

function CountHeads() {
    return (
        <>
            {COUNTS.map((count) => (
                <th scope="col" class="number" key={count}>
                    {t(`office.count.${count}`)}
                </th>
            ))}
        </>
    );
}

interface FacilityProps {
    readonly facilities: readonly FacilityFigure[];
    readonly sum: Counts;
}

export function FacilityTable({ facilities, sum }: FacilityProps) {
    return (
        <section aria-labelledby="by-facility">
            <h2 id="by-facility">{t('office.by_facility')}</h2>
            <WideTable labelledBy="by-facility">
                <table class="figures" data-testid="facility-table">
                    <thead>
                        <tr>
                            <th scope="col">{t('office.facility')}</th>
                            <CountHeads />
                        </tr>
                    </thead>
                    <tbody>
                        {facilities.map((facility) => (
                            <tr key={facility.id}>
                                <th scope="row">{facility.name}</th>
                                <CountCells counts={facility.counts} />
                            </tr>
                        ))}
                    </tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{t('office.sum')}</th>
                            <CountCells counts={sum} />
                        </tr>
                    </tfoot>
                </table>
            </WideTable>
        </section>
    );
}

export function DetailTable({ rows }: { readonly rows: readonly ReportRow[] }) {
    return (
        <section aria-labelledby="by-both">
            <h2 id="by-both">{t('office.by_both')}</h2>
            <WideTable labelledBy="by-both">
                <table class="figures" data-testid="detail-table">
                    <thead>
                        <tr>
                            <th scope="col">{t('office.date')}</th>
                            <th scope="col">{t('office.facility')}</th>
                            <CountHeads />
                            <th scope="col" class="number">
                                {t('office.count.wait_p50_minutes')}
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((row) => (
                            <tr key={`${row.date} ${row.facility}`}>
                                <th scope="row" class="nowrap">
                                    {shortDate(dateMs(row.date))}
                                </th>
                                <td>{row.facility_name}</td>
                                <CountCells counts={countsOf(row)} />
                                <td class="number">
                                    {row.wait_p50_minutes === null
                                        ? t('staff.none')
                                        : decimal(row.wait_p50_minutes)}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </WideTable>
        </section>
    );
}
