// SPDX-License-Identifier: Apache-2.0
// GStreamer's webrtcbin publishes into a visit by WHIP and two others watch by WHEP, one of them with
// transport-wide feedback: the tone and the picture come through our relay.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { after, before, test } from 'node:test';
import { ServerProcess } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const TONE_HZ = 440;
const TONE_TOLERANCE_HZ = 10; // a step of the listener
const N_WINDOWS = 30; // of 100 ms
const N_FRAMES = 45; // of 15 a second
const N_FRAMES_MOVING = 10, N_WINDOWS_MOVING = 15; // so many pictures within 1.5 s at most
const WAIT_MS = 60_000;
// Of who watches, from the answer on. Without transport-wide feedback pictures wait for reports, which
// GStreamer sends when it likes (RFC 3550, 6.2: each 2 to 6 s): 5.5 to 8.6 s in three runs, over 12 in one.
const FIRST_PICTURE_MS = { watch: 20_000, 'watch-cc': 5000 };
const MOVES_MS = { watch: 28_000, 'watch-cc': 10_000 };
const FIRST_SOUND_MS = 3000;

let server, visit;
const peers = [];

/** tests/support/webrtc_peer.c as `mode`. */
class Peer {
    constructor(mode) {
        this.mode = mode;
        assert.ok(process.env.WEBRTC_PEER, 'WEBRTC_PEER must name the peer (ctest sets it)');
        const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' }; // GStreamer's own leaks
        this.child = spawn(process.env.WEBRTC_PEER, [mode], { stdio: ['pipe', 'pipe', 'inherit'], env });
        this.ended = once(this.child, 'exit');
        this.lines = readline.createInterface({ input: this.child.stdout });
        this.seen = [];
        this.lines.on('line', (line) => this.seen.push(JSON.parse(line)));
        peers.push(this);
    }

    /** The newest line of which `fits` holds, now or within so long. */
    async line(fits, withinMs = WAIT_MS) {
        const deadline = AbortSignal.timeout(withinMs);
        for (;;) {
            const found = this.seen.findLast(fits);
            if (found) return found;
            await once(this.lines, 'line', { signal: deadline }).catch(() => {
                throw new Error(`the peer did not say it, but ${JSON.stringify(this.seen.slice(-3))}`);
            });
        }
    }

    /** As line(), counted from the answer on. */
    lineInTime(fits, afterMs) {
        return this.line(fits, Math.max(Math.round(this.answeredMs + afterMs - performance.now()), 0));
    }

    takeAnswer(sdp) {
        this.answeredMs = performance.now();
        this.child.stdin.write(`${JSON.stringify(sdp).slice(1, -1)}\n`);
    }

    async stop() {
        this.child.stdin.end();
        assert.deepEqual(await this.ended, [0, null]);
    }
}

before(async () => {
    server = await ServerProcess.start();
    [visit] = await server.visits(1);
});
after(async () => {
    for (const peer of peers) peer.child.kill('SIGKILL');
    await server.dispose();
});

function post(kind, token, sdp) {
    return server.request('POST', `/${kind}/${visit.visit}`,
        { body: sdp, type: 'application/sdp', headers: { authorization: `Bearer ${token}` } });
}

function end(location, token) {
    return server.request('DELETE', location, { headers: { authorization: `Bearer ${token}` } });
}

/** Offers and takes the answer; the Location of the session. */
async function connect(peer, kind, token) {
    const { offer } = await peer.line((line) => line.offer);
    const reply = await post(kind, token, offer);
    assert.equal(reply.status, 201, reply.text);
    assert.match(reply.headers['content-type'], /^application\/sdp/);
    assert.match(reply.headers.location, new RegExp(`^/${kind}/${visit.visit}/\\w+$`));
    assert.match(reply.text, new RegExp(`a=candidate:.* ${server.mediaPort} typ host`));
    peer.takeAnswer(reply.text);
    return reply.headers.location;
}

