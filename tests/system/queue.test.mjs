// SPDX-License-Identifier: Apache-2.0
// A clinic's queue that several doctors share: a hundred who wait, five doctors who call at the same
// time, and what each of the others sees of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const N_PATIENTS = 100;
const N_DOCTORS = 5;
const N_AT_ONCE = 20; // handshakes of a slow, instrumented build
const CALLS_AT_ONCE = 4; // of each doctor
const PUSHED_WITHIN_MS = 1000; // from the answer to who caused it
const PASSWORD = 'kata sandi yang panjang';

let server, clinic, desk, doctors;
const sockets = [];

/** Further doctors of the first clinic, logged in; the first is its own. */
async function makeDoctors() {
    const made = await run(['demo', 'doctors', '--demo', server.dir, '--count', String(N_DOCTORS - 1), '--json']);
    assert.equal(made.code, 0, made.stderr);
    const headers = [await server.logInDemo('rahmat')];
    for (const [i, { doctor, name }] of JSON.parse(made.stdout).entries()) {
        const login = `dokter-${i}`;
        const added = await run(['user', 'add', login, '--demo', server.dir, '--role', 'doctor', '--practitioner', doctor,
            '--name', name], { input: `${PASSWORD}\n` });
        assert.equal(added.code, 0, added.stderr);
        headers.push(await server.logIn(login, PASSWORD, clientAddress(900 + i)));
    }
    return headers.map((one, i) => ({ headers: one, from: clientAddress(950 + i) }));
}

before(async () => {
    server = await ServerProcess.start();
    desk = await server.logInDemo('loket');
    doctors = await makeDoctors();
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    clinic = facilities.flatMap((one) => one.clinics).find((one) => one.doctors.some((who) => who.name === 'dr. Rahmat Hasan'));
});
after(async () => {
    for (const socket of sockets) socket.socket.destroy();
    await server.dispose();
});

let nPosted = 0;
/** From an address of its own: the rate limit counts addresses. */
const post = (who, path, json) => server.request('POST', path,
    { headers: who.headers, json, from: clientAddress(1000 + nPosted++) });
const callNext = (doctor) => post(doctor, '/api/v1/queue/next');
const day = async (who) => (await server.request('GET', '/api/v1/day', { headers: who.headers, from: who.from })).json();

/** Somebody without an appointment, with the page open in the waiting room. */
async function waiting(n, more = {}) {
    const from = clientAddress(n);
    const reply = await server.request('POST', '/api/v1/walk-ins', { headers: desk, from,
        json: { clinic: clinic.id, ...person(n), ...more } });
    assert.equal(reply.status, 201, reply.text);
    const { visit, number, link } = reply.json();
    const client = await WsClient.open(server, { from });
    sockets.push(client);
    await client.hello(link.split('/v/')[1]);
    client.send({ type: 'ready' });
    const seen = await client.next('visit', (message) => message.visit.state === 'checked_in');
    return { visit, number, client, seen, ahead: seen.visit.queue.ahead };
}

async function manyWaiting(count, first = 0) {
    const patients = [];
    for (let n = 0; n < count; n += N_AT_ONCE) {
        const some = Array.from({ length: Math.min(N_AT_ONCE, count - n) }, (_, i) => waiting(first + n + i));
        patients.push(...await Promise.all(some));
    }
    return patients;
}

/** Each doctor asks several times at once: the one visit that the answers agree on. */
async function calledBy(doctor) {
    const replies = await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => callNext(doctor)));
    const won = replies.filter((reply) => reply.status === 200);
    assert.equal(won.length, 1, replies.map((reply) => reply.text).join('\n'));
    const { visit } = won[0].json();
    for (const reply of replies.filter((one) => one !== won[0])) {
        /* Nobody waits any more: then none of them called anybody. */
        if (visit === null) return null;
        assert.deepEqual([reply.status, reply.problem(), reply.json().visit], [409, 'doctor-busy', visit]);
    }
    return visit;
}

