// SPDX-License-Identifier: Apache-2.0
// Encoders against a pretended sender: stills one by one, and browsers that refuse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Encoders } from './encoders';
import { FakeTimers, settle } from './fake_timers';
import type { Hint } from './messages';
import type { Kind, OpusWish } from './sdp';

const HINT: Hint = {
    audio: { bitrate: 12_000, ptime: 60, fec: false, red: false, reach: 0 },
    jitter: 0,
    jitter_video: 0,
    video: { bitrate: 90_000, height: 180, fps: 8, stills: false, layers: false, small_bitrate: 0 },
};
const STILLS: Hint = { ...HINT, video: { bitrate: 5000, height: 90, fps: 0.2, stills: true, layers: false, small_bitrate: 0 } };

class FakeVideo {
    track: { getSettings: () => object } | null = { getSettings: () => ({ width: 640, height: 360 }) };
    encodings: Record<string, unknown>[] = [{ active: false }];
    /** Each thing that was set, as far as it was taken. */
    changes: string[] = [];
    keyFrames: number | undefined = 0;
    /** What setParameters() throws next, and for how long. */
    refuse: ((wanted: Record<string, unknown>) => string | null) | null = null;
    getParameters(): { encodings: Record<string, unknown>[] } {
        return structuredClone({ encodings: this.encodings });
    }
    degradation: unknown;
    async setParameters({ encodings, degradationPreference }: { encodings: Record<string, unknown>[]; degradationPreference?: string }): Promise<void> {
        this.degradation = degradationPreference;
        const name = this.refuse?.(encodings[0] ?? {});
        if (name) throw Object.assign(new Error('refused'), { name });
        this.encodings = encodings;
        this.changes.push(encodings[0]?.active ? `on ${String(encodings[0].maxBitrate)}` : 'off');
    }
    async getStats(): Promise<Map<string, object>> {
        return new Map([['v', { type: 'outbound-rtp', kind: 'video', keyFramesEncoded: this.keyFrames }]]);
    }
}

class World {
    video = new FakeVideo();
    audio: FakeVideo | undefined;
    wishes: OpusWish[] = [];
    takesWishes = true;
    encoders = new Encoders({
        sender: (kind: Kind) => (kind === 'video' ? this.video : this.audio) as unknown as RTCRtpSender | undefined,
        reapply: async (wish) => {
            if (this.takesWishes) this.wishes.push(wish);
            return this.takesWishes;
        },
        maxAudioBps: 32_000,
    });
}

let current: FakeTimers;

function timed(name: string, run: (world: World) => Promise<void>): void {
    test(name, async () => {
        current = new FakeTimers();
        const world = new World();
        try {
            await run(world);
        } finally {
            world.encoders.stop();
            current.restore();
        }
    });
}

timed('a still is one key frame, then nothing until the next', async (w) => {
    w.encoders.onHint(STILLS);
    await settle();
    assert.deepEqual(w.video.changes, ['off', 'on 25000']);
    assert.equal(w.video.encodings[0]?.scaleResolutionDownBy, 4);
    await current.advance(300);
    assert.deepEqual(w.video.changes, ['off', 'on 25000'], 'the camera takes its time');
    w.video.keyFrames = 1;
    await current.advance(100);
    assert.deepEqual(w.video.changes, ['off', 'on 25000', 'off']);
    await current.advance(4000);
    assert.equal(w.video.changes.length, 3);
    await current.advance(600);
    assert.equal(w.video.changes.length, 4, 'five seconds after the first');
});

timed('the browser takes away images, never lines: those are the hint\'s', async (w) => {
    w.encoders.onHint(HINT);
    await settle();
    assert.equal(w.video.degradation, 'maintain-resolution');
});

timed('a camera that gives nothing is waited for in vain only so long', async (w) => {
    w.encoders.onHint(STILLS);
    await current.advance(1500);
    assert.deepEqual(w.video.changes, ['off', 'on 25000', 'off']);
});

timed('a browser that does not count key frames has half a second for one', async (w) => {
    w.video.keyFrames = undefined;
    w.encoders.onHint(STILLS);
    await current.advance(500);
    assert.deepEqual(w.video.changes, ['off', 'on 25000', 'off']);
});

