// SPDX-License-Identifier: Apache-2.0
// Figures from made-up meters of known calls; the picture's code and SSIM.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direction, glassMs, quantile } from './figures.mjs';
import { frameBits, HEIGHT, N_FRAMES } from './sources.mjs';
import { scale, ssim } from './ssim.mjs';
import { summarize, tables } from './table.mjs';

const START_MS = 1_000_000;
const AUDIO = ['totalSamplesReceived', 'concealedSamples', 'jitterBufferDelay', 'jitterBufferEmittedCount',
    'packetsReceived', 'bytesReceived', 'totalAudioEnergy'];
const VIDEO = ['framesDecoded', 'freezeCount', 'bytesReceived', 'keyFramesDecoded'];
const always = () => true;

/**
 * A meter over 75 s. `heard(s)`: sound arrives (in packets of `ptimeMs`); before `joinedS` there is no
 * row. `seen(s)`: a frame of `height` is shown, 25 a second. Sound is looked at each `lookTicks` 25ths.
 */
function meter({ heard = always, seen = always, joinedS = 0, height = () => HEIGHT, ptimeMs = 20, jitterS = 0.08, lookTicks = 1, shown = [] } = {}) {
    const data = { names: { audio: AUDIO, video: VIDEO }, audio: [], video: [], frames: [], own: [], shown };
    const sum = AUDIO.map(() => 0);
    let decoded = 0;
    for (let tick = 0; tick < 75 * 25; tick++) {
        const s = tick / 25;
        const ms = START_MS + 1000 * s;
        if (s < joinedS) continue;
        sum[0] += 1920;
        if (heard(s)) {
            sum[2] += 1920 * jitterS;
            sum[3] += 1920;
            sum[4] += 40 / ptimeMs;
            sum[5] += 100;
            sum[6] += 0.001;
        } else sum[1] += 1920;
        if (seen(s)) data.frames.push([ms, tick % N_FRAMES, 640, height(s)]);
        decoded = data.frames.length;
        if (tick % lookTicks === 0) data.audio.push([ms, ...sum]);
        data.video.push([ms, decoded, 0, decoded * 1000, 1]);
    }
    return data;
}

const figures = (options, more = {}) => direction({ heard: meter(options), sent: { own: [] }, startMs: START_MS,
    networkMs: 100, fromS: 10, toS: 74, ...more });

function near(got, want, off) {
    assert.ok(Math.abs(got - want) <= off, `${got}, not ${want} within ${off}`);
}

test('a call without faults', () => {
    const got = figures();
    assert.equal(got.goodPct, 100);
    assert.equal(got.concealedPct, 0);
    near(got.mouthToEarMs, 80 + 100 + 20, 1);
    near(got.ptimeMs, 20, 0.1);
    near(got.fps, 25, 0.1);
    assert.equal(got.stillS, 0);
    near(got.longestStillS, 0.04, 0.01);
    near(got.firstSoundS, 0.04, 0.01);
    assert.equal(got.height, HEIGHT);
});

test('longer packets add what their frames wait for', () => {
    near(figures({ ptimeMs: 60 }).mouthToEarMs, 80 + 100 + 20 + 20, 1);
});

test('sound that is concealed for two seconds of every ten', () => {
    const got = figures({ heard: (s) => s % 10 >= 2 });
    near(got.concealedPct, (100 * 14) / 64, 0.5); // 10 to 74 s
    near(got.goodPct, (100 * 50) / 64, 0.5);
    near(got.holeS, 2, 0.15);
});

test('the longest gap, of what is concealed in looks one after another', () => {
    near(figures({ heard: (s) => s < 40 || s >= 40.4 }).gapMs, 400, 0.1);
    near(figures({ heard: (s) => s < 40 || s >= 40.4, lookTicks: 3 }).gapMs, 400, 0.1);
    assert.equal(figures({ heard: (s) => s < 40 || s >= 42, lookTicks: 3 }, { toS: 39 }).gapMs, 0);
    /* 40 ms in each of two looks may be one gap, in each of three not. */
    const single = new Set([1000, 1003, 1006]);
    near(figures({ heard: (s) => !single.has(Math.round(s * 25)), lookTicks: 3 }).gapMs, 80, 0.1);
});

