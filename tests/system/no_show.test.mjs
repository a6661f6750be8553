// SPDX-License-Identifier: Apache-2.0
// Patients who do not come are given up by the clock, once each, also when the server is killed amid it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const N_VISITS = 450; // of three doctors; the first two's facility has 300
const OVER_MS = 76 * 60_000; // 15 min of visit and 60 in which one may still come
const DEADLINE_MS = 60_000;
const PUSHED_WITHIN_MS = 1000; // from the answer to who caused it
const PASSWORD = 'kata sandi yang panjang';

const WITA_MS = 8 * 3600_000;

const DAY_MS = 86_400_000, MORNING_MS = 10 * 3600_000;

let server, visits, date, aheadMs, turns = 0;
before(async () => {
    server = await ServerProcess.start();
    const local = Date.now() + WITA_MS;
    aheadMs = DAY_MS - local % DAY_MS + MORNING_MS;
    date = new Date(local + aheadMs).toISOString().slice(0, 10);
    await turnTo(0);
    visits = await visitsNow(N_VISITS);
});

/** So long after ten in the morning of the next day, when no midnight is near; a moment more each time, by which
 * each turn is told from those before. */
const turnTo = (ms) => server.turnClock(aheadMs + ms + turns++);
const visitsNow = (count) => server.visits(count, { isTurned: true });
after(() => server.dispose());

const post = (path, headers) => server.request('POST', path, { headers });

