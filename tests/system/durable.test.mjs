// SPDX-License-Identifier: Apache-2.0
// What is answered is on the disk: between the write of a change and the first byte of its answer
// there is a synchronization of the database's write-ahead log (sync_interposer.c writes them down).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const N_IN_TURN = 25;
const N_AT_ONCE = 40;
const HEALTH_TIMEOUT_MS = 20_000;
/* The smallest of what is a JPEG by its segments. */
const PICTURE = 'ffd8ffc0000b080001000101011100ffda0008010100003f006162ffd9';

let server, dir, slots;

before(async () => {
    assert.ok(process.env.SYNC_INTERPOSER, 'SYNC_INTERPOSER must name what is preloaded (ctest sets it)');
    dir = mkdtempSync(path.join(tmpdir(), 'huyula-sync-'));
    server = await ServerProcess.start({ env: { LD_PRELOAD: process.env.SYNC_INTERPOSER,
        SYNC_INTERPOSER_FILE: path.join(dir, 'events'), SYNC_INTERPOSER_FAULTS: dir } });
    slots = await freeSlots(server, 'dr. Rahmat Hasan', 5);
    assert.ok(slots.length > N_IN_TURN + N_AT_ONCE + 4);
});
after(async () => {
    await server.dispose();
    rmSync(dir, { recursive: true, force: true });
});

/** What happened in the program between two times: [{kind, from, to, port}]. */
function eventsBetween(from, to) {
    return readFileSync(path.join(dir, 'events'), 'utf8').trimEnd().split('\n').map((line) => {
        const [kind, begun, ended, port] = line.split(' ');
        return { kind, from: BigInt(begun), to: BigInt(ended), port: Number(port) };
    }).filter((event) => event.from >= from && event.from <= to);
}

/** A connection that stands, so that nothing but answers is sent on it: {agent, from, port}. */
async function connection(n) {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const from = clientAddress(n);
    assert.equal((await server.request('GET', '/healthz', { agent, from })).status, 200);
    const [[socket]] = Object.values(agent.freeSockets);
    return { agent, from, port: socket.localPort };
}

/** Runs `action`, whose answer goes to the client's `port`: {reply, answer, events}. */
async function watch(port, action) {
    const from = process.hrtime.bigint();
    const reply = await action();
    const events = eventsBetween(from, process.hrtime.bigint());
    const answer = events.find((event) => event.kind === 'send' && event.port === port);
    assert.ok(answer, 'the answer was seen leaving');
    return { reply, answer, events };
}

/** Of a change that is alone: everything that was written before the answer was synchronized. */
function assertSynchronized({ answer, events }) {
    const written = events.filter((event) => event.kind === 'wal' && event.from < answer.from);
    assert.ok(written.length > 0, 'something was written');
    const last = written.reduce((a, b) => (a.to > b.to ? a : b));
    assert.ok(events.some((event) => event.kind === 'sync' && event.from >= last.to && event.to <= answer.from),
        'it was synchronized before the answer left');
}

function book(n, { agent, from }) {
    return server.request('POST', '/api/v1/bookings', { json: { ...slots[n], ...person(n) }, agent, from });
}

test('bookings in turn: each is synchronized before it is answered', async () => {
    const client = await connection(0);
    for (let n = 0; n < N_IN_TURN; n++) {
        const seen = await watch(client.port, () => book(n, client));
        assert.equal(seen.reply.status, 201, seen.reply.text);
        assertSynchronized(seen);
    }
    client.agent.destroy();
});

test('bookings at once: each is answered after a synchronization that began after it came', async () => {
    const clients = await Promise.all(Array.from({ length: N_AT_ONCE }, (_, i) => connection(1 + i)));
    await Promise.all(clients.map(async (client, i) => {
        const { reply, answer, events } = await watch(client.port, () => book(N_IN_TURN + i, client));
        assert.equal(reply.status, 201, reply.text);
        assert.ok(events.some((event) => event.kind === 'sync' && event.to <= answer.from));
    }));
    clients.forEach((client) => client.agent.destroy());
});

test('logging in and a doctor\'s cancelling are synchronized before they are answered', async () => {
    const client = await connection(60);
    const { login, password } = server.accounts().rahmat;
    const seen = await watch(client.port, () => server.request('POST', '/api/v1/session',
        { json: { login, password }, ...client }));
    assert.equal(seen.reply.status, 200, seen.reply.text);
    assertSynchronized(seen);
    const headers = { cookie: seen.reply.headers['set-cookie'].map((one) => one.split(';')[0]).join('; '),
        'x-csrf-token': seen.reply.json().csrf };
    const [visit] = await server.visits(1);
    const cancelled = await watch(client.port, () => server.request('POST',
        `/api/v1/visits/${visit.visit}/cancel`, { json: { reason: 'dokter sakit' }, headers, ...client }));
    assert.equal(cancelled.reply.status, 200, cancelled.reply.text);
    assertSynchronized(cancelled);
    client.agent.destroy();
});

