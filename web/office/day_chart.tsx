// SPDX-License-Identifier: Apache-2.0
// Bars of the days: booked behind, consultations before it. The table below says the same in numbers.
import { dateMs, decimal, longDate, shortDate } from '../shared/format';
import { t } from '../staff/words';
import { axisTop, type DayFigure } from './figures';

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 40;
const FOOT = 28;
const TOP = 12;
const N_LABELS = 7;

export function DayChart({ days }: { readonly days: readonly DayFigure[] }) {
    const top = axisTop(Math.max(...days.map((day) => day.counts.booked)));
    const step = (WIDTH - LEFT) / days.length;
    const every = Math.ceil(days.length / N_LABELS);
    return (
        <section aria-labelledby="by-day">
            <h2 id="by-day">{t('office.by_day')}</h2>
            <p class="legend">
                <span class="swatch swatch-booked" aria-hidden="true" /> {t('office.legend_booked')}
                <span class="swatch swatch-done" aria-hidden="true" /> {t('office.legend_consultations')}
            </p>
            <div class="chart" tabIndex={0} role="group" aria-labelledby="by-day">
                <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="list" aria-labelledby="by-day">
                    <Axis top={top} />
                    {days.map((day, i) => (
                        <DayBar key={day.date} day={day} x={LEFT + i * step} step={step} top={top}
                            label={i % every === 0} />
                    ))}
                </svg>
            </div>
        </section>
    );
}

function y(value: number, top: number): number {
    return HEIGHT - FOOT - (value / top) * (HEIGHT - FOOT - TOP);
}

function Axis({ top }: { readonly top: number }) {
    return (
        <g class="axis" aria-hidden="true">
            {[0, top].map((value) => (
                <g key={value}>
                    <line x1={LEFT} x2={WIDTH} y1={y(value, top)} y2={y(value, top)} />
                    <text x={LEFT - 6} y={y(value, top) + 4} text-anchor="end">
                        {decimal(value)}
                    </text>
                </g>
            ))}
        </g>
    );
}

interface BarProps {
    readonly day: DayFigure;
    readonly x: number;
    readonly step: number;
    readonly top: number;
    readonly label: boolean;
}

function DayBar({ day, x, step, top, label }: BarProps) {
    const { booked, consultations } = day.counts;
    const width = Math.min(40, Math.max(1, step * 0.7));
    const left = x + (step - width) / 2;
    const words = t('office.chart_alt', { date: longDate(dateMs(day.date)), booked, consultations });
    return (
        <g role="listitem" aria-label={words}>
            <title>{words}</title>
            <rect class="bar-booked" x={left} width={width} y={y(booked, top)}
                height={y(0, top) - y(booked, top)} />
            <rect class="bar-done" x={left} width={width} y={y(consultations, top)}
                height={y(0, top) - y(consultations, top)} />
            {label && (
                <text class="bar-label" x={x + step / 2} y={HEIGHT - 8} text-anchor="middle" aria-hidden="true">
                    {shortDate(dateMs(day.date)).split(', ')[1]}
                </text>
            )}
        </g>
    );
}
