// SPDX-License-Identifier: Apache-2.0
// The WebSocket from outside (signaling/protocol.md): wrong messages, wrong offers, wrong links,
// lost connections, second tabs.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ServerProcess, freeSlots, person } from '../support/server_process.mjs';
import { HandshakeRefused, OPCODE, WsClient } from '../support/ws_client.mjs';

const MESSAGE_LIMIT = 64 * 1024;
const BURST = 60;
const CLOSE = { MANY: 1008, TEXT_ONLY: 1003, NOT_UTF8: 1007, LARGE: 1009, OVER: 4000, REPLACED: 4001,
    RESUMED: 4002, FATAL: 4003 };
const DAY_MS = 86_400_000;
const OFFER = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuv', 'a=setup:actpass', 'a=sendrecv', 'a=rtcp-mux',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=rtpmap:111 opus/48000/2', ''].join('\r\n');

let server, visits, visit;
const clients = [];

before(async () => {
    server = await ServerProcess.start();
    visits = await server.visits(60);
});
beforeEach(() => ([visit] = visits.splice(0, 3))); // the next one of the same doctor
after(async () => {
    for (const client of clients) client.socket.destroy();
    await server.dispose();
});

async function open(options) {
    const client = await WsClient.open(server, options);
    clients.push(client);
    return client;
}

async function enter(token, more) {
    const client = await open();
    const welcome = await client.hello(token, more);
    return { client, welcome };
}

/** Still open and answering. */
async function assertAlive(client) {
    client.send({ type: 'ping', id: 77 });
    await client.next('pong', (message) => message.id === 77);
}

async function assertFatal(client, code) {
    const error = await client.next('error');
    assert.deepEqual([error.code, error.fatal], [code, true]);
    assert.ok(error.message.length > 5, 'it says it in words');
    assert.equal(await client.closed, CLOSE.FATAL);
    return error;
}

/** The patient waits and was called: {patient, doctor}, both sockets in. */
async function calledVisit() {
    const patient = await enter(visit.patient), doctor = await enter(visit.doctor);
    patient.client.send({ type: 'ready' });
    await doctor.client.next('visit', (message) => message.visit.state === 'checked_in');
    doctor.client.send({ type: 'call' });
    await patient.client.next('visit', (message) => message.visit.state === 'called');
    await doctor.client.next('visit', (message) => message.visit.state === 'called');
    return { patient, doctor };
}

test('a group: who waits is let in by the host, sees a number alone, and the end is everybody\'s', async () => {
    const headers = await server.logInDemo('rahmat');
    const [{ clinic }] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const ask = async (method, path, json, status = 200) => {
        const reply = await server.request(method, `/api/v1${path}`, { headers, json });
        assert.equal(reply.status, status, reply.text);
        return reply.json();
    };
    const group = await ask('POST', '/groups', { clinic, title: 'Kelas ibu hamil', starts_at_ms: Date.now() + 5 * 60_000,
        minutes: 60, places: 2 }, 201);
    const tokens = [];
    for (const n of [1, 2]) {
        const { link } = await ask('POST', `/groups/${group.id}/bookings`, person(700 + n), 201);
        tokens.push(link.split('/v/')[1]);
    }
    const { token } = await ask('POST', '/day/watch');
    const { token: other } = (await server.request('POST', '/api/v1/day/watch', { headers: await server.logInDemo('nurhayati') })).json();
    const stranger = await open();
    stranger.send({ type: 'hello', token: `grup:${group.id}:${other}` });
    await assertFatal(stranger, 'link-invalid');

    const host = await enter(`grup:${group.id}:${token}`);
    assert.deepEqual([host.welcome.role, host.welcome.visit.id, host.welcome.visit.group], ['doctor', group.id, group.title]);
    const patients = [];
    for (const one of tokens) {
        const patient = await enter(one);
        assert.deepEqual(patient.welcome.participants.map((who) => who.role), ['doctor']);
        patient.client.send({ type: 'ready' });
        await patient.client.next('visit', (message) => message.visit.state === 'checked_in');
        patients.push(patient);
    }
    const { participant } = await host.client.next('participant', ({ participant: who }) => who.place === 2 && who.state === 'checked_in');
    assert.equal(participant.name, person(702).name);
    patients[0].client.send({ type: 'offer', id: 1, sdp: OFFER, passive: false });
    assert.equal((await patients[0].client.next('error')).code, 'bad-state');
    host.client.send({ type: 'admit', participant: null });
    for (const { client } of patients) await client.next('visit', (message) => message.visit.state === 'called');
    host.client.send({ type: 'mute', participant: participant.id, muted: true });
    await patients[1].client.next('group', (message) => message.muted);
    patients[1].client.send({ type: 'mute', participant: null, muted: false });
    assert.equal((await patients[1].client.next('error')).code, 'not-allowed');

    await ask('POST', `/groups/${group.id}/end`, undefined, 409); // before its time, and nobody talks
    await ask('POST', `/groups/${group.id}/cancel`, { reason: 'banjir' }, 409); // they were called
    const { visits: made } = await ask('GET', `/groups/${group.id}`);
    for (const { id } of made) await ask('POST', `/visits/${id}/return`);
    for (const { client } of patients) await client.next('visit', (message) => message.visit.state === 'checked_in');
    await ask('POST', `/groups/${group.id}/cancel`, { reason: 'banjir' });
    for (const { client } of [...patients, host]) assert.equal(await client.closed, CLOSE.OVER);
});