test('pauses of the picture, as its page was told', () => {
    const at = (s, state, mid = '1') => [START_MS + 1000 * s, mid, state];
    const shown = [at(1, 'moving'), at(5, 'stills'), at(12, 'moving'), at(20, 'receiver-link'), at(21, 'stills'), at(29, 'none'),
        at(30, 'moving'), at(31, 'moving'), at(40, 'none'), at(41, 'moving'), at(42, 'stills', '2'), at(43, 'moving', '2'),
        at(80, 'stills')];
    const { pauses, resumes } = figures({ shown });
    assert.deepEqual([pauses, resumes], [1, 2]);
    const none = figures();
    assert.deepEqual([none.pauses, none.resumes], [null, null]);
});

test('four per cent concealed in every second is good, six is not', () => {
    const every = (n) => ({ heard: (s) => Math.round(s * 25) % n !== 0 });
    assert.equal(figures(every(25)).goodPct, 100);
    assert.equal(figures(every(12)).goodPct, 0);
});

test('who never hears or sees anything', () => {
    const got = figures({ heard: () => false, seen: () => false });
    assert.equal(got.firstSoundS, null);
    assert.equal(got.firstFrameS, null);
    assert.equal(got.goodPct, 0);
    near(got.stillS, 64, 0.1);
    const nothing = figures({ joinedS: 100 });
    assert.equal(nothing.concealedPct, null);
    assert.equal(nothing.goodPct, 0);
});

test('a late first sound', () => {
    near(figures({ heard: (s) => s > 5 }).firstSoundS, 5.1, 0.1);
    near(figures({ joinedS: 7 }).firstSoundS, 7.04, 0.1);
});

test('a picture that stands still for six seconds', () => {
    const got = figures({ seen: (s) => s < 40 || s > 46 });
    near(got.stillS, 6, 0.1);
    near(got.longestStillS, 6, 0.1);
});

test('what comes back after an event', () => {
    const event = { fromS: 30 };
    const there = (s) => s < 30 || s > 35;
    const back = figures({ heard: there, seen: there, height: (s) => (s > 30 && s < 41 ? 180 : HEIGHT) }, { event });
    near(back.soundBackS, 5, 0.3);
    near(back.pictureBackS, 5, 0.1);
    near(back.fullBackS, 11, 0.1);
    const late = figures({ heard: (s) => s < 32 || s > 35 }, { event });
    near(late.soundBackS, 5, 0.3);
    assert.equal(figures({}, { event }).soundBackS, 0);
    assert.equal(figures({}, { event }).pictureBackS, 0);
    const dead = figures({ heard: (s) => s < 30, seen: (s) => s < 30 }, { event });
    assert.deepEqual([dead.soundBackS, dead.pictureBackS, dead.fullBackS], [null, null, null]);
});

test('an event counts from the start of the link, which is later than the call', () => {
    const there = (s) => s < 32 || s > 35;
    const late = figures({ heard: there, seen: there, height: (s) => (s > 32 && s < 41 ? 180 : HEIGHT) },
        { event: { fromS: 30 }, linkLateS: 2 });
    near(late.soundBackS, 3, 0.3);
    near(late.pictureBackS, 3, 0.1);
    near(late.fullBackS, 9, 0.1);
    near(figures({ height: (s) => (s > 30 && s < 55 ? 180 : HEIGHT) }, { event: { fromS: 30, fullFromS: 50 }, linkLateS: 2 })
        .fullBackS, 3, 0.1);
});

test('a picture that comes and goes is not back', () => {
    const event = { fromS: 30 };
    const blinks = figures({ seen: (s) => s < 30 || s > 50 || s % 3 < 0.1 }, { event });
    near(blinks.pictureBackS, 20, 0.2);
});

test('how old frames are, over the camera loop', () => {
    const own = [[0, 0], [10_000, 0]];
    assert.deepEqual(glassMs([[120, 0], [9_900, 245], [10_100, 245], [200, null]], own), [120, 100, 300]);
});