/** The states of the visits' day by visit, when none is booked any more. */
async function untilNobodyIsBooked(headers) {
    for (const deadline = Date.now() + DEADLINE_MS;;) {
        const { visits: day } = (await server.request('GET', `/api/v1/day?date=${date}`, { headers })).json();
        if (day.every((one) => one.state !== 'booked')) return new Map(day.map((one) => [one.id, one.state]));
        assert.ok(Date.now() < deadline, 'they are given up');
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

test('who did not come is given up once, over a kill -9; who waits is not', async () => {
    const [waiting] = visits;
    const patient = await WsClient.open(server);
    await patient.hello(waiting.patient);
    patient.send({ type: 'ready' });
    await patient.next('visit', (message) => message.visit.state === 'checked_in');
    const { visit } = visits[3];

    await turnTo(OVER_MS);
    await server.untilLogged(/patients did not come visits=100/);
    await server.stop('SIGKILL');
    await server.run();
    const desk = await server.logInDemo('loket');
    const states = await untilNobodyIsBooked(desk);
    assert.equal(states.get(waiting.visit), 'checked_in');
    states.delete(waiting.visit);
    assert.ok(states.size >= N_VISITS * 2 / 3 - 1, `${states.size}`);
    assert.deepEqual([...new Set(states.values())], ['no_show_patient']);
    for (const id of [visit, ...[...states.keys()].slice(0, 40)]) {
        const { events } = (await server.request('GET', `/api/v1/visits/${id}`, { headers: desk })).json();
        const ends = events.filter((one) => one.kind === 'no_show_patient');
        assert.deepEqual(ends.map((one) => [one.actor, one.detail]), [['system', 'automatic']]);
    }
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('who does not answer two calls is given up, and both are told', async () => {
    await turnTo(0);
    const [one] = await visitsNow(1);
    const doctor = await server.logInDemo('rahmat');
    const patient = await WsClient.open(server, { from: clientAddress(2) });
    await patient.hello(one.patient);
    patient.send({ type: 'ready' });
    await patient.next('visit', (message) => message.visit.state === 'checked_in');
    for (let i = 0; i < 2; i++) {
        const called = await post(`/api/v1/visits/${one.visit}/call`, doctor);
        assert.deepEqual([called.status, called.json().state], [200, 'called']);
    }
    await turnTo(16 * 60_000);
    const told = await patient.next('ended');
    assert.deepEqual([told.state, told.by], ['no_show_patient', 'system']);
    const record = await server.request('GET', `/api/v1/visits/${one.visit}`, { headers: await server.logInDemo('rahmat') });
    assert.equal(record.json().visit.state, 'no_show_patient');
});

/** A socket that hears of those whom nobody calls, for whoever keeps a facility, or all. */
async function unansweredOf(headers, n) {
    const { token } = (await post('/api/v1/unanswered/watch', headers)).json();
    const client = await WsClient.open(server, { from: clientAddress(n) });
    assert.equal((await client.hello(token)).kind, 'day');
    return client;
}

/** Log-ins of whoever keeps the visits' facility, and another one. */
async function coordinators() {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const isHome = (one) => one.clinics.some((clinic) => clinic.doctors.some((who) => who.name === 'dr. Rahmat Hasan'));
    const both = [facilities.find(isHome), facilities.find((one) => !isHome(one))];
    return Promise.all(both.map(async ({ id }, i) => {
        const added = await run(['user', 'add', `koordinator-${i}`, '--demo', server.dir, '--role', 'coordinator', '--facility', id,
            '--name', 'Rina'], { input: `${PASSWORD}\n` });
        assert.equal(added.code, 0, added.stderr);
        return server.logIn(`koordinator-${i}`, PASSWORD, clientAddress(70 + i));
    }));
}

test('who waits and is called by nobody: shown, then escalated, once each over a kill -9', async () => {
    await turnTo(0);
    const [one] = await visitsNow(1);
    const desk = await server.logInDemo('loket', clientAddress(61));
    const admin = await server.logInDemo('admin', clientAddress(62));
    const [own, other] = await coordinators();
    let patient = await WsClient.open(server, { from: clientAddress(63) });
    await patient.hello(one.patient);
    patient.send({ type: 'ready' });
    const waits = await patient.next('visit', (message) => message.visit.state === 'checked_in');
    assert.equal(waits.visit.unanswered, false);
    const listed = async () => (await server.request('GET', '/api/v1/unanswered', { headers: admin })).json().unanswered
        .filter((item) => item.visit === one.visit);
    const inDay = async () => (await server.request('GET', '/api/v1/day', { headers: desk })).json().visits
        .find((item) => item.id === one.visit);

    await turnTo(11 * 60_000);
    await patient.next('visit', (message) => message.visit.unanswered);
    assert.ok((await inDay()).unanswered_since_ms > 0);
    assert.deepEqual(await listed(), []);
    await server.stop('SIGKILL');
    await server.run();
    const pages = await Promise.all([admin, own].map((headers, i) => unansweredOf(headers, 65 + i)));
    const elsewhere = await unansweredOf(other, 67);
    await turnTo(22 * 60_000);
    for (;;) {
        const news = await Promise.all(pages.map((page) => page.next('day-changed')));
        assert.deepEqual(news.map((one) => one.visit), [null, null], 'not even which visit');
        if ((await listed()).length > 0) break;
    }
    assert.ok(!('patient' in (await listed())[0]), 'no name');

    const doctor = await server.logInDemo('rahmat', clientAddress(64));
    patient = await WsClient.open(server, { from: clientAddress(63) });
    await patient.hello(one.patient);
    const called = await post(`/api/v1/visits/${one.visit}/call`, doctor);
    assert.equal(called.status, 200, called.text);
    const from = Date.now();
    await Promise.all(pages.map((page) => page.next('day-changed')));
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS, `${Date.now() - from} ms`);
    elsewhere.send({ type: 'ping', id: 1 });
    await elsewhere.next('pong');
    assert.deepEqual(elsewhere.messages, [], 'another facility hears nothing');
    const heard = await patient.next('visit', (message) => message.visit.state === 'called');
    assert.equal(heard.visit.unanswered, false);
    assert.deepEqual(await listed(), []);
    const { events } = (await server.request('GET', `/api/v1/visits/${one.visit}`, { headers: desk })).json();
    const told = events.map((event) => event.kind).filter((kind) => ['unanswered', 'escalated'].includes(kind));
    assert.deepEqual(told, ['unanswered', 'escalated']);
});

test('whom nobody phones: doctor and desk are shown it, the patient told, until the doctor asks for the number', async () => {
    await turnTo(0);
    const [one] = await visitsNow(1);
    const desk = await server.logInDemo('loket', clientAddress(81));
    const doctor = await server.logInDemo('rahmat', clientAddress(82));
    const converted = await server.request('POST', `/api/v1/visits/${one.visit}/convert`,
        { headers: desk, json: { to: 'phone', reason: 'sinyal pasien lemah' } });
    assert.equal(converted.status, 200, converted.text);
    const patient = await WsClient.open(server, { from: clientAddress(83) });
    await patient.hello(one.patient);
    const { token } = (await post('/api/v1/day/watch', desk)).json();
    const watch = await WsClient.open(server, { from: clientAddress(84) });
    await watch.hello(token);
    const inDay = async () => (await server.request('GET', '/api/v1/day', { headers: desk })).json().visits
        .find((item) => item.id === one.visit);
    await turnTo(11 * 60_000);
    const told = await patient.next('visit', (message) => message.visit.unanswered);
    assert.deepEqual([told.visit.state, told.visit.way], ['booked', 'phone']);
    await watch.next('day-changed', (message) => message.visit === one.visit);
    const listed = await inDay();
    assert.ok(listed.unanswered_since_ms > 0 && listed.to_phone);
    watch.messages.length = 0;
    const shown = await post(`/api/v1/visits/${one.visit}/phone`, doctor);
    assert.equal(shown.status, 200, shown.text);
    await watch.next('day-changed', (message) => message.visit === one.visit);
    assert.deepEqual([(await inDay()).unanswered_since_ms, (await inDay()).to_phone], [null, false]);
    await patient.next('visit', (message) => !message.visit.unanswered);
});

test('who is to come looks on by the link from the morning on: the desk says that they are there, then the place, the call', async () => {
    await turnTo(0);
    const [one] = await visitsNow(1);
    const desk = await server.logInDemo('loket', clientAddress(85));
    const doctor = await server.logInDemo('rahmat', clientAddress(86));
    const converted = await server.request('POST', `/api/v1/visits/${one.visit}/convert`,
        { headers: desk, json: { to: 'in_person', reason: 'perlu diperiksa' } });
    assert.equal(converted.status, 200, converted.text);
    const patient = await WsClient.open(server, { from: clientAddress(87) });
    assert.equal((await patient.hello(one.patient)).visit.queue, null);
    patient.send({ type: 'ready' });
    assert.equal((await patient.next('error')).code, 'bad-state', 'not by the page');
    assert.equal((await post(`/api/v1/visits/${one.visit}/check-in`, desk)).status, 200);
    const waits = await patient.next('visit', (message) => message.visit.state === 'checked_in');
    assert.ok(waits.visit.queue.number.length > 0);
    assert.equal((await post(`/api/v1/visits/${one.visit}/call`, doctor)).status, 200);
    await patient.next('visit', (message) => message.visit.state === 'called');
});
