// SPDX-License-Identifier: Apache-2.0
// The benchmarks in small: that the database is what it says, that each measure counts what it names, and that a
// double or lost booking would be seen. No figure is held against anything.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { measureBookings, verifyBookings } from './bookings.mjs';
import { ask, localDate, measureSize, startClinic } from './clinic.mjs';
import { percentile, spread, table } from './figures.mjs';
import { httpLoad, queueLoad, requestLine } from './load.mjs';
import { measureQueue, waitingRoom } from './queue.mjs';
import { measureReads, readKinds } from './reads.mjs';
import { WsClient } from '../support/ws_client.mjs';

const SMALL = { pastDays: 28, aheadDays: 30, doctors: 10, patients: 50 };

test('percentiles are nearest ranks', () => {
    assert.deepEqual([0, 0.5, 0.99, 1].map((share) => percentile([4, 1, 3, 2], share)), [1, 2, 4, 4]);
    assert.equal(percentile(Array.from({ length: 1000 }, (_, i) => i + 1), 0.99), 990);
    assert.throws(() => percentile([], 0.5));
    assert.deepEqual(spread([3000, 1000, 2000]), { n: 3, p50: 2, p99: 3, max: 3 });
    assert.equal(table(['a', 'b'], [['1', '2']]), '| a | b |\n| --- | --- |\n| 1 | 2 |');
});

let clinic;
before(async () => (clinic = await startClinic(SMALL, 1)));
after(() => clinic?.server.dispose());

test('the database is that of a service: 20 visits a doctor and working day', async () => {
    const { visits, patients } = await measureSize(clinic);
    assert.ok(visits > 20 * 10 * 20 && patients >= SMALL.patients, `${visits} visits, ${patients} patients`);
    const past = await ask(clinic.file, `SELECT DISTINCT count(*) FROM visit WHERE starts_at_ms < ${clinic.nowMs} - 86400000
        GROUP BY practitioner_id, local_date`);
    assert.deepEqual(past, [['20']]);
    const [[outside, early, indexes]] = await ask(clinic.file, `SELECT
        (SELECT count(*) FROM visit WHERE mode = 'slot' AND strftime('%w', local_date) IN ('0', '6')),
        (SELECT count(*) FROM visit WHERE mode = 'slot' AND (created_at_ms >= starts_at_ms OR created_at_ms >= ${clinic.nowMs})),
        (SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'visit' AND sql IS NOT NULL)`);
    assert.deepEqual([outside, early], ['0', '0']);
    assert.ok(Number(indexes) >= 10, `${indexes} indexes are back`);
    assert.deepEqual(await ask(clinic.file, 'PRAGMA integrity_check'), [['ok']]);
    assert.deepEqual(await ask(clinic.file, 'PRAGMA foreign_key_check'), []);
    assert.deepEqual(await ask(clinic.file, 'PRAGMA journal_mode'), [['wal']]);
});

test('visits have what visits have: consent, reasons, interpreters; and the queue that is measured its month', async () => {
    const { visits } = await measureSize(clinic);
    const [[agreed, reasons, invited, links]] = await ask(clinic.file, `SELECT
        (SELECT count(DISTINCT visit_id) FROM consent WHERE how <> 'withdrawn'), (SELECT count(*) FROM visit_reason),
        (SELECT count(*) FROM participant WHERE label = 'interpreter'),
        (SELECT count(*) FROM participant p JOIN join_token t ON t.participant_id = p.id WHERE p.label = 'interpreter')`);
    const share = (count) => Number(count) / visits;
    assert.ok(share(agreed) > 0.99, `${agreed} of ${visits} have agreed`);
    assert.ok(Math.abs(share(reasons) - 0.5) < 0.05, `${reasons} of ${visits} say why`);
    assert.ok(Math.abs(share(invited) - 0.01) < 0.002 && links === invited, `${invited} interpreters, ${links} links`);
    const [[month]] = await ask(clinic.file, `SELECT count(*) FROM visit v JOIN practitioner p ON p.id = v.practitioner_id
        JOIN visit_course o ON o.visit_id = v.id
        WHERE p.demo_login = 'rahmat' AND v.state = 'done' AND o.in_call_at_ms < o.ended_at_ms`);
    assert.ok(Number(month) >= 60, `${month} finished consultations, the newest 60 of which an estimate takes`);
});

