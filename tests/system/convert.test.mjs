// SPDX-License-Identifier: Apache-2.0
// A visit is said to be held otherwise at the moment at which its doctor calls the next one, its patient cancels it or
// says to be there: what was answered is what is so, whichever came first.
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const DOCTOR = 'dr. Rahmat Hasan';
const N_RACES = 20;
const MAX_RACES = 120; // until each has come first

let server, desk, doctor, slots;
before(async () => {
    server = await ServerProcess.start();
    desk = await server.logInDemo('loket');
    doctor = await server.logInDemo('rahmat', clientAddress(1));
    slots = await freeSlots(server, DOCTOR, 4);
});
after(() => server.dispose());

let nSent = 10;
const post = (headers, path, json) => server.request('POST', path, { headers, json, from: clientAddress(nSent++) });
const convert = (visit, to = 'in_person') => post(desk, `/api/v1/visits/${visit}/convert`, { to, reason: 'sinyal pasien lemah' });

/** {state, way, kinds of its events} as the record and the desk's list of its day have it. */
async function nowOf(visit, date = '') {
    const from = clientAddress(nSent++);
    const list = (await server.request('GET', `/api/v1/day${date}`, { headers: desk, from })).json().visits;
    const { state, way, checked_in_at_ms: checkedInAtMs, place } = list.find((one) => one.id === visit);
    const { events } = (await server.request('GET', `/api/v1/visits/${visit}`, { headers: desk, from })).json();
    return { state, way, checkedInAtMs, place, kinds: events.map((one) => one.kind) };
}

/** Races until each side was first, N_RACES at least; RACE gives who was. */
async function race(sides, one) {
    const seen = Object.fromEntries(sides.map((side) => [side, 0]));
    const allSeen = () => Object.values(seen).every((n) => n > 0);
    for (let n = 0; n < N_RACES || (!allSeen() && n < MAX_RACES); n++) seen[await one(n % 2 === 0, n)]++;
    /* A race that always one wins says nothing of the other order. */
    assert.ok(allSeen(), JSON.stringify(seen));
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
}

/** Both at once, the first one sent first if so; the answers in the order of SEND. */
async function atOnce(send, isFirstSentFirst) {
    const answers = await Promise.all((isFirstSentFirst ? send : [...send].reverse()).map((one) => one()));
    return isFirstSentFirst ? answers : answers.reverse();
}

async function patientOf(one) {
    const client = await WsClient.open(server, { from: clientAddress(nSent++) });
    await client.hello(one.patient);
    return client;
}

/** That may be joined now, of whoever has logged in: a third of those of all doctors at least. */
async function demoVisits(headers) {
    const visits = await server.visits(3 * MAX_RACES);
    const own = (await server.request('GET', '/api/v1/day', { headers })).json().visits.map((one) => one.id);
    return visits.filter((one) => own.includes(one.visit));
}

const saidWay = (kinds) => kinds.some((kind) => /^converted_(phone|in_person)$/.test(kind));

test('convert against call next: called by video, or to come and in no queue', async () => {
    const visits = await demoVisits(doctor);
    await race(['call', 'convert'], async (isCallSentFirst) => {
        const one = visits.pop();
        const patient = await patientOf(one);
        patient.send({ type: 'ready' });
        await patient.next('visit', ({ visit }) => visit.state === 'checked_in');
        const [next, converted] = await atOnce([() => post(doctor, '/api/v1/queue/next'), () => convert(one.visit)], isCallSentFirst);
        assert.equal(next.status, 200, next.text);
        const now = await nowOf(one.visit);
        patient.socket.destroy();
        if (converted.status === 200) {
            assert.equal(next.json().visit, null, next.text);
            assert.deepEqual([now.state, now.way, now.checkedInAtMs, now.place], ['booked', 'in_person', null, null]);
            assert.ok(!now.kinds.includes('called'), now.kinds.join());
            assert.equal((await post(desk, `/api/v1/visits/${one.visit}/cancel`, { reason: 'wrong_booking' })).status, 200);
            return 'convert';
        }
        assert.deepEqual([converted.status, converted.problem(), next.json().visit], [409, 'wrong-state', one.visit]);
        assert.deepEqual([now.state, now.way, saidWay(now.kinds)], ['called', 'video', false]);
        const ended = await post(doctor, `/api/v1/visits/${one.visit}/end`, { outcome: 'tech_failed' });
        assert.equal(ended.status, 200, ended.text);
        return 'call';
    });
});

