// SPDX-License-Identifier: Apache-2.0
// What a page changes about descriptions: which codecs it offers, `nack` for Opus, and in an answer what its own
// Opus encoder is asked for. Pure.
import type { Hint } from './messages';

export type Kind = 'audio' | 'video';

/* RED stands behind Opus: understood, and sent only where an answer puts it first. */
const WANTED: Record<Kind, readonly string[]> = {
    audio: ['audio/opus', 'audio/red'],
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

/** Of Opus alone, bit/s; ms of a packet; its in-band FEC; RED, where it was offered. */
export type OpusWish = Omit<Hint['audio'], 'reach'>;

/** The m-line with RED first, or Opus: a sender uses the first codec of an answer. */
function withFirstOf(line: string, section: string, red: boolean): string {
    const name = red ? 'red' : 'opus';
    const pt = new RegExp(`^a=rtpmap:(\\d+) ${name}/48000`, 'im').exec(section)?.[1];
    const [media, port, proto, ...all] = line.split(' ');
    if (pt === undefined || !all.includes(pt)) return line;
    return [media, port, proto, pt, ...all.filter((one) => one !== pt)].join(' ');
}

/** One m-line with its Opus parameters changed (RFC 7587, 6.1; RFC 8866, 6.4). */
function withOpusOf(section: string, wish: OpusWish): string {
    const pt = /^a=rtpmap:(\d+) opus\/48000/im.exec(section)?.[1];
    if (!section.startsWith('m=audio') || pt === undefined) return section;
    const old = new RegExp(`^a=fmtp:${pt} (.*)$`, 'm').exec(section)?.[1] ?? '';
    const ours: Record<string, string> = {
        useinbandfec: wish.fec ? '1' : '0',
        maxaveragebitrate: String(wish.bitrate),
    };
    const kept = old.split(';').map((one) => one.trim()).filter((one) => one !== '');
    const known = kept.map((one) => {
        const name = one.split('=')[0] ?? '';
        return name in ours ? `${name}=${ours[name]}` : one;
    });
    const added = Object.keys(ours).filter((name) => !kept.some((one) => one.startsWith(`${name}=`)));
    const fmtp = `a=fmtp:${pt} ${[...known, ...added.map((name) => `${name}=${ours[name]}`)].join(';')}`;
    const lines = section
        .split('\r\n')
        .filter((line) => line !== '' && !/^a=(ptime|maxptime):/.test(line))
        .map((line) => (line.startsWith('m=') ? withFirstOf(line, section, wish.red) : line))
        .flatMap((line) => (line.startsWith(`a=fmtp:${pt} `) ? [fmtp] : [line]))
        .flatMap((line) => (old === '' && line.startsWith(`a=rtpmap:${pt} `) ? [line, fmtp] : [line]));
    return [...lines, `a=ptime:${wish.ptime}`, `a=maxptime:120`, ''].join('\r\n');
}

/** An answer in which the server wishes Opus otherwise: set again, it changes the encoder of a call under way. */
export function withOpusWish(answer: string, wish: OpusWish): string {
    return answer
        .split(/(?=^m=)/m)
        .map((section) => withOpusOf(section, wish))
        .join('');
}

const SIMULCAST = /^a=simulcast:recv ([^\s]+)/m;

/** The rids that an answer takes (RFC 8853); none when it takes one stream alone. */
export function layersTaken(answer: string): string[] {
    const list = SIMULCAST.exec(answer)?.[1] ?? '';
    return list.split(';').map((rid) => rid.replace('~', '')).filter((rid) => rid !== '');
}

/**
 * The answer with each layer paused (`~`) exactly when it is now: Chromium switches encodings on and off
 * by what stands there, also when the same answer is set again.
 */
export function withLayersAsTheyAre(answer: string, isActive: (rid: string) => boolean): string {
    const rids = layersTaken(answer).map((rid) => (isActive(rid) ? rid : `~${rid}`));
    return answer.replace(SIMULCAST, `a=simulcast:recv ${rids.join(';')}`);
}

const LEVEL_EXTENSION = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** The highest extension id that no m-line has: they share one transport (RFC 9143, 9). */
function freeExtensionId(sdp: string): number | undefined {
    const used = new Set([...sdp.matchAll(/^a=extmap:(\d+)/gm)].map((match) => Number(match[1])));
    return [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].find((id) => !used.has(id));
}

/**
 * An offer with audio levels on each m-line of sound: what an earlier answer left out Chromium does not offer again,
 * and with a third person in the room the relay wants them.
 */
export function withAudioLevels(sdp: string): string {
    const known = new RegExp(`^a=extmap:(\\d+)[^ ]* ${LEVEL_EXTENSION}`, 'm').exec(sdp)?.[1];
    const id = known ?? freeExtensionId(sdp);
    return sdp
        .split(/(?=^m=)/m)
        .map((section) => {
            const lacks = section.startsWith('m=audio') && !section.includes(LEVEL_EXTENSION);
            return lacks && id ? section.replace(/^a=mid:.*$/m, (mid) => `${mid}\r\na=extmap:${id} ${LEVEL_EXTENSION}`) : section;
        })
        .join('');
}

const RID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';

/**
 * An offer with layers whose RID extension an earlier answer left out: Chromium goes on offering the layers but
 * not the extension, and then refuses its own offer. With the extension it goes on with one stream.
 */
export function withRidExtension(sdp: string): string {
    const free = freeExtensionId(sdp);
    return sdp
        .split(/(?=^m=)/m)
        .map((section) => {
            const lacks = /^a=simulcast:/m.test(section) && !section.includes(RID_EXTENSION);
            return lacks && free ? section.replace(/^a=simulcast:/m, `a=extmap:${free} ${RID_EXTENSION}\r\na=simulcast:`) : section;
        })
        .join('');
}
