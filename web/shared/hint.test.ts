// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodingsOf, NO_VIDEO, roomBeside, videoPlan } from './hint';
import { layersTaken, withAudioLevels, withLayersAsTheyAre, withOpusWish, withRidExtension } from './sdp';

const HINT = { bitrate: 90_000, height: 180, fps: 8, stills: false, layers: false, small_bitrate: 0 };
const LANDSCAPE = { width: 640, height: 360 };

test('a hint of nothing is no picture', () => {
    assert.equal(videoPlan({ ...HINT, bitrate: 0 }, LANDSCAPE), NO_VIDEO);
    assert.deepEqual(encodingsOf(NO_VIDEO, ['h', 'l'], true), [{ active: false }, { active: false }]);
});

test('height is the shorter side, and a picture is never made larger', () => {
    assert.equal(videoPlan(HINT, LANDSCAPE).scale, 2);
    assert.equal(videoPlan(HINT, { width: 360, height: 640 }).scale, 2);
    assert.equal(videoPlan({ ...HINT, height: 240 }, LANDSCAPE).scale, 1.5);
    assert.equal(videoPlan({ ...HINT, height: 720 }, LANDSCAPE).scale, 1);
    assert.equal(videoPlan({ ...HINT, height: 0 }, LANDSCAPE).scale, 1);
    assert.equal(videoPlan(HINT, {}).scale, 2, 'the camera is asked for 640x360');
});

test('a moving picture has at least one frame a second: browsers take less for none', () => {
    assert.equal(videoPlan({ ...HINT, fps: 0.2 }, LANDSCAPE).fps, 1);
    assert.equal(videoPlan({ ...HINT, fps: 12 }, LANDSCAPE).fps, 12);
    assert.equal(videoPlan({ ...HINT, fps: 60 }, LANDSCAPE).fps, 25);
    assert.equal(videoPlan({ ...HINT, fps: 0 }, LANDSCAPE).fps, 25);
});

test('stills: the rate of the hint buys whole pictures', () => {
    const plan = videoPlan({ bitrate: 4000, height: 90, fps: 0.2, stills: true, layers: true, small_bitrate: 0 }, LANDSCAPE);
    assert.deepEqual(plan, {
        active: true, bitrate: 20_000, fps: 1, scale: 4, layers: false, small: 0, stillEveryMs: 5000,
    });
    const zero = videoPlan({ bitrate: 4000, height: 90, fps: 0, stills: true, layers: false, small_bitrate: 0 }, LANDSCAPE);
    assert.deepEqual([zero.stillEveryMs, zero.bitrate], [20_000, 80_000]);
    const fast = videoPlan({ bitrate: 4000, height: 90, fps: 9, stills: true, layers: false, small_bitrate: 0 }, LANDSCAPE);
    assert.deepEqual([fast.stillEveryMs, fast.bitrate], [1000, 10_000]);
});

test('pictures leave room for the copies of sound, of which the browser knows nothing', () => {
    const sound = { bitrate: 24_000, ptime: 20, fec: false, red: true, reach: 8 };
    assert.equal(roomBeside(sound, 300_000), 170_000, 'of 270 kbit/s, two copies and 50 packets a second: 97');
    assert.equal(roomBeside({ ...sound, reach: 0 }, 300_000), 190_000, 'one copy');
    assert.equal(roomBeside({ ...sound, ptime: 60 }, 300_000), 180_000, 'fewer packets');
    assert.equal(roomBeside(sound, 304_000), roomBeside(sound, 300_000), 'not at each change');
    assert.equal(roomBeside(sound, 90_000), 30_000, 'a picture that moves');
    assert.equal(roomBeside({ ...sound, red: false, reach: 0 }, 300_000), Infinity);
    assert.equal(roomBeside(sound, 0), Infinity, 'a browser that does not say');
    const wide = { ...HINT, height: 360, fps: 20, bitrate: 400_000 };
    const plan = videoPlan(wide, LANDSCAPE, 170_000);
    assert.deepEqual([plan.bitrate, plan.scale, plan.fps], [170_000, 1, 20], 'lines and images as they were: no key frame');
    assert.equal(videoPlan(HINT, LANDSCAPE, 170_000).bitrate, 90_000);
    const layers = videoPlan({ ...wide, layers: true, small_bitrate: 150_000 }, LANDSCAPE, 120_000);
    assert.deepEqual(encodingsOf(layers, ['h', 'l'], true).map((one) => one.maxBitrate), [60_000, 60_000], 'both layers together');
    assert.equal(videoPlan({ ...HINT, stills: true, fps: 1 }, LANDSCAPE, 30_000).bitrate, 80_000, 'a still has its size');
});

test('one encoding has it all', () => {
    assert.deepEqual(encodingsOf(videoPlan(HINT, LANDSCAPE), [undefined], true), [{
        active: true, maxBitrate: 90_000, maxFramerate: 8, scaleResolutionDownBy: 2, scalabilityMode: 'L1T2',
    }]);
});

test('the small layer takes what it is told of the rate, only when it is asked for', () => {
    const wide = { ...HINT, height: 360, fps: 20, bitrate: 400_000 };
    const two = encodingsOf(videoPlan({ ...wide, layers: true, small_bitrate: 100_000 }, LANDSCAPE), ['h', 'l'], false);
    assert.deepEqual(two.map((one) => [one.active, one.maxBitrate, one.scaleResolutionDownBy]), [
        [true, 300_000, 1], [true, 100_000, 2],
    ]);
    const scarce = { ...HINT, bitrate: 22_000, layers: true, small_bitrate: 30_000 };
    const least = encodingsOf(videoPlan(scarce, LANDSCAPE), ['h', 'l'], false);
    assert.deepEqual(least.map((one) => one.maxBitrate), [30_000, 30_000], 'never less than the small one');
    const alone = encodingsOf(videoPlan(wide, LANDSCAPE), ['h', 'l'], false);
    assert.deepEqual(alone.map((one) => [one.active, one.maxBitrate]), [[true, 400_000], [false, 30_000]]);
    const refused = encodingsOf(videoPlan({ ...HINT, layers: true }, LANDSCAPE), [undefined], false);
    assert.deepEqual(refused.map((one) => [one.active, one.maxBitrate]), [[true, 90_000]]);
});