test('of a hundred who wait each is called once, whoever of five doctors calls', async () => {
    const patients = await manyWaiting(N_PATIENTS);
    /* As the queue has them: those of one handful came in in any order. */
    const inOrder = (await day(doctors[0])).visits.filter((one) => one.place).sort((a, b) => a.place - b.place).map((one) => one.id);
    assert.deepEqual([...inOrder].sort(), patients.map((one) => one.visit).sort());
    const called = [];
    for (let round = 0; called.length < N_PATIENTS; round++) {
        const visits = await Promise.all(doctors.map(calledBy));
        assert.ok(visits.every((visit) => visit !== null), `round ${round}`);
        assert.equal(new Set(visits).size, N_DOCTORS, 'no visit is two doctors\'');
        /* Within a round the doctors race; between rounds the order is the queue's. */
        assert.deepEqual([...visits].sort(), inOrder.slice(called.length, called.length + N_DOCTORS).sort(), `round ${round}`);
        called.push(...visits);
        for (const [i, visit] of visits.entries()) {
            const other = await post(doctors[(i + 1) % N_DOCTORS], `/api/v1/visits/${visit}/absent`);
            assert.equal(other.status, 404, 'what one has called is no other doctor\'s');
        }
        const ended = await Promise.all(visits.map((visit, i) => post(doctors[i], `/api/v1/visits/${visit}/absent`)));
        for (const reply of ended) assert.deepEqual([reply.status, reply.json()], [200, { state: 'no_show_patient' }]);
    }
    assert.deepEqual([...called].sort(), patients.map((one) => one.visit).sort());
    assert.deepEqual((await callNext(doctors[0])).json(), { visit: null, number: null, waiting: 0 });
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('who waits, the other doctors and the desk hear of a call within a second', async () => {
    const first = await waiting(200), second = await waiting(201);
    assert.deepEqual([first.ahead, second.ahead], [0, 1]);
    const watchers = await Promise.all([...doctors.slice(1), { headers: desk, from: clientAddress(990) }].map(async (who) => {
        const { token } = (await post(who, '/api/v1/day/watch')).json();
        const client = await WsClient.open(server, { from: who.from });
        sockets.push(client);
        await client.hello(token);
        return client;
    }));
    const { visit } = (await callNext(doctors[0])).json();
    const from = Date.now();
    assert.equal(visit, first.visit);
    const seen = await first.client.next('visit', (message) => message.visit.state === 'called');
    assert.equal(seen.visit.doctor, 'dr. Rahmat Hasan');
    await Promise.all(watchers.map((client) => client.next('day-changed', (message) => message.visit === visit)));
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS, `${Date.now() - from} ms`);

    assert.equal((await post(doctors[0], `/api/v1/visits/${visit}/skip`)).status, 200);
    await second.client.next('visit', (message) => message.visit.queue?.ahead === 0);
    await first.client.next('visit', (message) => message.visit.queue?.ahead === 1);
    assert.deepEqual((await day(doctors[1])).visits.filter((one) => one.place).map((one) => [one.id, one.place, one.delayed]),
        [[first.visit, 2, true], [second.visit, 1, false]]);
    assert.equal((await callNext(doctors[1])).json().visit, second.visit);
    assert.equal((await callNext(doctors[2])).json().visit, first.visit);
    for (const [i, visit_] of [[1, second.visit], [2, first.visit]])
        assert.equal((await post(doctors[i], `/api/v1/visits/${visit_}/absent`)).status, 200);
});

test('staff see how good the link of who waits is, as soon as it changes, and patients and board nothing of it', async () => {
    const { visit, number, client, seen } = await waiting(250, { lang: 'en', birth_date: '2019-03-02', reason: 'Batuk tiga hari' });
    const { token } = (await post({ headers: desk }, '/api/v1/day/watch')).json();
    const watcher = await WsClient.open(server, { from: clientAddress(991) });
    sockets.push(watcher);
    await watcher.hello(token);
    const shown = async (who) => (await day(who)).visits.find((one) => one.id === visit);
    for (const [link, pings] of [['good', [80]], ['weak', [900, 900]]]) {
        for (const rtt_ms of pings) client.send({ type: 'ping', id: rtt_ms, rtt_ms });
        await watcher.next('day-changed', (message) => message.visit === visit);
        for (const who of [{ headers: desk }, doctors[0]]) {
            const { age, lang, reason, interpreter, returning, ...row } = await shown(who);
            assert.deepEqual([row.link, lang, interpreter, returning], [link, 'en', false, false]);
            assert.equal(reason, who === doctors[0] ? 'Batuk tiga hari' : null, 'a desk is told no reason');
            assert.ok(age >= 7, age);
        }
    }
    const board = (await server.request('GET', `/api/v1/board/${clinic.id}`)).json();
    assert.ok(JSON.stringify(board).includes(`"${number}"`));
    for (const told of [board, seen, client.messages]) assert.doesNotMatch(JSON.stringify(told), /"(link|returning|interpreter|reason)":|Batuk/);
    assert.equal((await server.request('POST', `/api/v1/visits/${visit}/cancel`, { headers: desk, json: { reason: 'pulang' } })).status, 200);
});

test('an emergency goes first, and the record says who and why', async () => {
    await waiting(300);
    const urgent = await waiting(301);
    const short = await server.request('POST', `/api/v1/visits/${urgent.visit}/urgent`,
        { headers: desk, json: { reason: '  x  ' } });
    assert.deepEqual([short.status, short.problem()], [422, 'invalid-fields'], short.text);
    assert.deepEqual(short.json().errors.map((one) => `${one.field} ${one.code}`), ['reason too_short']);
    const made = await server.request('POST', `/api/v1/visits/${urgent.visit}/urgent`,
        { headers: desk, json: { reason: 'sesak napas' } });
    assert.equal(made.status, 200, made.text);
    await urgent.client.next('visit', (message) => message.visit.queue?.ahead === 0);
    assert.equal((await callNext(doctors[3])).json().visit, urgent.visit);
    const record = (await server.request('GET', `/api/v1/visits/${urgent.visit}`, { headers: desk })).json();
    const event = record.events.find((one) => one.kind === 'urgent');
    assert.deepEqual([event.actor, event.detail], ['desk', 'sesak napas']);
    /* Anybody may know how many were let go first. */
    const shown = (await server.request('GET', `/api/v1/board/${clinic.id}`)).json();
    assert.equal(shown.urgent_today, 1);
});

test('whichever way a doctor calls, at the same moment, one patient is called', async () => {
    const doctor = doctors[4];
    const waits = [await waiting(400), await waiting(401), await waiting(402)];
    const busy = (await callNext(doctor)).json().visit;
    if (busy) await post(doctor, `/api/v1/visits/${busy}/absent`);
    const open = waits.filter((one) => one.visit !== busy);
    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) =>
        (n % 2 ? callNext(doctor) : post(doctor, `/api/v1/visits/${open[n % open.length].visit}/call`))));
    const called = (await day(doctor)).visits.filter((one) => one.state === 'called');
    assert.equal(called.length, 1, replies.map((reply) => reply.text).join('\n'));
    for (const [n, reply] of replies.entries()) {
        if (reply.status !== 200) assert.equal(reply.problem(), 'doctor-busy', reply.text);
        else if (n % 2) assert.equal(reply.json().visit, called[0].id);
    }
    assert.ok(replies.filter((reply, n) => n % 2 && reply.status === 200).length <= 1, 'the next one is called once');
    assert.ok(replies.some((reply) => reply.status !== 200), 'somebody came second');
    assert.equal((await post(doctor, `/api/v1/visits/${called[0].id}/absent`)).status, 200);
});

