// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolClient, reconnectPause, type SocketLike, type Status } from './protocol';

type Json = Record<string, unknown>;

class FakeSocket implements SocketLike {
    readyState = 0;
    onopen: ((event: never) => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    onerror: ((event: never) => void) | null = null;
    sent: Json[] = [];
    send(text: string): void {
        this.sent.push(JSON.parse(text) as Json);
    }
    close(): void {
        this.readyState = 3;
    }
    open(): void {
        this.readyState = 1;
        this.onopen?.(undefined as never);
    }
    say(message: Json): void {
        this.onmessage?.({ data: JSON.stringify(message) });
    }
    die(code = 1006): void {
        this.readyState = 3;
        this.onclose?.({ code });
    }
}

class World {
    nowMs = 1000;
    sockets: FakeSocket[] = [];
    timers: { at: number; run: () => void }[] = [];
    statuses: Status[] = [];
    messages: string[] = [];
    resumes: string[] = [];
    early: string | null = null;
    client: ProtocolClient;

    constructor(resume?: string) {
        this.client = new ProtocolClient({
            url: 'wss://host/ws',
            token: 'tok',
            lang: () => 'id',
            ...(resume ? { resume } : {}),
            early: () => this.early,
            onResume: (text) => this.resumes.push(text),
            openSocket: (_url, subprotocol) => {
                assert.equal(subprotocol, 'huyula.v1');
                const socket = new FakeSocket();
                this.sockets.push(socket);
                return socket;
            },
            now: () => this.nowMs,
            random: () => 0,
            setTimer: (run, ms) => {
                const timer = { at: this.nowMs + ms, run };
                this.timers.push(timer);
                return timer;
            },
            clearTimer: (timer) => {
                this.timers = this.timers.filter((one) => one !== timer);
            },
        });
        this.client.on('status', (status) => this.statuses.push(status));
        this.client.on('message', (message) => this.messages.push(message.type));
    }

    get socket(): FakeSocket {
        const last = this.sockets[this.sockets.length - 1];
        assert.ok(last);
        return last;
    }

    advance(ms: number): void {
        const until = this.nowMs + ms;
        for (;;) {
            const next = this.timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
            if (!next) break;
            this.nowMs = next.at;
            this.timers = this.timers.filter((t) => t !== next);
            next.run();
        }
        this.nowMs = until;
    }

    welcome(extra: Json = {}): void {
        this.socket.open();
        this.socket.say({
            type: 'welcome', seq: 1, resume: 'r1', resumed: false, kind: 'visit', participant: 'p',
            role: 'patient', server_ms: 5000, ...extra,
        });
    }

    sent(type: string): Json[] {
        return this.socket.sent.filter((message) => message.type === type);
    }
}

test('hello carries the token, never the address', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    assert.deepEqual(w.sent('hello'), [{ type: 'hello', token: 'tok', lang: 'id' }]);
    assert.deepEqual(w.statuses, ['connecting', 'open']);
    assert.deepEqual(w.resumes, ['r1']);
    assert.equal(w.client.serverNow(), 5000);
});

test('a lost connection resumes with what was heard last, and hears nothing twice', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    w.socket.say({ type: 'visit', seq: 2, visit: {} });
    w.socket.say({ type: 'room', seq: 3, others: 1 });
    w.socket.die();
    assert.equal(w.client.status, 'lost');
    w.advance(500);
    w.welcome({ seq: 3, resumed: true });
    assert.deepEqual(w.sent('hello')[0], {
        type: 'hello', token: 'tok', lang: 'id', resume: 'r1', last_seq: 3,
    });
    w.socket.say({ type: 'room', seq: 3, others: 1 });
    w.socket.say({ type: 'room', seq: 4, others: 2 });
    assert.deepEqual(w.messages, ['welcome', 'visit', 'room', 'welcome', 'room']);
});

test('a forgotten place starts counting anew', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    for (let seq = 2; seq < 9; seq++) w.socket.say({ type: 'room', seq, others: 1 });
    w.socket.die(1012);
    w.advance(500);
    w.welcome({ resume: 'r2' });
    w.socket.say({ type: 'visit', seq: 2, visit: {} });
    assert.equal(w.messages[w.messages.length - 1], 'visit');
});

test('a page loaded again asks for its place without claiming to have heard anything', () => {
    const w = new World('old');
    w.client.start();
    w.socket.open();
    assert.deepEqual(w.sent('hello')[0], { type: 'hello', token: 'tok', lang: 'id', resume: 'old' });
});

test('pauses double up to 5 s and are cut short by retryNow()', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 9].map((n) => reconnectPause(n, 0)), [500, 1000, 2000, 4000, 5000, 5000]);
    assert.equal(reconnectPause(0, 1), 375);
    const w = new World();
    w.client.start();
    w.socket.die();
    w.advance(499);
    assert.equal(w.sockets.length, 1);
    w.client.retryNow();
    assert.equal(w.sockets.length, 2);
    w.socket.die();
    w.advance(500);
    assert.equal(w.sockets.length, 3);
});