timed('without a camera no still is taken', async (w) => {
    w.video.track = null;
    w.encoders.onHint(STILLS);
    await current.advance(12_000);
    assert.deepEqual(w.video.changes, ['off']);
});

timed('a moving picture ends the stills at once, and the other way round', async (w) => {
    w.encoders.onHint(STILLS);
    await current.advance(200);
    w.encoders.onHint(HINT);
    await current.advance(100);
    assert.equal(w.video.changes[w.video.changes.length - 1], 'on 90000');
    const n = w.video.changes.length;
    await current.advance(20_000);
    assert.equal(w.video.changes.length, n);
    w.encoders.onHint(STILLS);
    await settle();
    assert.deepEqual(w.video.changes.slice(n), ['off', 'on 25000']);
});

timed('a hint about sound alone leaves a still under way as it is', async (w) => {
    w.encoders.onHint(STILLS);
    await settle();
    for (const bitrate of [8000, 9000, 10_000]) {
        await current.advance(300);
        w.encoders.onHint({ ...STILLS, audio: { ...STILLS.audio, bitrate } });
    }
    await current.advance(200);
    assert.deepEqual(w.video.changes, ['off', 'on 25000'], 'a slow phone needs more than a second');
    w.video.keyFrames = 1;
    await current.advance(100);
    assert.deepEqual(w.video.changes, ['off', 'on 25000', 'off']);
    await current.advance(3600);
    assert.equal(w.video.changes.length, 3);
    await current.advance(300);
    assert.equal(w.video.changes.length, 4, 'five seconds after the first');
});

timed('a hint that changes the still under way ends it, and another begins at once', async (w) => {
    w.encoders.onHint(STILLS);
    await current.advance(200);
    w.encoders.onHint({ ...STILLS, video: { ...STILLS.video, bitrate: 4000 } });
    await current.advance(100);
    assert.deepEqual(w.video.changes, ['off', 'on 25000', 'off', 'on 20000']);
    w.video.keyFrames = 1;
    await current.advance(100);
    assert.equal(w.video.changes[4], 'off');
    await current.advance(4700);
    assert.equal(w.video.changes.length, 5);
    await current.advance(300);
    assert.deepEqual(w.video.changes.slice(5), ['on 20000'], 'five seconds after it');
});

timed('a hint that changes the next still does not take one that is out again', async (w) => {
    w.encoders.onHint(STILLS);
    await settle();
    w.video.keyFrames = 1;
    w.encoders.onHint({ ...STILLS, video: { ...STILLS.video, bitrate: 4000 } });
    await current.advance(1000);
    assert.deepEqual(w.video.changes, ['off', 'on 25000', 'off']);
});

timed('stills at another pace begin at once', async (w) => {
    w.encoders.onHint({ ...STILLS, video: { ...STILLS.video, fps: 0.05 } });
    await current.advance(2000);
    assert.equal(w.video.changes.length, 3);
    w.encoders.onHint({ ...STILLS, video: { ...STILLS.video, fps: 1 } });
    await settle();
    assert.equal(w.video.changes.length, 4);
});

timed('what fails because a negotiation runs is tried again, with what is newest then', async (w) => {
    w.video.refuse = () => 'InvalidStateError';
    w.encoders.onHint(HINT);
    await settle();
    w.encoders.onHint({ ...HINT, video: { ...HINT.video, bitrate: 50_000 } });
    await settle();
    w.video.refuse = null;
    assert.deepEqual(w.video.changes, []);
    await current.advance(4000);
    assert.deepEqual(w.video.changes, ['on 50000']);
    assert.equal(w.video.encodings[0]?.scalabilityMode, 'L1T2');
});

timed('a browser without temporal layers has one', async (w) => {
    w.video.refuse = (wanted) => ('scalabilityMode' in wanted ? 'OperationError' : null);
    w.encoders.onHint(HINT);
    await settle();
    assert.deepEqual(w.video.changes, ['on 90000']);
});

timed('a browser that refuses for ever is asked less and less often', async (w) => {
    let asked = 0;
    w.video.refuse = () => {
        asked += 1;
        return 'InvalidStateError';
    };
    w.encoders.onHint(HINT);
    await current.advance(60_000);
    assert.ok(asked >= 5 && asked <= 8, `asked ${asked} times`);
});

