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
    /** All that the browser thinks its link carries, bit/s; 0: it does not say. */
    readonly mayOut: number;
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

const number = (row: Row, key: string): number => Number(row[key]) || 0;

export function readCounters(rows: Iterable<Row>, atMs: number): Counters {
    const c = {
        atMs, rttMs: null as number | null, bytesIn: 0, bytesOut: 0, packetsIn: 0, lostIn: 0,
        framesIn: 0, audioPacketsIn: 0, packetsOut: 0, lostOut: 0, mayOut: 0,
    };
    for (const row of rows) {
        /* A pair in use is checked again and again, and `in-progress` until the answer is there: on a long path with
         * losses for seconds. */
        if (row.type === 'candidate-pair' && row.nominated && row.state !== 'failed') {
            c.rttMs = number(row, 'currentRoundTripTime') * 1000 || c.rttMs;
            c.mayOut += number(row, 'availableOutgoingBitrate'); // of the pair in use alone
            c.bytesIn += number(row, 'bytesReceived');
            c.bytesOut += number(row, 'bytesSent');
        } else if (row.type === 'inbound-rtp') {
            c.packetsIn += number(row, 'packetsReceived');
            c.lostIn += number(row, 'packetsLost');
            c.framesIn += number(row, 'framesDecoded');
            if (row.kind === 'audio') c.audioPacketsIn += number(row, 'packetsReceived');
        } else if (row.type === 'outbound-rtp') {
            c.packetsOut += number(row, 'packetsSent');
        } else if (row.type === 'remote-inbound-rtp') {
            c.lostOut += number(row, 'packetsLost');
        }
    }
    return c;
}

export function sampleBetween(before: Counters, now: Counters): CallSample {
    const grown = (key: Exclude<keyof Counters, 'rttMs'>) => Math.max(0, now[key] - before[key]);
    const seconds = Math.max(0.001, grown('atMs') / 1000);
    const got = grown('packetsIn');
    const lost = grown('lostIn');
    const sent = grown('packetsOut');
    const fpsIn = grown('framesIn') / seconds;
    return {
        rttMs: now.rttMs,
        bpsIn: (grown('bytesIn') * 8) / seconds,
        bpsOut: (grown('bytesOut') * 8) / seconds,
        lossIn: got + lost > 0 ? lost / (got + lost) : 0,
        lossOut: sent > 0 ? Math.min(1, grown('lostOut') / sent) : 0,
        fpsIn,
        audioIn: grown('audioPacketsIn') > 0,
        videoIn: fpsIn > 0,
    };
}
