// SPDX-License-Identifier: Apache-2.0
// Who has lost a place, or has it again, is told while the page is open: in the waiting room, before it, on the lists of
// desk and doctor. Whatever takes it away: leave, an account, a clinic that is closed, midnight, the command line.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const DOCTOR = 'dr. Rahmat Hasan';
const WITA_MS = 8 * 3600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600_000;
const MAX_PAGES = 8;
const PASSWORD = 'kata sandi yang panjang';
const PUSHED_WITHIN_MS = 1000; // from the answer to who caused it

let server, doctor, admin, desk, slots, facility, clinic;
let nClients = 0;
const sockets = [];
const leaves = new Set();

before(async () => {
    server = await ServerProcess.start();
    [doctor, admin, desk] = await Promise.all(['rahmat', 'admin', 'loket'].map((login) => server.logInDemo(login)));
    slots = await freeSlots(server, DOCTOR, 20);
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    facility = facilities.find((one) => one.clinics.some(({ id }) => id === slots[0].clinic));
    clinic = facility.clinics.find(({ id }) => id === slots[0].clinic);
});
afterEach(async () => {
    for (const client of sockets.splice(0)) client.socket.destroy();
    for (const leave of [...leaves]) await comeBack(leave);
});
after(() => server.dispose());

const today = (days = 0) => new Date(Date.now() + WITA_MS + days * DAY_MS).toISOString().slice(0, 10);

async function send(method, target, json, headers = doctor, status = 201) {
    const reply = await server.request(method, target, { headers, json, from: clientAddress(1000 + nClients++) });
    assert.equal(reply.status, status, reply.text);
    return reply.text ? reply.json() : null;
}

async function connect() {
    const client = await WsClient.open(server, { from: clientAddress(nClients++) });
    sockets.push(client);
    return client;
}

/** One who only hears that something has changed. */
async function watcher(token) {
    const client = await connect();
    assert.equal((await client.hello(token)).kind, 'day');
    return client;
}

const dayOf = async (headers) => watcher((await send('POST', '/api/v1/day/watch', undefined, headers, 200)).token);

/** Somebody without an appointment who sits in the waiting room. */
async function waits(n, more = {}) {
    const { visit, link } = await send('POST', '/api/v1/walk-ins', { clinic: clinic.id, doctor: slots[0].doctor, ...person(n), ...more }, desk);
    const client = await connect();
    const token = link.split('/v/')[1];
    assert.equal((await client.hello(token)).visit.unplaced, false);
    client.send({ type: 'ready' });
    await client.next('visit', (message) => message.visit.state === 'checked_in');
    return { visit, client, token };
}

const cancel = (visit) => send('POST', `/api/v1/visits/${visit}/cancel`, { reason: 'dokter berhalangan' }, desk, 200);

let nBooked = 0;
/** Somebody who comes another day: {visit, token}. */
async function booked(n) {
    const { visit, link } = await send('POST', '/api/v1/bookings', { ...slots[4 * nBooked++], ...person(n) }, {});
    return { visit, token: link.split('/v/')[1] };
}

const isUnplaced = async (token) => (await send('GET', '/api/v1/join', undefined, { authorization: `Bearer ${token}` }, 200)).visit.unplaced;

async function goAway(from, until) {
    const { ids } = await send('POST', `/api/v1/hours/${slots[0].doctor}/leaves?bookings=keep`, { from, until, note: 'cuti' });
    leaves.add(ids[0]);
    return ids[0];
}

async function comeBack(id) {
    leaves.delete(id);
    await send('DELETE', `/api/v1/hours/${slots[0].doctor}/leaves/${id}`, undefined, doctor, 200);
}

/** Until the message is there; not later than a person who looks would mind. */
async function soon(client, type, fits) {
    const from = Date.now();
    const message = await client.next(type, fits);
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS, `${type} after ${Date.now() - from} ms`);
    return message;
}

