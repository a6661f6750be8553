// SPDX-License-Identifier: Apache-2.0
// The page as an object, with the real session behind it, against a pretended browser: a visit that becomes one
// without video.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { PatientStore } from './store';

class FakeSocket {
    readyState = 0;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    onerror: (() => void) | null = null;
    constructor() {
        sockets.push(this);
    }
    send(): void {}
    close(): void {}
    say(message: object): void {
        this.readyState = 1;
        this.onmessage?.({ data: JSON.stringify(message) });
    }
}

class FakeTrack {
    enabled = true;
    muted = false;
    stopped = false;
    contentHint = '';
    onended: (() => void) | null = null;
    constructor(readonly kind: string) {
        tracks.push(this);
    }
    stop(): void {
        this.stopped = true;
    }
}

let sockets: FakeSocket[];
let tracks: FakeTrack[];
let fetched: number;
let way: string;
let state: string;

const visitNow = () => ({
    id: 'v', code: 'c', state, way, starts_at_ms: Date.now(), ends_at_ms: Date.now(), opens_at_ms: 0, facility: 'f', clinic: 'k', doctor: 'd',
    phone: '', address: '', number: 'A-1', patient: 'S', ended_at_ms: null, any_doctor: false, moves_until_ms: 0, cancels_until_ms: null,
    clinic_id: 'c', service_id: null, doctor_id: 'd', late_minutes: 0, unanswered: false, asks_consent: false,
});

async function getUserMedia(want: { audio: unknown; video: unknown }) {
    await Promise.resolve();
    const got = [...(want.audio ? [new FakeTrack('audio')] : []), ...(want.video ? [new FakeTrack('video')] : [])];
    return { getTracks: () => got };
}

/* The page's own clock does not tick here. */
function define(name: string, value: unknown): void {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
}

beforeEach(() => {
    sockets = [];
    tracks = [];
    fetched = 0;
    const kept = new Map<string, string>();
    define('sessionStorage', {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
    });
    define('location', { host: 'h', origin: 'https://h', pathname: '/v/token' });
    define('history', { replaceState: () => undefined });
    define('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
    define('window', new EventTarget());
    const mediaDevices = Object.assign(new EventTarget(), { getUserMedia, enumerateDevices: async () => [] });
    define('navigator', { mediaDevices });
    define('setInterval', () => 0);
    define('WebSocket', FakeSocket);
    define('fetch', async () => {
        fetched += 1;
        return new Response(JSON.stringify({ visit: visitNow(), guest: null, server_ms: Date.now() }));
    });
});

const last = () => sockets[sockets.length - 1] as FakeSocket;
const open = () => tracks.filter((one) => !one.stopped).map((one) => one.kind);
const settled = () => new Promise((resolve) => setImmediate(resolve));

function welcome(): void {
    last().say({
        type: 'welcome', seq: 1, participant: 'me', role: 'patient', resume: 'r', resumed: false, server_ms: Date.now(), visit: visitNow(),
        participants: [], ice_servers: [],
    });
}

let seq = 1;
function become(newWay: string): void {
    way = newWay;
    last().say({ type: 'visit', seq: ++seq, visit: visitNow() });
}

/** On the page of a visit by video, devices allowed, in the waiting room. */
async function waits(): Promise<PatientStore> {
    [way, state] = ['video', 'checked_in'];
    const store = new PatientStore();
    await store.load();
    await store.askDevices();
    store.enterWaitingRoom();
    welcome();
    assert.equal(store.screen.name, 'waiting');
    return store;
}

test('"try again" of a visit without video opens the socket anew and leaves the page as it is', async (t) => {
    [way, state] = ['in_person', 'checked_in'];
    const store = new PatientStore();
    t.after(() => store.session?.dispose());
    await store.load();
    welcome();
    last().onclose?.({ code: 1006 });
    const before = sockets.length;
    store.retry();
    assert.equal(store.screen.name, 'held');
    assert.deepEqual([sockets.length - before, fetched], [1, 1]);
});

test('neither camera nor microphone stays open when the visit becomes one without video', async (t) => {
    const store = await waits();
    t.after(() => store.session?.dispose());
    assert.deepEqual(open(), ['audio'], 'the camera rests');
    become('phone');
    assert.equal(store.screen.name, 'held');
    assert.deepEqual(open(), []);
    become('video');
    await settled();
    assert.equal(store.screen.name, 'waiting');
    assert.deepEqual(open(), ['audio'], 'by video again');
});

test('what the browser gives when the visit is no longer by video is let go at once', async (t) => {
    const store = await waits();
    t.after(() => store.session?.dispose());
    const asked = store.askDevices();
    become('in_person');
    await asked;
    assert.deepEqual(open(), []);
});

test('by video again before the devices were checked: the picture is there again', async (t) => {
    [way, state] = ['video', 'booked'];
    const store = new PatientStore();
    t.after(() => store.session?.dispose());
    await store.load();
    await store.askDevices();
    store.session?.start();
    welcome();
    become('phone');
    assert.deepEqual([store.screen.name, open()], ['held', []]);
    become('video');
    await settled();
    assert.deepEqual([store.screen.name, open().sort()], ['check', ['audio', 'video']]);
});
