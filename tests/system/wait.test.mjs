// SPDX-License-Identifier: Apache-2.0
// The wait list, in both ways of offering (Cal 10616): one by one with expiry, over kill -9 between offer and
// answer; all at once, when fifty answer at the same moment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const DOCTOR = 'dr. Rahmat Hasan';
const N_RACERS = 50;
const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS;
const WITA_MS = 8 * HOUR_MS;
const DEADLINE_MS = 30_000;
const PUSHED_WITHIN_MS = 1000; // from the answer to who caused it
const MAX_PAGES = 8; // of an entry

let server, slots, desk, admin, doctor, turned;
before(async () => {
    server = await ServerProcess.start();
    /* No offer is made at night: it is nine in the morning, tomorrow. */
    const midnight = Math.ceil((Date.now() + WITA_MS) / (24 * HOUR_MS)) * 24 * HOUR_MS;
    turned = midnight + 9 * HOUR_MS - WITA_MS - Date.now();
    await server.turnClock(turned);
    /* Only now: a log-in does not last until then. */
    [desk, admin, doctor] = await Promise.all(['loket', 'admin', 'rahmat'].map((login) => server.logInDemo(login)));
    slots = await freeSlots(server, DOCTOR, 20);
});
const sockets = [];
after(async () => {
    for (const socket of sockets) socket.socket.destroy();
    await server.dispose();
});

let nClients = 0;
const send = (method, target, json, headers) => server.request(method, target, { json, headers, from: clientAddress(nClients++) });
const dateOf = (ms) => new Date(ms + WITA_MS).toISOString().slice(0, 10);
const timeOf = (ms) => new Date(ms + WITA_MS).toISOString().slice(11, 16);

