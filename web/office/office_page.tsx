// SPDX-License-Identifier: Apache-2.0
// The health office's first count: a range of dates, totals, a chart of the days, tables.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { decimal } from '../shared/format';
import { dateWords, rangeWords } from '../staff/dates';
import { Failure, Loading } from '../staff/parts';
import { serverToday } from '../staff/server_clock';
import { useGuard } from '../staff/shell';
import type { Report } from '../staff/types';
import { t } from '../staff/words';
import { DayChart } from './day_chart';
import { byDay, byFacility, COUNTS, GROUPS, HEADLINES, percentOf, presetRange, totals, type Count, type CountGroup, type Counts, type Range } from './figures';
import { Questions } from './questions';
import { RangeForm } from './range_form';
import { DetailTable, FacilityTable } from './tables';

interface Loaded {
    readonly range: Range;
    readonly report: Report;
}

function useReport(range: Range): { loaded: Loaded | null; problem: unknown; reload: () => void } {
    const [loaded, setLoaded] = useState<Loaded | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    const { from, to } = range;
    const reload = useCallback(() => {
        const abort = new AbortController();
        setProblem(null);
        api.get<Report>(`/api/v1/reports/daily?from=${from}&to=${to}`, { signal: abort.signal }).then(
            (report) => setLoaded({ range: { from, to }, report }),
            (error: unknown) => {
                if (!abort.signal.aborted && !guard(error)) setProblem(error);
            },
        );
        return () => abort.abort();
    }, [from, to, guard]);
    useEffect(reload, [reload]);
    return { loaded, problem, reload };
}

export function OfficePage() {
    const today = serverToday();
    const [range, setRange] = useState<Range>(() => presetRange('week', today));
    const { loaded, problem, reload } = useReport(range);
    return (
        <div class="office">
            <h1>{t('office.title')}</h1>
            <RangeForm range={range} today={today} onRange={setRange} />
            {problem !== null && <Failure problem={problem} onRetry={reload} />}
            {loaded ? <Figures {...loaded} /> : problem === null && <Loading />}
        </div>
    );
}

function Figures({ range, report }: Loaded) {
    return (
        <>
            <Totals range={range} report={report} />
            {report.rows.length === 0 ? (
                <div class="empty" data-testid="office-empty">
                    <p>{t('office.empty')}</p>
                    <p class="quiet">{t('office.empty_hint')}</p>
                </div>
            ) : (
                <>
                    <DayChart days={byDay(report.rows, range)} />
                    <FacilityTable facilities={byFacility(report.rows)} sum={totals(report)} />
                    <DetailTable rows={report.rows} />
                </>
            )}
            <Questions range={range} />
            <Definitions />
        </>
    );
}

function Totals({ range, report }: Loaded) {
    const sum = totals(report);
    const one = range.from === range.to;
    const title = t('office.totals', { range: one ? dateWords(range.to) : rangeWords(range.from, range.to) });
    return (
        <section aria-label={title}>
            <h2>{title}</h2>
            <dl class="tiles">
                {HEADLINES.map((count) => (
                    <div class="tile" key={count}>
                        <dt>{t(`office.count.${count}`)}</dt>
                        <dd class="tile-figure" data-testid={`total-${count}`}>{decimal(sum[count])}</dd>
                        {count !== 'booked' && <Share part={sum[count]} whole={sum.booked} />}
                    </div>
                ))}
            </dl>
            <div class="count-groups">
                {GROUPS.map((group) => <Group key={group.name} {...group} sum={sum} />)}
            </div>
        </section>
    );
}

function Share({ part, whole }: { readonly part: number; readonly whole: number }) {
    const percent = percentOf(part, whole);
    return percent === null ? null : <dd class="quiet numbers">{t('office.share', { percent: decimal(percent, 1) })}</dd>;
}

function Group({ name, counts, parts, sum }: CountGroup & { readonly sum: Counts }) {
    const row = (count: Count, className: string) => (
        <div class={className} key={count}>
            <dt>{t(`office.count.${count}`)}</dt>
            <dd data-testid={`total-${count}`}>{decimal(sum[count])}</dd>
        </div>
    );
    return (
        <section class="count-group" aria-labelledby={`office-${name}`}>
            <h3 id={`office-${name}`}>{t(`office.group.${name}`)}</h3>
            <dl>
                {counts.map((count) => row(count, 'count-row'))}
                {parts.map((count) => row(count, 'count-row count-part'))}
            </dl>
        </section>
    );
}

function Definitions() {
    return (
        <details class="definitions">
            <summary>{t('office.definitions')}</summary>
            <dl class="pairs">
                {([...COUNTS, 'wait_p50_minutes'] as const).map((count) => (
                    <div key={count}>
                        <dt>{t(`office.count.${count}`)}</dt>
                        <dd>{t(`office.define.${count}`)}</dd>
                    </div>
                ))}
            </dl>
            <p class="quiet">{t('office.source')}</p>
        </details>
    );
}
