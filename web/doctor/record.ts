// SPDX-License-Identifier: Apache-2.0
// The record of a visit as pure functions: rows of tables, points of a curve.
import { MEDIA_KEYS } from '../staff/types';
import type {
    MediaKey, MediaTotal, RecordEvent, RecordParticipant, RecordSample, VisitRecord,
} from '../staff/types';

export const TIME_FIELDS = [
    'booked_at_ms',
    'starts_at_ms',
    'joined_at_ms',
    'waiting_from_ms',
    'called_at_ms',
    'media_both_start_ms',
    'media_both_end_ms',
    'ended_at_ms',
] as const;
export type TimeField = (typeof TIME_FIELDS)[number];

/** What happened when, in the order of the visit; what did not happen is left out. */
export function timeRows(record: VisitRecord): { field: TimeField; atMs: number }[] {
    return TIME_FIELDS.flatMap((field) => {
        const atMs = record.visit[field];
        return atMs ? [{ field, atMs }] : [];
    });
}

export interface MediaRow {
    key: MediaKey;
    seconds: number;
    bytes: number;
    /** Lost of all that was sent, 0..100; null when nothing was sent. */
    lossPercent: number | null;
}

export function mediaRows(participant: RecordParticipant): MediaRow[] {
    return MEDIA_KEYS.map((key) => {
        const total: MediaTotal = participant.media?.[key] ?? {};
        const packets = total.packets ?? 0;
        const lost = total.lost ?? 0;
        return {
            key,
            seconds: (total.media_ms ?? 0) / 1000,
            bytes: total.bytes ?? 0,
            lossPercent: packets + lost > 0 ? (100 * lost) / (packets + lost) : null,
        };
    });
}

export type RateDirection = 'in' | 'out';

export function rateOf(sample: RecordSample, direction: RateDirection): number {
    return direction === 'in'
        ? sample.audio_in_bps + sample.video_in_bps
        : sample.audio_out_bps + sample.video_out_bps;
}

export interface Curve {
    /** SVG points of a polyline in a box of `width` x `height`; a lone sample is drawn as a short line. */
    points: string;
    minBps: number;
    maxBps: number;
    meanBps: number;
}

/** The bitrate over time, scaled to the box with zero at its foot; null without a sample. */
export function curve(
    samples: readonly RecordSample[],
    direction: RateDirection,
    width: number,
    height: number,
): Curve | null {
    const first = samples[0];
    const last = samples[samples.length - 1];
    if (!first || !last) {
        return null;
    }
    const rates = samples.map((sample) => rateOf(sample, direction));
    const maxBps = Math.max(...rates);
    const span = Math.max(1, last.at_ms - first.at_ms);
    const at = (ms: number, bps: number): string => {
        const x = ((ms - first.at_ms) / span) * width;
        const y = height - (maxBps > 0 ? (bps / maxBps) * height : 0);
        return `${x.toFixed(1)},${y.toFixed(1)}`;
    };
    const points = samples.map((sample, i) => at(sample.at_ms, rates[i] ?? 0));
    if (points.length === 1) {
        points.push(`${width},${points[0]?.split(',')[1] ?? height}`);
    }
    return {
        points: points.join(' '),
        minBps: Math.min(...rates),
        maxBps,
        meanBps: rates.reduce((sum, bps) => sum + bps, 0) / rates.length,
    };
}

/** What the paths of sound and picture did, rather than a person. */
export function isTechnical({ kind }: Pick<RecordEvent, 'kind'>): boolean {
    return /^(endpoint|media)[-_]/.test(kind);
}
