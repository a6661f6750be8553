// SPDX-License-Identifier: Apache-2.0
// Moving a booking by its link while somebody cancels it, moves it elsewhere or books the same slot: what
// was answered is what is so, no slot is held twice and none is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const DOCTOR = 'dr. Rahmat Hasan';
const N_RACES = 30;
const MAX_RACES = 150; // until each has come first
const HOUR_MS = 3600_000, WITA_MS = 8 * HOUR_MS;
const PUSHED_WITHIN_MS = 1000; // from the answer to who caused it

let server, slots, desk;
before(async () => {
    server = await ServerProcess.start();
    slots = await freeSlots(server, DOCTOR, 10);
    desk = await server.logInDemo('loket');
});
after(() => server.dispose());

let nClients = 0;
const address = () => clientAddress(nClients++);

async function booked(slot) {
    const reply = await server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(nClients) }, from: address() });
    assert.equal(reply.status, 201, reply.text);
    return { ...reply.json(), headers: { authorization: `Bearer ${reply.json().link.split('/v/')[1]}` } };
}

const move = (booking, { doctor, starts_at_ms }) => server.request('POST', '/api/v1/join/move',
    { headers: booking.headers, json: { doctor, starts_at_ms }, from: address() });
const cancel = (booking) => server.request('POST', '/api/v1/join/cancel', { headers: booking.headers, from: address() });
const join = async (booking) => (await server.request('GET', '/api/v1/join', { headers: booking.headers, from: address() })).json().visit;

/** {visit: state} of the desk's lists of these days. */
async function statesOn(times) {
    const states = new Map();
    for (const date of new Set(times.map((ms) => new Date(ms + WITA_MS).toISOString().slice(0, 10)))) {
        const reply = await server.request('GET', `/api/v1/day?date=${date}`, { headers: desk, from: address() });
        for (const one of reply.json().visits) states.set(one.id, one);
    }
    return states;
}

async function isFree({ clinic, doctor, starts_at_ms }) {
    const from = new Date(starts_at_ms + WITA_MS).toISOString().slice(0, 10);
    const reply = await server.request('GET', `/api/v1/slots?clinic=${clinic}&doctor=${doctor}&from=${from}`, { from: address() });
    return reply.json().days[0].slots.some((slot) => slot.starts_at_ms === starts_at_ms && slot.session === null);
}

test('a moved booking keeps its link, its old slot is free, the record leads on', async () => {
    const [from, to] = slots.splice(0, 2);
    const booking = await booked(from);
    const { moves_until_ms: movesUntil, cancels_until_ms: cancelsUntil } = await join(booking);
    assert.deepEqual([movesUntil, cancelsUntil], [from.starts_at_ms - HOUR_MS, from.starts_at_ms - HOUR_MS]);
    const moved = await move(booking, to);
    assert.equal(moved.status, 200, moved.text);
    assert.deepEqual([moved.json().starts_at_ms, moved.json().link ?? null], [to.starts_at_ms, null]);
    const now = await join(booking);
    assert.deepEqual([now.id, now.state, now.starts_at_ms], [moved.json().visit, 'booked', to.starts_at_ms]);
    assert.deepEqual([await isFree(from), await isFree(to)], [true, false]);
    const again = await move(booking, to);
    assert.deepEqual([again.status, again.json().visit], [200, now.id], 'a retry moves nothing');
    const { events } = (await server.request('GET', `/api/v1/visits/${booking.visit}`, { headers: desk })).json();
    assert.ok(events.some((one) => one.kind === 'moved_to' && one.detail === now.code), JSON.stringify(events));
    const outside = await move(booking, { ...to, starts_at_ms: to.starts_at_ms + 60_000 });
    assert.deepEqual([outside.status, outside.problem()], [409, 'slot-not-offered']);
});