test('the code of a frame leaves no doubt', () => {
    const all = Array.from({ length: N_FRAMES }, (_, i) => frameBits(i));
    assert.equal(new Set(all.map((bits) => bits & 0xfff)).size, N_FRAMES);
    assert.ok(all.every((bits, i) => bits >>> 12 === i && bits < 2 ** 20));
});

test('SSIM is 1 for the same picture and falls with faults', () => {
    const [width, height] = [64, 48];
    const picture = Uint8Array.from({ length: width * height }, (_, i) => 128 + 60 * Math.sin(i / 5) + (i % 7));
    const noisy = (by) => picture.map((value, i) => value + ((i * 7919) % 13 - 6) * by);
    assert.equal(ssim(picture, picture, width, height), 1);
    const [little, much] = [ssim(picture, noisy(1), width, height), ssim(picture, noisy(4), width, height)];
    assert.ok(little < 0.999 && much < little - 0.05 && much > 0, `${little} ${much}`);
    const flat = new Uint8Array(width * height).fill(90);
    assert.ok(scale(flat, width, height, 128, 96).every((value) => value === 90));
    const ramp = scale(Float32Array.from([0, 100]), 2, 1, 4, 1);
    assert.deepEqual([...ramp], [0, 25, 75, 100]);
});

test('medians over runs: never is later than everything', () => {
    assert.equal(quantile([4, 1, null, 3], 0.5), 3);
    const run = (firstSoundS) => ({ relay: 'x', profile: 'weak', toDoctor: { firstSoundS }, toPatient: { firstSoundS } });
    assert.equal(summarize([run(4), run(null), run(2)])[0].firstSoundS, 4);
    assert.equal(summarize([run(null), run(null), run(2)])[0].firstSoundS, null);
});

test('from what to what the runs went, where there are several', () => {
    const run = (firstSoundS, fps) => ({ relay: 'x', profile: 'weak', toDoctor: { firstSoundS, fps }, toPatient: { firstSoundS, fps } });
    const rows = summarize([run(4, 2.2), run(null, 0.6), run(2, 9.6)]);
    assert.deepEqual(rows[0].spread.firstSoundS, [2, null]);
    const lines = tables(rows);
    const cells = lines.at(-1).split('|').map((cell) => cell.trim());
    for (const cell of ['D->P', '2.0 to never', '1 to 10', '3']) assert.ok(cells.includes(cell), `${cell}: ${lines.at(-1)}`);
    assert.ok(lines.length > tables(summarize([run(4, 2.2)])).length + 1, 'of one run there is none');
});

test('what misses what was wanted is marked and named', () => {
    const fair = { firstSoundS: 1.54, concealedPct: 0.1, goodPct: 99, mouthToEarMs: 100, fps: 25, height: 360, longestStillS: 0.1 };
    const late = { ...fair, firstSoundS: 1.6, goodPct: 97, fps: null };
    const result = (relay, profile, toDoctor, toPatient) => ({ relay, profile, run: 0, toDoctor, toPatient });
    const lines = tables(summarize([result('huyula', 'good', fair, late), result('janus 512', 'good', late, late)]));
    const missed = lines.filter((line) => line.startsWith('missed:'));
    assert.deepEqual(missed, ['missed: good D->P, first sound s, 1.6, at most 1.5', 'missed: good D->P, good s %, 97, at least 98',
        'missed: good D->P, fps, never, at least 20']);
    assert.match(lines[3], /\| 1\.6 \*/);
    assert.deepEqual(lines.filter((line) => /\*/.test(line)).map((line) => line.slice(0, 25)), [lines[3].slice(0, 25)]);
    const moved = { soundBackS: 2.9, pictureBackS: 4, fullBackS: null };
    const slow = tables(summarize([result('huyula', 'handover_slow', moved, { ...moved, soundBackS: null })]));
    assert.deepEqual(slow.filter((line) => line.startsWith('missed:')), ['missed: handover_slow D->P, back s sound, never, at most 3']);
    assert.match(slow[3], /never \/ 4\.0 \/ never \*/);
});
