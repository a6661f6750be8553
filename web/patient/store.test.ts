// SPDX-License-Identifier: Apache-2.0
// The page as an object, with the real session behind it, against a pretended browser: a visit that becomes one
// without video.
import assert from 'node:assert/strict';
import { beforeEach, test, type TestContext } from 'node:test';
import { FakeBrowser } from '../shared/fake_browser';
import { isUnplaced } from './screen';
import { PatientStore } from './store';

let browser: FakeBrowser;
let way: string;
let state: string;
let opensAtMs = 0;
let unplaced = false;

const visitNow = () => ({
    id: 'v', code: 'c', state, way, starts_at_ms: Date.now(), ends_at_ms: Date.now(), opens_at_ms: opensAtMs, facility: 'f', clinic: 'k', doctor: 'd',
    phone: '', address: '', number: 'A-1', patient: 'S', ended_at_ms: null, any_doctor: false, moves_until_ms: 0, cancels_until_ms: null,
    clinic_id: 'c', service_id: null, doctor_id: 'd', late_minutes: 0, unanswered: false, asks_consent: false, unplaced,
});

beforeEach(() => {
    [opensAtMs, unplaced] = [0, false];
    browser = new FakeBrowser('/v/token', () => ({ visit: visitNow(), guest: null, server_ms: Date.now() }));
});

/** What has timers ends with the test. */
function disposeAfter(t: TestContext, store: PatientStore): void {
    t.after(() => {
        store.session?.dispose();
        store.news?.stop();
    });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function welcome(): void {
    browser.socket.say({
        type: 'welcome', seq: 1, participant: 'me', role: 'patient', resume: 'r', resumed: false, server_ms: Date.now(), visit: visitNow(),
        participants: [], ice_servers: [],
    });
}

let seq = 1;
function become(newWay: string): void {
    way = newWay;
    browser.socket.say({ type: 'visit', seq: ++seq, visit: visitNow() });
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
    disposeAfter(t, store);
    await store.load();
    assert.equal(browser.sockets.length, 1, 'the visit\'s own alone');
    welcome();
    browser.socket.onclose?.({ code: 1006 });
    const before = browser.sockets.length;
    store.retry();
    assert.equal(store.screen.name, 'held');
    assert.deepEqual([browser.sockets.length - before, browser.nFetched], [1, 1]);
});

test('neither camera nor microphone stays open when the visit becomes one without video', async (t) => {
    const store = await waits();
    disposeAfter(t, store);
    assert.deepEqual(browser.open, ['audio'], 'the camera rests');
    become('phone');
    assert.equal(store.screen.name, 'held');
    assert.deepEqual(browser.open, []);
    become('video');
    await settled();
    assert.equal(store.screen.name, 'waiting');
    assert.deepEqual(browser.open, ['audio'], 'by video again');
});

test('what the browser gives when the visit is no longer by video is let go at once', async (t) => {
    const store = await waits();
    disposeAfter(t, store);
    const asked = store.askDevices();
    become('in_person');
    await asked;
    assert.deepEqual(browser.open, []);
});

test('by video again before the devices were checked: the picture is there again', async (t) => {
    [way, state] = ['video', 'booked'];
    const store = new PatientStore();
    disposeAfter(t, store);
    await store.load();
    await store.askDevices();
    store.session?.start();
    welcome();
    become('phone');
    assert.deepEqual([store.screen.name, browser.open], ['held', []]);
    become('video');
    await settled();
    assert.deepEqual([store.screen.name, browser.open], ['check', ['audio', 'video']]);
});

/** One who only watches is let in, or hears that something has changed; the page reads again. */
async function hears(type: 'welcome' | 'day-changed'): Promise<void> {
    const welcome = { resume: 'r', resumed: false, server_ms: Date.now(), kind: 'day' };
    browser.socket.say({ type, seq: ++seq, ...(type === 'welcome' ? welcome : { visit: null }) });
    await settled();
    await settled();
}

test('before the time what becomes of the visit is read again whenever the server says so', async (t) => {
    [way, state] = ['video', 'booked'];
    opensAtMs = Date.now() + 3600_000;
    const store = new PatientStore();
    disposeAfter(t, store);
    await store.load();
    assert.deepEqual([store.screen.name, browser.sockets.length], ['early', 1]);
    const screens: string[] = [];
    store.on('change', () => screens.push(store.screen.name));
    await hears('welcome');
    unplaced = true;
    await hears('day-changed');
    assert.equal(isUnplaced(store.current), true);
    unplaced = false;
    await hears('day-changed');
    assert.equal(isUnplaced(store.current), false);
    assert.deepEqual(new Set(screens), new Set(['early']), 'nothing else is shown meanwhile');
    state = 'cancelled_provider';
    await hears('day-changed');
    assert.deepEqual([store.screen.name, browser.sockets.length], ['cancelled', 1]);
});

test('at the device check, too; in the waiting room by the visit\'s own socket', async (t) => {
    [way, state] = ['video', 'booked'];
    const store = new PatientStore();
    disposeAfter(t, store);
    await store.load();
    const watch = browser.socket;
    assert.equal(store.screen.name, 'check');
    unplaced = true;
    await hears('day-changed');
    assert.equal(isUnplaced(store.current), true);
    await store.askDevices();
    store.enterWaitingRoom();
    welcome();
    assert.deepEqual([browser.sockets.length, watch.onmessage], [2, null], 'it is closed');
    unplaced = false;
    become('video');
    assert.equal(isUnplaced(store.current), false);
});

test('a page that rings has no other socket', async (t) => {
    [way, state] = ['video', 'called'];
    const store = new PatientStore();
    disposeAfter(t, store);
    await store.load();
    assert.deepEqual([store.screen.name, browser.sockets.length], ['check', 0]);
});