timed('a wish that found an offer under way is not lost', async (w) => {
    w.takesWishes = false;
    w.encoders.onHint(HINT);
    await settle();
    assert.deepEqual(w.wishes, []);
    w.takesWishes = true;
    w.encoders.onAnswer(HINT.audio);
    await settle();
    assert.deepEqual(w.wishes, [], 'its answer had it');
    w.encoders.onAnswer({ ...HINT.audio, bitrate: 9000 });
    await settle();
    assert.deepEqual(w.wishes, [HINT.audio], 'this one had not');
});

timed('the rate counts from the size of the camera that is on', async (w) => {
    w.encoders.onHint(HINT);
    await settle();
    assert.equal(w.video.encodings[0]?.scaleResolutionDownBy, 2);
    w.video.track = { getSettings: () => ({ width: 720, height: 1280 }) };
    w.encoders.onTrack();
    await settle();
    assert.equal(w.video.encodings[0]?.scaleResolutionDownBy, 4);
});

timed('the small layer waits for an answer that takes it', async (w) => {
    w.video.encodings = [{ rid: 'h', active: false }, { rid: 'l', active: false }];
    const active = () => w.video.encodings.map((one) => one.active);
    w.encoders.onHint({ ...HINT, video: { ...HINT.video, layers: true, small_bitrate: 30_000 } });
    await settle();
    assert.deepEqual(active(), [true, false]);
    w.encoders.onAnswer(HINT.audio, true);
    await settle();
    assert.deepEqual(active(), [true, true]);
    w.encoders.onHint(HINT);
    await settle();
    assert.deepEqual(active(), [true, false]);
});

timed('what the browser thinks its link carries limits a picture beside copies of sound', async (w) => {
    const copies = { ...HINT, audio: { ...HINT.audio, bitrate: 24_000, ptime: 20, red: true, reach: 2 } };
    w.audio = new FakeVideo();
    w.encoders.setMayOut(150_000);
    w.encoders.onHint(copies);
    await settle();
    assert.deepEqual(w.video.changes, ['on 30000']);
    w.encoders.setMayOut(155_000);
    await settle();
    assert.deepEqual(w.video.changes, ['on 30000', 'on 40000']);
    w.encoders.setMayOut(156_000);
    await settle();
    assert.equal(w.video.changes.length, 2, 'not at each look');
    w.encoders.setMayOut(900_000);
    await settle();
    assert.equal(w.video.changes.at(-1), 'on 90000', 'no more than is asked for');
    w.encoders.setMayOut(150_000);
    w.encoders.onHint(HINT);
    await settle();
    assert.equal(w.video.changes.at(-1), 'on 90000', 'without copies it knows by itself');
    w.encoders.onHint(copies);
    await settle();
    assert.equal(w.video.changes.at(-1), 'on 30000');
    w.audio.track = null;
    w.encoders.onTrack();
    await settle();
    assert.equal(w.video.changes.at(-1), 'on 90000', 'with the microphone off there are none');
});

timed('while no hint can come sound is thin and there is no picture', async (w) => {
    const sound = new FakeVideo();
    sound.encodings = [{ active: true }];
    const encoders = new Encoders({
        sender: (kind: Kind) => (kind === 'audio' ? sound : w.video) as unknown as RTCRtpSender,
        reapply: async () => true, maxAudioBps: 32_000,
    });
    const thin = { bitrate: 8000, ptime: 60, fec: true, red: false };
    assert.deepEqual(encoders.wish, thin);
    encoders.onAnswer(encoders.wish);
    await settle();
    assert.equal(sound.encodings[0]?.maxBitrate, 8000);
    encoders.onHint(HINT);
    await settle();
    assert.deepEqual([sound.encodings[0]?.maxBitrate, w.video.changes.at(-1)], [12_000, 'on 90000']);
    encoders.setAlone(true);
    await settle();
    assert.deepEqual(encoders.wish, thin);
    assert.deepEqual([sound.encodings[0]?.maxBitrate, w.video.changes.at(-1)], [8000, 'off']);
    encoders.setAlone(false);
    await settle();
    assert.deepEqual([sound.encodings[0]?.maxBitrate, w.video.changes.at(-1)], [12_000, 'on 90000']);
    encoders.stop();
});