test("a guest's link says what the visit is: before, while it waits, in the call, at its end, cancelled", async () => {
    const doctor = doctors[4];
    const rows = [
        [600, 'checked_in', async () => undefined, 'welcome'],
        [601, 'called', async (one) => post(doctor, `/api/v1/visits/${one.visit}/call`), 'welcome'],
        [602, 'no_show_patient', async (one) => {
            await post(doctor, `/api/v1/visits/${one.visit}/call`);
            return post(doctor, `/api/v1/visits/${one.visit}/absent`);
        }, 'visit-ended'],
        [603, 'cancelled_provider', async (one) => server.request('POST', `/api/v1/visits/${one.visit}/cancel`,
            { headers: desk, json: { reason: 'dokter sakit' }, from: clientAddress(690) }), 'visit-cancelled'],
    ];
    for (const [n, state, change, said] of rows) {
        const one = await waiting(n);
        const made = await server.request('POST', `/api/v1/visits/${one.visit}/guests`,
            { headers: desk, json: { label: 'family' }, from: clientAddress(610 + n) });
        assert.equal(made.status, 200, made.text);
        const token = made.json().link.split('/v/')[1];
        const done = await change(one);
        if (done) assert.equal(done.status, 200, done.text);
        const seen = await server.request('GET', '/api/v1/join',
            { headers: { authorization: `Bearer ${token}` }, from: clientAddress(620 + n) });
        assert.deepEqual([seen.status, seen.json().guest, seen.json().visit.state, seen.json().visit.patient], [200, 'family', state, null]);
        const guest = await WsClient.open(server, { from: clientAddress(630 + n) });
        sockets.push(guest);
        guest.send({ type: 'hello', token });
        const answer = await (said === 'welcome' ? guest.next('welcome') : guest.next('error'));
        assert.equal(said === 'welcome' ? answer.type : answer.code, said, state);
        if (state === 'called') await post(doctor, `/api/v1/visits/${one.visit}/absent`);
    }
});