/** One race, looked at when it is over: whose change came first, 'move' or 'cancel', and what is free again. */
async function moveAgainstCancel(from, to, isMoveSentFirst) {
    const booking = await booked(from);
    const send = [() => move(booking, to), () => cancel(booking)];
    const [a, b] = await Promise.all((isMoveSentFirst ? send : send.reverse()).map((one) => one()));
    const [moved, cancelled] = isMoveSentFirst ? [a, b] : [b, a];
    const states = await statesOn([from.starts_at_ms, to.starts_at_ms]);
    const first = states.get(booking.visit).state;
    assert.equal(await isFree(from), true);
    if (moved.status !== 200) {
        assert.deepEqual([moved.status, moved.problem()], [410, 'visit-cancelled'], moved.text);
        assert.deepEqual([cancelled.status, first], [200, 'cancelled_patient']);
        assert.equal(await isFree(to), true);
        return { winner: 'cancel', free: [from, to] };
    }
    assert.equal(first, 'rescheduled');
    /* The cancel came after it, and found the visit that was moved or the one that came after. */
    const second = states.get(moved.json().visit).state;
    if (cancelled.status === 200) assert.equal(second, 'cancelled_patient');
    else assert.deepEqual([cancelled.status, cancelled.problem(), second], [410, 'visit-cancelled', 'booked']);
    const isOver = second === 'cancelled_patient';
    assert.equal(await isFree(to), isOver);
    return { winner: 'move', free: isOver ? [from, to] : [from] };
}