test('pages of other sites, and clients that speak something else, are refused', async () => {
    for (const options of [{ origin: 'https://elsewhere.example' }, { origin: 'null' },
        { origin: `http://127.0.0.1:${server.port}` }, { protocol: null }, { protocol: 'other.v1' }])
        await assert.rejects(open(options), HandshakeRefused, JSON.stringify(options));
    const own = await open({ origin: `https://127.0.0.1:${server.port}` });
    await own.hello(visit.patient);
});

test('hello comes first, and once', async () => {
    for (const message of [{ type: 'offer', id: 1, sdp: OFFER }, { type: 'ready' }]) {
        const client = await open();
        client.send(message);
        await assertFatal(client, 'bad-order');
    }
    const { client } = await enter(visit.patient);
    client.send({ type: 'hello', token: visit.patient });
    await assertFatal(client, 'bad-order');
});

test('an unknown message is answered and the connection stays', async () => {
    const { client } = await enter(visit.patient);
    client.send({ type: 'teleport' });
    const error = await client.next('error');
    assert.deepEqual([error.code, error.fatal], ['unknown-message', false]);
    client.send({ type: 'ping', id: 1, unknown: [1, { a: 2 }] });
    await client.next('pong');
});

test('three unreadable messages in a row end the connection, two do not', async () => {
    const { client } = await enter(visit.patient);
    const bad = ['{', '[]', '"ping"', '{"type": 7}', '{"type": "ping", "id": "x"}', `${'['.repeat(20)}`];
    for (const text of bad) {
        client.sendText(text);
        const error = await client.next('error');
        assert.deepEqual([error.code, error.fatal], ['bad-message', false], text);
        await assertAlive(client);
    }
    bad.slice(0, 3).forEach((text) => client.sendText(text));
    for (const fatal of [false, false, true]) assert.equal((await client.next('error')).fatal, fatal);
    assert.equal(await client.closed, CLOSE.FATAL);
});

test('a message may have 64 KiB, also in pieces; a longer one closes with 1009', async () => {
    const fill = (size) => {
        const text = JSON.stringify({ type: 'ping', id: 1, fill: '' });
        return Buffer.from(text.replace('""', `"${'x'.repeat(size - text.length)}"`));
    };
    const { client } = await enter(visit.patient);
    client.sendFrame(OPCODE.TEXT, fill(MESSAGE_LIMIT));
    await client.next('pong');
    const whole = fill(1000);
    client.sendFrame(OPCODE.TEXT, whole.subarray(0, 10), false);
    client.sendFrame(OPCODE.PING, Buffer.from('between'));
    client.sendFrame(OPCODE.CONTINUATION, whole.subarray(10, 500), false);
    client.sendFrame(OPCODE.CONTINUATION, whole.subarray(500));
    await client.next('pong');
    client.sendFrame(OPCODE.TEXT, fill(MESSAGE_LIMIT + 1));
    assert.equal(await client.closed, CLOSE.LARGE);
});

