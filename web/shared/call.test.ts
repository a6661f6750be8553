// SPDX-License-Identifier: Apache-2.0
// What a Call offers, and how it mends.
import assert from 'node:assert/strict';
import { ANSWER, HINT, World, current, timed } from './fake_call';
import { settle } from './fake_timers';

timed('one audio and one video m-line, receiving only where there is no device', async (w) => {
    w.send('audio');
    w.call.start();
    await settle();
    assert.deepEqual(w.connection.transceivers.map((t) => `${t.kind} ${t.direction}`), [
        'audio sendrecv', 'video recvonly',
    ]);
    assert.equal(w.offers.length, 1);
    assert.match(w.offers[0]?.sdp ?? '', /a=rtcp-fb:111 nack/);
    await w.answer();
    assert.equal(w.connection.transceivers[0]?.parameters.encodings[0]?.maxBitrate, 8000);
});

timed('muting and changing the camera need no offer, a first camera does', async (w) => {
    w.send('audio');
    await w.connect();
    w.call.setTrack('audio', null, true);
    w.send('audio');
    await settle();
    assert.equal(w.offers.length, 1);
    assert.equal(w.connection.transceivers[0]?.replaced.length, 2);
    w.send('video');
    await settle();
    assert.equal(w.offers.length, 2);
    assert.equal(w.connection.transceivers[1]?.direction, 'sendrecv');
});

timed('an offer wanted during another waits for its answer', async (w) => {
    w.call.start();
    await settle();
    w.call.onRoom(2);
    await settle();
    assert.equal(w.offers.length, 1);
    await w.answer();
    assert.equal(w.offers.length, 2);
    assert.equal(w.connection.transceivers.length, 4);
});

timed('a path that is gone for 1.5 s is looked for anew, then everything is', async (w) => {
    await w.connect();
    w.connection.become('disconnected');
    assert.equal(w.call.state, 'interrupted');
    await current.advance(1500);
    assert.deepEqual(w.connection.restarts, [false, true]);
    await current.advance(7900);
    assert.deepEqual(w.connection.restarts, [false, true], 'its answer may be on its way');
    await current.advance(200);
    assert.deepEqual(w.connection.restarts, [false, true, true]);
    await current.advance(2000);
    assert.equal(w.made.length, 2);
    assert.ok(w.made[0]?.closed);
    assert.equal(w.call.state, 'interrupted');
});

timed('a short interruption is left alone', async (w) => {
    await w.connect();
    w.connection.become('disconnected');
    await current.advance(1000);
    w.connection.become('connected');
    await current.advance(1000);
    assert.deepEqual(w.connection.restarts, [false]);
    assert.deepEqual(w.states, ['connecting', 'connected', 'interrupted', 'connected']);
});

timed('without an SRTP profile the roles change, once', async (w) => {
    w.call.start();
    await settle();
    await w.answer();
    w.connection.become('failed', 'connected');
    await settle();
    assert.equal(w.made.length, 2);
    assert.deepEqual(w.offers.map((offer) => offer.passive), [false, true]);
});

timed('a server that forgot us gets a new connection, one that did not gets none', async (w) => {
    await w.connect();
    w.call.onSocketOpen(true);
    await settle();
    assert.equal(w.made.length, 1);
    assert.equal(w.offers.length, 1);
    w.call.onSocketOpen(false);
    await settle();
    assert.equal(w.made.length, 2);
    assert.equal(w.offers.length, 2);
});

timed('an offer that found no socket is made when there is one', async (w) => {
    w.online = false;
    w.call.start();
    await settle();
    assert.equal(w.offers.length, 0);
    w.online = true;
    w.call.onSocketOpen(true);
    await settle();
    assert.equal(w.offers.length, 1);
});

timed('a network change restarts ICE at once, or when the socket is back', async (w) => {
    await w.connect();
    w.call.networkChanged();
    await settle();
    assert.deepEqual(w.connection.restarts, [false, true]);
    await w.answer();
    w.online = false;
    w.call.networkChanged();
    await settle();
    assert.equal(w.offers.length, 2);
    w.online = true;
    w.call.onSocketOpen(true);
    await settle();
    assert.equal(w.offers.length, 3);
    assert.deepEqual(w.connection.restarts, [false, true, true]);
});

