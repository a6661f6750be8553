// SPDX-License-Identifier: Apache-2.0
// Nothing of a person stands in the log, not even at level debug: names, numbers, passwords, tokens,
// SDP and candidates are looked for after a visit and many mistakes.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, freeSlots, run } from '../support/server_process.mjs';
import { HandshakeRefused, WsClient } from '../support/ws_client.mjs';

const PERSON = { name: 'Nurlela Djafar Tuna', birth_date: '1957-08-25', phone: '081244556677',
    nik: '7571026508570003', lang: 'id' };
const WRONG_PASSWORD = 'rahasia-yang-salah', NEW_PASSWORD = 'rahasia-yang-baru-sekali';
const WRONG_TOKEN = 'Zk3TokenYangTidakAda5pQ7Xw2';
const CLINICAL = 'Keluhan Rahasia Sekali';
const TURN_SECRET = 'RahasiaRelai'.repeat(4);
const UFRAG = 'UfragRahasia', ADDRESS = '198.51.100.77';
const OFFER = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', `a=ice-ufrag:${UFRAG}`,
    'a=ice-pwd:PwdRahasiaPwdRahasiaPwdRahasia', 'a=setup:actpass', 'a=sendrecv', 'a=rtcp-mux',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    `a=candidate:1 1 udp 2130706431 ${ADDRESS} 50000 typ host`, 'a=rtpmap:111 opus/48000/2', ''].join('\r\n');
const BAD_OFFER = OFFER.replace(/a=fingerprint.*\r\n/, '');

let server;
before(async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'huyula-privacy-'));
    const secret = path.join(root, 'turn-secret');
    writeFileSync(secret, `${TURN_SECRET}\n`, { mode: 0o600 });
    const config = `[log]\nlevel = debug\n[turn]\nurls = turns:turn.example:443\nsecret = ${secret}`;
    server = await ServerProcess.start({ config });
    rmSync(root, { recursive: true });
});
after(() => server.dispose());

/** User name and password for the TURN server, which the secret must have made. */
function turnOf({ ice_servers: [{ urls, username, credential }] }) {
    assert.deepEqual(urls, ['turns:turn.example:443']);
    assert.match(username, /^\d{10}:[0-9a-f]{16}$/);
    assert.equal(credential, createHmac('sha1', TURN_SECRET).update(username).digest('base64'));
    return [username, credential];
}

/** A visit from its booking to its end; the secrets that came up. */
async function wholeVisit(slot) {
    const booked = await server.request('POST', '/api/v1/bookings', { json: { ...slot, ...PERSON } });
    assert.equal(booked.status, 201, booked.text);
    const link = booked.json().link.split('/v/')[1];
    const [visit] = await server.visits(1);
    const doctor = await server.logInDemo('rahmat');
    const joined = await server.request('POST', `/api/v1/visits/${visit.visit}/join`, { headers: doctor });
    assert.equal(joined.status, 200, joined.text);
    const { token } = joined.json();
    const noted = await server.request('PUT', `/api/v1/visits/${visit.visit}/note`, { headers: doctor,
        json: { revision: 0, subjective: CLINICAL } });
    assert.equal(noted.status, 200, noted.text);
    const [patientPage, doctorPage] = [await WsClient.open(server), await WsClient.open(server)];
    const welcome = await patientPage.hello(visit.patient);
    const doctorWelcome = await doctorPage.hello(token);
    patientPage.send({ type: 'ready' });
    await doctorPage.next('visit', (message) => message.visit.state === 'checked_in');
    doctorPage.send({ type: 'call' });
    await patientPage.next('visit', (message) => message.visit.state === 'called');
    patientPage.send({ type: 'offer', id: 1, sdp: OFFER });
    const { sdp } = await patientPage.next('answer');
    patientPage.send({ type: 'offer', id: 2, sdp: BAD_OFFER });
    assert.equal((await patientPage.next('error')).code, 'bad-offer');
    const whip = await server.request('POST', `/whip/${visit.visit}`, { body: BAD_OFFER,
        type: 'application/sdp', headers: { authorization: `Bearer ${visit.patient}` } });
    assert.equal(whip.status, 400, whip.text);
    patientPage.send({ type: 'accept' });
    doctorPage.send({ type: 'end', outcome: 'tech_failed' });
    await patientPage.next('ended');
    await Promise.all([patientPage.closed, doctorPage.closed]);
    const names = [...welcome.participants, ...doctorWelcome.participants].map((one) => one.name);
    const turn = [welcome, doctorWelcome].flatMap(turnOf);
    assert.notEqual(turn[0].split(':')[1], turn[2].split(':')[1], 'each person has a name of its own');
    return [link, visit.patient, visit.doctor, token, welcome.resume, doctorWelcome.resume, ...names,
        ...turn, TURN_SECRET, doctor.cookie.split('=')[1], doctor['x-csrf-token'],
        ...sdp.match(/(?<=a=ice-(?:ufrag|pwd):)\S+|(?<=a=fingerprint:sha-256 )\S+/g)];
}