/** Looks until it is so. */
async function until(what, holds) {
    for (const deadline = Date.now() + DEADLINE_MS; ;) {
        const found = await holds();
        if (found) return found;
        assert.ok(Date.now() < deadline, what);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

/** A day on which nothing but one slot is open, and that is booked: its slot, its booking's headers. */
async function fullDay(nth) {
    const dates = [...new Set(slots.map((slot) => dateOf(slot.starts_at_ms)))];
    const slot = slots.find((one) => dateOf(one.starts_at_ms) === dates[nth]);
    const date = dates[nth];
    const close = (from, to) => send('POST', `/api/v1/hours/${slot.doctor}/overrides`,
        { clinic: slot.clinic, date, kind: 'closed', from, to }, admin);
    for (const reply of [await close('00:00', timeOf(slot.starts_at_ms)), await close(timeOf(slot.starts_at_ms + 15 * MINUTE_MS), '00:00')])
        assert.equal(reply.status, 201, reply.text);
    const booked = await send('POST', '/api/v1/bookings', { ...slot, ...person(900 + nth) });
    assert.equal(booked.status, 201, booked.text);
    return { slot, date, headers: { authorization: `Bearer ${booked.json().link.split('/v/')[1]}` } };
}

const leaveWord = ({ slot: { clinic, doctor }, date }, more) =>
    send('POST', '/api/v1/wait-list', { clinic, doctor, from: date, until: date, ...more });

async function join(day, n, more) {
    const reply = await leaveWord(day, { ...person(n), ...more });
    assert.equal(reply.status, 201, reply.text);
    return reply.json().link.split('/tunggu/')[1];
}

const look = async (token) => (await send('POST', '/api/v1/wait-list/look', { token })).json();
const accept = (token, offer) => send('POST', '/api/v1/wait-list/accept', { token, offer: offer.id });
const offered = (token) => until('an offer comes', async () => (await look(token)).offer);
const book = (day, n) => send('POST', '/api/v1/bookings', { ...day.slot, ...person(n) });
const messages = (kind) => server.messages().filter((one) => one.kind === kind);

test('one by one: kept over kill -9, after 15 minutes the next one\'s, and booked once', async () => {
    const day = await fullDay(2);
    const tooLong = await leaveWord(day, { ...person(2), reason: 'x'.repeat(201) });
    assert.deepEqual([tooLong.status, tooLong.json().errors.map((one) => one.field)], [422, ['reason']], tooLong.text);
    const [first, second] = [await join(day, 1), await join(day, 2, { reason: ' Batuk,  tiga hari ' })];
    assert.equal((await look(second)).ahead, 1);
    assert.equal((await look(first)).offer, null);
    assert.equal((await send('POST', '/api/v1/join/cancel', undefined, day.headers)).status, 200);
    const offer = await offered(first);
    assert.deepEqual([offer.turn_at_ms, offer.kept], [day.slot.starts_at_ms, true]);
    await server.stop('SIGKILL');
    await server.run();
    assert.deepEqual((await look(first)).offer, offer);
    assert.equal((await look(second)).offer, null);
    assert.deepEqual([(await book(day, 3)).status, (await book(day, 3)).problem()], [409, 'slot-taken']);
    await until('the message is handed over', () => messages('wait_offer').length > 0);
    turned += 15 * MINUTE_MS;
    await server.turnClock(turned);
    const late = await accept(first, offer);
    assert.deepEqual([late.status, late.problem()], [409, 'offer-over']);
    const next = await offered(second);
    assert.equal((await look(first)).last_offer.state, 'expired');
    assert.equal((await accept(second, offer)).status, 409, 'of another offer it is no answer');
    const booked = await accept(second, next);
    assert.equal(booked.status, 201, booked.text);
    await server.stop('SIGKILL');
    await server.run();
    const again = await accept(second, next);
    assert.deepEqual([again.status, again.json().visit], [201, booked.json().visit]);
    for (const { link } of [booked.json(), again.json()]) {
        const visit = await send('GET', '/api/v1/join', undefined, { authorization: `Bearer ${link.split('/v/')[1]}` });
        assert.deepEqual([visit.status, visit.json().visit.starts_at_ms], [200, day.slot.starts_at_ms]);
    }
    assert.equal((await look(second)).state, 'booked');
    assert.equal((await look(first)).state, 'waiting');
    /* What was said when word was left goes with the visit, to the doctor alone. */
    const reasons = async (who) => (await send('GET', `/api/v1/day?date=${day.date}`, undefined, who)).json()
        .visits.filter((one) => one.id === booked.json().visit).map((one) => one.reason);
    assert.deepEqual([await reasons(doctor), await reasons(desk)], [['Batuk, tiga hari'], [null]]);
    const told = messages('wait_offer');
    assert.equal(new Set(told.map((one) => one.key)).size, told.length, 'each message once by its key');
    assert.match(told[0].text, /disimpan untuk Anda sampai \d\d\.\d\d WITA\. Jawab: https:\/\/\S+\/tunggu\/\w{22}$/);
    const link = told[0].text.split('/tunggu/')[1];
    assert.equal((await look(link)).state, 'waiting');
});

async function socket() {
    const client = await WsClient.open(server, { from: clientAddress(nClients++) });
    sockets.push(client);
    return client;
}

/** The page of an entry: hears, and reads nothing. */
async function page(token) {
    const client = await socket();
    assert.equal((await client.hello(`tunggu:${token}`)).kind, 'day');
    return client;
}

/** What has come so far: a ping is answered behind it. */
async function heard(client) {
    client.send({ type: 'ping', id: 1 });
    await client.next('pong');
    return client.messages.splice(0).filter((one) => one.type === 'day-changed').length;
}

test('by the socket a link hears of its own entry, whatever changes it, and of nothing else', async () => {
    const day = await fullDay(1);
    const tokens = [await join(day, 11), await join(day, 12), await join(day, 13)];
    const visitLink = day.headers.authorization.split(' ')[1];
    for (const wrong of ['A'.repeat(22), '', visitLink, `${tokens[0]}x`, '../../etc', 'x'.repeat(5000)]) {
        const stranger = await socket();
        stranger.send({ type: 'hello', token: `tunggu:${wrong}` });
        const { code, fatal } = await stranger.next('error');
        assert.deepEqual([code, fatal], ['link-invalid', true], wrong.slice(0, 30));
    }
    const [first, second, third] = await Promise.all(tokens.map(page));
    assert.equal((await send('POST', '/api/v1/join/cancel', undefined, day.headers)).status, 200);
    const cancelled = Date.now();
    const told = await first.next('day-changed');
    assert.ok(Date.now() - cancelled < PUSHED_WITHIN_MS, `offered after ${Date.now() - cancelled} ms`);
    assert.deepEqual([Object.keys(told).sort(), told.visit], [['seq', 'type', 'visit'], null], 'nothing of whom, nor of what');
    const { offer } = await look(tokens[0]);
    assert.equal(offer.turn_at_ms, day.slot.starts_at_ms, 'it is there when it is told of');
    assert.deepEqual([await heard(second), await heard(third)], [0, 0]);
    assert.equal((await send('POST', '/api/v1/wait-list/decline', { token: tokens[0], offer: offer.id })).status, 204);
    const declined = Date.now();
    await first.next('day-changed');
    await second.next('day-changed');
    assert.ok(Date.now() - declined < PUSHED_WITHIN_MS, `the next one's after ${Date.now() - declined} ms`);
    const next = (await look(tokens[1])).offer;
    assert.equal(await heard(third), 0);
    assert.equal((await accept(tokens[1], next)).status, 201);
    const from = Date.now();
    await Promise.all([second, third].map((one) => one.next('day-changed')));
    assert.ok(Date.now() - from < PUSHED_WITHIN_MS, `${Date.now() - from} ms`);
    assert.equal((await look(tokens[1])).state, 'booked');
    const { ahead } = await look(tokens[2]);
    await heard(first);
    assert.equal((await send('POST', '/api/v1/wait-list/leave', { token: tokens[0] })).status, 204);
    await third.next('day-changed');
    assert.equal((await look(tokens[2])).ahead, ahead - 1);
    assert.equal(await heard(first), 1);

    const more = await Promise.all(Array.from({ length: MAX_PAGES - 1 }, () => page(tokens[2])));
    const last = await socket();
    last.send({ type: 'hello', token: `tunggu:${tokens[2]}` });
    assert.equal((await last.next('error')).code, 'room-full');
    await more[0].drop();
    await until('the place of a page that went is free', async () => {
        const again = await socket();
        again.send({ type: 'hello', token: `tunggu:${tokens[2]}` });
        return Promise.race([again.next('welcome'), again.next('error').then(() => null)]).catch(() => null);
    });
});

test('all at once: of fifty who answer at the same moment one has it, and the others stay on the list', async () => {
    const day = await fullDay(3);
    const { directory } = { directory: (await send('GET', '/api/v1/directory', undefined, admin)).json() };
    const clinic = directory.clinics.find((one) => one.id === day.slot.clinic);
    assert.equal(clinic.wait_mode, 'one_by_one');
    const changed = await send('POST', `/api/v1/directory/clinics/${clinic.id}`, { name: clinic.name, wait_mode: 'all_at_once' }, admin);
    assert.equal(changed.status, 200, changed.text);
    const tokens = await Promise.all(Array.from({ length: N_RACERS }, (_, n) => join(day, 100 + n)));
    assert.equal((await send('POST', '/api/v1/join/cancel', undefined, day.headers)).status, 200);
    const offers = await Promise.all(tokens.map(offered));
    assert.ok(offers.every((one) => !one.kept && one.turn_at_ms === day.slot.starts_at_ms));
    const replies = await Promise.all(tokens.map((token, n) => accept(token, offers[n])));
    assert.equal(replies.filter((reply) => reply.status === 201).length, 1);
    for (const reply of replies.filter((one) => one.status !== 201))
        assert.ok(reply.status === 409 && ['offer-over', 'slot-taken'].includes(reply.problem()), reply.text);
    const states = await Promise.all(tokens.map(look));
    assert.equal(states.filter((one) => one.state === 'booked').length, 1);
    assert.equal(states.filter((one) => one.state === 'waiting' && one.offer === null && one.last_offer.state === 'lost').length, N_RACERS - 1);
    const list = (await send('GET', `/api/v1/clinics/${clinic.id}/wait-list`, undefined, desk)).json();
    assert.equal(list.mode, 'all_at_once');
    assert.equal(list.entries.filter((one) => one.from === day.date).length, N_RACERS - 1);
    assert.match(list.entries[0].phone_masked, /\*/);
});

test('the desk puts somebody first, with a reason, and takes somebody off', async () => {
    const day = await fullDay(4);
    const { clinic } = day.slot;
    const made = await send('POST', `/api/v1/clinics/${clinic}/wait-list`, { from: day.date, until: day.date, ...person(300) }, desk);
    assert.equal(made.status, 201, made.text);
    const { entry } = made.json();
    const twice = await send('POST', `/api/v1/clinics/${clinic}/wait-list`, { ...person(300) }, desk);
    assert.deepEqual([twice.status, twice.problem()], [409, 'already-waiting']);
    const without = await send('POST', `/api/v1/wait-list/${entry}/urgent`, { reason: '   ' }, desk);
    assert.equal(without.json().errors[0].field, 'reason');
    assert.equal((await send('POST', `/api/v1/wait-list/${entry}/urgent`, { reason: 'kontrol setelah operasi' }, desk)).status, 204);
    const [first] = (await send('GET', `/api/v1/clinics/${clinic}/wait-list`, undefined, desk)).json().entries;
    assert.deepEqual([first.id, first.urgent, first.reason], [entry, true, 'kontrol setelah operasi']);
    assert.equal((await send('DELETE', `/api/v1/wait-list/${entry}/urgent`, undefined, desk)).status, 204);
    assert.equal((await send('DELETE', `/api/v1/wait-list/${entry}`, undefined, desk)).status, 204);
    assert.equal((await look(made.json().link.split('/tunggu/')[1])).state, 'removed');
    assert.deepEqual([(await send('DELETE', `/api/v1/wait-list/${entry}`, undefined, desk)).problem()], ['wrong-state']);
});

test('where clinic, wished doctor or facility are archived nobody waits any more, and each is told', async () => {
    const directory = async () => (await send('GET', '/api/v1/directory', undefined, admin)).json();
    const { facilities, clinics, practitioners } = await directory();
    const facility = (name) => facilities.find((one) => one.name === name);
    const clinic = (name, place) => clinics.find((one) => one.name === name && one.facility === facility(place).id);
    const doctorOf = ({ id }) => practitioners.find((one) => one.clinics.includes(id));
    const date = dateOf(Date.now() + turned + 20 * 24 * HOUR_MS);
    const wait = async ({ id }, n, who) => {
        const reply = await send('POST', '/api/v1/wait-list', { clinic: id, ...(who ? { doctor: who.id } : {}), from: date, until: date, ...person(n) });
        assert.equal(reply.status, 201, reply.text);
        return reply.json().link.split('/tunggu/')[1];
    };
    const ended = async (token) => (await look(token)).state !== 'waiting';
    const archive = async (kind, id, about) => {
        const reply = await send('POST', `/api/v1/directory/${kind}/${id}?bookings=keep`, { ...about, active: false }, admin);
        assert.equal(reply.status, 200, reply.text);
    };
    const [children, general, south] = [clinic('Poli KIA', 'Puskesmas Limboto'), clinic('Poli Umum', 'Puskesmas Limboto'), clinic('Poli Umum', 'Klinik Kota Selatan')];
    const away = doctorOf(general);
    const tokens = [await wait(children, 501), await wait(general, 502, away), await wait(south, 503)];
    const stays = await wait(general, 504);
    const n = messages('wait_ended').length;
    await archive('clinics', children.id, { name: children.name, wait_mode: children.wait_mode });
    await archive('practitioners', away.id, { name: away.name, clinics: away.clinics });
    const { name, kind, area_code, address, phone } = facility('Klinik Kota Selatan');
    await archive('facilities', facility('Klinik Kota Selatan').id, { name, kind, area_code, address, phone });
    for (const token of tokens) {
        await until('the entry ends', () => ended(token));
        assert.equal((await look(token)).state, 'lapsed');
    }
    assert.equal(await ended(stays), false, 'any doctor of an open clinic will do');
    await until('each is told', () => messages('wait_ended').length >= n + tokens.length);
});