const turn = (username: string) => [{ urls: ['turns:turn.example:443'], username, credential: 'x' }];

timed('newer TURN credentials are taken with an ICE restart, and before that with nothing else', async (w) => {
    w.call.onIceServers(turn('first'));
    await w.connect();
    w.call.onIceServers(turn('second'));
    w.send('video'); // an offer, but no restart
    await settle();
    await w.answer();
    assert.equal(w.offers.length, 2);
    assert.deepEqual(w.connection.servers, ['first']);
    w.call.networkChanged();
    await settle();
    assert.deepEqual(w.connection.servers, ['first', 'second']);
    w.call.onIceServers(turn('third'));
    w.call.onSocketOpen(false);
    assert.deepEqual(w.connection.servers, ['third'], 'a new connection');
});

timed('a server without TURN, and a browser that keeps the servers of its start', async (w) => {
    w.call.onIceServers(undefined);
    await w.connect();
    assert.deepEqual(w.connection.servers, [undefined]);
    w.connection.setConfiguration = () => {
        throw new TypeError('setConfiguration is not a function');
    };
    w.call.networkChanged();
    await settle();
    assert.equal(w.offers.length, 2);
});

timed('an unanswered offer is made again, a refused one after a pause with all anew', async (w) => {
    w.call.start();
    await settle();
    await current.advance(8000);
    assert.equal(w.offers.length, 2);
    w.call.onRefused(w.offers[1]?.id ?? 0);
    await current.advance(3000);
    assert.equal(w.made.length, 2);
});

timed('an answer to an older offer is ignored', async (w) => {
    w.call.start();
    await settle();
    w.call.onAnswer(99, 'v=0');
    await settle();
    assert.equal(w.connection.transceivers[0]?.mid, null);
});

timed('streams say whose media an m-line carries', async (w) => {
    const seen: (string | null)[][] = [];
    w.call.on('remote', (remotes) => seen.push(remotes.map((remote) => remote.participant)));
    await w.connect();
    w.call.onStreams([{ mid: '0', participant: 'd' }, { mid: '1', participant: null }]);
    assert.deepEqual(seen[seen.length - 1], ['d', null]);
    w.call.close();
    assert.deepEqual(seen[seen.length - 1], []);
    assert.equal(w.call.state, 'closed');
});

const videoOf = (w: World) => w.connection.transceivers[1]?.parameters.encodings[0];

timed('video waits for the first hint, sound does not', async (w) => {
    w.send('audio');
    w.send('video');
    w.call.start();
    await settle();
    assert.deepEqual(videoOf(w), { active: false }, 'before the first offer');
    w.call.onHint(HINT); // of a connection before this one
    await w.answer();
    w.connection.become('connected');
    await current.advance(3000);
    assert.deepEqual(videoOf(w), { active: false });
    w.call.onHint({ ...HINT, video: { ...HINT.video, bitrate: 0 } });
    await current.advance(3000);
    assert.deepEqual(videoOf(w), { active: false }, 'a hint, but not of a picture');
    w.call.onHint(HINT);
    await settle();
    assert.deepEqual(videoOf(w), {
        active: true, maxBitrate: 90_000, maxFramerate: 8, scaleResolutionDownBy: 2, scalabilityMode: 'L1T2',
    });
    assert.equal(w.connection.transceivers[0]?.parameters.encodings[0]?.maxBitrate, 16_000);
});

timed('pictures leave room for copies of sound in what the browser thinks its link carries', async (w) => {
    w.send('audio');
    w.send('video');
    await w.connect();
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, red: true } });
    await settle();
    assert.equal(videoOf(w)?.maxBitrate, 90_000);
    w.connection.mayOut = 100_000;
    await current.advance(400);
    assert.equal(videoOf(w)?.maxBitrate, 40_000);
});