test('move against cancel, thirty times: one open visit or none, as was answered, whichever came first', async () => {
    const seen = { move: 0, cancel: 0 };
    for (let n = 0; n < N_RACES || ((!seen.move || !seen.cancel) && n < MAX_RACES); n++) {
        const { winner, free } = await moveAgainstCancel(...slots.splice(0, 2), n % 2 === 0);
        seen[winner]++;
        slots.push(...free);
    }
    /* A race that always one wins says nothing of the other order. */
    assert.ok(seen.move > 0 && seen.cancel > 0, JSON.stringify(seen));
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('a cancel after a move, and a move after a cancel', async () => {
    const [from, to] = slots.splice(0, 2);
    const first = await booked(from);
    const moved = await move(first, to);
    assert.equal((await cancel(first)).status, 200);
    assert.equal((await join(first)).id, moved.json().visit);
    assert.deepEqual([(await join(first)).state, await isFree(from), await isFree(to)], ['cancelled_patient', true, true]);
    const second = await booked(from);
    assert.equal((await cancel(second)).status, 200);
    const late = await move(second, to);
    assert.deepEqual([late.status, late.problem()], [410, 'visit-cancelled']);
    assert.deepEqual([(await join(second)).state, await isFree(from), await isFree(to)], ['cancelled_patient', true, true]);
    slots.push(from, to);
});

test('of fifty who move to one slot one gets it, the others stay where they were', async () => {
    const to = slots.shift();
    const own = slots.splice(0, 50);
    const bookings = await Promise.all(own.map(booked));
    const replies = await Promise.all(bookings.map((booking) => move(booking, to)));
    assert.equal(replies.filter((reply) => reply.status === 200).length, 1);
    for (const [i, reply] of replies.entries()) {
        const visit = await join(bookings[i]);
        assert.equal(visit.state, 'booked');
        if (reply.status === 200) {
            assert.equal(visit.starts_at_ms, to.starts_at_ms);
            continue;
        }
        assert.deepEqual([reply.status, reply.problem()], [409, 'slot-taken']);
        assert.ok(reply.json().nearest.length >= 1);
        assert.equal(visit.starts_at_ms, own[i].starts_at_ms);
    }
});

test('a patient takes the consent back by the link and gives it again: each once, and the desk sees it', async () => {
    const slot = slots.shift();
    const booking = await booked({ ...slot, consent: 1 });
    const own = async () => (await server.request('GET', '/api/v1/join/consent', { headers: booking.headers, from: address() })).json();
    const say = (json) => server.request('POST', '/api/v1/join/consent', { headers: booking.headers, json, from: address() });
    const seen = async () => {
        const { consent, consent_withdrawn, state } = (await statesOn([slot.starts_at_ms])).get(booking.visit);
        return [consent, consent_withdrawn, state];
    };
    assert.deepEqual([(await own()).given, (await own()).how, await seen()], [true, 'accepted', [true, false, 'booked']]);
    for (let n = 0; n < 2; n++) assert.equal((await say({ how: 'withdrawn' })).status, 204, 'a retry, too');
    assert.deepEqual([(await own()).given, (await own()).how, await seen()], [false, 'withdrawn', [false, true, 'booked']]);
    for (const version of [undefined, 2]) {
        const outdated = await say({ how: 'accepted', version });
        assert.deepEqual([outdated.status, outdated.json().errors[0].field], [422, 'version'], outdated.text);
    }
    assert.equal((await say({ how: 'read_aloud', version: 1 })).status, 422, 'that is staff\'s to say');
    assert.equal((await say({ how: 'accepted', version: 1, lang: 'en' })).status, 204);
    assert.deepEqual([(await own()).given, await seen()], [true, [true, false, 'booked']]);
    assert.equal((await say({ how: 'withdrawn' })).status, 204);
    const { events } = (await server.request('GET', `/api/v1/visits/${booking.visit}`, { headers: desk })).json();
    assert.deepEqual(events.filter(({ kind }) => kind.startsWith('consent')).map(({ kind, actor }) => `${kind} ${actor}`),
        ['consent_accepted patient', 'consent_withdrawn patient', 'consent_accepted patient', 'consent_withdrawn patient']);
    assert.equal((await cancel(booking)).status, 200);
    assert.equal((await say({ how: 'accepted', version: 1 })).status, 410);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('who waits is told within a second that the desk has moved the visit, and the link leads on', async () => {
    const [one] = await server.visits(1);
    const client = await WsClient.open(server, { from: address() });
    await client.hello(one.patient);
    client.send({ type: 'ready' });
    await client.next('visit', (message) => message.visit.state === 'checked_in');
    const to = slots.shift();
    const moved = await server.request('POST', `/api/v1/visits/${one.visit}/move`,
        { headers: desk, json: { doctor: to.doctor, starts_at_ms: to.starts_at_ms } });
    const from = Date.now();
    assert.equal(moved.status, 200, moved.text);
    const told = await client.next('ended');
    assert.deepEqual([told.state, told.by], ['rescheduled', 'desk']);
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS);
    assert.equal((await join({ headers: { authorization: `Bearer ${one.patient}` } })).id, moved.json().visit);
});

/** Somebody without an appointment in the waiting room: {visit, token, client}. */
async function waits() {
    const reply = await server.request('POST', '/api/v1/walk-ins',
        { headers: desk, json: { clinic: slots[0].clinic, ...person(nClients) }, from: address() });
    assert.equal(reply.status, 201, reply.text);
    const token = reply.json().link.split('/v/')[1];
    const client = await WsClient.open(server, { from: address() });
    await client.hello(token);
    client.send({ type: 'ready' });
    await client.next('visit', (message) => message.visit.state === 'checked_in');
    return { visit: reply.json().visit, token, client };
}

test('nobody waits for a visit that is no more: told within a second, or on coming back (Ottehr 604)', async () => {
    const cancelFor = async (visit) => {
        const reply = await server.request('POST', `/api/v1/visits/${visit}/cancel`, { headers: desk, json: { reason: 'doctor_unavailable' } });
        assert.equal(reply.status, 200, reply.text);
    };
    const [here, away] = [await waits(), await waits()];
    const from = Date.now();
    await cancelFor(here.visit);
    const told = await here.client.next('ended');
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS);
    assert.deepEqual([told.state, told.by], ['cancelled_provider', 'desk']);
    /* The other one's network is gone meanwhile. */
    await away.client.drop();
    await cancelFor(away.visit);
    const back = await WsClient.open(server, { from: address() });
    back.send({ type: 'hello', token: away.token });
    const refused = await back.next('error');
    assert.deepEqual([refused.code, refused.fatal], ['visit-cancelled', true]);
    for (const { token } of [here, away])
        assert.equal((await join({ headers: { authorization: `Bearer ${token}` } })).state, 'cancelled_provider');
});