test('bookings are counted, and each is there', async () => {
    const counts = () => ask(clinic.file, 'SELECT (SELECT count(*) FROM consent), (SELECT count(*) FROM visit_reason)');
    const [before] = await counts();
    for (const perConnection of [3, 1]) {
        const one = await measureBookings(clinic, { count: 10, clients: 2, perConnection });
        assert.deepEqual([one.booked, one.refused, one.times.n], [10, 0, 10]);
        assert.ok(one.rate > 0 && one.times.p50 <= one.times.p99);
    }
    const [after] = await counts();
    assert.deepEqual(after.map((count, i) => count - before[i]), [20, 10], 'all agree, half say why they come');
});

test('a booking that is not there, or was not answered, is seen', async () => {
    const [[before, last]] = await ask(clinic.file, 'SELECT max(rowid) - 1, (SELECT id FROM visit ORDER BY rowid DESC LIMIT 1) FROM visit');
    const promised = (...ids) => ids.map((kept) => ({ status: 201, kept }));
    await verifyBookings(clinic, before, promised(last));
    await assert.rejects(verifyBookings(clinic, before, []));
    await assert.rejects(verifyBookings(clinic, before, promised(last, 'no-such-visit')));
    await assert.rejects(verifyBookings(clinic, before, promised(last, last)));
});

test('what is refused or not answered is no booking', async () => {
    const { answers } = await httpLoad(clinic.server, [requestLine('GET', '/api/v1/session'), requestLine('GET', '/healthz'),
        requestLine('POST', '/api/v1/bookings', { json: {} })], { clients: 2, perConnection: 2 });
    assert.deepEqual(answers.map((one) => one.status), [401, 200, 422]);
});

test('a connection that breaks is the failure of that one alone', async () => {
    const { dir, root, child } = clinic.server;
    const [cert, key] = ['certificate.pem', 'certificate.key'].map((name) => readFileSync(path.join(dir, name)));
    const sockets = [];
    let n = 0, first;
    const other = https.createServer({ cert, key }, (request, response) => {
        n++;
        if (n === 1) first = request.socket;
        if (n === 2) response.end('{}');
        if (n < 3) return;
        const broken = sockets.find((one) => one.remotePort === first.remotePort);
        first.on('close', () => { // the answer in two parts, so that the other waits once more
            response.writeHead(200, { 'content-length': 2 });
            response.write('{', () => response.end('}'));
        });
        broken.destroy(); // without TLS's own goodbye
    }).on('connection', (socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const requests = Array.from({ length: 3 }, () => requestLine('GET', '/'));
    const { answers } = await httpLoad({ root, child, port: other.address().port }, requests, { clients: 2, perConnection: 2 });
    other.close();
    assert.deepEqual(answers.map((one) => one.status).sort(), [0, 200, 200]);
});

test('lists are asked for as the pages do', async () => {
    for (const kind of Object.values(await readKinds(clinic))) {
        const { times } = await measureReads(clinic, kind, { count: 12, clients: 2 });
        assert.equal(times.n, 12);
    }
});

test('day lists are not empty', async () => {
    const kinds = await readKinds(clinic);
    for (const name of ['day list of a doctor', 'day list of a desk, 5 doctors']) {
        const [method, target, headers] = kinds[name](0).split('\t');
        const cookie = headers.replace(/^cookie: /, '');
        const rows = [];
        for (let ahead = -14; ahead < 0; ahead++) {
            const day = target.replace(/date=.*/, `date=${localDate(clinic.nowMs, ahead)}`);
            const reply = await clinic.server.request(method, day, { headers: { cookie } });
            assert.equal(reply.status, 200, reply.text);
            rows.push(...reply.json().visits);
        }
        assert.ok(rows.length >= 10 * 20, `${name}: ${rows.length} visits in ten working days`);
    }
});

test('a call reaches everybody who waits', async () => {
    const one = await measureQueue(clinic, { count: 6, rounds: 2 });
    assert.deepEqual([one.answers.n, one.last.n, one.told.n], [2, 2, 5 + 4]);
    assert.ok(one.told.max === one.last.max && one.told.p50 > 0);
});

test('the socket of a patient that is closed while he waits fails the measurement', async () => {
    const { server } = clinic;
    const { tokens, ...requests } = await waitingRoom(server, 12);
    const measured = assert.rejects(queueLoad(server, tokens, { rounds: 10, ...requests }), /connection of patient 11 was cut/);
    await server.untilLogged(/(route=\/api\/v1\/queue\/next status=200[^]*){3}/); // two were of the test before
    const elsewhere = await WsClient.open(server);
    elsewhere.send({ type: 'hello', token: tokens[11], take_over: true });
    await measured;
    elsewhere.socket.destroy();
});