timed('a socket that stays away leaves room for the next one, until it is back', async (w) => {
    w.send('audio');
    w.send('video');
    await w.connect();
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, bitrate: 24_000, ptime: 20 } });
    await settle();
    const said = () => w.connection.answers.at(-1)?.match(/maxaveragebitrate=(\d+)\r\na=ptime:(\d+)/)?.slice(1);
    assert.deepEqual(said(), ['24000', '20']);
    w.lose();
    await current.advance(4900);
    assert.deepEqual([said(), videoOf(w)?.active], [['24000', '20'], true]);
    await current.advance(200);
    assert.deepEqual([said(), videoOf(w)?.active], [['8000', '60'], false]);
    w.find();
    await settle();
    assert.deepEqual([said(), videoOf(w)?.active], [['24000', '20'], true]);
    w.lose();
    await current.advance(2000);
    w.find();
    await current.advance(9000);
    assert.deepEqual([said(), videoOf(w)?.active], [['24000', '20'], true]);
});

timed('a socket that was lost while nobody called, and is back, leaves the call as it is', async (w) => {
    w.send('audio');
    w.send('video');
    w.lose();
    await current.advance(1000);
    w.find();
    await w.connect();
    w.call.onHint(HINT);
    await current.advance(6000);
    assert.equal(videoOf(w)?.active, true);
    assert.equal(w.connection.transceivers[0]?.parameters.encodings[0]?.maxBitrate, 16_000);
});

timed('alone with an offer whose answer went with the socket: sound becomes thin all the same', async (w) => {
    w.send('audio');
    w.send('video');
    await w.connect();
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, bitrate: 24_000, ptime: 20, red: true } });
    await settle();
    w.connection.become('disconnected');
    await current.advance(1500);
    assert.deepEqual(w.connection.restarts, [false, true], 'another path was asked for');
    w.lose();
    w.connection.become('connected'); // the old one works again
    await current.advance(5100);
    const said = () => w.connection.answers.at(-1)?.match(/maxaveragebitrate=(\d+)\r\na=ptime:(\d+)/)?.slice(1);
    assert.deepEqual([said(), videoOf(w)?.active], [['8000', '60'], false]);
    w.find();
    await settle();
    assert.deepEqual(w.connection.restarts, [false, true, true], 'asked for anew');
});

timed('alone after an outage in which an offer was lost with its socket: sound becomes thin', async (w) => {
    w.send('audio');
    await w.connect();
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, bitrate: 24_000, ptime: 20, red: true } });
    await flow(w, 3);
    await current.advance(3300);
    assert.deepEqual(w.connection.restarts, [false, true], 'into the socket that is dead');
    w.lose();
    await current.advance(4000);
    await flow(w, 6);
    const said = () => w.connection.answers.at(-1)?.match(/maxaveragebitrate=(\d+)\r\na=ptime:(\d+)/)?.slice(1);
    assert.deepEqual(said(), ['8000', '60']);
    assert.equal(w.connection.signalingState, 'stable');
});

timed('an answer to the first offer that takes long is taken, where no other can be made', async (w) => {
    w.send('audio');
    w.call.start();
    await settle();
    w.lose(); // by HTTP, before there is a socket
    await current.advance(9000);
    assert.equal(w.offers.length, 1);
    await w.answer();
    assert.equal(w.connection.answers.length, 1);
});

timed('alone, sound is no denser than it was asked for', async (w) => {
    w.send('audio');
    await w.connect();
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, bitrate: 8000, ptime: 120 } });
    await settle();
    const n = w.connection.answers.length;
    w.lose();
    await current.advance(5100);
    assert.match(w.connection.answers.at(-1) ?? '', /maxaveragebitrate=8000\r\na=ptime:120/);
    assert.ok(w.connection.answers.length <= n + 1);
});

