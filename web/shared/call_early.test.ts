// SPDX-License-Identifier: Apache-2.0
// A Call whose connection is made before the call is taken, or before there is a socket.
import assert from 'node:assert/strict';
import { current, HINT, timed, type World } from './fake_call';
import { settle } from './fake_timers';

timed('a connection that an early offer opened goes on when the socket is there', async (w) => {
    w.call.start();
    await settle();
    w.online = false; // its one offer is out, the socket is not there yet
    await w.answer();
    w.online = true;
    w.call.onSocketOpen(false, true);
    await settle();
    assert.equal(w.made.length, 1);
    assert.equal(w.offers.length, 1);
    w.call.onSocketOpen(false, false); // and is made anew when the server does not know it
    await settle();
    assert.equal(w.made.length, 2);
    assert.equal(w.offers.length, 2);
});

timed('what was to be offered before the socket was there is offered then', async (w) => {
    w.call.start();
    await settle();
    w.online = false;
    await w.answer();
    w.send('video');
    await settle();
    assert.equal(w.offers.length, 1);
    w.online = true;
    w.call.onSocketOpen(false, true);
    await settle();
    assert.equal(w.made.length, 1);
    assert.equal(w.offers.length, 2);
});

timed('a connection is made without tracks, and sends from the moment it has them', async (w) => {
    w.call.setTrack('audio', null, true);
    w.call.setTrack('video', null, true);
    await w.connect();
    const [audio, video] = w.connection.transceivers;
    assert.deepEqual([audio?.direction, video?.direction], ['sendrecv', 'sendrecv']);
    assert.deepEqual([audio?.sender.track, video?.sender.track], [null, null]);
    w.send('audio');
    await settle();
    assert.equal(audio?.sender.track?.kind, 'audio');
    assert.equal(w.offers.length, 1);
});

timed('an offer that was not out yet when the socket opened goes over it', async (w) => {
    w.call.start();
    w.call.onSocketOpen(false);
    await settle();
    assert.equal(w.made.length, 1);
    assert.equal(w.offers.length, 1);
});

timed('an early connection that finds nothing direct asks the TURN servers when it is told of them', async (w) => {
    w.call.start();
    await settle();
    await w.answer();
    w.call.onIceServers([{ urls: 'turn:relay' }]);
    w.call.onSocketOpen(false, true);
    await settle();
    assert.deepEqual(w.connection.restarts, [false, true]);
    assert.equal(w.made.length, 1);
});

const showsPicture = ({ connection }: World) =>
    connection.transceivers[1]?.parameters.encodings.some((one) => one.active === true);

timed('before the first hint there is thin sound and no picture, however long it takes', async (w) => {
    w.send('audio');
    w.send('video');
    w.call.start();
    await settle();
    w.online = false;
    await w.answer();
    const { answers } = w.connection;
    assert.match(answers.at(-1) ?? '', /maxaveragebitrate=8000/);
    assert.match(answers.at(-1) ?? '', /a=ptime:60/);
    w.connection.become('connected');
    await current.advance(10_000);
    assert.equal(showsPicture(w), false);
    w.online = true;
    w.call.onSocketOpen(false, true);
    await current.advance(10_000);
    assert.equal(showsPicture(w), false);
    w.call.onHint({ ...HINT, audio: { ...HINT.audio, bitrate: 32_000, ptime: 20 } });
    await current.advance(1000);
    assert.match(answers.at(-1) ?? '', /maxaveragebitrate=32000/);
    assert.match(answers.at(-1) ?? '', /a=ptime:20/);
});
