// SPDX-License-Identifier: Apache-2.0
// Bars of the days: booked behind, consultations before it. The table below says the same in numbers.
import { useEffect, useState } from 'preact/hooks';
import { dateMs, decimal, longDate, shortDate } from '../shared/format';
import { t } from '../staff/words';
import { axisTop, type DayFigure } from './figures';

/** Units of the picture, which is drawn about as wide as it is shown so that its words keep their size. */
interface Frame {
    readonly width: number;
    readonly nLabels: number;
}
const WIDE: Frame = { width: 720, nLabels: 7 };
const NARROW: Frame = { width: 336, nLabels: 4 };
const NARROW_WINDOW = '(max-width: 640px)';
const HEIGHT = 200;
const LEFT = 40;
const RIGHT = 8;
const FOOT = 28;
const TOP = 12;

function useFrame(): Frame {
    const [narrow, setNarrow] = useState(() => matchMedia(NARROW_WINDOW).matches);
    useEffect(() => {
        const query = matchMedia(NARROW_WINDOW);
        const listener = () => setNarrow(query.matches);
        query.addEventListener('change', listener);
        return () => query.removeEventListener('change', listener);
    }, []);
    return narrow ? NARROW : WIDE;
}

export function DayChart({ days }: { readonly days: readonly DayFigure[] }) {
    const top = axisTop(Math.max(...days.map((day) => day.counts.booked)));
    const { width, nLabels } = useFrame();
    const step = (width - LEFT - RIGHT) / days.length;
    const every = Math.ceil(days.length / nLabels);
    return (
        <section aria-labelledby="by-day">
            <h2 id="by-day">{t('office.by_day')}</h2>
            <p class="legend">
                <span class="swatch swatch-booked" aria-hidden="true" /> {t('office.legend_booked')}
                <span class="swatch swatch-done" aria-hidden="true" /> {t('office.legend_consultations')}
            </p>
            <div class="chart">
                <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="list" aria-labelledby="by-day">
                    <Axis top={top} width={width} />
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

function Axis({ top, width }: { readonly top: number; readonly width: number }) {
    return (
        <g class="axis" aria-hidden="true">
            {[0, top].map((value) => (
                <g key={value}>
                    <line x1={LEFT} x2={width} y1={y(value, top)} y2={y(value, top)} />
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
