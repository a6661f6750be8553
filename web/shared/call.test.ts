// SPDX-License-Identifier: Apache-2.0
// Call against a pretended RTCPeerConnection: what it offers, and how it mends.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Call } from './call';

class FakeTrack {
    constructor(
        readonly kind: string,
        readonly id = kind,
    ) {}
}

class FakeTransceiver {
    mid: string | null = null;
    currentDirection: string | null = null;
    replaced: unknown[] = [];
    parameters = { encodings: [{}] as { maxBitrate?: number }[] };
    receiver: { track: FakeTrack };
    sender = {
        replaceTrack: async (track: unknown) => {
            this.replaced.push(track);
        },
        getParameters: () => this.parameters,
        setParameters: async () => undefined,
    };
    constructor(
        readonly kind: string,
        public direction: string,
    ) {
        this.receiver = { track: new FakeTrack(kind, `remote-${kind}`) };
    }
}

class FakeConnection {
    transceivers: FakeTransceiver[] = [];
    connectionState = 'new';
    iceConnectionState = 'new';
    restarts: boolean[] = [];
    closed = false;
    ontrack: (() => void) | null = null;
    onconnectionstatechange: (() => void) | null = null;
    addTransceiver(what: string | FakeTrack, init: { direction: string }): FakeTransceiver {
        const kind = typeof what === 'string' ? what : what.kind;
        const transceiver = new FakeTransceiver(kind, init.direction);
        this.transceivers.push(transceiver);
        return transceiver;
    }
    getTransceivers(): FakeTransceiver[] {
        return this.transceivers;
    }
    async createOffer(options: { iceRestart: boolean }): Promise<{ sdp: string }> {
        this.restarts.push(options.iceRestart);
        return { sdp: `a=rtpmap:111 opus/48000/2\r\n` };
    }
    async setLocalDescription(): Promise<void> {}
    async setRemoteDescription(): Promise<void> {
        this.transceivers.forEach((transceiver, index) => {
            transceiver.mid = String(index);
            transceiver.currentDirection = transceiver.direction;
        });
    }
    async getStats(): Promise<Map<string, unknown>> {
        return new Map();
    }
    close(): void {
        this.closed = true;
    }
    become(state: string, ice = state): void {
        this.connectionState = state;
        this.iceConnectionState = ice;
        this.onconnectionstatechange?.();
    }
}

class World {
    made: FakeConnection[] = [];
    offers: { id: number; sdp: string; passive: boolean }[] = [];
    online = true;
    states: string[] = [];
    call = new Call({
        sendOffer: (id, sdp, passive) => {
            if (this.online) this.offers.push({ id, sdp, passive });
            return this.online;
        },
        createConnection: () => {
            const connection = new FakeConnection();
            this.made.push(connection);
            return connection as unknown as RTCPeerConnection;
        },
        maxVideoBps: 500_000,
        maxAudioBps: 32_000,
    });

    constructor() {
        this.call.on('state', (state) => this.states.push(state));
    }

    get connection(): FakeConnection {
        const last = this.made[this.made.length - 1];
        assert.ok(last);
        return last;
    }

    send(kind: 'audio' | 'video'): void {
        this.call.setTrack(kind, new FakeTrack(kind) as unknown as MediaStreamTrack);
    }

    async answer(): Promise<void> {
        const id = this.offers[this.offers.length - 1]?.id;
        assert.ok(id);
        this.call.onAnswer(id, 'v=0');
        await settle();
    }

    async connect(): Promise<void> {
        this.call.start();
        await settle();
        await this.answer();
        this.connection.become('connected');
    }
}

async function settle(): Promise<void> {
    for (let n = 0; n < 20; n++) await Promise.resolve();
}

function timed(name: string, run: (world: World) => Promise<void>): void {
    test(name, async () => {
        const timers = new FakeTimers();
        const world = new World();
        try {
            current = timers;
            await run(world);
        } finally {
            world.call.close();
            timers.restore();
        }
    });
}

/* setTimeout of the process, turned by hand (node 18 has no mock timers). */
class FakeTimers {
    private nowMs = 0;
    private waiting = new Map<number, { at: number; run: () => void }>();
    private last = 0;
    private readonly set = mock.method(globalThis, 'setTimeout', ((run: () => void, ms = 0) => {
        this.last += 1;
        this.waiting.set(this.last, { at: this.nowMs + ms, run });
        return this.last;
    }) as never);
    private readonly unset = mock.method(globalThis, 'clearTimeout', ((id: number) => {
        this.waiting.delete(id);
    }) as never);

    async advance(ms: number): Promise<void> {
        const until = this.nowMs + ms;
        for (;;) {
            const due = [...this.waiting].filter(([, t]) => t.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
            if (!due) break;
            this.nowMs = due[1].at;
            this.waiting.delete(due[0]);
            due[1].run();
            await settle();
        }
        this.nowMs = until;
    }

    restore(): void {
        this.set.mock.restore();
        this.unset.mock.restore();
    }
}

let current: FakeTimers;

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
    assert.equal(w.connection.transceivers[0]?.parameters.encodings[0]?.maxBitrate, 32_000);
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
    await current.advance(8000);
    assert.deepEqual(w.connection.restarts, [false, true, true]);
    await current.advance(8000);
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
    assert.equal(w.connection.restarts[3], true);
});

timed('an unanswered offer is made again, a refused one after a pause with all anew', async (w) => {
    w.call.start();
    await settle();
    await current.advance(10_000);
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
