// SPDX-License-Identifier: Apache-2.0
// From what a page's meter saw (page_meter.js) to the figures of one direction. Pure functions; times of
// the meter are milliseconds of one clock, times in results are seconds from the call's start.
import { FPS, HEIGHT, N_FRAMES } from './sources.mjs';

const GOOD_CONCEALED = 0.05;
const STILL_S = 1;
const SENDER_MS = 20;
const WHOLE = 0.9;
/* Sound or picture is back when the next seconds are good. */
const BACK_S = 3;
const FULL_S = 2;

export const median = (values) => quantile(values, 0.5);

export function quantile(values, share) {
    const sorted = values.filter((one) => one !== null && Number.isFinite(one)).sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const at = share * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/** Rows [ms, value...] of counters as a function of time: linear between rows, level outside. */
export class Series {
    constructor(rows, names, startMs) {
        this.rows = rows;
        this.startMs = startMs;
        this.column = Object.fromEntries(names.map((name, i) => [name, i + 1]));
    }

    at(name, s) {
        const { rows } = this;
        const column = this.column[name];
        const ms = this.startMs + 1000 * s;
        if (rows.length === 0 || ms < rows[0][0]) return 0;
        let [low, high] = [0, rows.length - 1];
        if (ms >= rows[high][0]) return rows[high][column];
        while (high - low > 1) {
            const middle = (low + high) >> 1;
            if (rows[middle][0] <= ms) low = middle;
            else high = middle;
        }
        const share = (ms - rows[low][0]) / (rows[high][0] - rows[low][0]);
        return rows[low][column] + share * (rows[high][column] - rows[low][column]);
    }

    /** How much it grew between two moments. */
    grown(name, fromS, toS) {
        return this.at(name, toS) - this.at(name, fromS);
    }
}

/** The share of concealed samples; null when there were none at all. */
function concealed(audio, fromS, toS) {
    const samples = audio.grown('totalSamplesReceived', fromS, toS);
    return samples > 0 ? audio.grown('concealedSamples', fromS, toS) / samples : null;
}

function isGood(audio, fromS, toS) {
    const share = concealed(audio, fromS, toS);
    return share !== null && share < GOOD_CONCEALED && audio.grown('packetsReceived', fromS, toS) > 0;
}

/** The first moment at which decoded sound, not silence, was played. */
function firstSound(audio, startMs) {
    for (let i = 1; i < audio.rows.length; i++) {
        const [fromS, toS] = [audio.rows[i - 1][0], audio.rows[i][0]].map((ms) => (ms - startMs) / 1000);
        const heard = audio.grown('totalAudioEnergy', fromS, toS) > 1e-7;
        if (toS > 0 && heard && (concealed(audio, fromS, toS) ?? 1) < 0.5) return toS;
    }
    return null;
}

/** The longest run of more than half concealed steps of a tenth of a second. */
function longestHole(audio, fromS, toS) {
    let longest = 0;
    let run = 0;
    for (let s = fromS; s < toS - 0.05; s += 0.1) {
        run = (concealed(audio, s, s + 0.1) ?? 1) > 0.5 ? run + 0.1 : 0;
        longest = Math.max(longest, run);
    }
    return longest;
}

/**
 * The longest time in ms without own sound, to the look of a tenth of a second: what was concealed in looks one after
 * another. Where a look has sound as well, what it lacks is taken for the end of one gap and the beginning of the next.
 */
export function longestGapMs(audio, fromS, toS) {
    let [longest, run] = [0, 0];
    for (let i = 1; i < audio.rows.length; i++) {
        const [from, to] = [audio.rows[i - 1], audio.rows[i]].map((row) => (row[0] - audio.startMs) / 1000);
        if (from < fromS || to > toS) continue;
        const lacksMs = audio.grown('concealedSamples', from, to) / 48;
        const isWhole = lacksMs >= WHOLE * (audio.grown('totalSamplesReceived', from, to) / 48);
        run += lacksMs;
        longest = Math.max(longest, run);
        if (!isWhole) run = lacksMs;
    }
    return longest;
}

/* jitterBufferDelay is a sum of seconds over emitted samples. */
function jitterBufferMs(audio, fromS, toS) {
    const emitted = audio.grown('jitterBufferEmittedCount', fromS, toS);
    return emitted > 0 ? (1000 * audio.grown('jitterBufferDelay', fromS, toS)) / emitted : null;
}

/** Milliseconds of sound in a packet that arrived, duplicates not told apart. */
function packetMs(audio, fromS, toS) {
    const packets = audio.grown('packetsReceived', fromS, toS);
    const samples = audio.grown('totalSamplesReceived', fromS, toS) -
        audio.grown('concealedSamples', fromS, toS);
    return packets > 0 ? samples / 48 / packets : null;
}

function audioFigures(audio, startMs, networkMs, fromS, toS) {
    const seconds = Array.from({ length: Math.round(toS - fromS) }, (_, i) => fromS + i);
    const good = seconds.filter((s) => isGood(audio, s, s + 1)).length;
    const jitterMs = jitterBufferMs(audio, fromS, toS);
    const ptimeMs = packetMs(audio, fromS, toS);
    const share = concealed(audio, fromS, toS);
    /* The frames of a longer packet are made one after the other and wait for the last. */
    const longerMs = ptimeMs === null ? 0 : Math.max(0, (Math.min(ptimeMs, 120) - SENDER_MS) / 2);
    return {
        firstSoundS: firstSound(audio, startMs),
        concealedPct: share === null ? null : 100 * share,
        goodPct: (100 * good) / seconds.length,
        mouthToEarMs: jitterMs === null ? null : jitterMs + networkMs + SENDER_MS + longerMs,
        jitterMs, ptimeMs,
        holeS: longestHole(audio, fromS, toS),
        gapMs: longestGapMs(audio, fromS, toS),
        audioKbps: (8 * audio.grown('bytesReceived', fromS, toS)) / 1000 / (toS - fromS),
    };
}

/** Pauses between shown frames in seconds: [from, to], the ends of the span included. */
function pauses(frames, fromS, toS) {
    const inside = frames.map(([s]) => s).filter((s) => s > fromS && s < toS);
    const ends = [fromS, ...inside, toS];
    return ends.slice(1).map((s, i) => [ends[i], s]);
}

/**
 * How old shown frames are. The sender's camera plays its file steadily, so each look at it tells when
 * number 0 was shown; frames are matched with the last look before them.
 */
export function glassMs(frames, own) {
    const loopMs = (1000 * N_FRAMES) / FPS;
    const ages = [];
    let i = 0;
    for (const [ms, number] of frames) {
        if (number === null || own.length === 0) continue;
        while (i + 1 < own.length && own[i + 1][0] <= ms) i += 1;
        const zeroMs = own[i][0] - (1000 * own[i][1]) / FPS;
        ages.push((((ms - zeroMs - (1000 * number) / FPS) % loopMs) + loopMs) % loopMs);
    }
    return ages;
}

/**
 * How often a picture that moved was paused, or became single ones, and moved again, as its page was told:
 * [ms, m-line, state]. "none" is nobody's picture, which is also said for a moment before one that was paused moves.
 * null where pages are not told.
 */
function pausesTold(shown, startMs, fromS, toS) {
    if (!shown?.length) return { pauses: null, resumes: null };
    const moving = new Map(); // of m-lines that have moved
    let [pauses, resumes] = [0, 0];
    for (const [ms, mid, state] of shown.filter(([, , one]) => one !== 'none')) {
        const inside = ms > startMs + 1000 * fromS && ms <= startMs + 1000 * toS;
        const [before, now] = [moving.get(mid), state === 'moving'];
        if (inside && before === true && !now) pauses += 1;
        if (inside && before === false && now) resumes += 1;
        if (now || before !== undefined) moving.set(mid, now);
    }
    return { pauses, resumes };
}

function videoFigures(video, data, own, startMs, fromS, toS) {
    const frames = data.frames.map(([ms, ...rest]) => [(ms - startMs) / 1000, ...rest]);
    const gaps = pauses(frames, fromS, toS).map(([a, b]) => b - a);
    const inside = data.frames.filter(([ms]) => ms > startMs + 1000 * fromS && ms < startMs + 1000 * toS);
    return {
        firstFrameS: frames.find(([s]) => s > 0)?.[0] ?? null,
        fps: video.grown('framesDecoded', fromS, toS) / (toS - fromS),
        stillS: gaps.filter((gap) => gap > STILL_S).reduce((sum, gap) => sum + gap, 0),
        longestStillS: Math.max(...gaps),
        freezes: video.grown('freezeCount', fromS, toS),
        ...pausesTold(data.shown, startMs, fromS, toS),
        height: median(inside.map(([, , , height]) => height)),
        glassMs: median(glassMs(inside, own)),
        videoKbps: (8 * video.grown('bytesReceived', fromS, toS)) / 1000 / (toS - fromS),
        keyFrames: video.grown('keyFramesDecoded', fromS, toS),
    };
}

/* A fault counts as the event's when it begins this soon after. */
const FAULT_S = 10;

function soundBack(audio, fromS, endS) {
    const moments = (from, to) => Array.from({ length: Math.max(0, Math.floor((to - from) * 10)) },
        (_, i) => from + i / 10);
    const bad = moments(fromS, fromS + FAULT_S).find((s) => !isGood(audio, s, s + 1));
    if (bad === undefined) return 0;
    const back = moments(bad, endS - BACK_S).find((s) => isGood(audio, s, s + BACK_S));
    return back === undefined ? null : back - fromS;
}

function pictureBack(frames, fromS, endS) {
    const stands = pauses(frames, 0, endS)
        .find(([a, b]) => b - a > STILL_S && b > fromS && a < fromS + FAULT_S);
    if (!stands) return 0;
    const moves = (s) => pauses(frames, s, s + BACK_S).every(([a, b]) => b - a <= STILL_S);
    const back = frames.find(([s]) => s >= stands[1] && s <= endS - BACK_S && moves(s));
    return back ? back[0] - fromS : null;
}

/* The picture at full size, 15 frames a second at least. */
function fullBack(frames, fromS, endS) {
    const back = frames.find(([s, height]) => {
        if (s < fromS || s > endS - FULL_S || height < HEIGHT) return false;
        const next = frames.filter(([t]) => t >= s && t < s + FULL_S);
        return next.length >= 15 * FULL_S && next.every(([, h]) => h >= HEIGHT);
    });
    return back ? back[0] - fromS : null;
}

/** An event of the link's clock, which began `lateS` after the call. */
const ofTheCall = ({ fromS, fullFromS = fromS }, lateS) => ({ fromS: fromS + lateS, fullFromS: fullFromS + lateS });

/** Seconds from the event until sound, picture and full picture are there again; null: never, 0: unharmed. */
function recovery(audio, data, startMs, event, endS) {
    const frames = data.frames.map(([ms, , , height]) => [(ms - startMs) / 1000, height]);
    return {
        soundBackS: soundBack(audio, event.fromS, endS),
        pictureBackS: pictureBack(frames, event.fromS, endS),
        fullBackS: fullBack(frames, event.fullFromS, endS),
    };
}

/**
 * One direction: `heard` is the receiver's meter, `sent` the sender's. `networkMs`: the emulated
 * link's median. The window is [fromS, toS] from `startMs`, `event` counts from the link's start, `linkLateS` after it.
 */
export function direction({ heard, sent, startMs, networkMs, fromS, toS, event, linkLateS = 0 }) {
    const audio = new Series(heard.audio, heard.names.audio, startMs);
    const video = new Series(heard.video, heard.names.video, startMs);
    return {
        watchedS: toS - fromS,
        ...audioFigures(audio, startMs, networkMs, fromS, toS),
        ...videoFigures(video, heard, sent.own, startMs, fromS, toS),
        ...(event ? recovery(audio, heard, startMs, ofTheCall(event, linkLateS), toS) : {}),
    };
}
