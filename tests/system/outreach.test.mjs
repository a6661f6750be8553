// SPDX-License-Identifier: Apache-2.0
// A tablet at a post: what it sends is there once, in its order, whatever happens on the way; the
// doctor sees it as any visit, with what was measured; nobody else sees it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, person, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const N_PATIENTS = 30;
const BATCH = 10;
const PUSHED_WITHIN_MS = 1000; // from the answer to who caused it
const PASSWORD = 'kata sandi yang panjang';
const WITA_MS = 8 * 3600_000;
const today = () => new Date(Date.now() + WITA_MS).toISOString().slice(0, 10);
/* A JPEG's first bytes, and rest. */
const PICTURE = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a picture '.repeat(500))]);

let server, desk, doctor, otherDoctor, home, clinic, base, device, entries;

function entry(n) {
    return {
        id: randomUUID(), sequence: n, revision: 1, name: `Pasien ${String(n).padStart(2, '0')}`, birth_date: '1960-05-06',
        sex: n % 2 ? 'L' : 'P', without_nik: 'not_at_hand', reason: `Keluhan nomor ${n}`, identity: 'family_card',
        address: 'Dusun Rahasia', registered_at_ms: Date.now() - 3600_000, consent: 1,
        vitals: { systolic_mmhg: 100 + n, diastolic_mmhg: 70 },
    };
}

let nSent = 0;
const send = (some) => server.request('POST', `${base}/entries`,
    { headers: desk, json: { device, entries: some }, from: clientAddress(7000 + nSent++) });

before(async () => {
    server = await ServerProcess.start();
    [desk, doctor, otherDoctor] = await Promise.all(['loket', 'rahmat', 'yusuf'].map((login) => server.logInDemo(login)));
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    home = facilities.find((one) => one.name === 'Puskesmas Limboto');
    clinic = home.clinics.find((one) => one.doctors.some((who) => who.name === 'dr. Rahmat Hasan'));
    const made = await server.request('POST', '/api/v1/outreach', { headers: desk,
        json: { clinic: clinic.id, area_code: '75.01.10', village: 'Dulamayo Utara', date: today() } });
    assert.equal(made.status, 201, made.text);
    base = `/api/v1/outreach/${made.json().id}`;
    device = randomUUID();
    entries = Array.from({ length: N_PATIENTS }, (_, i) => entry(i + 1));
});
after(() => server.dispose());

test('thirty patients, sent in pieces, twice, over a kill: there once and in order', async () => {
    const second = await send(entries.slice(BATCH, 2 * BATCH));
    assert.deepEqual(second.json().entries.map((one) => one.result), Array(BATCH).fill('taken'), second.text);
    await Promise.allSettled([send(entries.slice(0, BATCH)), server.stop('SIGKILL')]);
    await server.run();
    for (let from = 0; from < N_PATIENTS; from += BATCH) {
        const [first, again] = await Promise.all([send(entries.slice(from, from + BATCH)), send(entries.slice(from, from + BATCH))]);
        assert.equal(first.status, 200, first.text);
        assert.deepEqual(first.json().entries, again.json().entries, 'the same entry is the same visit');
    }
    const list = (await server.request('GET', base, { headers: desk })).json();
    assert.deepEqual(list.entries.map((one) => one.id), entries.map((one) => one.id));
    assert.equal(new Set(list.entries.map((one) => one.visit)).size, N_PATIENTS);
    assert.equal(list.session.entries, N_PATIENTS);
    const day = (await server.request('GET', '/api/v1/day', { headers: doctor })).json();
    const waiting = day.visits.filter((one) => one.place !== null).sort((a, b) => a.place - b.place);
    assert.deepEqual(waiting.map((one) => one.patient), entries.map((one) => one.name));
    assert.ok(waiting.every((one) => one.assisted && one.walk_in && one.consent && one.state === 'checked_in'));
});

