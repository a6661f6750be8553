// SPDX-License-Identifier: Apache-2.0
// What was answered holds: one slot is one person's, and neither kill -9 nor a command beside the
// server takes a booking away.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';

const N_RACERS = 100;
const N_BOOKINGS = 500;
const N_AT_ONCE = 50; // 500 handshakes at once outlast the time-outs of a slow, instrumented build
const N_BEFORE_KILL = 200;
const WITA_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;
const DOCTORS = ['dr. Rahmat Hasan', 'dr. Nurhayati Ismail', 'dr. Yusuf Pakaya'];

let server;
before(async () => (server = await ServerProcess.start()));
after(() => server.dispose());

function book(n, slot, headers) {
    return server.request('POST', '/api/v1/bookings',
        { json: { ...slot, ...person(n) }, from: clientAddress(n), headers });
}

function ownVisit(booking, n) {
    const authorization = `Bearer ${booking.link.split('/v/')[1]}`;
    return server.request('GET', '/api/v1/join', { headers: { authorization }, from: clientAddress(n) });
}

/** Who is on the clinic's list at that time, as the doctor reads it. */
async function listedAt({ clinic, starts_at_ms }) {
    const headers = await server.logInDemo('rahmat');
    const date = new Date(starts_at_ms + WITA_MS).toISOString().slice(0, 10);
    const { visits } = (await server.request('GET', `/api/v1/day?date=${date}`, { headers })).json();
    return visits.filter((one) => one.clinic_id === clinic && one.starts_at_ms === starts_at_ms).map((one) => one.id);
}

test('of a hundred who want one slot one gets it, the others are told the nearest', async () => {
    const [slot] = await freeSlots(server, DOCTORS[0], 3);
    const replies = await Promise.all(Array.from({ length: N_RACERS }, (_, n) => book(n, slot)));
    const won = replies.filter((reply) => reply.status === 201);
    assert.equal(won.length, 1);
    for (const reply of replies.filter((one) => one.status !== 201)) {
        assert.deepEqual([reply.status, reply.problem()], [409, 'slot-taken'], reply.text);
        const { nearest } = reply.json();
        assert.ok(nearest.length >= 1 && nearest.length <= 3, reply.text);
        assert.ok(nearest.every((one) => one.starts_at_ms !== slot.starts_at_ms), reply.text);
    }
    assert.deepEqual(await listedAt(slot), [won[0].json().visit], 'and nobody else is on the list');
});

test('of a hundred who want one time, of that doctor or of whoever is free, one gets it', async () => {
    const [slot] = await freeSlots(server, DOCTORS[0], 5);
    const replies = await Promise.all(Array.from({ length: N_RACERS }, (_, n) =>
        book(300 + n, n % 2 ? { ...slot, any_doctor: true } : slot)));
    const won = replies.filter((reply) => reply.status === 201);
    assert.equal(won.length, 1);
    assert.deepEqual(await listedAt(slot), [won[0].json().visit]);
    for (const reply of replies.filter((one) => one.status !== 201))
        assert.deepEqual([reply.status, reply.problem()], [409, 'slot-taken'], reply.text);
});

test('of a hundred who want the last place of a session one gets it', async () => {
    const [session] = await freeSlots(server, DOCTORS[1], 3, true);
    const first = (await book(0, session)).json().session;
    assert.equal(first.place, 1);
    const offer = async () => {
        const target = `/api/v1/slots?clinic=${session.clinic}&doctor=${session.doctor}&days=3`;
        const days = (await server.request('GET', target)).json().days;
        return days.flatMap((day) => day.slots).find((one) => one.starts_at_ms === session.starts_at_ms && one.session);
    };
    const { quota, left } = (await offer()).session;
    assert.equal(left, quota - 1);
    for (let place = 2; place < quota; place++)
        assert.equal((await book(place, session)).json().session.place, place);
    const replies = await Promise.all(Array.from({ length: N_RACERS }, (_, n) => book(quota + n, session)));
    const won = replies.filter((reply) => reply.status === 201);
    assert.equal(won.length, 1);
    assert.equal(won[0].json().session.place, quota);
    for (const reply of replies.filter((one) => one.status !== 201))
        assert.deepEqual([reply.status, reply.problem()], [409, 'slot-taken'], reply.text);
    assert.equal(await offer(), undefined);
});

/** Doctors of two clinics at one time: [the first's slot, the second's]. */
async function sameTime(from) {
    const [first, second] = await Promise.all([0, 1].map((n) => freeSlots(server, DOCTORS[n], 12)));
    const times = new Map(second.map((slot) => [slot.starts_at_ms, slot]));
    const both = first.filter((slot) => times.has(slot.starts_at_ms));
    const slot = both[both.length - 1 - from];
    return [slot, times.get(slot.starts_at_ms)];
}

