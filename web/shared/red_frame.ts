// SPDX-License-Identifier: Apache-2.0
// Sound sent twice more, further apart than a browser does it by itself (RFC 2198): Chromium puts each packet into
// the next one only, and a burst of losses takes both. Pure; runs in red_worker.ts.

/** How far back copies are taken from, in packets; the relay's limit as well (audio_out.h). */
export const REACH_MOST = 8;
const OFFSET_MOST = 16383;
const BLOCK_MOST = 1023;
const FRAME_MOST = 1100;
const HEADER = 4;
const MORE_BLOCKS = 0x80;
/** Silence: nobody misses it. */
const SILENT_BYTES = 2;

export interface Packet {
    readonly timestamp: number;
    readonly payloadType: number;
    readonly data: Uint8Array;
}

/** The packet itself, without what rides along; null: this is no RED. */
export function primaryOf(frame: Uint8Array, timestamp: number): Packet | null {
    let at = 0;
    let redundant = 0;
    while (at + HEADER <= frame.length && (frame[at]! & MORE_BLOCKS) !== 0) {
        redundant += ((frame[at + 2]! & 3) << 8) | frame[at + 3]!;
        at += HEADER;
    }
    const from = at + 1 + redundant;
    if (from >= frame.length || (frame[at]! & MORE_BLOCKS) !== 0) return null;
    return { timestamp, payloadType: frame[at]!, data: frame.slice(from) };
}

/** How many packets back copies are taken from, the farthest first: as audio_out.c does it. */
export function distancesOf(reach: number): number[] {
    const far = Math.min(reach, REACH_MOST);
    if (far <= 0) return [];
    const near = Math.floor((far * 3 + 4) / 8);
    return near > 0 && near < far ? [far, near] : [far];
}

/**
 * PACKET as RED with what was sent before it; `earlier` is the packets before, the newest last. A copy's number is
 * told by its time: across a pause, or from packets of another length, there is none.
 */
export function withCopies(packet: Packet, earlier: readonly Packet[], reach: number): Uint8Array {
    const blocks: Packet[] = [];
    const newest = earlier[earlier.length - 1];
    const step = newest ? (packet.timestamp - newest.timestamp) >>> 0 : 0;
    let size = packet.data.length + 1;
    for (const distance of distancesOf(reach)) {
        const old = earlier[earlier.length - distance];
        if (!old || old.data.length <= SILENT_BYTES || old.data.length > BLOCK_MOST) continue;
        const offset = (packet.timestamp - old.timestamp) >>> 0;
        if (offset === 0 || offset !== step * distance || offset > OFFSET_MOST) continue;
        if (size + HEADER + old.data.length > FRAME_MOST) continue;
        size += HEADER + old.data.length;
        blocks.push(old);
    }
    const frame = new Uint8Array(size);
    let at = 0;
    for (const old of blocks) {
        const rest = (((packet.timestamp - old.timestamp) >>> 0) << 10) | old.data.length;
        frame.set([MORE_BLOCKS | old.payloadType, (rest >>> 16) & 0xff, (rest >>> 8) & 0xff, rest & 0xff], at);
        at += HEADER;
    }
    frame[at] = packet.payloadType;
    at += 1;
    for (const one of [...blocks, packet]) {
        frame.set(one.data, at);
        at += one.data.length;
    }
    return frame;
}

/** One sender's stream: each frame as it is to be sent. */
export class Copier {
    reach = 0;
    /** The relay tells copies' numbers by time from then on: the browser's own, across a pause, would be wrong. */
    private wasAsked = false;
    private earlier: Packet[] = [];

    take(frame: Uint8Array, timestamp: number): Uint8Array {
        const packet = primaryOf(frame, timestamp);
        if (!packet) return frame;
        this.wasAsked ||= this.reach > 0;
        const sent = this.wasAsked ? withCopies(packet, this.earlier, Math.max(this.reach, 1)) : frame;
        this.earlier.push(packet);
        if (this.earlier.length > REACH_MOST) this.earlier.shift();
        return sent;
    }
}
