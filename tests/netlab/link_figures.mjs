// SPDX-License-Identifier: Apache-2.0
// From what the emulator counted of one direction (link_counts.h) to its figures. Pure functions.
import { quantile } from './figures.mjs';

const FIRST_S = 3;
const CLASSES = ['rtp', 'rtcp', 'udp', 'tcp'];

/* Of a link whose rate falls and rises again: so much of it at most is sent soon, in so long a window (the
 * simulator's), the queue is looked at from then on; so much is used soon after it has risen, and from then on. */
const FALLEN = { share: 0.95, windowS: 1.5, queueFromS: 3 };
const RISEN = { share: 0.8, windowS: 3, usedFromS: 8 };
const STEP_S = 0.1;

const kbpsOf = (bytes, seconds) => (8 * bytes) / 1000 / seconds;

/** What was offered in three seconds of the link's clock, in kB; within each of its seconds as if evenly. */
export function threeSecondsKb(way, fromS) {
    const shareOf = (second) => Math.max(0, Math.min(second + 1, fromS + FIRST_S) - Math.max(second, fromS));
    return way.seconds.reduce((total, [offered], second) => total + shareOf(second) * offered, 0) / 1000;
}

/**
 * `way`: one direction of the report, whose counts are of the last `seconds`. `kbps`: what the line takes, where that is one
 * figure all the time: what of it was taken, by RTCP alone, and by what was offered in the call's first three seconds; the
 * link's clock began `linkLateS` after the call. What is lost on the line has taken it, what the full queue dropped has not.
 */
export function linkFigures(way, { seconds, kbps, linkLateS = 0 }) {
    const sum = (field) => CLASSES.reduce((total, name) => total + way[name][field], 0);
    const carriedKbps = kbpsOf(sum('delivered_bytes') + sum('lost_bytes'), seconds);
    const linkRtcpKbps = kbpsOf(way.rtcp.offered_bytes, seconds);
    const firstKb = threeSecondsKb(way, -linkLateS);
    return {
        linkKbps: kbpsOf(sum('delivered_bytes'), seconds),
        linkOfferedKbps: kbpsOf(sum('offered_bytes'), seconds),
        carriedKbps, linkRtcpKbps,
        linkDropPct: (100 * sum('dropped')) / Math.max(1, sum('offered')),
        linkQueueP50Ms: way.rtp.queue_ms.p50,
        linkQueueP95Ms: way.rtp.queue_ms.p95,
        firstKb,
        ...(kbps ? {
            usedPct: (100 * carriedKbps) / kbps,
            rtcpPct: (100 * linkRtcpKbps) / kbps,
            firstPct: (100 * firstKb) / ((kbps * FIRST_S) / 8),
        } : {}),
    };
}

/** The first moment from `fromS` on for which `holds`, as seconds since then; null when there is none until `toS`. */
function firstS(fromS, toS, holds) {
    for (let i = 0; fromS + i * STEP_S <= toS; i++) if (holds(fromS + i * STEP_S)) return i * STEP_S;
    return null;
}

/**
 * Of the report's list of packets, over a link of `kbps` that has `lowKbps` from `fallS` to `riseS`: seconds after the fall
 * until no more than 95 % of the link is sent, the queue from 3 s after it on, seconds after the rise until 80 % of the link
 * is used, and what is used of it from 8 s after on. null: never, or nothing to tell by.
 */
export function stepFigures(packets, { fallS, riseS, kbps, lowKbps }, toS) {
    const crossed = packets.filter(([, , fate]) => fate === 'delivered' || fate === 'lost');
    const sent = packets.map(([ms, , , bytes]) => [ms / 1000, bytes]);
    const carried = crossed.map(([ms, , , bytes, queuedMs]) => [(ms + queuedMs) / 1000, bytes]);
    const rate = (list, fromS, untilS) => kbpsOf(list.reduce((sum, [s, bytes]) =>
        (s >= fromS && s < untilS ? sum + bytes : sum), 0), untilS - fromS);
    const waited = crossed.filter(([ms, name]) => name === 'rtp' &&
        ms >= 1000 * (fallS + FALLEN.queueFromS) && ms < 1000 * riseS).map((one) => one[4]);
    const usedFromS = riseS + RISEN.usedFromS;
    return {
        fallenS: firstS(fallS, riseS - FALLEN.windowS, (s) => rate(sent, s, s + FALLEN.windowS) <= FALLEN.share * lowKbps),
        fallenQueueP95Ms: quantile(waited, 0.95),
        risenS: firstS(riseS, toS - RISEN.windowS, (s) => rate(carried, s, s + RISEN.windowS) >= RISEN.share * kbps),
        risenUsedPct: toS > usedFromS ? (100 * rate(carried, usedFromS, toS)) / kbps : null,
    };
}