timed('another wish for Opus is negotiated with ourselves, only when it is another', async (w) => {
    await w.connect();
    w.call.onHint(HINT);
    await settle();
    assert.equal(w.offers.length, 1);
    assert.equal(w.connection.answers.length, 2);
    assert.match(w.connection.answers[1] ?? '', /useinbandfec=0;usedtx=1;maxaveragebitrate=16000\r\na=ptime:60\r\n/);
    w.call.onHint({ ...HINT, video: { ...HINT.video, bitrate: 50_000 } });
    await settle();
    assert.equal(w.connection.answers.length, 2);
    w.call.networkChanged();
    await settle();
    await w.answer();
    assert.equal(w.connection.answers.length, 3, 'the next answer has it already');
    assert.match(w.connection.answers[2] ?? '', /a=ptime:60/);
});

timed('a wish during an offer goes into its answer', async (w) => {
    await w.connect();
    w.call.onRoom(2);
    await settle();
    w.call.onHint(HINT);
    await settle();
    assert.equal(w.connection.answers.length, 1);
    await w.answer();
    assert.equal(w.connection.answers.length, 2);
    assert.match(w.connection.answers[1] ?? '', /a=ptime:60/);
});

timed('an offer wanted while an answer is set again waits', async (w) => {
    await w.connect();
    w.call.onHint(HINT);
    w.call.onRoom(2);
    await settle();
    assert.equal(w.connection.answers.length, 1, 'the offer came first');
    await w.answer();
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, ptime: 120 } });
    await Promise.resolve();
    await Promise.resolve();
    w.call.onRoom(3);
    await settle();
    assert.equal(w.connection.transceivers.length, 6);
    assert.equal(w.connection.signalingState, 'have-local-offer');
    await w.answer();
    assert.equal(w.connection.signalingState, 'stable');
});

timed('pictures say what an m-line shows', async (w) => {
    const seen: string[][] = [];
    w.call.on('remote', (remotes) => seen.push(remotes.map((remote) => remote.picture)));
    await w.connect();
    w.call.onPicture('1', 'receiver-link');
    assert.deepEqual(seen[seen.length - 1], ['none', 'receiver-link']);
});

async function flow(w: World, seconds: number): Promise<void> {
    for (let n = 0; n < seconds * 10; n++) {
        w.connection.bytesIn += 100;
        await current.advance(100);
    }
}

timed('silence is told after a second and mended after three', async (w) => {
    const silences: number[] = [];
    w.call.on('silent', (ms) => silences.push(ms));
    await w.connect();
    await current.advance(5000);
    assert.deepEqual(silences, [], 'nobody has sent anything yet');
    await flow(w, 3);
    await current.advance(800);
    assert.deepEqual(silences, []);
    await current.advance(400);
    assert.deepEqual(silences, [900]);
    await current.advance(1700);
    assert.deepEqual(w.connection.restarts, [false]);
    await current.advance(400);
    assert.deepEqual(w.connection.restarts, [false, true]);
    await w.answer();
    await current.advance(5000);
    assert.deepEqual(w.connection.restarts, [false, true], 'once');
    await flow(w, 1);
    await current.advance(1200);
    assert.deepEqual(silences, [900], 'not yet: little came before');
    await current.advance(900);
    assert.deepEqual(silences, [900, 1800]);
});

timed('a dead link takes no picture away, however long; one without a socket does after five seconds', async (w) => {
    w.send('video');
    await w.connect();
    w.call.onHint(HINT);
    await flow(w, 3);
    w.lose();
    await current.advance(8000);
    assert.equal(videoOf(w)?.active, true, 'silent');
    await flow(w, 3);
    assert.equal(videoOf(w)?.active, true, 'heard again');
    await flow(w, 3);
    assert.equal(videoOf(w)?.active, false);
});

timed('without a socket on a link that is dead now and then: no picture either', async (w) => {
    w.send('video');
    await w.connect();
    w.call.onHint(HINT);
    await flow(w, 3);
    w.lose();
    for (let n = 0; n < 3; n++) {
        await flow(w, 3);
        await current.advance(1300);
    }
    assert.equal(videoOf(w)?.active, false);
});