/** How often it has heard so far: a ping is answered behind it. */
async function heard(client) {
    client.send({ type: 'ping', id: 1 });
    await client.next('pong');
    return client.messages.splice(0).filter((one) => one.type === 'day-changed').length;
}

test('the doctor is away: who waits is told at once, and the lists; and when it is taken back', async () => {
    const { visit, client } = await waits(1);
    const lists = await Promise.all([doctor, desk].map(dayOf));
    for (const list of lists) await heard(list);
    const leave = await goAway(today(), today());
    const told = await soon(client, 'visit', (message) => message.visit.unplaced);
    assert.deepEqual([told.visit.id, told.visit.state], [visit, 'checked_in']);
    for (const list of lists) assert.equal((await soon(list, 'day-changed')).visit, null);
    const listed = async () => (await send('GET', '/api/v1/day', undefined, desk, 200)).visits.find((one) => one.id === visit).unplaced;
    assert.equal(await listed(), true);
    await comeBack(leave);
    await soon(client, 'visit', (message) => message.visit.unplaced === false);
    for (const list of lists) await soon(list, 'day-changed');
    assert.equal(await listed(), false);
});

test('what else becomes of the queue does not deny it', async () => {
    const { client } = await waits(3);
    const leave = await goAway(today(), today());
    await soon(client, 'visit', (message) => message.visit.unplaced);
    /* Another who comes makes the server ask for all places again. An emergency goes to who is on leave, too. */
    const other = await waits(4, { urgent_reason: 'sesak' });
    const moved = await client.next('visit', (message) => message.visit.queue.ahead === 2);
    assert.equal(moved.visit.unplaced, true);
    await cancel(other.visit);
    await comeBack(leave);
    await soon(client, 'visit', (message) => !message.visit.unplaced);
});

test('a socket that is opened while the doctor is away says so by its welcome', async () => {
    const { visit, client, token } = await waits(5);
    const leave = await goAway(today(), today());
    await client.drop();
    const again = await connect();
    assert.equal((await again.hello(token)).visit.unplaced, true);
    await comeBack(leave);
    await soon(again, 'visit', (message) => message.visit.id === visit && !message.visit.unplaced);
});

test('before the waiting room is open a page hears by its link, of its own visit alone', async () => {
    const { visit, token } = await booked(11);
    const early = await connect();
    early.send({ type: 'hello', token });
    assert.equal((await early.next('error')).code, 'too-early');
    const [page, other] = [await watcher(`jadwal:${token}`), await watcher(`jadwal:${(await booked(12)).token}`)];
    const leave = await goAway(today(1), today(19));
    await soon(page, 'day-changed');
    assert.equal(await isUnplaced(token), true);
    await comeBack(leave);
    await soon(page, 'day-changed');
    assert.equal(await isUnplaced(token), false);
    await heard(other);
    await cancel(visit);
    assert.equal((await soon(page, 'day-changed')).visit, null);
    assert.equal(await heard(other), 0);
});

test('a page whose visit is moved comes again, and hears of the other one', async () => {
    const { visit, token } = await booked(13);
    const page = await watcher(`jadwal:${token}`);
    const { doctor: own, starts_at_ms } = slots[4 * nBooked++];
    const moved = await send('POST', `/api/v1/visits/${visit}/move`, { doctor: own, starts_at_ms }, desk, 200);
    await soon(page, 'day-changed');
    assert.equal(await page.closed, 1012);
    const again = await watcher(`jadwal:${token}`);
    await cancel(moved.visit);
    await soon(again, 'day-changed');
});

test('nobody listens by another token, nor by too many pages', async () => {
    const { token } = await booked(14);
    const [{ doctor: doctors }] = await server.visits(1);
    const day = (await send('POST', '/api/v1/day/watch', undefined, desk, 200)).token;
    for (const wrong of ['', 'A'.repeat(22), `${token}x`, doctors, day, 'x'.repeat(5000)]) {
        const stranger = await connect();
        stranger.send({ type: 'hello', token: `jadwal:${wrong}` });
        const { code, fatal } = await stranger.next('error');
        assert.deepEqual([code, fatal], ['link-invalid', true], wrong.slice(0, 30));
    }
    await Promise.all(Array.from({ length: MAX_PAGES }, () => watcher(`jadwal:${token}`)));
    const ninth = await connect();
    ninth.send({ type: 'hello', token: `jadwal:${token}` });
    assert.equal((await ninth.next('error')).code, 'room-full');
});