test('an entry that cannot be right is given back by field, the others are there', async () => {
    const [fine, wrong] = [entry(31), { ...entry(32), without_nik: null, nik: '7571023002900001' }];
    const reply = await send([wrong, fine]);
    assert.equal(reply.status, 200, reply.text);
    const [first, second] = reply.json().entries;
    assert.deepEqual([first.id, first.result, second.id, second.result], [fine.id, 'taken', wrong.id, 'refused']);
    assert.deepEqual(second.errors.map((one) => [one.field, one.code]), [['nik', 'nik_date']]);
    assert.ok(second.errors[0].message.length > 10);
    const broken = await send([{ ...entry(33), name: 'a\u0007b' }]);
    assert.deepEqual([broken.status, broken.json().errors[0].field], [422, 'entries[0].name'], broken.text);
    const many = await send(Array.from({ length: 21 }, (_, i) => entry(100 + i)));
    assert.deepEqual([many.status, many.json().errors[0].field], [422, 'entries'], many.text);
});

test('what was measured and pictured is for the doctor and the team', async () => {
    const { visit } = (await server.request('GET', base, { headers: desk })).json().entries[4];
    const photo = { entry: entries[4].id, photo: randomUUID(), data: PICTURE.toString('base64') };
    for (let i = 0; i < 2; i++) {
        const kept = await server.request('POST', `${base}/photos`, { headers: desk, json: photo });
        assert.equal(kept.status, 204, kept.text);
    }
    const told = (await server.request('GET', `/api/v1/visits/${visit}/outreach`, { headers: doctor })).json();
    assert.deepEqual([told.village, told.area, told.reason, told.vitals.systolic_mmhg, told.vitals.pulse_per_min],
        ['Dulamayo Utara', 'Telaga Biru', 'Keluhan nomor 5', 105, null]);
    assert.deepEqual(told.photos, [photo.photo]);
    const target = `/api/v1/visits/${visit}/outreach/photos/${photo.photo}`;
    const picture = await server.request('GET', target, { headers: doctor });
    assert.equal(picture.status, 200);
    assert.equal(picture.headers['content-type'], 'image/jpeg');
    assert.match(picture.headers['cache-control'], /no-store/);
    assert.equal(Number(picture.headers['content-length']), PICTURE.length);
    for (const [headers, status] of [[{}, 401], [otherDoctor, 404]]) {
        assert.equal((await server.request('GET', target, { headers })).status, status);
        assert.equal((await server.request('GET', `/api/v1/visits/${visit}/outreach`, { headers })).status, status);
    }
    /* Nor in the files beside the server: neither address nor picture, open. */
    for (const name of ['huyula.db', 'huyula.db-wal']) {
        const bytes = readFileSync(path.join(server.dir, name));
        assert.ok(!bytes.includes('Dusun Rahasia') && !bytes.includes(PICTURE.subarray(4, 60)), name);
        assert.ok(!bytes.includes(photo.data.slice(0, 80)), name);
    }
});

test('what a patient takes back by the link stays so when the tablet sends the entry once more', async () => {
    const { visit } = (await server.request('GET', base, { headers: desk })).json().entries[6];
    const made = await server.request('POST', `/api/v1/visits/${visit}/link`, { headers: desk });
    assert.equal(made.status, 200, made.text);
    const authorization = `Bearer ${made.json().link.split('/v/')[1]}`;
    const no = await server.request('POST', '/api/v1/join/consent', { headers: { authorization }, json: { how: 'withdrawn' } });
    assert.equal(no.status, 204, no.text);
    const again = await send([{ ...entries[6], revision: 2, reason: 'Keluhan yang lain' }]);
    assert.equal(again.json().entries[0].result, 'taken', again.text);
    const { visits } = (await server.request('GET', '/api/v1/day', { headers: doctor })).json();
    const { consent, consent_withdrawn } = visits.find((one) => one.id === visit);
    assert.deepEqual([consent, consent_withdrawn], [false, true]);
});

/** A session of this day; its path. */
async function openPost(village) {
    const made = await server.request('POST', '/api/v1/outreach', { headers: desk,
        json: { clinic: clinic.id, area_code: '75.01.10', village, date: today() } });
    assert.equal(made.status, 201, made.text);
    return `/api/v1/outreach/${made.json().id}`;
}

/** A tablet's page that hears of one post. */
async function tabletOf(post, n) {
    const reply = await server.request('POST', `${post}/watch`, { headers: desk });
    assert.equal(reply.status, 200, reply.text);
    const client = await WsClient.open(server, { from: clientAddress(n) });
    await client.hello(reply.json().token);
    return client;
}

async function heard(client) {
    client.send({ type: 'ping', id: 1 });
    await client.next('pong');
    return client.messages.splice(0).map((one) => one.type);
}