timed('a socket that comes back while media is silent restarts ICE at once', async (w) => {
    await w.connect();
    await flow(w, 2);
    await current.advance(1200);
    w.call.onSocketOpen(true);
    await settle();
    assert.deepEqual(w.connection.restarts, [false, true]);
});

timed('a restart whose offer was lost with its socket is still one', async (w) => {
    await w.connect();
    w.call.networkChanged(); // the socket is dead, but nobody knows yet
    await settle();
    w.call.onSocketOpen(true);
    await settle();
    assert.deepEqual(w.connection.restarts, [false, true, true]);
    await w.answer();
    w.call.onRoom(2);
    await settle();
    assert.deepEqual(w.connection.restarts, [false, true, true, false], 'answered');
});

timed('silence before a disconnection makes mending prompt', async (w) => {
    await w.connect();
    await flow(w, 1);
    w.online = false; // so that no restart is under way
    await current.advance(500);
    w.connection.become('disconnected');
    w.online = true;
    await current.advance(0);
    assert.deepEqual(w.connection.restarts, [false, true]);
});

timed('without a socket the old connection is kept: its path may come back', async (w) => {
    await w.connect();
    w.online = false;
    w.connection.become('disconnected');
    await current.advance(60_000);
    assert.equal(w.made.length, 1);
    w.connection.become('connected');
    assert.equal(w.call.state, 'connected');
    w.online = true;
    w.call.onSocketOpen(true);
    await settle();
    assert.deepEqual(w.connection.restarts, [false], 'it came back: nothing to mend');
});

timed('an answer is set with the layers as they are, the first time and again', async (w) => {
    const known = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { userAgentData: {} } });
    try {
        w.send('video');
        w.call.start();
    } finally {
        if (known) Object.defineProperty(globalThis, 'navigator', known);
        else Reflect.deleteProperty(globalThis, 'navigator');
    }
    await settle();
    const rids = () => w.connection.transceivers[1]?.parameters.encodings.map((one) => [one.rid, one.active]);
    assert.deepEqual(rids(), [['h', false], ['l', false]]);
    w.call.onAnswer(w.offers[0]?.id ?? 0, `${ANSWER}a=simulcast:recv h;l\r\n`);
    await settle();
    assert.match(w.connection.answers[0] ?? '', /a=simulcast:recv ~h;~l/);
    w.call.onHint({ ...HINT, video: { ...HINT.video, layers: true, small_bitrate: 30_000 } });
    await settle();
    assert.deepEqual(rids(), [['h', true], ['l', true]]);
    assert.match(w.connection.answers[1] ?? '', /a=ptime:60[^]*a=simulcast:recv h;l/);
});

timed('who sends no picture offers no layers', async (w) => {
    w.send('audio');
    w.call.start();
    await settle();
    assert.deepEqual(w.connection.transceivers[1]?.parameters.encodings, [{ active: false }]);
});

timed('an outage of socket and path together leaves the path that came back first', async (w) => {
    await w.connect();
    await flow(w, 1);
    w.online = false;
    await current.advance(4000);
    await flow(w, 1);
    w.online = true;
    w.call.onSocketOpen(true);
    await settle();
    assert.deepEqual(w.connection.restarts, [false]);
});

timed('sound is held back for its own sender where that is said, else as for all', async (w) => {
    w.call.onRoom(2);
    await w.connect();
    const targets = () => w.connection.transceivers.map((one) => one.receiver.jitterBufferTarget);
    assert.deepEqual(w.connection.transceivers.map((one) => one.kind), ['audio', 'video', 'audio', 'video']);
    w.call.onHint({ ...HINT, jitter: 280, jitter_of: { 2: 60 }, jitter_video: 200 });
    await current.advance(2100);
    assert.deepEqual(targets(), [280, 200, 60, 200]);
    w.call.onHint({ ...HINT, jitter: 280, jitter_of: { 2: 0 } });
    await current.advance(2100);
    assert.deepEqual(targets(), [280, null, null, null], 'as the browser likes');
    w.call.onHint({ ...HINT, jitter: 100 });
    await current.advance(2100);
    assert.deepEqual(targets(), [100, null, 100, null]);
});
