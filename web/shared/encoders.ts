// SPDX-License-Identifier: Apache-2.0
// Keeps a connection's encoders at what the server asks for (hint.ts). One change at a time, always the
// newest; what a browser refuses is tried again or done without. No picture before the first hint.
import { encodingsOf, NO_VIDEO, roomBeside, videoPlan, type Encoding, type VideoPlan } from './hint';
import type { Hint } from './messages';
import { limitRate } from './peer';
import type { Kind, OpusWish } from './sdp';
import { Timers } from './timers';

/* While no hint can come: what leaves room on a link of 30 kbit/s for the socket, by which they come, to be opened
 * beside it. With reports, 16 kbit/s fill such a link for good (32 on the wire): its queue then has room for small packets,
 * never for the first one of TLS, and the socket stayed shut in five calls of 14 (tests/netlab, "floor"). Of 8 it is 22. */
const ALONE: OpusWish = { bitrate: 8000, ptime: 60, fec: true, red: false };
const RETRY_MS = { first: 1000, last: 30_000 };
const FRAME_LOOK_MS = 100;
const FRAME_LOOKS = 15;
/* A browser that does not count key frames has sent one by then. */
const BLIND_LOOKS = 4;

export interface EncoderHost {
    readonly sender: (kind: Kind) => RTCRtpSender | undefined;
    /** Sets the last answer again with this wish; false when an offer is under way, whose answer gets it. */
    readonly reapply: (wish: OpusWish) => Promise<boolean>;
    readonly maxAudioBps: number | undefined;
}

function keyOf(wish: OpusWish): string {
    return `${wish.ptime} ${wish.fec} ${wish.red} ${wish.bitrate}`;
}

async function keyFramesOf(sender: RTCRtpSender): Promise<number | null> {
    let count: number | null = null;
    (await sender.getStats()).forEach((row: { type: string; keyFramesEncoded?: number }) => {
        if (row.type !== 'outbound-rtp' || row.keyFramesEncoded === undefined) return;
        count = (count ?? 0) + row.keyFramesEncoded;
    });
    return count;
}

export class Encoders {
    private hint: Hint | null = null;
    private alone = false;
    private mayOut = 0;
    private plan: VideoPlan = NO_VIDEO;
    /** What the sound's description says now, and what the video's encodings were set to. */
    private opusKey = '';
    private videoKey = '';
    private temporal = true;
    /** The server takes the small layer too. */
    private layers = false;
    private chain: Promise<void> = Promise.resolve();
    private syncDue = false;
    private failures = 0;
    private stopped = false;
    private readonly timers = new Timers();

    constructor(private readonly host: EncoderHost) {}

    /** What answers are to be written with. */
    get wish(): OpusWish {
        const asked = this.hint?.audio;
        return (!this.alone && asked) || { ...ALONE, ptime: Math.max(ALONE.ptime, asked?.ptime ?? 0) };
    }

    stop(): void {
        this.stopped = true;
        this.timers.clearAll();
    }

    onHint(hint: Hint): void {
        this.hint = hint;
        this.replan();
        void this.limitSound(); // does not wait for a still on its way
        this.sync();
    }

    /** Without a socket for long: what was asked for last may be what keeps it shut. With one again that counts again. */
    setAlone(alone: boolean): void {
        if (alone === this.alone) return;
        this.alone = alone;
        this.replan();
        this.sync();
    }

    /** What the browser thinks its link carries, bit/s; 0: it does not say. */
    setMayOut(bps: number): void {
        const { plan } = this;
        this.mayOut = bps;
        this.replan();
        if (plan !== this.plan && !this.timers.has('retry')) this.sync();
    }

    /** An answer was set, written with `wish`. */
    onAnswer(wish: OpusWish, layers = false): void {
        this.layers = layers;
        this.opusKey = keyOf(wish);
        this.videoKey = '';
        this.sync();
    }

    /** Another camera, or none: its size counts. */
    onTrack(): void {
        this.replan();
        this.sync();
    }

