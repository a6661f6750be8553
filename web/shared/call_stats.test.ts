// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCounters, sampleBetween, type CallSample } from './call_stats';
import { FIRST_QUALITY, gradeShown, nextQuality } from './quality';
import { wantedCodecs, withOpusNack } from './sdp';

function rows(factor: number): Record<string, unknown>[] {
    return [
        { type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.12,
            bytesReceived: 1000 * factor, bytesSent: 500 * factor, availableOutgoingBitrate: 300_000 },
        { type: 'candidate-pair', state: 'failed', nominated: false, bytesReceived: 7 },
        { type: 'inbound-rtp', kind: 'audio', packetsReceived: 90 * factor, packetsLost: 10 * factor,
            nackCount: 5 * factor },
        { type: 'inbound-rtp', kind: 'video', packetsReceived: 0, framesDecoded: 30 * factor },
        { type: 'outbound-rtp', kind: 'audio', packetsSent: 60 * factor },
        { type: 'outbound-rtp', kind: 'video', packetsSent: 40 * factor },
        { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.5, packetsLost: 2 * factor },
        { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.2, packetsLost: 18 * factor },
    ];
}

test('a pair that is being checked again is still the one in use', () => {
    const checked = rows(1).map((row) => (row.state === 'succeeded' ? { ...row, state: 'in-progress' } : row));
    assert.equal(readCounters(checked, 1000).bytesIn, 1000);
    assert.equal(readCounters(checked, 1000).rttMs, 120);
    assert.equal(readCounters(checked, 1000).mayOut, 300_000);
    /* One of before a change of network stays nominated; the browser says its estimate of the one in use alone. */
    const old = { type: 'candidate-pair', state: 'succeeded', nominated: true, bytesReceived: 7 };
    for (const both of [[old, ...checked], [...checked, old]]) assert.equal(readCounters(both, 1000).mayOut, 300_000);
});

test('a sample is the difference of two readings', () => {
    const sample = sampleBetween(readCounters(rows(1), 1000), readCounters(rows(2), 3000));
    assert.equal(sample.rttMs, 120);
    assert.equal(sample.bpsIn, 4000);
    assert.equal(sample.bpsOut, 2000);
    assert.equal(sample.lossIn, 0.1);
    assert.equal(sample.lossOut, 0.2);
    assert.equal(sample.fpsIn, 15);
    assert.ok(sample.audioIn && sample.videoIn);
});

test('a reading of nothing is zeros', () => {
    const none = readCounters([], 0);
    const sample = sampleBetween(none, none);
    assert.deepEqual([sample.rttMs, sample.bpsIn, sample.lossIn, sample.audioIn], [null, 0, 0, false]);
});

const GOOD: CallSample = {
    rttMs: 100, bpsIn: 1, bpsOut: 1, lossIn: 0, lossOut: 0, fpsIn: 20, audioIn: true,
    videoIn: true,
};
const BAD: CallSample = { ...GOOD, lossIn: 0.2 };

function grades(samples: (CallSample | 'lost')[]): string {
    let quality = FIRST_QUALITY;
    return samples
        .map((sample) => {
            quality = nextQuality(quality, sample);
            return quality.grade[0];
        })
        .join('');
}

test('quality goes down after two bad samples, up after four good ones', () => {
    assert.equal(grades([BAD, GOOD, BAD, BAD, GOOD, GOOD, GOOD, GOOD]), 'gggwwwwg');
    assert.equal(grades([BAD, BAD, GOOD, GOOD, GOOD, BAD, GOOD, GOOD, GOOD, GOOD]), 'gwwwwwwwwg');
    assert.equal(grades([GOOD, 'lost', GOOD, 'lost', BAD]), 'glglw');
    assert.equal(grades([{ ...GOOD, rttMs: 800 }, { ...GOOD, rttMs: 800 }]), 'gw');
});

test('a link that is too thin for pictures is not called good', () => {
    assert.equal(gradeShown(FIRST_QUALITY, ['none', 'receiver-link']), 'weak');
    assert.equal(gradeShown(FIRST_QUALITY, ['none', 'sender-link']), 'good');
    assert.equal(gradeShown(nextQuality(FIRST_QUALITY, 'lost'), ['receiver-link']), 'lost');
});

const OFFER = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=rtpmap:96 VP8/90000',
    'a=rtcp-fb:96 nack', ''].join('\r\n');

test('nack is added for Opus, once', () => {
    const changed = withOpusNack(OFFER);
    assert.equal(changed.match(/a=rtcp-fb:111 nack\r\n/g)?.length, 1);
    assert.equal(changed.length, OFFER.length + 'a=rtcp-fb:111 nack\r\n'.length);
    assert.equal(withOpusNack(changed), changed);
});

test('only what the relay carries is offered', () => {
    const all = ['video/VP9', 'video/VP8', 'video/H264', 'video/rtx'].map((mimeType) => ({ mimeType }));
    assert.deepEqual(wantedCodecs('video', all).map((c) => c.mimeType), ['video/VP8', 'video/rtx']);
    const sounds = ['audio/red', 'audio/G722', 'audio/opus'].map((mimeType) => ({ mimeType }));
    assert.deepEqual(wantedCodecs('audio', sounds).map((c) => c.mimeType), ['audio/opus', 'audio/red']);
});