const ANSWER = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63', 'a=mid:0', 'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=32000', 'a=rtpmap:63 red/48000/2',
    'a=fmtp:63 111/111', 'a=ptime:20', 'a=sendrecv', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1',
    'a=rtpmap:96 VP8/90000', 'a=fmtp:96 x-google-start-bitrate=60', ''].join('\r\n');

test('a picture costs no more than its size is worth', () => {
    const wide = { ...HINT, height: 720, fps: 25, bitrate: 1_600_000 };
    assert.equal(videoPlan(wide, { width: 640, height: 360 }).bitrate, 518_400);
    assert.equal(videoPlan(wide, { width: 1280, height: 720 }).bitrate, 1_600_000);
    assert.equal(videoPlan({ ...wide, height: 180 }, { width: 640, height: 360 }).bitrate, 250_000);
    assert.equal(videoPlan(wide, {}).bitrate, 1_600_000, 'of a source whose size is not known');
});

test('a wish for Opus is written into the answer', () => {
    const sdp = withOpusWish(ANSWER, { bitrate: 12_000, ptime: 60, fec: false, red: false });
    assert.equal(sdp, ANSWER
        .replace('useinbandfec=1;usedtx=1;maxaveragebitrate=32000', 'useinbandfec=0;usedtx=1;maxaveragebitrate=12000')
        .replace('a=ptime:20\r\na=sendrecv\r\n', 'a=sendrecv\r\na=ptime:60\r\na=maxptime:120\r\n'));
    assert.equal(withOpusWish(sdp, { bitrate: 12_000, ptime: 60, fec: false, red: false }), sdp);
});

test('sound with redundancy is asked for by the order of codecs, and back', () => {
    const wish = { bitrate: 12_000, ptime: 60, fec: false, red: true };
    const sdp = withOpusWish(ANSWER, wish);
    assert.match(sdp, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 63 111\r\n/m);
    assert.equal(withOpusWish(sdp, { ...wish, red: false }), withOpusWish(ANSWER, { ...wish, red: false }));
    const none = ANSWER.replace(' 111 63', ' 111').replace(/a=(rtpmap|fmtp):63[^\r]*\r\n/g, '');
    assert.match(withOpusWish(none, wish), /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r\n/m, 'it was not negotiated');
});

test('an answer without Opus parameters gets them, one without Opus nothing', () => {
    const bare = ANSWER.replace(/a=fmtp:111 [^\r]*\r\n/, '').replace('a=ptime:20\r\n', '');
    const sdp = withOpusWish(bare, { bitrate: 16_000, ptime: 40, fec: true, red: false });
    assert.match(sdp, /a=rtpmap:111 opus\/48000\/2\r\na=fmtp:111 useinbandfec=1;maxaveragebitrate=16000\r\n/);
    assert.match(sdp, /a=ptime:40\r\na=maxptime:120\r\nm=video/);
    const none = ANSWER.replace('opus', 'G722');
    assert.equal(withOpusWish(none, { bitrate: 1, ptime: 60, fec: true, red: false }), none);
});

test('layers that an answer takes are paused in it exactly when they are', () => {
    const sdp = `${ANSWER}a=rid:h recv\r\na=rid:l recv\r\na=simulcast:recv ~h;~l\r\n`;
    assert.deepEqual(layersTaken(sdp), ['h', 'l']);
    assert.deepEqual(layersTaken(ANSWER), []);
    assert.match(withLayersAsTheyAre(sdp, (rid) => rid === 'h'), /a=simulcast:recv h;~l\r\n/);
    assert.match(withLayersAsTheyAre(sdp.replace(/~/g, ''), () => false), /a=simulcast:recv ~h;~l\r\n/);
    assert.equal(withLayersAsTheyAre(ANSWER, () => true), ANSWER);
});

test('an offer of layers has the extension that tells them apart', () => {
    const offer = `${ANSWER}a=extmap:14 urn:x\r\na=rid:h send\r\na=simulcast:send h;~l\r\n`;
    const changed = withRidExtension(offer);
    assert.match(changed, /a=extmap:13 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\na=simulcast:send/);
    assert.equal(changed.match(/rtp-stream-id/g)?.length, 1);
    assert.equal(withRidExtension(changed), changed);
    assert.equal(withRidExtension(ANSWER), ANSWER);
});

test('audio levels that an answer left out are offered again, under one free id', () => {
    const offer = [
        'v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=extmap:14 urn:other', 'm=video 9 UDP/TLS/RTP/SAVPF 96',
        'a=mid:1', 'a=extmap:13 urn:one', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:2', '',
    ].join('\r\n');
    const changed = withAudioLevels(offer);
    const level = 'a=extmap:12 urn:ietf:params:rtp-hdrext:ssrc-audio-level';
    assert.deepEqual(changed.split('\r\n').filter((line) => !offer.includes(line)), [level, level]);
    assert.ok(changed.includes(`a=mid:0\r\n${level}`) && changed.includes(`a=mid:2\r\n${level}`));
    assert.equal(withAudioLevels(changed), changed);
});
