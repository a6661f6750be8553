// SPDX-License-Identifier: Apache-2.0
// From what the server asks of our encoders (protocol.md, "hint") to what a browser can be told. Pure.
import type { Hint } from './messages';

export interface VideoPlan {
    readonly active: boolean;
    /** bit/s of all layers together. */
    readonly bitrate: number;
    readonly fps: number;
    readonly scale: number;
    /** The small layer too. */
    readonly layers: boolean;
    /** bit/s of it, half of all at most. */
    readonly small: number;
    /** A key frame this often and nothing between; null: a moving picture. */
    readonly stillEveryMs: number | null;
}

/** What an encoding is set to; the browser's own names. */
export interface Encoding {
    active?: boolean;
    maxBitrate?: number;
    maxFramerate?: number;
    scaleResolutionDownBy?: number;
    scalabilityMode?: string;
    rid?: string;
}

export const LARGE_LAYER = 'h';
export const SMALL_LAYER = 'l';
/** Two temporal layers: the relay may drop half of the frames for one of the receivers. */
export const TEMPORAL_LAYERS = 'L1T2';
/** The small layer is this much smaller. */
const SMALL_SCALE = 2;
const SMALL_LEAST_BPS = 30_000;
const STILL_BPS = { least: 10_000, most: 80_000 };
const STILL_FPS = { least: 0.05, most: 1 };
const FPS_MOST = 25;
const DEFAULT_SHORT_SIDE = 360;
/* Beyond it a picture only costs: data that a patient pays for, and a processor that sound needs too. 640x360 at 25 a
 * second: 520 kbit/s, where a face has 38 dB (libvpx, offline). */
const BITS_A_PIXEL = 0.09;
const MOST_LEAST_BPS = 250_000;
/* IP, UDP, RTP with extensions, tag: 500 bits of each packet. */
const PACKET_BITS_MS = 500_000;
/* The rest is for a picture's own headers and repairs. */
const PACER_SHARE = 0.9;
/* Under the first a browser's encoder does not go. */
const ROOM_LEAST_BPS = 30_000;
const ROOM_STEP_BPS = 10_000;

export interface Size {
    readonly width?: number;
    readonly height?: number;
}

/** Held upright a phone's picture is higher than wide: `height` of a hint is the shorter side. */
function scaleTo(height: number, source: Size): number {
    const shortSide = Math.min(source.width ?? Infinity, source.height ?? Infinity);
    const known = Number.isFinite(shortSide) && shortSide > 0 ? shortSide : DEFAULT_SHORT_SIDE;
    return height > 0 ? Math.max(1, Math.round((known / height) * 100) / 100) : 1;
}

/** The most that is of use to a source of this size. */
function mostFor(fps: number, scale: number, source: Size): number {
    if (!source.width || !source.height) return Infinity;
    return Math.max(MOST_LEAST_BPS, Math.round((BITS_A_PIXEL * source.width * source.height * fps) / scale ** 2));
}

export const NO_VIDEO: VideoPlan = {
    active: false, bitrate: 0, fps: FPS_MOST, scale: 1, layers: false, small: 0, stillEveryMs: null,
};

/**
 * What copies of sound leave for pictures of what the browser thinks its link carries (bit/s, 0: not known). It shares
 * that among its encoders by the bitrates that it set, so of copies, which come after them, it knows nothing: pictures
 * then waited in it for up to two seconds. In steps, as each change sets the encoder again.
 */
export function roomBeside(audio: Hint['audio'], mayOut: number): number {
    if (!audio.red || !mayOut) return Infinity;
    const sound = audio.bitrate * (audio.reach ? 3 : 2) + PACKET_BITS_MS / audio.ptime;
    const room = mayOut * PACER_SHARE - sound;
    return Math.max(ROOM_LEAST_BPS, room - (room % ROOM_STEP_BPS));
}

export function videoPlan(hint: Hint['video'], source: Size, room = Infinity): VideoPlan {
    if (hint.bitrate <= 0) return NO_VIDEO;
    const scale = scaleTo(hint.height, source);
    if (!hint.stills) {
        const fps = hint.fps > 0 ? Math.min(FPS_MOST, Math.max(1, hint.fps)) : FPS_MOST;
        const { layers, small_bitrate: small } = hint;
        const bitrate = Math.min(room, hint.bitrate, mostFor(fps, scale, source) + (layers ? small : 0));
        return { active: true, bitrate, fps, scale, layers, small: Math.min(small, bitrate / 2), stillEveryMs: null };
    }
    const perSecond = Math.min(STILL_FPS.most, Math.max(STILL_FPS.least, hint.fps));
    /* The encoder is told one frame a second, so this is the size of each. */
    const bitrate = Math.min(STILL_BPS.most, Math.max(STILL_BPS.least, hint.bitrate / perSecond));
    return {
        active: true, bitrate: Math.round(bitrate), fps: 1, scale, layers: false, small: 0,
        stillEveryMs: Math.round(1000 / perSecond),
    };
}

/**
 * Each encoding of a sender as the plan wants it, in their order. `temporal`: the browser knows
 * scalabilityMode.
 */
export function encodingsOf(plan: VideoPlan, rids: readonly (string | undefined)[], temporal: boolean): Encoding[] {
    if (!plan.active) return rids.map(() => ({ active: false }));
    const two = rids.includes(SMALL_LAYER) && rids.length > 1;
    const withSmall = two && plan.layers;
    const small = Math.max(plan.small, SMALL_LEAST_BPS);
    return rids.map((rid) => {
        const isSmall = two && rid === SMALL_LAYER;
        return {
            active: isSmall ? withSmall : true,
            maxBitrate: isSmall ? small : withSmall ? Math.max(small, plan.bitrate - small) : plan.bitrate,
            maxFramerate: plan.fps,
            scaleResolutionDownBy: isSmall ? plan.scale * SMALL_SCALE : plan.scale,
            ...(temporal ? { scalabilityMode: TEMPORAL_LAYERS } : {}),
        };
    });
}