test('pings every 4 s; who does not answer for 4.5 s is dead, and another connection is opened at once', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    assert.equal(w.sent('ping').length, 1);
    w.nowMs += 80;
    w.socket.say({ type: 'pong', id: 1, server_ms: 9000 });
    w.advance(4000);
    assert.equal(w.sent('ping')[1]?.rtt_ms, 80);
    w.advance(4400);
    assert.equal(w.client.status, 'open');
    w.advance(100);
    assert.equal(w.client.status, 'lost');
    assert.equal(w.sockets.length, 2);
    w.welcome({ resumed: true });
    assert.equal(w.client.status, 'open');
});

test('anything that comes shows that it lives', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    for (let seq = 2; seq < 20; seq++) {
        w.advance(4000);
        w.socket.say({ type: 'room', seq, others: 1 });
    }
    assert.equal(w.sockets.length, 1);
});

test('a doubtful connection is asked, and replaced after five round trips', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    w.nowMs += 300;
    w.socket.say({ type: 'pong', id: 1, server_ms: 9000 });
    w.client.check();
    w.advance(300);
    w.socket.say({ type: 'pong', id: 2, server_ms: 9000 });
    w.advance(3000);
    assert.equal(w.sockets.length, 1);
    w.client.check();
    w.advance(1499);
    assert.equal(w.sockets.length, 1);
    w.advance(1);
    assert.equal(w.sockets.length, 2);
    assert.equal(w.client.status, 'lost');
});

test('a doubt does not begin a connection anew that is being opened', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    w.client.reconnect();
    for (let n = 0; n < 3; n++) {
        w.advance(2500);
        w.client.check();
        w.client.retryNow();
    }
    assert.equal(w.sockets.length, 2, 'on a path of 1.3 s of round trip it takes 5 s');
    w.welcome({ resumed: true });
    assert.equal(w.client.status, 'open');
});

test('a doubt during a patient wait makes it short', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    w.nowMs += 80;
    w.socket.say({ type: 'pong', id: 1, server_ms: 9000 });
    w.advance(1000);
    w.client.check();
    w.advance(400);
    assert.equal(w.sockets.length, 2);
});

test('another network: a new connection without asking the old one, unless all is over', () => {
    const w = new World();
    w.client.start();
    w.client.reconnect();
    assert.equal(w.sockets.length, 2, 'also while it was opening');
    w.welcome();
    w.client.reconnect();
    assert.equal(w.client.status, 'lost');
    assert.equal(w.sockets.length, 3);
    w.welcome({ resumed: true });
    assert.deepEqual(w.sent('hello')[0]?.resume, 'r1');
    w.socket.say({ type: 'replaced', seq: 2 });
    w.client.reconnect();
    w.client.check();
    assert.equal(w.sockets.length, 3);
    assert.equal(w.client.status, 'replaced');
});

test('a connection that has opened has as long again for its welcome', () => {
    const w = new World();
    w.client.start();
    w.advance(9000);
    w.socket.open();
    w.advance(9000);
    assert.equal(w.sockets.length, 1);
    w.advance(2000);
    assert.equal(w.sockets.length, 2);
});

test('a connection that never opens is given up', () => {
    const w = new World();
    w.client.start();
    w.advance(10_600);
    assert.equal(w.sockets.length, 2);
});

test('occupied waits for the person; taking over says so once', () => {
    const w = new World();
    w.client.start();
    w.socket.open();
    w.socket.say({ type: 'occupied' });
    assert.equal(w.client.status, 'occupied');
    w.advance(60_000);
    assert.equal(w.sockets.length, 1);
    w.client.takeOver();
    w.welcome();
    assert.equal(w.sent('hello')[0]?.take_over, true);
    w.socket.die();
    w.advance(500);
    w.socket.open();
    assert.equal(w.sent('hello')[0]?.take_over, undefined);
});

test('replaced, ended and refused never reconnect by themselves', () => {
    for (const message of [
        { type: 'replaced', seq: 2 },
        { type: 'ended', seq: 2, state: 'done', by: 'doctor' },
        { type: 'error', seq: 2, code: 'visit-cancelled', message: '', fatal: true },
    ]) {
        const w = new World();
        w.client.start();
        w.welcome();
        w.socket.say(message);
        w.advance(60_000);
        assert.equal(w.sockets.length, 1, message.type);
        assert.ok(['replaced', 'ended', 'refused'].includes(w.client.status));
        assert.equal(w.messages[w.messages.length - 1], message.type);
    }
});

test('a stopping server is waited for', () => {
    const w = new World();
    w.client.start();
    w.welcome();
    w.socket.say({ type: 'restarting', seq: 2, in_ms: 10_000 });
    assert.equal(w.client.status, 'restarting');
    w.socket.die(1012);
    w.advance(500);
    assert.equal(w.sockets.length, 2);
    assert.equal(w.client.status, 'restarting');
    w.welcome();
    assert.equal(w.client.status, 'open');
});

test('what is said without a connection is not kept', () => {
    const w = new World();
    w.client.start();
    assert.equal(w.client.send({ type: 'ready' }), false);
    w.welcome();
    assert.equal(w.client.send({ type: 'ready' }), true);
    assert.equal(w.sent('ready').length, 1);
});

test('hello names what an early offer opened, as long as nobody has taken it', () => {
    const w = new World();
    w.early = 'k1';
    w.client.start();
    w.socket.open();
    assert.equal(w.sent('hello')[0]?.early, 'k1');
    w.early = null;
    w.socket.die();
    w.advance(500);
    w.socket.open();
    assert.equal('early' in (w.sent('hello')[0] ?? {}), false);
});