test('a step of a visit is synchronized before anybody is told', async () => {
    const [visit] = await server.visits(1);
    const page = await WsClient.open(server);
    await page.hello(visit.patient);
    page.send({ type: 'ping', id: 1 });
    await page.next('pong');
    assertSynchronized(await watch(page.socket.localPort, () => {
        page.send({ type: 'ready' });
        return page.next('visit', (message) => message.visit.state === 'checked_in');
    }));
    await page.drop();
});

for (const [fault, what, logged] of [['full', 'no space', /request failed .*full/],
    ['broken', 'a disk that fails', /request failed .*disk I\/O/]]) {
    test(`with ${what} a booking is refused and not half there, reading goes on, and it mends`, async (t) => {
        const n = N_IN_TURN + N_AT_ONCE + (fault === 'full' ? 0 : 1);
        const client = { agent: false, from: clientAddress(80 + n) };
        writeFileSync(path.join(dir, fault), '');
        t.after(() => rmSync(path.join(dir, fault), { force: true }));
        const refused = await book(n, client);
        assert.deepEqual([refused.status, refused.problem()], [507, 'storage'], refused.text);
        await server.untilLogged(logged);
        const ill = await server.request('GET', '/healthz');
        assert.deepEqual([ill.status, ill.json().ready, ill.json().database], [503, false, 'failing']);
        assert.equal(await server.metric('huyula_db_write_failing'), 1);
        assert.match(refused.json().detail, /belum tersimpan/, 'it says what became of it, and what to do');
        assert.equal((await server.request('GET', '/api/v1/facilities')).status, 200);
        const still = await freeSlots(server, 'dr. Rahmat Hasan', 5);
        assert.ok(still.some((slot) => slot.starts_at_ms === slots[n].starts_at_ms), 'the slot is free');
        rmSync(path.join(dir, fault));
        const booked = await book(n, client);
        assert.equal(booked.status, 201, booked.text);
        const well = await server.request('GET', '/healthz');
        assert.deepEqual([well.status, well.json().ready, well.json().database], [200, true, 'ok']);
        const verified = await run(['audit', 'verify', '--demo', server.dir]);
        assert.equal(verified.code, 0, verified.stderr);
    });
}

/** Asks for the health until its status is `status`: a row is written for it every 5 s at most. */
async function untilHealth(status) {
    const deadline = Date.now() + HEALTH_TIMEOUT_MS;
    while ((await server.request('GET', '/healthz')).status !== status)
        assert.ok(Date.now() < deadline, `health does not become ${status}`);
}

test('health finds a full disk by itself, and that it is mended', async (t) => {
    t.after(() => rmSync(path.join(dir, 'full'), { force: true }));
    await untilHealth(200);
    writeFileSync(path.join(dir, 'full'), '');
    await untilHealth(503);
    rmSync(path.join(dir, 'full'));
    await untilHealth(200);
});

test('an attachment for which there is no space is refused with words and kept nowhere, and it mends', async (t) => {
    const headers = await server.logInDemo('rahmat', clientAddress(70));
    const id = randomUUID();
    const attach = () => server.request('POST', '/api/v1/consult-files', { headers, from: clientAddress(71),
        json: { id, data: Buffer.from(PICTURE, 'hex').toString('base64') } });
    t.after(() => rmSync(path.join(dir, 'full'), { force: true }));
    writeFileSync(path.join(dir, 'full'), '');
    const refused = await attach();
    assert.deepEqual([refused.status, refused.problem()], [507, 'storage'], refused.text);
    const asked = { key: randomUUID(), facility: (await server.request('GET', '/api/v1/facilities')).json().facilities[0].id,
        urgency: 'routine', text: 'Ruam sejak tiga hari, apakah perlu dirujuk?', attachments: [id] };
    const ask = () => server.request('POST', '/api/v1/consults', { headers, json: asked, from: clientAddress(72) });
    rmSync(path.join(dir, 'full'));
    const without = await ask();
    assert.deepEqual([without.status, without.json().errors?.[0].field], [422, 'attachments'], without.text);
    assert.equal((await attach()).status, 204);
    assert.equal((await ask()).status, 201);
});