test('a team hears by the socket of what changes at its post, whoever changes it, and of nothing else', async () => {
    const added = await run(['user', 'add', 'loket-2', '--demo', server.dir, '--role', 'desk', '--facility', home.id,
        '--name', 'Rina'], { input: `${PASSWORD}\n` });
    assert.equal(added.code, 0, added.stderr);
    const colleague = await server.logIn('loket-2', PASSWORD, clientAddress(7900));
    for (const [headers, status] of [[{}, 401], [doctor, 403], [colleague, 404]])
        assert.equal((await server.request('POST', `${base}/watch`, { headers })).status, status);
    const tablet = await tabletOf(base, 7901), elsewhere = await tabletOf(await openPost('Desa Lain'), 7902);
    const call = (headers, path, json) => server.request('POST', path, { headers, json, from: clientAddress(7910) });
    const { visit } = (await server.request('GET', base, { headers: desk })).json().entries[0];
    const photo = { entry: entries[0].id, photo: randomUUID(), data: PICTURE.toString('base64') };
    const ways = {
        'entries of another tablet': () => server.request('POST', `${base}/entries`,
            { headers: desk, json: { device: randomUUID(), entries: [entry(1)] }, from: clientAddress(7911) }),
        'a picture': () => call(desk, `${base}/photos`, photo),
        'a nurse signs': () => call(desk, `/api/v1/visits/${visit}/countersign`, { seen: 'ktp' }),
        'the doctor calls': () => call(doctor, `/api/v1/visits/${visit}/call`),
        'nobody came': () => call(doctor, `/api/v1/visits/${visit}/absent`),
        'a colleague comes into the team': () => call(colleague, `${base}/team`),
        'the post is closed': () => call(desk, `${base}/close`),
    };
    for (const [what, change] of Object.entries(ways)) {
        const reply = await change();
        assert.ok(reply.status < 300, `${what}: ${reply.text}`);
        const from = Date.now();
        const news = await tablet.next('day-changed');
        assert.ok(Date.now() - from < PUSHED_WITHIN_MS, `${what}: ${Date.now() - from} ms`);
        assert.equal(news.visit, null, what);
        await heard(tablet);
    }
    const walkIn = await call(desk, '/api/v1/walk-ins', { clinic: clinic.id, ...person(7950) });
    assert.equal(walkIn.status, 201, walkIn.text);
    assert.deepEqual(await heard(tablet), [], 'nothing of the rest of the facility');
    assert.deepEqual(await heard(elsewhere), [], 'nothing of another post');
    for (const client of [tablet, elsewhere]) client.socket.destroy();
});

test('a nurse who comes and goes is pushed to the coordinator of her facility, and to no other', async () => {
    const { visit } = (await server.request('GET', base, { headers: desk })).json().entries[6];
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const places = [home, facilities.find((one) => one.id !== home.id)];
    const keepers = await Promise.all(places.map(async ({ id }, i) => {
        const added = await run(['user', 'add', `penjaga-${i}`, '--demo', server.dir, '--role', 'coordinator', '--facility', id,
            '--name', 'Rina'], { input: `${PASSWORD}\n` });
        assert.equal(added.code, 0, added.stderr);
        const headers = await server.logIn(`penjaga-${i}`, PASSWORD, clientAddress(9100 + i));
        const { token } = (await server.request('POST', '/api/v1/nurses/watch', { headers })).json();
        const client = await WsClient.open(server, { from: clientAddress(9110 + i) });
        assert.equal((await client.hello(token)).kind, 'day');
        return { headers, client };
    }));
    const [own, other] = keepers;
    const there = async () => (await server.request('GET', '/api/v1/nurses', { headers: own.headers })).json().nurses.map((one) => one.visit);
    for (const step of ['joined', 'left']) {
        const said = await server.request('POST', `/api/v1/visits/${visit}/nurse`, { headers: desk, json: { step } });
        assert.equal(said.status, 204, said.text);
        assert.equal((await own.client.next('day-changed')).visit, null, 'not even which visit');
        assert.deepEqual(await there(), step === 'joined' ? [visit] : []);
    }
    other.client.send({ type: 'ping', id: 1 });
    await other.client.next('pong');
    assert.deepEqual([own.client.messages, other.client.messages], [[], []], 'once each; another facility hears nothing');
});
