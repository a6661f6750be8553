// SPDX-License-Identifier: Apache-2.0
// The two things a page changes about its own offers: which codecs it names, and `nack` for Opus.

export type Kind = 'audio' | 'video';

const WANTED: Record<Kind, readonly string[]> = {
    audio: ['audio/opus'],
    video: ['video/vp8', 'video/rtx'],
};

/** What the relay carries, in its order; the rest only makes the offer longer on a poor link. */
export function wantedCodecs<T extends { mimeType: string }>(kind: Kind, all: readonly T[]): T[] {
    return WANTED[kind].flatMap((mime) => all.filter((codec) => codec.mimeType.toLowerCase() === mime));
}

/**
 * Adds `a=rtcp-fb:PT nack` for Opus: browsers do not offer it by themselves, but do ask for lost
 * packets once the answer has it too (RFC 4585).
 */
export function withOpusNack(sdp: string): string {
    const lines = sdp.split('\r\n');
    const opus = lines.map((line) => /^a=rtpmap:(\d+) opus\/48000/i.exec(line)?.[1]);
    return lines
        .flatMap((line, index) => {
            const pt = opus[index];
            if (pt === undefined || sdp.includes(`a=rtcp-fb:${pt} nack`)) return [line];
            return [line, `a=rtcp-fb:${pt} nack`];
        })
        .join('\r\n');
}