/** The tone without another one in it, and a picture that moves, all of it soon. */
async function hearsAndSees(peer) {
    await peer.lineInTime((line) => line.windows > 0 && line.hz > 0, FIRST_SOUND_MS);
    const first = await peer.lineInTime((line) => line.hz > 0 && line.frames > 0, FIRST_PICTURE_MS[peer.mode]);
    await peer.lineInTime((line) => peer.seen.some((before) => before.frames + N_FRAMES_MOVING <= line.frames
        && before.windows + N_WINDOWS_MOVING >= line.windows), MOVES_MS[peer.mode]);
    const last = await peer.line((line) => line.windows >= first.windows + N_WINDOWS
        && line.frames >= first.frames + N_FRAMES);
    const heard = peer.seen.slice(peer.seen.indexOf(first)).filter((line) => line.hz !== undefined);
    for (const { hz } of heard)
        assert.ok(Math.abs(hz - TONE_HZ) <= TONE_TOLERANCE_HZ, `heard ${heard.map((line) => line.hz)}`);
    assert.ok(last.changes > last.frames / 2, `the picture moves: ${JSON.stringify(last)}`);
}

test('before the patient waits nothing may be published', async () => {
    const publisher = new Peer('publish');
    const { offer } = await publisher.line((line) => line.offer);
    const reply = await post('whip', visit.patient, offer);
    assert.deepEqual([reply.status, reply.problem()], [409, 'wrong-state'], reply.text);
    await publisher.stop();
});

test('what GStreamer publishes by WHIP another GStreamer hears and sees by WHEP', async () => {
    const page = await WsClient.open(server);
    await page.hello(visit.patient);
    page.send({ type: 'ready' });
    await page.next('visit', (message) => message.visit.state === 'checked_in');

    const publisher = new Peer('publish'), watcher = new Peer('watch'), telling = new Peer('watch-cc');
    const published = await connect(publisher, 'whip', visit.patient);
    await publisher.line((line) => line.state === 'connected');
    const watched = [];
    for (const peer of [watcher, telling]) {
        watched.push(await connect(peer, 'whep', visit.doctor));
        await peer.line((line) => line.state === 'connected');
    }
    await Promise.all([watcher, telling].map(hearsAndSees));

    assert.equal(await server.metric('huyula_media_dtls_handshakes_total'), 3);
    await server.untilMetric('huyula_media_endpoints', 3);
    const packets = 2 * (N_WINDOWS / 2 + N_FRAMES); // of 120 ms at most; a picture is one or more
    assert.ok(await server.metric('huyula_media_rtp_forwarded_total') >= packets);

    const foreign = await end(published, visit.doctor);
    assert.equal(foreign.status, 404, 'another participant\'s session is not there');
    for (const [location, token] of [[published, visit.patient], ...watched.map((at) => [at, visit.doctor])]) {
        assert.equal((await end(location, token)).status, 200);
        assert.equal((await end(location, token)).status, 404);
    }
    await server.untilMetric('huyula_media_endpoints', 0);
    await Promise.all([publisher, watcher, telling].map((peer) => peer.stop()));
    await page.drop();
});

test('an offer that is none is refused with the reason', async () => {
    const publisher = new Peer('publish');
    const { offer } = await publisher.line((line) => line.offer);
    await publisher.stop();
    const bad = {
        rubbish: 'rubbish',
        'no media': offer.slice(0, offer.indexOf('m=audio')),
        'no fingerprint': offer.replace(/a=fingerprint:.*\r\n/g, ''),
        'no ICE user': offer.replace(/a=ice-ufrag:.*\r\n/g, ''),
        'no codec of ours': offer.replaceAll('OPUS/48000/2', 'PCMX/8000').replaceAll('VP8/', 'VPX/'),
    };
    for (const [what, sdp] of Object.entries(bad)) {
        for (const kind of ['whip', 'whep']) {
            const reply = await post(kind, visit.patient, sdp);
            assert.deepEqual([reply.status, reply.problem()], [400, 'bad-offer'], `${what}: ${reply.text}`);
            assert.ok(reply.json().detail, what);
        }
    }
    const patched = await server.request('PATCH', `/whip/${visit.visit}/x`, { from: '127.0.0.2',
        body: 'a=candidate', type: 'application/trickle-ice-sdpfrag',
        headers: { authorization: `Bearer ${visit.patient}` } });
    assert.equal(patched.status, 405);
});
