// SPDX-License-Identifier: Apache-2.0
// How good the link is, in one of three words, without flapping: down after two bad samples, up after
// four good ones (one every 2 s). Pure.
import type { CallSample } from './call_stats';
import type { PictureState } from './messages';

export type Grade = 'good' | 'weak' | 'lost';

export interface Quality {
    readonly grade: Grade;
    readonly bad: number;
    readonly good: number;
}

export const FIRST_QUALITY: Quality = { grade: 'good', bad: 0, good: 0 };

const WEAK_LOSS = 0.05;
const WEAK_RTT_MS = 500;
const N_DOWN = 2;
const N_UP = 4;

export function isWeak(sample: CallSample): boolean {
    return (
        sample.lossIn > WEAK_LOSS ||
        sample.lossOut > WEAK_LOSS ||
        (sample.rttMs !== null && sample.rttMs > WEAK_RTT_MS)
    );
}

export function nextQuality(quality: Quality, sample: CallSample | 'lost'): Quality {
    if (sample === 'lost') return { grade: 'lost', bad: 0, good: 0 };
    if (quality.grade === 'lost') return { grade: isWeak(sample) ? 'weak' : 'good', bad: 0, good: 0 };
    const bad = isWeak(sample) ? quality.bad + 1 : 0;
    const good = isWeak(sample) ? 0 : quality.good + 1;
    if (quality.grade === 'good' && bad >= N_DOWN) return { grade: 'weak', bad: 0, good: 0 };
    if (quality.grade === 'weak' && good >= N_UP) return { grade: 'good', bad: 0, good: 0 };
    return { grade: quality.grade, bad, good };
}

/** Who is told that a picture stands still because of the own link must not read "good" beside it. */
export function gradeShown(quality: Quality, pictures: readonly PictureState[]): Grade {
    const isThin = pictures.includes('receiver-link');
    return quality.grade === 'good' && isThin ? 'weak' : quality.grade;
}