test('another facility is not made to read again', async () => {
    const elsewhere = (await server.request('GET', '/api/v1/facilities')).json().facilities.find(({ id }) => id !== facility.id);
    const free = (await server.request('GET', `/api/v1/slots?clinic=${elsewhere.clinics[0].id}&days=5`)).json().days.at(-1).slots[0];
    const { link } = await send('POST', '/api/v1/bookings', { clinic: elsewhere.clinics[0].id, doctor: free.doctor,
        starts_at_ms: free.starts_at_ms, ...person(15) }, {});
    await send('POST', '/api/v1/accounts', { login: 'loket-jauh', name: 'Loket Jauh', role: 'desk', facility: elsewhere.id, password: PASSWORD }, admin);
    const [page, list] = [await watcher(`jadwal:${link.split('/v/')[1]}`), await dayOf(await server.logIn('loket-jauh', PASSWORD))];
    const near = await dayOf(desk);
    for (const one of [page, list, near]) await heard(one);
    await goAway(today(1), today(1));
    await soon(near, 'day-changed');
    for (const one of [page, list]) assert.equal(await heard(one), 0);
});

test('an account that is disabled, and enabled, is told; also by the command line', async () => {
    const { token } = await booked(16);
    const page = await watcher(`jadwal:${token}`);
    const command = (...args) => run(['user', ...args, '--demo', server.dir]);
    const changed = async (...args) => {
        const done = await command(...args);
        assert.equal(done.code, 0, done.stderr);
        await page.next('day-changed'); // it is looked for every five seconds
    };
    await changed('disable', 'rahmat', '--bookings=keep');
    assert.equal(await isUnplaced(token), true);
    await changed('enable', 'rahmat');
    assert.equal(await isUnplaced(token), false);
    const { accounts } = await send('GET', '/api/v1/accounts', undefined, admin, 200);
    const account = accounts.find((one) => one.login === 'rahmat');
    const put = (disabled) => send('POST', `/api/v1/accounts/${account.id}?bookings=keep`,
        { name: account.name, role: account.role, facility: account.facility, active: !disabled }, admin, 200);
    await put(true);
    await soon(page, 'day-changed');
    assert.equal(await isUnplaced(token), true);
    await put(false);
    await soon(page, 'day-changed');
    assert.equal(await isUnplaced(token), false);
    doctor = await server.logInDemo('rahmat');
});

test('a clinic that is closed, and opened again, is told', async () => {
    const { token } = await booked(17);
    const page = await watcher(`jadwal:${token}`);
    const put = (active) => send('POST', `/api/v1/directory/clinics/${clinic.id}?bookings=keep`,
        { name: clinic.name, wait_mode: 'one_by_one', active }, admin, 200);
    await put(false);
    await soon(page, 'day-changed');
    assert.equal(await isUnplaced(token), true);
    await put(true);
    await soon(page, 'day-changed');
    assert.equal(await isUnplaced(token), false);
});

test('at midnight all lists are read again: leave and permits begin and end with days', async () => {
    const { token } = await booked(18);
    const untilMidnight = DAY_MS - ((Date.now() + WITA_MS) % DAY_MS);
    await server.turnClock(untilMidnight - 60 * MINUTE_MS);
    const [list, page] = [await dayOf(await server.logInDemo('loket')), await watcher(`jadwal:${token}`)];
    for (const one of [list, page]) await heard(one);
    await server.turnClock(untilMidnight + MINUTE_MS);
    for (const one of [list, page]) await one.next('day-changed');
});