test('convert against the patient\'s cancel: cancelled in any case, its slot free, and told to be otherwise only if it came first', async () => {
    await race(['cancel', 'convert'], async (isCancelSentFirst) => {
        const slot = slots[0];
        const booked = await server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(nSent) }, from: clientAddress(nSent++) });
        assert.equal(booked.status, 201, booked.text); // the race before has freed it
        const { visit, link } = booked.json();
        const headers = { authorization: `Bearer ${link.split('/v/')[1]}` };
        const [cancelled, converted] = await atOnce([() => post(headers, '/api/v1/join/cancel'), () => convert(visit, 'phone')], isCancelSentFirst);
        assert.equal(cancelled.status, 200, cancelled.text);
        const date = `?date=${new Date(slot.starts_at_ms + 8 * 3600_000).toISOString().slice(0, 10)}`;
        const now = await nowOf(visit, date);
        assert.equal(now.state, 'cancelled_patient');
        if (converted.status === 200) {
            assert.equal(now.way, 'phone');
            assert.ok(now.kinds.indexOf('converted_phone') < now.kinds.indexOf('cancelled_patient'), now.kinds.join());
            return 'convert';
        }
        assert.deepEqual([converted.status, converted.problem()], [410, 'visit-cancelled']);
        assert.deepEqual([now.way, saidWay(now.kinds)], ['video', false]);
        return 'cancel';
    });
});

test('convert against the patient\'s check-in: to come, and nobody waits for what it was', async () => {
    const visits = await demoVisits(desk);
    await race(['ready', 'convert'], async (isReadySentFirst, n) => {
        const one = visits.pop();
        const patient = await patientOf(one);
        /* A connection that stands, as the socket does: a handshake would come too late each time. */
        const agent = new Agent({ keepAlive: true, maxSockets: 1 }), from = clientAddress(nSent++);
        assert.equal((await server.request('GET', '/api/v1/session', { headers: desk, agent, from })).status, 200);
        /* A request is looked at more closely before it is written, so it gets a start of some round trips. */
        const ready = async () => {
            for (let i = 0; !isReadySentFirst && i < n % 8; i++) {
                patient.send({ type: 'ping', id: i });
                await patient.next('pong');
            }
            patient.send({ type: 'ready' });
        };
        const [, converted] = await atOnce([ready, () => server.request('POST', `/api/v1/visits/${one.visit}/convert`,
            { headers: desk, json: { to: 'in_person', reason: 'sinyal pasien lemah' }, agent, from })], isReadySentFirst);
        agent.destroy();
        assert.equal(converted.status, 200, converted.text);
        patient.send({ type: 'ping', id: 1 });
        await patient.next('pong');
        /* Both have been judged once the page has heard that it is to come, and a second word is refused. */
        await patient.next('visit', ({ visit }) => visit.way === 'in_person' && visit.state === 'booked');
        patient.send({ type: 'ready' });
        await patient.next('error', ({ code }) => code === 'bad-state');
        const now = await nowOf(one.visit);
        patient.socket.destroy();
        assert.deepEqual([now.state, now.way, now.checkedInAtMs, now.place], ['booked', 'in_person', null, null]);
        if (!now.kinds.includes('checked_in')) return 'convert';
        assert.ok(now.kinds.indexOf('checked_in') < now.kinds.indexOf('converted_in_person'), now.kinds.join());
        return 'ready';
    });
});
