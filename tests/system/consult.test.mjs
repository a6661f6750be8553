// SPDX-License-Identifier: Apache-2.0
// A doctor asks another facility: with a picture that says where it was taken, which is not passed on; the first of two
// has it; who asked hears of the answer by the socket; what is late is before the coordinator once, over a kill -9.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const WORDS = 'Ruam sejak tiga hari di lengan, apakah perlu dirujuk?';
const OPINION = 'Ini dermatitis kontak, bukan infeksi.';
const DEADLINE_MS = 30_000;
const OVER_MS = 16 * 60_000; // of an emergency, whose answer is wished within 15 minutes
/* The smallest of what is a JPEG by its segments: an Exif part, a frame, a scan, and something behind its end. */
const EXIF = Buffer.from('\xff\xe1\x00\x0eExif\x00\x00GPS 12', 'latin1');
const BARE = Buffer.from('ffd8ffc0000b080001000101011100ffda0008010100003f006162ffd9', 'hex');
const PICTURE = Buffer.concat([BARE.subarray(0, 2), EXIF, BARE.subarray(2), Buffer.from('GPS 0.56 N')]);

let server, rahmat, nurhayati, yusuf, coordinator, facilities;
let nCalls = 0;
const call = (method, target, headers, json) => server.request(method, target, { headers, json, from: clientAddress(3000 + nCalls++) });

async function logInAll() {
    [rahmat, nurhayati, yusuf] = await Promise.all(['rahmat', 'nurhayati', 'yusuf'].map((login) => server.logInDemo(login)));
    coordinator = await server.logIn('koordinator', 'kata sandi yang panjang');
}

before(async () => {
    server = await ServerProcess.start();
    facilities = (await server.request('GET', '/api/v1/facilities')).json().facilities;
    const { id } = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const made = await run(['user', 'add', 'koordinator', '--demo', server.dir, '--role', 'coordinator', '--facility', id,
        '--name', 'Koordinator'], { input: 'kata sandi yang panjang\n' });
    assert.equal(made.code, 0, made.stderr);
    await logInAll();
});
after(() => server.dispose());

const idOf = (name) => facilities.find((one) => one.name === name).id;
const question = (more = {}) => ({ key: randomUUID(), facility: idOf('Puskesmas Limboto'), urgency: 'routine', text: WORDS, ...more });

async function asked(headers, more) {
    const reply = await call('POST', '/api/v1/consults', headers, question(more));
    assert.equal(reply.status, 201, reply.text);
    return `/api/v1/consults/${reply.json().consult}`;
}

const step = (headers, target, what) => call('POST', `${target}/steps`, headers, { step: what });

async function watch(headers) {
    const { token } = (await call('POST', '/api/v1/day/watch', headers)).json();
    const client = await WsClient.open(server);
    client.send({ type: 'hello', token });
    await client.next('welcome');
    return client;
}

test('asked with a picture, taken, answered; the asker hears of it', async () => {
    const id = randomUUID();
    for (let i = 0; i < 2; i++) {
        const kept = await call('POST', '/api/v1/consult-files', yusuf, { id, data: PICTURE.toString('base64') });
        assert.equal(kept.status, 204, kept.text);
    }
    const target = await asked(yusuf, { attachments: [id] });
    const listed = (await call('GET', '/api/v1/consults?box=open', rahmat)).json();
    assert.deepEqual(listed.consults.map((one) => [one.from.doctor, one.from.facility, one.attachments, one.visit]),
        [['dr. Yusuf Pakaya', 'Klinik Kota Selatan', 1, null]]);
    assert.ok(!JSON.stringify(listed).includes('Ruam'), 'lists have no words');
    const page = await watch(yusuf);
    assert.equal((await step(rahmat, target, 'take')).status, 200);
    await page.next('day-changed');
    const file = await call('GET', `${target}/files/${id}`, rahmat);
    assert.equal(file.status, 200, file.text);
    assert.deepEqual(['content-type', 'x-content-type-options', 'content-disposition'].map((name) => file.headers[name]),
        ['image/jpeg', 'nosniff', 'inline; filename="lampiran.jpeg"']);
    assert.match(file.headers['cache-control'], /no-store/);
    assert.equal(Number(file.headers['content-length']), BARE.length, 'without Exif and what is behind the end');
    for (const [headers, status] of [[{}, 401], [nurhayati, 404], [coordinator, 403]])
        for (const one of [target, `${target}/files/${id}`])
            assert.equal((await call('GET', one, headers)).status, status, one);
    const answer = { key: randomUUID(), opinion: OPINION, recommendation: 'Salep.', refer: false };
    const replies = await Promise.all([0, 1].map(() => call('POST', `${target}/answers`, rahmat, answer)));
    assert.deepEqual(replies.map((one) => [one.status, one.json().state]), [[201, 'answered'], [201, 'answered']]);
    await page.next('day-changed');
    const thread = (await call('GET', target, yusuf)).json();
    assert.deepEqual(thread.posts.map((one) => [one.kind, one.text, one.refer]),
        [['question', WORDS, null], ['answer', OPINION, false]]);
    assert.ok(thread.first_answer_at_ms >= thread.asked_at_ms);
    assert.equal((await step(yusuf, target, 'close')).json().state, 'closed');
    assert.equal((await call('POST', `${target}/answers`, rahmat, { ...answer, key: randomUUID() })).status, 409);
});

