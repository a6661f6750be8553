// SPDX-License-Identifier: Apache-2.0
// The end of a log-in ends what was opened with it: sockets, devices, and the tokens they came by.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const LOGIN = 'rahmat';
const N_DOCTORS = 3; // of the demo clinic; made visits take turns
const CLOSE_FATAL = 4003;
const SESSION_MS = 12 * 3_600_000;
const ENDS_WITHIN_MS = 10_000;
const OFFER = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuv', 'a=setup:actpass', 'a=sendrecv', 'a=rtcp-mux',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=rtpmap:111 opus/48000/2', ''].join('\r\n');

let server, visits;
const clients = [];

before(async () => {
    server = await ServerProcess.start();
    visits = await server.visits(3 * N_DOCTORS);
});
after(async () => {
    for (const client of clients) client.socket.destroy();
    await server.dispose();
});

async function enter(token) {
    const client = await WsClient.open(server);
    clients.push(client);
    await client.hello(token);
    return client;
}

async function tokenOf(target, headers) {
    const reply = await server.request('POST', target, { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply.json().token;
}

function openDevice(kind, visit, token) {
    return server.request('POST', `/${kind}/${visit}`,
        { body: OFFER, type: 'application/sdp', headers: { authorization: `Bearer ${token}` } });
}

async function assertThrownOut(client) {
    const error = await client.next('error');
    assert.deepEqual([error.code, error.fatal], ['link-invalid', true]);
    assert.equal(await client.closed, CLOSE_FATAL);
}

async function assertRefused(token) {
    const client = await WsClient.open(server);
    clients.push(client);
    client.send({ type: 'hello', token });
    await assertThrownOut(client);
}

async function assertAlive(client) {
    client.send({ type: 'ping', id: 77 });
    await client.next('pong', (message) => message.id === 77);
}

async function command(action, input = '') {
    const done = await run(['user', action, LOGIN, '--demo', server.dir], { input });
    assert.equal(done.code, 0, done.stderr);
}

const ways = {
    'log-out': {
        isForOneSession: true,
        end: async (headers) => {
            const reply = await server.request('DELETE', '/api/v1/session', { headers });
            assert.equal(reply.status, 204, reply.text);
        },
    },
    'a new password': { end: () => command('passwd', `${server.accounts()[LOGIN].password}\n`) },
    'closing the account': { end: () => command('disable'), undo: () => command('enable') },
};

for (const [what, way] of Object.entries(ways)) {
    test(`${what} ends sockets, devices and tokens of the log-in`, async () => {
        const [visit] = visits.splice(0, N_DOCTORS);
        const patient = await enter(visit.patient);
        patient.send({ type: 'ready' });
        await patient.next('visit', (message) => message.visit.state === 'checked_in');

        const headers = await server.logInDemo(LOGIN), other = await server.logInDemo(LOGIN);
        const join = await tokenOf(`/api/v1/visits/${visit.visit}/join`, headers);
        const day = await tokenOf('/api/v1/day/watch', headers);
        const page = await enter(join), list = await enter(day);
        const otherList = await enter(await tokenOf('/api/v1/day/watch', other));
        for (const kind of ['whip', 'whep']) {
            const opened = await openDevice(kind, visit.visit, join);
            assert.equal(opened.status, 201, opened.text);
        }
        const ownDevice = await openDevice('whip', visit.visit, visit.doctor);
        assert.equal(ownDevice.status, 201, ownDevice.text);

        const from = Date.now();
        await way.end(headers);
        await Promise.all([assertThrownOut(page), assertThrownOut(list)]);
        assert.ok(Date.now() - from < ENDS_WITHIN_MS);
        await server.untilMetric('huyula_media_endpoints', 1); // of a token that no log-in made
        const { participant } = await patient.next('participant', (message) => message.event === 'left');
        assert.equal(participant.role, 'doctor');
        if (way.isForOneSession) await assertAlive(otherList);
        else await assertThrownOut(otherList);

        await assertRefused(join);
        await assertRefused(day);
        for (const kind of ['whip', 'whep']) {
            const refused = await openDevice(kind, visit.visit, join);
            assert.deepEqual([refused.status, refused.problem()], [404, 'link-invalid'], refused.text);
        }
        await assertAlive(patient);
        const closed = await server.request('DELETE', ownDevice.headers.location,
            { headers: { authorization: `Bearer ${visit.doctor}` } });
        assert.equal(closed.status, 200, closed.text);
        await way.undo?.();
    });
}

test('the own password: what is wrong is named; the other log-ins end and this one goes on', async () => {
    const { password: present } = server.accounts().loket;
    const [headers, other] = [await server.logInDemo('loket'), await server.logInDemo('loket')];
    const from = '127.0.44.3';
    const change = (json) => server.request('POST', '/api/v1/session/password', { headers, json, from });
    const faults = async (json) => (await change(json)).json().errors.map((one) => `${one.field} ${one.code}`);
    const wanted = 'empat kata biasa berturut';
    assert.deepEqual(await faults({ current: 'bukan ini', password: wanted }), ['current wrong_password']);
    assert.deepEqual(await faults({ current: present, password: present }), ['password unchanged']);
    assert.deepEqual(await faults({ current: present, password: 'pendek' }), ['password too_short']);
    assert.deepEqual(await faults({ current: present, password: 'rahasia loket' }), ['password too_simple']);
    const page = await enter(await tokenOf('/api/v1/day/watch', headers));
    const otherPage = await enter(await tokenOf('/api/v1/day/watch', other));
    const done = await change({ current: present, password: wanted });
    assert.equal(done.status, 204, done.text);
    await assertThrownOut(otherPage);
    await assertAlive(page);
    assert.equal((await server.request('GET', '/api/v1/session', { headers })).status, 200);
    assert.equal((await server.request('GET', '/api/v1/session', { headers: other })).status, 401);
    await server.logIn('loket', wanted, from);
    const old = await server.request('POST', '/api/v1/session', { json: { login: 'loket', password: present }, from });
    assert.equal(old.status, 401);
    for (const secret of [present, wanted, 'bukan ini']) assert.ok(!server.log.includes(secret), 'a password in the log');
});

test('guesses at the present password are slowed down as those of a log-in', async () => {
    const headers = await server.logInDemo('dinkes', '127.0.44.1');
    const guess = () => server.request('POST', '/api/v1/session/password',
        { headers, json: { current: 'bukan ini', password: 'empat kata biasa berturut' }, from: '127.0.44.2' });
    for (let i = 0; i < 8; i++) assert.equal((await guess()).status, 422);
    const late = await guess();
    assert.deepEqual([late.status, late.problem()], [429, 'too-many-requests'], late.text);
    assert.ok(Number(late.headers['retry-after']) > 0);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('a log-in that has run out ends its sockets', async () => {
    const headers = await server.logInDemo(LOGIN);
    const list = await enter(await tokenOf('/api/v1/day/watch', headers));
    await server.turnClock(SESSION_MS);
    await assertThrownOut(list);
});