test('of twenty bookings of one person at one time, of two doctors, one is there', async () => {
    const pair = await sameTime(0);
    const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => server.request('POST', '/api/v1/bookings',
        { json: { ...pair[n % 2], ...person(5000) }, from: clientAddress(n) })));
    const won = replies.findIndex((reply) => reply.status === 201);
    assert.equal(replies.filter((reply) => reply.status === 201).length, 1);
    for (const [n, reply] of replies.entries()) {
        if (n === won) continue;
        const problem = n % 2 === won % 2 ? 'slot-taken' : 'own-booking';
        assert.deepEqual([reply.status, reply.problem()], [409, problem], reply.text);
        if (problem === 'slot-taken') continue;
        const { other, errors } = reply.json();
        assert.deepEqual([other, errors[0].field, errors[0].code], [null, 'starts_at_ms', 'own_booking']);
    }
});

test('who knows a NIK and nothing else of its bearer is answered as if there were none', async () => {
    const [slot, beside] = await sameTime(4), NIK = '7571020203840001';
    const ask = (n, more) => server.request('POST', '/api/v1/bookings', { json: { ...person(n), ...more }, from: clientAddress(n) });
    const bearer = await ask(5100, { ...slot, nik: NIK });
    assert.equal(bearer.status, 201, bearer.text);
    const [stranger, control] = [await ask(5101, { ...beside, nik: NIK }), await ask(5102, { ...(await sameTime(8))[1], nik: '7571020203840002' })];
    for (const reply of [stranger, control]) assert.equal(reply.status, 201, reply.text);
    const shape = (reply) => Object.entries(reply.json()).map(([key, value]) => [key, value === null, typeof value]);
    assert.deepEqual(shape(stranger), shape(control));
    assert.deepEqual(stranger.json().warnings, control.json().warnings);
    assert.equal(stranger.json().needs_confirmation, false);
    /* Nor does the stranger keep the bearer from booking. */
    const [third, fourth] = await sameTime(12);
    assert.equal((await ask(5101, { ...third, nik: NIK })).status, 201);
    assert.equal((await ask(5100, { ...fourth, nik: NIK })).status, 201);
});

test('the desk is told of the visit in its own facility, and goes ahead with a reason', async () => {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const home = facilities.find((one) => one.name === 'Puskesmas Limboto'), away = facilities.find((one) => one !== home);
    const added = await run(['user', 'add', 'loket2', '--demo', server.dir, '--role', 'desk', '--facility', away.id,
        '--name', 'Loket Dua'], { input: 'kata sandi yang panjang\n' });
    assert.equal(added.code, 0, added.stderr);
    const loket = await server.logInDemo('loket', clientAddress(80));
    const other = await server.logIn('loket2', 'kata sandi yang panjang', clientAddress(81));
    const walkIn = (headers, facility, more) => server.request('POST', '/api/v1/walk-ins', { headers,
        json: { clinic: facility.clinics[0].id, ...person(5200), nik: '7571020203840003', ...more }, from: clientAddress(82) });
    const first = await walkIn(loket, home);
    assert.equal(first.status, 201, first.text);
    const again = await walkIn(loket, home);
    assert.deepEqual([again.status, again.problem()], [409, 'own-booking'], again.text);
    assert.equal(again.json().errors[0].field, 'overlap_reason');
    assert.deepEqual(again.json().other, { starts_at_ms: first.json().starts_at_ms, number: first.json().number, clinic: first.json().clinic });
    const elsewhere = await walkIn(other, away);
    assert.deepEqual([elsewhere.status, elsewhere.json().other], [409, null], elsewhere.text);
    assert.equal((await walkIn(loket, home, { overlap_reason: ' x ' })).status, 409, 'that is no reason');
    const anyway = await walkIn(loket, home, { overlap_reason: 'Luka baru, tidak bisa menunggu' });
    assert.equal(anyway.status, 201, anyway.text);
    const { events } = (await server.request('GET', `/api/v1/visits/${anyway.json().visit}`, { headers: loket })).json();
    assert.equal(events.find((event) => event.kind === 'overlaps').detail, 'Luka baru, tidak bisa menunggu');
    const outside = await server.request('POST', '/api/v1/bookings', { from: clientAddress(83),
        json: { ...(await sameTime(16))[0], ...person(5201), overlap_reason: 'Saya mau' } });
    assert.deepEqual([outside.status, outside.json().errors[0].field], [422, 'overlap_reason']);
});

test('of a hundred who want the last place of a group one gets it', async () => {
    const [{ clinic }] = await freeSlots(server, DOCTORS[0], 3);
    const headers = await server.logInDemo('rahmat');
    const night = Math.ceil((Date.now() + WITA_MS) / DAY_MS) * DAY_MS - WITA_MS + 22 * 3600_000;
    const opened = await server.request('POST', '/api/v1/groups',
        { headers, json: { clinic, title: 'Kelas ibu hamil', starts_at_ms: night, minutes: 60, places: 2, open: true } });
    assert.equal(opened.status, 201, opened.text);
    const { id, doctor_id: doctor, starts_at_ms } = opened.json();
    const place = { clinic, doctor, starts_at_ms, group: id };
    assert.equal((await book(0, place)).status, 201);
    const replies = await Promise.all(Array.from({ length: N_RACERS }, (_, n) => book(1 + n, place)));
    assert.equal(replies.filter((reply) => reply.status === 201).length, 1);
    for (const reply of replies.filter((one) => one.status !== 201))
        assert.deepEqual([reply.status, reply.problem()], [409, 'slot-taken'], reply.text);
    const { visits } = (await server.request('GET', `/api/v1/groups/${id}`, { headers })).json();
    assert.deepEqual(visits.map((visit) => visit.place), [1, 2]);
});