test('twenty questions, two who want each: every one has one expert', async () => {
    const targets = [];
    for (let i = 0; i < 20; i++) targets.push(await asked(yusuf));
    const both = await Promise.all(targets.map((target) =>
        Promise.all([rahmat, nurhayati].map((headers) => step(headers, target, 'take')))));
    for (const pair of both) assert.deepEqual(pair.map((one) => one.status).sort(), [200, 404]);
    const taken = await Promise.all([rahmat, nurhayati].map(async (headers) =>
        (await call('GET', '/api/v1/consults?box=taken', headers)).json().consults.filter((one) => one.state === 'taken')));
    assert.equal(taken.flat().length, 20);
    assert.equal(new Set(taken.flat().map((one) => one.id)).size, 20);
    for (const one of targets) assert.equal((await step(yusuf, one, 'withdraw')).status, 200);
});

test('what somebody sends as a file is told by its bytes', async () => {
    for (const [data, code] of [['<html>', 'not_attachable'], ['%PDF-1.7 without an end', 'attachment_damaged'],
        [Buffer.concat([BARE, Buffer.alloc(600 * 1024)]), 'attachment_too_large']]) {
        const reply = await call('POST', '/api/v1/consult-files', yusuf, { id: randomUUID(), data: Buffer.from(data).toString('base64') });
        assert.deepEqual([reply.status, reply.json().errors.map((one) => [one.field, one.code])], [422, [['data', code]]], code);
    }
    const wrong = await call('POST', '/api/v1/consult-files', yusuf, { id: '../../huyula.db', data: BARE.toString('base64') });
    assert.deepEqual([wrong.status, wrong.json().errors[0].field], [422, 'id']);
});

test('what is late is before the coordinator once, over a kill -9', async () => {
    const target = await asked(yusuf, { urgency: 'emergency' });
    await server.turnClock(OVER_MS);
    await server.stop('SIGKILL');
    await server.run();
    await logInAll();
    const late = async () => (await call('GET', '/api/v1/consults?box=late', coordinator)).json().consults;
    let found = await late();
    for (const deadline = Date.now() + DEADLINE_MS; found.length === 0; found = await late()) {
        assert.ok(Date.now() < deadline, 'it is late');
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.deepEqual(found.map((one) => [`/api/v1/consults/${one.id}`, one.state, one.urgency]), [[target, 'open', 'emergency']]);
    assert.ok(!JSON.stringify(found).includes('Ruam'));
    const thread = (await call('GET', target, yusuf)).json();
    assert.deepEqual(thread.steps.map((one) => one.step), ['escalated']);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('neither words nor pictures are in a file as they are', () => {
    for (const words of [WORDS, OPINION]) assert.ok(!server.log.includes(words));
    for (const name of readdirSync(server.dir).filter((one) => /\.db/.test(one))) {
        const bytes = readFileSync(path.join(server.dir, name));
        for (const secret of [WORDS, OPINION, BARE, BARE.toString('base64').slice(0, 30)]) assert.ok(!bytes.includes(secret), name);
    }
});