    private replan(): void {
        const { alone, hint } = this;
        const track = this.host.sender('video')?.track;
        const plan = hint && !alone ? videoPlan(hint.video, track?.getSettings() ?? {}, roomBeside(hint.audio, this.host.sender('audio')?.track ? this.mayOut : 0)) : NO_VIDEO;
        /* The same object while nothing changes: a still that is under way ends with its plan. */
        if (JSON.stringify(plan) === JSON.stringify(this.plan)) return;
        if (plan.stillEveryMs !== this.plan.stillEveryMs) this.timers.clear('still');
        this.plan = plan;
    }

    private sync(): void {
        if (this.syncDue || this.stopped) return;
        this.syncDue = true;
        this.enqueue(() => {
            this.syncDue = false;
            return this.apply();
        });
    }

    /* A negotiation in between makes setParameters() fail (InvalidStateError): once more, with what is newest then. */
    private enqueue(job: () => Promise<void>): void {
        this.chain = this.chain.then(job).catch(() => {
            this.videoKey = '';
            if (this.stopped) return;
            const pause = Math.min(RETRY_MS.last, RETRY_MS.first * 2 ** this.failures);
            this.failures += 1;
            this.timers.set('retry', pause, () => this.sync());
        });
    }

    private async apply(): Promise<void> {
        if (this.stopped) return;
        await this.limitSound();
        const { plan } = this;
        if (plan.stillEveryMs === null) {
            this.timers.clear('still');
            await this.setVideo(plan);
        } else if (!this.timers.has('still')) {
            await this.still();
        }
        await this.applyOpus();
        this.failures = 0;
    }

    /** A limit of the encoding overrides what the description says. */
    private async limitSound(): Promise<void> {
        const audio = this.host.sender('audio');
        if (audio) await limitRate(audio, Math.min(this.wish.bitrate, this.host.maxAudioBps ?? Infinity));
    }

    private async applyOpus(): Promise<void> {
        const { wish } = this;
        if (this.stopped || keyOf(wish) === this.opusKey) return;
        if (await this.host.reapply(wish)) this.opusKey = keyOf(wish);
    }

    private async setVideo(plan: VideoPlan): Promise<void> {
        const sender = this.host.sender('video');
        const parameters = sender?.getParameters();
        if (!sender || !parameters?.encodings?.length) return;
        const rids = parameters.encodings.map((one: Encoding) => one.rid);
        const wanted = encodingsOf({ ...plan, layers: plan.layers && this.layers }, rids, this.temporal);
        const key = JSON.stringify(wanted);
        if (key === this.videoKey) return;
        parameters.encodings.forEach((one, index) => Object.assign(one, wanted[index]));
        /* The hint has the lines that a rate is enough for. A browser that takes away some of its own keeps to fewer
         * for a quarter of a minute after a change of network. */
        parameters.degradationPreference = 'maintain-resolution';
        try {
            await sender.setParameters(parameters);
        } catch (error) {
            const busy = error instanceof Error && error.name === 'InvalidStateError';
            if (busy || !this.temporal || !plan.active) throw error;
            this.temporal = false;
            return this.setVideo(plan);
        }
        this.videoKey = key;
    }

    /**
     * One key frame and nothing else: an encoder that is switched on begins with one, and is off again as soon
     * as it is out. (Chromium takes a maxFramerate of 0.2 for none.)
     */
    private async still(): Promise<void> {
        const { plan } = this;
        const sender = this.host.sender('video');
        if (this.stopped || plan.stillEveryMs === null || !sender) return;
        this.timers.set('still', plan.stillEveryMs, () => this.enqueue(() => this.still()));
        await this.setVideo(NO_VIDEO);
        if (!sender.track) return;
        const before = await keyFramesOf(sender);
        await this.setVideo(plan);
        let isOut = false;
        for (let n = 0; n < FRAME_LOOKS && !isOut && this.plan === plan && !this.stopped; n++) {
            await new Promise<void>((done) => this.timers.set('frame', FRAME_LOOK_MS, done));
            const now = await keyFramesOf(sender);
            isOut = now === null ? n >= BLIND_LOOKS : now > (before ?? 0);
        }
        await this.setVideo(NO_VIDEO);
        /* Cut short: the new plan's is taken at once, not when the next is due. */
        if (!isOut && this.plan !== plan) this.timers.clear('still');
    }
}