test('bytes, and text that is none, close the connection', async () => {
    const binary = await open();
    binary.sendFrame(OPCODE.BINARY, Buffer.from('{}'));
    assert.equal(await binary.closed, CLOSE.TEXT_ONLY);
    const broken = await open();
    broken.sendFrame(OPCODE.TEXT, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
    assert.equal(await broken.closed, CLOSE.NOT_UTF8);
});

test('too many messages at once are said, and close with 1008', async () => {
    const { client } = await enter(visit.patient);
    for (let id = 0; id < BURST + BURST / 2; id++) client.send({ type: 'ping', id });
    const error = await client.next('error');
    assert.deepEqual([error.code, error.fatal], ['too-many-messages', true]);
    assert.equal(await client.closed, CLOSE.MANY);
});

test('what is not this role\'s, or not yet possible, is refused', async () => {
    const patient = await enter(visit.patient), doctor = await enter(visit.doctor);
    const refused = [[patient, { type: 'call' }, 'not-allowed'], [doctor, { type: 'ready' }, 'not-allowed'],
        [patient, { type: 'end', outcome: 'done' }, 'not-allowed'],
        [patient, { type: 'offer', id: 5, sdp: OFFER }, 'bad-state'],
        [patient, { type: 'accept' }, 'bad-state'], [doctor, { type: 'call' }, 'bad-state']];
    for (const [{ client }, message, code] of refused) {
        client.send(message);
        const error = await client.next('error');
        assert.deepEqual([error.code, error.of, error.fatal], [code, message.type, false]);
        await assertAlive(client);
    }
});

test('a malformed offer is answered with the reason; a good one after it works', async () => {
    const { patient: { client } } = await calledVisit();
    const bad = { rubbish: 'rubbish', 'no ICE user': OFFER.replace(/a=ice-ufrag.*\r\n/, ''),
        'no fingerprint': OFFER.replace(/a=fingerprint.*\r\n/, ''),
        'no media': OFFER.slice(0, OFFER.indexOf('m=')),
        'a stray line': OFFER.replace('s=-', 's=-\r\n\u0001\u0002'),
        'far too many': OFFER + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:9\r\n'.repeat(20) };
    let id = 10;
    for (const [what, sdp] of Object.entries(bad)) {
        client.send({ type: 'offer', id, sdp });
        const error = await client.next('error');
        assert.deepEqual([error.code, error.of, error.id, error.fatal], ['bad-offer', 'offer', id, false], what);
        assert.ok(error.detail, what);
        id++;
    }
    client.send({ type: 'offer', id: 1, sdp: OFFER });
    const answer = await client.next('answer');
    assert.equal(answer.id, 1);
    assert.match(answer.sdp, new RegExp(`a=candidate:.* ${server.mediaPort} typ host`));
});

test('a connection that came back gets what it missed, and nothing twice', async () => {
    const { patient, doctor } = await calledVisit();
    const seen = patient.client.lastSeq;
    await patient.client.drop();
    await doctor.client.next('participant', (message) => message.event === 'lost');
    const devices = ['on', 'denied', 'none'];
    for (const audio of devices) doctor.client.send({ type: 'devices', audio, video: 'off' });
    await assertAlive(doctor.client);

    const { client, welcome } = await enter(visit.patient, { resume: patient.welcome.resume, last_seq: seen });
    assert.deepEqual([welcome.resumed, welcome.seq], [true, seen]);
    const missed = [];
    for (const audio of devices)
        missed.push(await client.next('participant', (message) => message.participant.audio === audio));
    assert.deepEqual(missed.map((message) => message.seq), [1, 2, 3].map((n) => seen + n));
    assert.deepEqual(client.messages, []);
    await doctor.client.next('participant', (message) => message.event === 'back');
});

test('with an old resume token comes the full state', async () => {
    const { client } = await enter(visit.patient);
    await client.drop();
    const { welcome } = await enter(visit.patient, { resume: 'AAAAAAAAAAAAAAAAAAAAAA', last_seq: 1 });
    assert.deepEqual([welcome.resumed, welcome.seq, welcome.visit.state], [false, 1, 'booked']);
});

test('a second tab is asked; the loser is told and closed', async () => {
    const first = await enter(visit.patient);
    const second = await open();
    second.send({ type: 'hello', token: visit.patient });
    await second.next('occupied');
    await assertAlive(first.client);
    second.send({ type: 'hello', token: visit.patient, take_over: true });
    await second.next('welcome');
    await first.client.next('replaced');
    assert.equal(await first.client.closed, CLOSE.REPLACED);
    await assertAlive(second);
});

test('the same page on a new connection goes on; a copied tab takes the place', async () => {
    const { client, welcome } = await enter(visit.patient);
    const again = await enter(visit.patient, { resume: welcome.resume, last_seq: client.lastSeq });
    assert.equal(again.welcome.resumed, true);
    assert.equal(await client.closed, CLOSE.RESUMED);
    const copy = await enter(visit.patient, { resume: welcome.resume });
    assert.equal(copy.welcome.resumed, false);
    await again.client.next('replaced');
    assert.equal(await again.client.closed, CLOSE.REPLACED);
});

test('a page whose welcome was lost is the same page by the key of its early offer', async () => {
    const { patient } = await calledVisit();
    await patient.client.drop();
    const early = '0123456789abcdef0123456789abcdef';
    const answer = await server.request('POST', '/api/v1/join/offer',
        { headers: { authorization: `Bearer ${visit.patient}` }, json: { key: early, sdp: OFFER, hold: true } });
    assert.equal(answer.status, 200, answer.text);
    const lost = await enter(visit.patient, { early });
    const again = await enter(visit.patient, { early });
    assert.deepEqual([lost.welcome.early, again.welcome.early, again.welcome.resumed], [true, true, false]);
    assert.equal(await lost.client.closed, CLOSE.RESUMED);
    const tab = await open();
    tab.send({ type: 'hello', token: visit.patient, early: 'fedcba9876543210' });
    await tab.next('occupied');
    await assertAlive(again.client);
});

test('an ended visit is over for both, and its links say so', async () => {
    const { patient, doctor } = await calledVisit();
    doctor.client.send({ type: 'end', outcome: 'converted_phone' });
    const ended = await patient.client.next('ended');
    assert.deepEqual([ended.state, ended.by], ['converted_phone', 'doctor']);
    for (const { client } of [patient, doctor]) assert.equal(await client.closed, CLOSE.OVER);
    const late = await open();
    late.send({ type: 'hello', token: visit.patient });
    await assertFatal(late, 'visit-ended');
});

test('a watcher of the day hears what changes in it', async () => {
    const headers = await server.logInDemo('rahmat');
    const reply = await server.request('POST', '/api/v1/day/watch', { headers });
    assert.equal(reply.status, 200, reply.text);
    const watcher = await enter(reply.json().token);
    assert.deepEqual([watcher.welcome.kind, watcher.welcome.visit], ['day', undefined]);
    const { client } = await enter(visit.patient);
    client.send({ type: 'ready' });
    await watcher.client.next('day-changed', (message) => message.visit === visit.visit);
    watcher.client.send({ type: 'ready' });
    assert.equal((await watcher.client.next('error')).code, 'not-allowed');
});

async function assertRefused(token, code, lang) {
    const client = await open();
    client.send({ type: 'hello', token, lang });
    return assertFatal(client, code);
}

test('each wrong link is refused with its own reason, in the reader\'s language', async () => {
    const said = [await assertRefused('AAAAAAAAAAAAAAAAAAAAAA', 'link-invalid', 'id'),
        await assertRefused('AAAAAAAAAAAAAAAAAAAAAA', 'link-invalid', 'en')];
    assert.notEqual(said[0].message, said[1].message);

    const [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const booked = (await server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(1) } })).json();
    const early = await assertRefused(booked.link.split('/v/')[1], 'too-early');
    assert.equal(early.opens_at_ms, booked.opens_at_ms);

    const cancelled = await server.request('POST', `/api/v1/visits/${visit.visit}/cancel`,
        { headers: await server.logInDemo('loket'), json: { reason: 'dokter sakit' } });
    assert.equal(cancelled.status, 200, cancelled.text);
    await assertRefused(visit.patient, 'visit-cancelled');

    await server.turnClock(20 * DAY_MS);
    await assertRefused(visits[0].patient, 'link-expired');
});