/** What people and scanners do wrong, with secrets where they do not belong. */
async function mistakes(slot) {
    const wrong = [
        ['GET', `/v/${WRONG_TOKEN}`], ['GET', `/api/v1/join?token=${WRONG_TOKEN}`],
        ['GET', `/${WRONG_TOKEN}/${PERSON.phone}`], ['PUT', `/v/${WRONG_TOKEN}`],
        ['GET', `/api/v1/slots?clinic=${PERSON.nik}`],
        ['GET', '/api/v1/join', { headers: { authorization: `Bearer ${WRONG_TOKEN}` } }],
        ['GET', `/api/v1/check/${WRONG_TOKEN}`], ['GET', `/api/v1/icd10?q=${PERSON.nik}`],
        ['POST', '/api/v1/session', { json: { login: 'rahmat', password: WRONG_PASSWORD } }],
        ['POST', '/api/v1/session', { json: { login: PERSON.phone, password: WRONG_PASSWORD } }],
        ['POST', '/api/v1/bookings', { json: { ...slot, ...PERSON } }], // taken
        ['POST', '/api/v1/bookings', { json: { ...slot, ...PERSON, [PERSON.phone]: 1 } }],
        ['POST', '/api/v1/bookings', { body: `{"name": "${PERSON.name}", `, type: 'application/json' }],
        ['POST', `/whip/${WRONG_TOKEN}`, { body: OFFER, type: 'application/sdp',
            headers: { authorization: `Bearer ${WRONG_TOKEN}` } }],
    ];
    for (const [method, target, options] of wrong) {
        const reply = await server.request(method, target, options);
        assert.ok(reply.status >= 400 || target.startsWith('/v/'), `${method} ${target}: ${reply.status}`);
    }
    for (const text of [JSON.stringify({ type: 'hello', token: WRONG_TOKEN }),
        JSON.stringify({ type: 'offer', sdp: OFFER }), `{"type": "hello", "token": "${WRONG_TOKEN}`]) {
        const page = await WsClient.open(server);
        page.sendText(text);
        assert.ok(['link-invalid', 'bad-order', 'bad-message'].includes((await page.next('error')).code), text);
        await page.drop();
    }
    await assert.rejects(WsClient.open(server, { origin: `https://${WRONG_TOKEN}.example` }), HandshakeRefused);
    const plain = net.connect({ host: '127.0.0.1', port: server.port });
    plain.on('error', () => undefined).end(`GET /v/${WRONG_TOKEN} HTTP/1.1\r\n\r\n`).resume();
    await new Promise((resolve) => plain.on('close', resolve));
    const changed = await run(['user', 'passwd', 'dinkes', '--demo', server.dir], { input: `${NEW_PASSWORD}\n` });
    assert.equal(changed.code, 0, changed.stderr);
    assert.doesNotMatch(changed.stdout + changed.stderr, new RegExp(NEW_PASSWORD));
    await server.logIn('dinkes', NEW_PASSWORD);
}

test('after a visit and many mistakes the log names nobody and holds no secret', async () => {
    const [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const passwords = Object.values(server.accounts()).map((one) => one.password);
    const found = await wholeVisit(slot);
    await mistakes(slot);
    await server.stop();
    assert.match(server.log, /\/api\/v1\/bookings/, 'it is the log');
    const secrets = [...found, CLINICAL, ...passwords, WRONG_PASSWORD, NEW_PASSWORD, WRONG_TOKEN, UFRAG, ADDRESS,
        PERSON.nik, PERSON.birth_date, PERSON.phone, PERSON.phone.slice(1), ...PERSON.name.split(' ')];
    for (const secret of secrets) {
        assert.ok(secret && secret.length >= 4, `${secret} is something to look for`);
        const line = server.log.split('\n').find((one) => one.includes(secret));
        assert.equal(line, undefined, `"${secret}" stands in the log`);
    }
    for (const other of ['a=ice', 'm=audio', 'sdp', 'Bearer', 'candidate', '__Host-'])
        assert.ok(!server.log.split('\n').some((line) => line.includes(other)), `"${other}" stands in the log`);
});
