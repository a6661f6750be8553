// SPDX-License-Identifier: Apache-2.0
// What getStats() says, boiled down to one small sample per interval. Pure.

export interface Counters {
    readonly atMs: number;
    readonly rttMs: number | null;
    readonly bytesIn: number;
    readonly bytesOut: number;
    readonly packetsIn: number;
    readonly lostIn: number;
    readonly framesIn: number;
    readonly audioPacketsIn: number;
    readonly packetsOut: number;
    /** Of what we send, as the server counts it. Not its fractions: of sound those tell our Opus how much to repeat. */
    readonly lostOut: number;
}

export interface CallSample {
    readonly rttMs: number | null;
    readonly bpsIn: number;
    readonly bpsOut: number;
    readonly lossIn: number;
    readonly lossOut: number;
    readonly fpsIn: number;
    readonly audioIn: boolean;
    readonly videoIn: boolean;
}

type Row = Readonly<Record<string, unknown>>;

function number(row: Row, key: string): number {
    const value = row[key];
    return typeof value === 'number' ? value : 0;
}

/* A pair in use is checked again and again, and `in-progress` until the answer is there: on a long path with losses
 * for seconds. */
const IN_USE: ReadonlySet<unknown> = new Set(['succeeded', 'in-progress']);

export function readCounters(rows: Iterable<Row>, atMs: number): Counters {
    const c = {
        atMs, rttMs: null as number | null, bytesIn: 0, bytesOut: 0, packetsIn: 0, lostIn: 0,
        framesIn: 0, audioPacketsIn: 0, packetsOut: 0, lostOut: 0,
    };
    for (const row of rows) {
        if (row.type === 'candidate-pair' && IN_USE.has(row.state) && row.nominated === true) {
            if (typeof row.currentRoundTripTime === 'number') c.rttMs = row.currentRoundTripTime * 1000;
            c.bytesIn += number(row, 'bytesReceived');
            c.bytesOut += number(row, 'bytesSent');
        } else if (row.type === 'inbound-rtp') {
            c.packetsIn += number(row, 'packetsReceived');
            c.lostIn += number(row, 'packetsLost');
            c.framesIn += number(row, 'framesDecoded');
            if (row.kind !== 'audio') continue;
            c.audioPacketsIn += number(row, 'packetsReceived');
        } else if (row.type === 'outbound-rtp') {
            c.packetsOut += number(row, 'packetsSent');
        } else if (row.type === 'remote-inbound-rtp') {
            c.lostOut += number(row, 'packetsLost');
        }
    }
    return c;
}

export function sampleBetween(before: Counters, now: Counters): CallSample {
    const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1000);
    const rate = (a: number, b: number) => Math.max(0, b - a) / seconds;
    const got = Math.max(0, now.packetsIn - before.packetsIn);
    const lost = Math.max(0, now.lostIn - before.lostIn);
    const sent = Math.max(0, now.packetsOut - before.packetsOut);
    const lostOut = Math.max(0, now.lostOut - before.lostOut);
    const fps = rate(before.framesIn, now.framesIn);
    return {
        rttMs: now.rttMs,
        bpsIn: rate(before.bytesIn, now.bytesIn) * 8,
        bpsOut: rate(before.bytesOut, now.bytesOut) * 8,
        lossIn: got + lost > 0 ? lost / (got + lost) : 0,
        lossOut: sent > 0 ? Math.min(1, lostOut / sent) : 0,
        fpsIn: fps,
        audioIn: now.audioPacketsIn > before.audioPacketsIn,
        videoIn: fps > 0,
    };
}
