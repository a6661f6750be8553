// SPDX-License-Identifier: Apache-2.0
// Messages to patients: each once by its key, over kill -9 amid two hundred; reminders by the clock; a doctor
// who is late. The driver is the file that stands for an SMS gateway.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const N_MESSAGES = 200;
const KILLED_AT = [15, 75, 150]; // lines in the file
const LEASE_MS = 31_000;
const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS;
const DEADLINE_MS = 60_000;
const TOLD_WITHIN_MS = 1000;
const POLL_MS = 2;

let server;
before(async () => {
    server = await ServerProcess.start();
});
after(() => server.dispose());

const file = () => path.join(server.dir, 'outbox.log');
const text = () => {
    try {
        return readFileSync(file(), 'utf8');
    } catch (error) {
        assert.equal(error.code, 'ENOENT');
        return '';
    }
};
const of = (visit, kind) => server.messages().filter((one) => one.visit === visit && (!kind || one.kind === kind));
const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

async function until(what, holds) {
    for (const deadline = Date.now() + DEADLINE_MS; ;) {
        const found = holds();
        if (found) return found;
        assert.ok(Date.now() < deadline, what);
        await pause();
    }
}

/** Kills the server at the moment at which the file has `n` lines or more; how many it has then. */
async function killAt(n) {
    const deadline = Date.now() + DEADLINE_MS;
    while (text().split('\n').length - 1 < n) {
        assert.ok(Date.now() < deadline, `${n} lines come`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    await server.stop('SIGKILL');
    return text().split('\n').length - 1;
}

test('two hundred messages over three kills: each is handed over once by its key', async () => {
    const visits = new Set((await server.visits(N_MESSAGES)).map((one) => one.visit));
    const ours = () => server.messages().filter((one) => visits.has(one.visit)); // each start makes one more
    let ahead = 0;
    for (const at of KILLED_AT) {
        const n = await killAt(at);
        assert.ok(n < N_MESSAGES, `killed amid them: ${n} of ${N_MESSAGES}`);
        await server.run();
        await server.turnClock(ahead += LEASE_MS);
    }
    await until('all are delivered', () => ours().length >= N_MESSAGES);
    await server.turnClock(ahead + LEASE_MS); // a lease that nobody reported would be over
    const [last] = await server.visits(1); // claimed after all that was due before
    await until('the last one is delivered', () => of(last.visit).length);
    const keys = server.messages().map((one) => one.key);
    assert.equal(new Set(keys).size, keys.length, 'no key twice');
    assert.deepEqual(ours().map((one) => one.visit).sort(), [...visits].sort());
    assert.deepEqual([...new Set(ours().map((one) => one.kind))], ['booked']);
    assert.equal(statSync(file()).mode & 0o7777, 0o600);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('a booking is told with a link that opens it, and reminded once each by the clock', async () => {
    await server.turnClock(0);
    const [, , slot] = (await freeSlots(server, 'dr. Rahmat Hasan', 3)).filter((one) => one.starts_at_ms > Date.now() + DAY_MS + HOUR_MS);
    const reply = await server.request('POST', '/api/v1/bookings',
        { json: { ...slot, ...person(7), lang: 'en' }, from: clientAddress(7) });
    assert.equal(reply.status, 201, reply.text);
    const { visit } = reply.json();
    const [told] = await until('the booking is told', () => of(visit, 'booked').length && of(visit));
    assert.deepEqual([told.to, told.lang], ['+6281210000007', 'en']);
    assert.match(told.text, /^Booked: Puskesmas Limboto, .* WITA/);
    const token = told.text.split('/v/')[1];
    const opened = await server.request('GET', '/api/v1/join', { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual([opened.status, opened.json().visit.id], [200, visit]);

    await server.turnClock(slot.starts_at_ms - HOUR_MS + 1000 - Date.now());
    await until('the hour before is told', () => of(visit, 'hour_before').length);
    await server.stop('SIGKILL');
    await server.run();
    await server.turnClock(slot.starts_at_ms - 10 * MINUTE_MS + 1000 - Date.now());
    await until('ten minutes before are told', () => of(visit, 'soon').length);
    assert.deepEqual(of(visit).map((one) => one.kind), ['booked', 'hour_before', 'soon']);

    await server.untilLogged(/messages delivered messages=\d+/); // written after the file
    const log = server.log;
    for (const one of of(visit)) {
        assert.ok(!log.includes(one.to.slice(4)), 'no number in the log');
        assert.ok(!log.includes(one.text.split('/v/')[1]), 'no link in the log');
    }
});

const late = (headers, json) => server.request('POST', '/api/v1/queue/late', { headers, json, from: clientAddress(40) });

test('a doctor who is late: who waits is told within a second, and by a message', async () => {
    await server.turnClock(0);
    const [one] = await server.visits(1);
    const doctor = await server.logInDemo('rahmat', clientAddress(41));
    const desk = await server.logInDemo('loket', clientAddress(42));
    const day = async (headers) => (await server.request('GET', '/api/v1/day', { headers })).json();
    const { doctor_id: id } = (await day(doctor)).visits.find((visit) => visit.id === one.visit);
    const patient = await WsClient.open(server, { from: clientAddress(43) });
    await patient.hello(one.patient);
    patient.send({ type: 'ready' });
    const before = await patient.next('visit', (message) => message.visit.state === 'checked_in');
    assert.equal(before.visit.late_minutes, 0);
    const watcher = await WsClient.open(server, { from: clientAddress(44) });
    const { token } = (await server.request('POST', '/api/v1/day/watch', { headers: desk })).json();
    await watcher.hello(token);

    const from = Date.now();
    const said = await late(doctor, { minutes: 20 });
    assert.equal(said.status, 200, said.text);
    assert.deepEqual([said.json().doctor, said.json().minutes], [id, 20]);
    assert.ok(said.json().messages >= 1);
    const heard = await patient.next('visit', (message) => message.visit.late_minutes === 20);
    assert.ok(Date.now() - from < TOLD_WITHIN_MS, `told after ${Date.now() - from} ms`);
    assert.ok(heard.visit.queue.wait_max_minutes >= 20);
    await watcher.next('day-changed', (message) => message.visit === null);
    for (const who of [doctor, desk]) assert.deepEqual((await day(who)).late, [{ doctor: id, minutes: 20 }]);
    const shown = await server.request('GET', '/api/v1/join', { headers: { authorization: `Bearer ${one.patient}` } });
    assert.equal(shown.json().visit.late_minutes, 20);
    const [message] = await until('a message goes out', () => of(one.visit, 'late').length && of(one.visit, 'late'));
    assert.match(message.text, /Dokter terlambat sekitar 20 menit/);
    assert.deepEqual((await late(doctor, { minutes: 20 })).json().messages, 0, 'a retry says nothing anew');

    const back = await late(desk, { minutes: 0, doctor: id });
    assert.equal(back.status, 200, back.text);
    await patient.next('visit', (told) => told.visit.late_minutes === 0);
    assert.deepEqual((await day(desk)).late, []);
    await until('that is told, too', () => of(one.visit, 'late').length === 2);
    const { events } = (await server.request('GET', `/api/v1/visits/${one.visit}`, { headers: desk })).json();
    assert.deepEqual(events.filter((event) => event.kind.startsWith('late')).map((event) => [event.kind, event.actor, event.detail]),
        [['late', 'doctor', '20'], ['late_ended', 'desk', '']]);
    patient.socket.destroy();
    watcher.socket.destroy();
});

test('what is wrong is named', async () => {
    const doctor = await server.logInDemo('rahmat', clientAddress(51));
    const desk = await server.logInDemo('loket', clientAddress(52));
    for (const [json, field] of [[{ minutes: 181 }, 'minutes'], [{ minutes: -1 }, 'minutes'], [{}, 'minutes'],
        [{ minutes: 5, hours: 1 }, 'hours'], [{ minutes: 5, doctor: 'x' }, 'doctor']]) {
        const reply = await late(doctor, json);
        assert.deepEqual([reply.status, reply.json().errors[0].field], [422, field], reply.text);
    }
    const unnamed = await late(desk, { minutes: 5 });
    assert.deepEqual([unnamed.status, unnamed.json().errors[0].field], [422, 'doctor'], unnamed.text);
    const unknown = await late(desk, { minutes: 5, doctor: '01hzzzzzzzzzzzzzzzzzzzzzzz' });
    assert.equal(unknown.status, 404, unknown.text);
});