test('the board shows numbers to anybody, no names, and hears of a call within a second', async () => {
    const board = async () => (await server.request('GET', `/api/v1/board/${clinic.id}`)).json();
    for (const doctor of doctors) {
        const busy = (await callNext(doctor)).json().visit;
        if (busy) await post(doctor, `/api/v1/visits/${busy}/absent`);
    }
    const first = await waiting(500), second = await waiting(501);
    const screen = await WsClient.open(server, { from: clientAddress(502) });
    sockets.push(screen);
    await screen.hello(`papan:${clinic.id}`);
    const before = await board();
    assert.deepEqual([before.next, before.waiting, before.clinic], [[first.number, second.number], 2, clinic.name]);
    await callNext(doctors[0]);
    const from = Date.now();
    const told = await screen.next('day-changed');
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS);
    assert.equal(told.visit, null, 'not even which visit');
    const after = await board();
    assert.deepEqual(after.called, [{ number: first.number, doctor: 'dr. Rahmat Hasan', in_call: false, day_before: false }]);
    assert.deepEqual(after.antrean, { namapoli: clinic.name, antreanpanggil: first.number, sisaantrean: 1 });
    assert.doesNotMatch(JSON.stringify(after), new RegExp(`Pasien|${first.visit}|0812`));
    assert.equal((await server.request('GET', '/api/v1/board/01hzzzzzzzzzzzzzzzzzzzzzzz')).status, 404);
});

test('a clinic has so many boards and no more, and there is none of what is no clinic', async () => {
    const codes = [];
    for (let n = 0; n < 33; n++) {
        const screen = await WsClient.open(server, { from: clientAddress(510 + n) });
        sockets.push(screen);
        screen.send({ type: 'hello', token: `papan:${clinic.id}` });
        await Promise.race([screen.next('welcome').then(() => codes.push('welcome')),
            screen.next('error').then((error) => codes.push(error.code))].map((one) => one.catch(() => undefined)));
    }
    assert.deepEqual([codes.filter((one) => one === 'welcome').length, codes.at(-1)], [31, 'room-full']); // one is open
    for (const name of ['', '01hzzzzzzzzzzzzzzzzzzzzzzz', '../../etc', 'x'.repeat(5000)]) {
        const screen = await WsClient.open(server, { from: clientAddress(550) });
        screen.send({ type: 'hello', token: `papan:${name}` });
        assert.equal((await screen.next('error')).code, 'link-invalid', name.slice(0, 30));
    }
});

test('a booking for any doctor names none until one calls', async () => {
    const target = `/api/v1/slots?clinic=${clinic.id}&days=3`;
    const slots = (await server.request('GET', target)).json().days.slice(1).flatMap((one) => one.slots);
    const { doctor, starts_at_ms } = slots.find((one) => one.session === null);
    const reply = await server.request('POST', '/api/v1/bookings',
        { json: { clinic: clinic.id, doctor, starts_at_ms, any_doctor: true, ...person(400) } });
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json().doctor, '');
    const again = await server.request('POST', '/api/v1/bookings',
        { json: { clinic: clinic.id, doctor, starts_at_ms, ...person(401) } });
    assert.deepEqual([again.status, again.problem()], [409, 'slot-taken']);
    const date = new Date(starts_at_ms + 8 * 3600_000).toISOString().slice(0, 10);
    for (const who of doctors.slice(0, 2)) {
        const list = await server.request('GET', `/api/v1/day?date=${date}`, { headers: who.headers, from: who.from });
        assert.deepEqual(list.json().visits.map((one) => [one.id, one.any_doctor]), [[reply.json().visit, true]]);
    }
});

test('a walk-in goes to nobody whose permit has run out, and the desk reads why', async () => {
    const admin = { headers: await server.logInDemo('admin') };
    const facility = (await server.request('GET', '/api/v1/facilities')).json().facilities
        .find((one) => one.clinics.some(({ id }) => id === clinic.id));
    const made = await post(admin, '/api/v1/directory/practitioners', { name: 'dr. Lama', clinics: [clinic.id],
        permits: [{ facility: facility.id, number: 'S-1', valid_until: '2020-12-31' }] });
    assert.equal(made.status, 201, made.text);
    const { id } = made.json();
    for (const urgent of [{}, { urgent_reason: 'sesak napas' }]) {
        const refused = await post({ headers: desk }, '/api/v1/walk-ins', { clinic: clinic.id, doctor: id, ...person(600), ...urgent });
        assert.equal(refused.status, 422, refused.text);
        assert.deepEqual(refused.json().errors.map((one) => [one.field, one.code]), [['doctor', 'doctor_permit_over']]);
        assert.match(refused.json().errors[0].message, /SIP/);
    }
    const duty = await server.request('GET', '/api/v1/duty', { headers: desk, from: clientAddress(992) });
    const mine = duty.json().clinics.find((one) => one.id === clinic.id);
    assert.equal(mine.works, true);
    assert.deepEqual(mine.doctors.find((one) => one.id === id), { id, works: false, fault: 'doctor_permit_over' });
    assert.equal((await server.request('GET', '/api/v1/duty', { headers: doctors[0].headers, from: doctors[0].from })).status, 403);
    const { visit } = (await waiting(601, { urgent_reason: 'sesak napas' }));
    assert.equal((await day(doctors[0])).visits.find((one) => one.id === visit).urgent, true);
});
