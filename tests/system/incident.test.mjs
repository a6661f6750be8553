// SPDX-License-Identifier: Apache-2.0
// Somebody is put out of a visit: at once, at the socket, and the link lets nobody in again; what was written of it
// stands sealed in the database and nowhere in the log.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const WORDS = 'Memaki petugas dengan kata kasar sekali';
const OVER = 4000, FATAL = 4003;

let server, desk, doctor, coordinator, visits;
before(async () => {
    server = await ServerProcess.start();
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const { id } = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const made = await run(['user', 'add', 'koordinator', '--demo', server.dir, '--role', 'coordinator', '--facility', id,
        '--name', 'Koordinator'], { input: 'kata sandi yang panjang\n' });
    assert.equal(made.code, 0, made.stderr);
    [desk, doctor] = [await server.logInDemo('loket'), await server.logInDemo('rahmat')];
    coordinator = await server.logIn('koordinator', 'kata sandi yang panjang');
    visits = (await server.visits(4)).filter((_, i) => i % 3 === 0);
});
after(() => server.dispose());

async function enter(token) {
    const client = await WsClient.open(server);
    await client.hello(token);
    return client;
}

const report = (visit, headers, more) => server.request('POST', `/api/v1/visits/${visit.visit}/incidents`,
    { headers, json: { key: `0123456789-${more.who}`, kind: 'abuse', text: WORDS, ...more } });

test('a guest is out alone, the patient who waits with the visit', async () => {
    const [visit] = visits;
    const invited = await server.request('POST', `/api/v1/visits/${visit.visit}/guests`,
        { headers: doctor, json: { label: 'family' } });
    const guestToken = invited.json().link.split('/v/')[1];
    const [patient, guest] = [await enter(visit.patient), await enter(guestToken)];
    patient.send({ type: 'ready' });
    await patient.next('visit', (message) => message.visit.state === 'checked_in');

    const first = await report(visit, doctor, { who: 'family' });
    assert.equal(first.status, 201, first.text);
    assert.equal(first.json().removed, true);
    assert.equal((await guest.next('error')).code, 'link-invalid');
    assert.equal(await guest.closed, FATAL);
    const again = await WsClient.open(server);
    again.send({ type: 'hello', token: guestToken });
    assert.equal((await again.next('error')).fatal, true);
    assert.equal(patient.closeCode, null, 'the patient is still there');

    const second = await report(visit, desk, { who: 'patient', block_days: 30 });
    assert.equal(second.status, 201, second.text);
    assert.equal((await patient.next('ended')).state, 'cancelled_provider');
    assert.equal(await patient.closed, OVER);
    const back = await server.request('POST', '/api/v1/join/cancel', { headers: { authorization: `Bearer ${visit.patient}` } });
    assert.deepEqual([back.status, back.problem()], [410, 'visit-cancelled']);
    const record = (await server.request('GET', `/api/v1/visits/${visit.visit}`, { headers: desk })).json();
    const kinds = record.events.map((one) => [one.kind, one.detail, one.actor]);
    assert.ok(kinds.some((one) => one.join() === 'removed,patient,desk'), JSON.stringify(kinds));
    assert.ok(!JSON.stringify(record).includes(WORDS), 'the record leads to it, the words are with the coordinator');
});

test('the coordinator reads it without a name, closes it with a word and lifts the block', async () => {
    const listed = (await server.request('GET', '/api/v1/incidents', { headers: coordinator })).json();
    assert.deepEqual(listed.incidents.map((one) => [one.who, one.state, one.removed]),
        [['patient', 'open', true], ['family', 'open', true]]);
    assert.ok(listed.incidents[0].blocked_until_ms > Date.now());
    const target = `/api/v1/incidents/${listed.incidents[0].id}`;
    const one = await server.request('GET', target, { headers: coordinator });
    assert.equal(one.json().text, WORDS);
    const step = (json) => server.request('POST', `${target}/steps`, { headers: coordinator, json });
    const silent = await step({ step: 'closed', note: '   ' });
    assert.deepEqual([silent.status, silent.json().errors[0].field], [422, 'note']);
    assert.equal((await step({ step: 'looked_at' })).json().state, 'looked_at');
    assert.equal((await step({ step: 'lifted' })).json().blocked_until_ms, null);
    assert.equal((await step({ step: 'lifted' })).status, 200, 'once more changes nothing');
    const closed = (await step({ step: 'closed', note: 'Keluarga sudah dihubungi.' })).json();
    assert.equal(closed.state, 'closed');
    assert.deepEqual(closed.steps.map((line) => [line.step, line.note]),
        [['looked_at', null], ['lifted', null], ['closed', 'Keluarga sudah dihubungi.']]);
});

test('the words are in no file as they are', () => {
    assert.ok(!server.log.includes(WORDS));
    for (const name of readdirSync(server.dir).filter((one) => /\.db/.test(one)))
        assert.ok(!readFileSync(path.join(server.dir, name)).includes(WORDS), name);
});
