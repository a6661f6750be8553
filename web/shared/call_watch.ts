// SPDX-License-Identifier: Apache-2.0
// Looks at a connection's numbers: a sample every 2 s, and at once when nothing arrives any more, which the
// browser itself says only after 6 s. Sets the receivers' jitter targets. Knows no DOM.
import { readCounters, sampleBetween, type CallSample, type Counters } from './call_stats';
import { Timers } from './timers';

const LOOK_MS = 300;
const LOOKS_PER_SAMPLE = 7;
const DENSE_LOOKS = 6;

export interface WatchHandlers {
    readonly onSample: (sample: CallSample) => void;
    /** What the browser thinks its link carries, at each look. */
    readonly onMayOut: (bps: number) => void;
    /** Nothing has come for so long; called at each look, 0 when something came again. */
    readonly onSilence: (silentMs: number) => void;
}

/** How long received sound and pictures are held back at least, ms, and other m-lines; 0: as the browser likes. */
export interface Hold {
    readonly audio: number;
    readonly video: number;
    readonly ofMid: Readonly<Record<string, number>>;
}

export class CallWatch {
    private readonly timers = new Timers();
    private counters: Counters | null = null;
    private looks = 0;
    private bytesIn = 0;
    /** Counted in looks, not by the clock: a page that slept has not listened. */
    private silentLooks = 0;
    private flowingLooks = 0;
    private stopped = false;
    /** Something came with each look for some seconds, before it ended. */
    wasDense = false;
    hold: Hold = { audio: 0, video: 0, ofMid: {} };

    constructor(
        private readonly pc: RTCPeerConnection,
        private readonly handlers: WatchHandlers,
    ) {
        this.again();
    }

    stop(): void {
        this.stopped = true;
        this.timers.clearAll();
    }

    private again(): void {
        this.timers.set('look', LOOK_MS, () => void this.look());
    }

    private async look(): Promise<void> {
        const rows: Record<string, unknown>[] = [];
        (await this.pc.getStats()).forEach((row: Record<string, unknown>) => rows.push(row));
        if (this.stopped) return;
        const counters = readCounters(rows, performance.now());
        this.handlers.onMayOut(counters.mayOut);
        this.listen(counters.bytesIn);
        this.looks += 1;
        if (this.looks % LOOKS_PER_SAMPLE === 0) this.sample(counters);
        this.again();
    }

    /** Silence counts once something had come; another path's counter starts anew. */
    private listen(bytesIn: number): void {
        const had = this.bytesIn > 0;
        const came = bytesIn !== this.bytesIn && bytesIn > 0;
        if (came) this.bytesIn = bytesIn;
        if (!came && this.flowingLooks > 0) this.wasDense = this.flowingLooks >= DENSE_LOOKS;
        this.flowingLooks = came ? this.flowingLooks + 1 : 0;
        const before = this.silentLooks;
        this.silentLooks = came || !had ? 0 : before + 1;
        if (this.silentLooks > 0 || before > 0) this.handlers.onSilence(this.silentLooks * LOOK_MS);
    }

    private sample(counters: Counters): void {
        const before = this.counters;
        this.counters = counters;
        this.holdBack();
        if (!before) return;
        const sample = sampleBetween(before, counters);
        this.handlers.onSample(sample);
    }

    private holdBack(): void {
        for (const { mid, receiver } of this.pc.getTransceivers()) {
            if (!('jitterBufferTarget' in receiver)) continue;
            const usualMs = receiver.track.kind === 'audio' ? this.hold.audio : this.hold.video;
            const targetMs = (this.hold.ofMid[mid ?? ''] ?? usualMs) || null;
            if (receiver.jitterBufferTarget !== targetMs) receiver.jitterBufferTarget = targetMs;
        }
    }
}