/** The nth of as many free slots, each half an hour or more after the other. */
async function spreadSlots(count) {
    const all = await freeSlots(server, DOCTORS[1], 6);
    const spread = all.filter((one, i) => i === 0 || one.starts_at_ms - all[i - 1].starts_at_ms > 0).filter((_, i) => i % 2 === 0);
    assert.ok(spread.length >= count, `${spread.length} slots`);
    return spread.slice(0, count);
}

test('whoever books for one number again and again is stopped, with words; the desk is not', async () => {
    const slots = await spreadSlots(8), victim = person(5300).phone;
    const ask = (n, more = {}) => server.request('POST', '/api/v1/bookings',
        { json: { ...slots[n], ...person(5301 + n), phone: victim }, from: clientAddress(90 + n), ...more });
    for (let n = 0; n < 6; n++) {
        const reply = await ask(n);
        assert.equal(reply.status, 201, reply.text);
    }
    const full = await ask(6, { headers: { 'accept-language': 'en' } });
    assert.deepEqual([full.status, full.problem()], [409, 'bookings-full'], full.text);
    assert.match(full.json().detail, /phone number has many appointments/);
    const loket = await server.logInDemo('loket', clientAddress(98));
    const desk = await server.request('POST', '/api/v1/desk-bookings',
        { headers: loket, json: { ...slots[6], ...person(5307), phone: victim }, from: clientAddress(98) });
    assert.equal(desk.status, 201, desk.text);
});

test('a command beside the server leaves it its write-ahead log', async () => {
    const wal = path.join(server.dir, 'huyula.db-wal');
    assert.ok(existsSync(wal), 'the log is there while the server runs');
    const done = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(done.code, 0, done.stderr);
    assert.ok(existsSync(wal), 'the log is there after the command');
});

test('after kill -9 amid bookings each answered one is there, once', async () => {
    const slots = (await Promise.all(DOCTORS.map((name) => freeSlots(server, name, 10)))).flat();
    assert.ok(slots.length >= N_BOOKINGS);
    const answered = new Map();
    let n_lost = 0;
    const underWay = slots.slice(0, N_BOOKINGS).map(async (slot, n) => {
        try {
            const reply = await book(n, slot, { 'idempotency-key': `key-of-person-number-${n}` });
            assert.equal(reply.status, 201, reply.text);
            answered.set(n, { slot, booking: reply.json() });
            if (answered.size === N_BEFORE_KILL) server.child.kill('SIGKILL');
        } catch (error) {
            if (error instanceof assert.AssertionError) throw error;
            n_lost++; // the connection broke: nothing was promised
        }
    });
    await Promise.all(underWay);
    await server.ended;
    assert.ok(answered.size >= N_BEFORE_KILL && n_lost > 0, `${answered.size} answered, ${n_lost} lost`);
    await server.run();

    for (const [n, { slot, booking }] of answered) {
        const reply = await ownVisit(booking, n);
        assert.equal(reply.status, 200, `${booking.code}: ${reply.text}`);
        const { visit } = reply.json();
        assert.deepEqual([visit.id, visit.number, visit.starts_at_ms],
            [booking.visit, booking.number, slot.starts_at_ms]);
    }

    const again = [];
    for (let from = 0; from < N_BOOKINGS; from += N_AT_ONCE) {
        again.push(...await Promise.all(slots.slice(from, from + N_AT_ONCE).map((slot, i) =>
            book(from + i, slot, { 'idempotency-key': `key-of-person-number-${from + i}` }))));
    }
    const ids = new Set(), places = new Set();
    for (const [n, reply] of again.entries()) {
        assert.equal(reply.status, 201, reply.text);
        const booking = reply.json();
        if (answered.has(n)) assert.deepEqual(booking, answered.get(n).booking);
        ids.add(booking.visit);
        places.add(`${booking.facility} ${booking.clinic} ${booking.starts_at_ms} ${booking.doctor}`);
    }
    assert.equal(ids.size, N_BOOKINGS);
    assert.equal(places.size, N_BOOKINGS);
    const numbers = again.map((reply) => reply.json()).map((one) => {
        const date = new Date(one.starts_at_ms + WITA_MS).toISOString().slice(0, 10);
        return `${one.facility} ${one.clinic} ${date} ${one.number}`;
    });
    assert.equal(new Set(numbers).size, N_BOOKINGS, 'a number of a clinic and day is one visit\'s');

    const other = await book(0, slots[1], { 'idempotency-key': 'key-of-person-number-0' });
    assert.deepEqual([other.status, other.problem()], [409, 'idempotency-mismatch']);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});
