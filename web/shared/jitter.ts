// SPDX-License-Identifier: Apache-2.0
// How long received sound is held back so that a packet asked for again (NACK) still arrives in time. Pure.

export interface Jitter {
    /** For RTCRtpReceiver.jitterBufferTarget, ms; null: as the browser likes. */
    readonly targetMs: number | null;
    readonly untilMs: number;
}

export const FREE_JITTER: Jitter = { targetMs: null, untilMs: 0 };

/* The relay answers NACKs for Opus below this round trip only. */
const NACK_RTT_MS = 250;
const LOSS = 0.01;
/* Noticing the gap, and a packet of up to 60 ms. */
const EXTRA_MS = 60;
const STEP_MS = 20;
/* Each change stretches or squeezes speech: what was needed is kept this long. */
const HOLD_MS = 10_000;

/** `asked`: part of the audio packets that were lost or asked for again. */
export function nextJitter(jitter: Jitter, rttMs: number | null, asked: number, nowMs: number): Jitter {
    if (rttMs === null) return jitter;
    if (rttMs >= NACK_RTT_MS) return FREE_JITTER;
    if (asked > LOSS) {
        const wanted = Math.ceil((rttMs + EXTRA_MS) / STEP_MS) * STEP_MS;
        return { targetMs: Math.max(wanted, jitter.targetMs ?? 0), untilMs: nowMs + HOLD_MS };
    }
    return nowMs < jitter.untilMs ? jitter : FREE_JITTER;
}
