// SPDX-License-Identifier: Apache-2.0
// Jobs that nobody calls: a day is ended and what is over is deleted, each once over a kill -9 in the middle; what
// they did can be read.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const N_VISITS = 150; // of three doctors, two of whom are of the desk's facility; 100 are ended at a time
const WITA_MS = 8 * 3600_000;
const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS;
const DEADLINE_MS = 90_000;

let server, date, four, ours; // ours: ids of the visits; each start of the demo makes one of its own, too
before(async () => {
    server = await ServerProcess.start();
    const dateOf = (ms) => new Date(ms + WITA_MS).toISOString().slice(0, 10);
    date = dateOf(Date.now());
    four = Date.parse(`${dateOf(Date.now() + DAY_MS)}T04:00:00+08:00`); // every day before is over
});
after(() => server.dispose());

async function until(what, holds) {
    for (const deadline = Date.now() + DEADLINE_MS; ;) {
        const found = await holds();
        if (found) return found;
        assert.ok(Date.now() < deadline, what);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

const cli = async (...args) => {
    const done = await run([...args, '--demo', server.dir]);
    assert.equal(done.code, 0, done.stderr);
    return done.stdout;
};
const get = async (target, headers) => {
    const reply = await server.request('GET', target, { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply.json();
};
const sum = (rows, kind) => rows.reduce((all, row) => all + (row.counts[kind] ?? 0), 0);
const totals = async (n) => {
    const office = await server.logInDemo('dinkes', clientAddress(n));
    return (await get(`/api/v1/reports/daily?from=${date}&to=${date}`, office)).totals;
};

async function wait(link, n) {
    const patient = await WsClient.open(server, { from: clientAddress(100 + n) });
    await patient.hello(link);
    patient.send({ type: 'ready' });
    await patient.next('visit', (message) => message.visit.state === 'checked_in');
    return patient;
}

test('who waits is no longer in a queue when the day is over, once each over a kill -9', async () => {
    const visits = await server.visits(N_VISITS);
    ours = new Set(visits.map((one) => one.visit));
    const doctor = await server.logInDemo('rahmat', clientAddress(1));
    const patients = [];
    for (const one of visits) patients.push(await wait(one.patient, patients.length));
    await until('their bookings are told',
        () => server.messages().filter((one) => one.kind === 'booked' && ours.has(one.visit)).length === N_VISITS);
    const rung = await server.request('POST', `/api/v1/visits/${visits[0].visit}/call`, { headers: doctor });
    assert.equal(rung.status, 200, rung.text);

    await server.turnClock(four - Date.now());
    await server.untilLogged(/visits ended with their day visits=100\b/);
    await server.stop('SIGKILL');
    for (const patient of patients) patient.socket.destroy();
    await server.run();
    const desk = await server.logInDemo('loket', clientAddress(2));
    const admin = await server.logInDemo('admin', clientAddress(3));
    const ended = await until('all are ended', async () => {
        const { visits: all } = await get(`/api/v1/day?date=${date}`, desk);
        const day = all.filter((one) => ours.has(one.id));
        return day.every((one) => one.state !== 'checked_in' && one.state !== 'called') && day;
    });
    assert.equal(ended.length, N_VISITS * 2 / 3);
    assert.deepEqual([...new Set(ended.map((one) => one.state))], ['no_show_doctor']);
    for (const { id } of ended.slice(0, 40)) {
        const { events } = await get(`/api/v1/visits/${id}`, desk);
        const ends = events.filter((one) => one.kind === 'no_show_doctor');
        assert.deepEqual(ends.map((one) => [one.actor, one.detail]), [['system', 'day_end']]);
    }
    const counted = await totals(4);
    assert.deepEqual([counted.open, counted.no_show_doctor], [0, N_VISITS]);
    const rows = await until('the job is written down', async () => {
        const { runs } = await get('/api/v1/jobs?job=day_end', admin);
        return sum(runs, 'no_doctor') > 0 && runs;
    });
    for (const row of rows) assert.deepEqual([row.job, row.error], ['day_end', null]);
    assert.match(await cli('jobs', '--job', 'day_end'), / day_end .* no_doctor=\d+/);
    await cli('audit', 'verify');
});

const apologies = () => server.messages().filter((one) => one.kind === 'missed' && ours.has(one.visit));

test('an apology with a link goes out once each, in the morning', async () => {
    assert.equal(apologies().length, 0, 'nobody is woken');
    await server.turnClock(four + 3 * HOUR_MS - Date.now());
    await until('all are told', () => apologies().length >= N_VISITS);
    const told = apologies();
    assert.equal(new Set(told.map((one) => one.visit)).size, told.length, 'each once');
    assert.match(told[0].text, /^Maaf, Anda belum sempat dilayani .*\/v\/\w{22}$/);
    const token = told[0].text.split('/v/')[1];
    const { visit } = await get('/api/v1/join', { authorization: `Bearer ${token}` });
    assert.equal(visit.state, 'no_show_doctor');
});

test('what is over is deleted, over a kill -9, and nothing else', async () => {
    assert.match(await cli('retention', '--dry-run'), /links +0 rows would go \(kept for 30 days after they expire\)\nbooking_keys +0 rows would go \(kept until they expire\)/);
    await server.turnClock(60 * DAY_MS);
    await server.untilLogged(/old rows deleted rows=5\d\d\b/); // 500 links, and the log-ins of before
    await server.stop('SIGKILL');
    await server.run();
    const admin = await server.logInDemo('admin', clientAddress(5));
    /* Two of the demo's, one with each of two messages. */
    const rows = await until('the rest is deleted', async () => {
        const { runs } = await get('/api/v1/jobs?job=retention', admin);
        return sum(runs, 'links') >= 4 * N_VISITS && runs;
    });
    assert.ok(sum(rows, 'links') > 0 && rows.every((row) => row.error === null));
    assert.ok(sum(rows, 'sessions') > 0, 'also the log-ins that are over');
    assert.equal(sum(rows, 'events'), 0, 'what others may still fetch stays');
    assert.ok(rows.reduce((all, row) => all + row.runs, 0) >= 2, 'in more than one batch');
    assert.equal((await totals(6)).no_show_doctor, N_VISITS, 'no visit goes');
    /* Put aside at one look, deleted at the next, an hour later. */
    await until('they are put aside', async () => sum((await get('/api/v1/jobs?job=message_log', admin)).runs, 'files') > 0);
    await server.turnClock(120 * DAY_MS);
    await until('the messages are nowhere', () => !existsSync(path.join(server.dir, 'outbox.log.1')) && apologies().length === 0);
    const later = await server.logInDemo('admin', clientAddress(10));
    await until('events that nobody fetched are deleted',
        async () => sum((await get('/api/v1/jobs?job=retention', later)).runs, 'events') >= N_VISITS);
    assert.match(await cli('retention', '--dry-run'), /events +0 rows would go \(kept for 90 days after they were written\)\nsessions +0 rows would go/);
    await cli('audit', 'verify');
});

test('a hold that nobody took is let go by a job', async () => {
    await server.turnClock(0);
    const [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const kept = await server.request('POST', '/api/v1/holds', { json: slot, from: clientAddress(7) });
    assert.equal(kept.status, 201, kept.text);
    const admin = await server.logInDemo('admin', clientAddress(8));
    const before = sum((await get('/api/v1/jobs?job=holds', admin)).runs, 'holds');
    await server.turnClock(6 * MINUTE_MS);
    await until('it is written down', async () => sum((await get('/api/v1/jobs?job=holds', admin)).runs, 'holds') === before + 1);
});

test('each job can be asked for, and no other', async () => {
    const admin = await server.logInDemo('admin', clientAddress(9));
    const refused = await run(['jobs', '--job', 'tea', '--demo', server.dir]);
    assert.equal(refused.code, 2);
    const names = refused.stderr.match(/is one of (.*)/)[1].split(', ');
    assert.ok(names.includes('day_end') && names.includes('message_log'), refused.stderr);
    for (const name of names) await get(`/api/v1/jobs?job=${name}`, admin);
    const unknown = await server.request('GET', '/api/v1/jobs?job=tea', { headers: admin });
    assert.deepEqual([unknown.status, unknown.json().errors[0].field], [422, 'job']);
    const { runs } = await get('/api/v1/jobs', admin);
    const older = await get(`/api/v1/jobs?before=${runs[0].id}`, admin);
    assert.ok(older.runs.every((row) => row.id < runs[0].id));
});
