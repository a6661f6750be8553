// SPDX-License-Identifier: Apache-2.0
// No space for a letter or for a photo of a post: it is refused with words, nothing of it is half there, no number is
// lost, and the same once more succeeds when there is space again (sync_interposer.c).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const WITA_MS = 8 * 3600_000, DAY_MS = 86_400_000;
const PICTURE = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a picture '.repeat(500))]);
const PRESCRIPTION = { kind: 'prescription', items: [{ name: 'Parasetamol', strength: '500 mg', quantity: 10, signa: '3 x sehari' }] };

let server, dir, doctor, desk, visit, n = 0;
const from = () => clientAddress(3000 + n++);
const send = (method, target, json, headers = doctor) => server.request(method, target, { headers, json, from: from() });
const inDays = (days) => new Date(Date.now() + WITA_MS + days * DAY_MS).toISOString().slice(0, 10);
const issue = (key) => send('POST', `/api/v1/visits/${visit}/letters`, { key, ...PRESCRIPTION });
const place = (number) => Number(number.split('/')[0]);

before(async () => {
    assert.ok(process.env.SYNC_INTERPOSER, 'SYNC_INTERPOSER must name what is preloaded (ctest sets it)');
    dir = mkdtempSync(path.join(tmpdir(), 'huyula-full-'));
    server = await ServerProcess.start({ env: { LD_PRELOAD: process.env.SYNC_INTERPOSER, SYNC_INTERPOSER_FAULTS: dir } });
    let admin;
    [doctor, desk, admin] = await Promise.all(['rahmat', 'loket', 'admin'].map((login) => server.logInDemo(login)));
    const { practitioners, facilities } = (await send('GET', '/api/v1/directory', undefined, admin)).json();
    const { id, name, clinics } = practitioners.find((one) => one.name === 'dr. Rahmat Hasan');
    const { id: facility } = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const kept = await send('POST', `/api/v1/directory/practitioners/${id}?bookings=keep`, { name, clinics, str_number: '3111100420123456',
        permits: [{ facility, number: '503/SIP-DU/0123/2024', valid_until: inDays(900) }] }, admin);
    assert.equal(kept.status, 200, kept.text);
    visit = await called();
    const noted = await send('PUT', `/api/v1/visits/${visit}/note`, { revision: 0, diagnoses: ['J06.9'] });
    assert.equal(noted.status, 200, noted.text);
});
after(async () => {
    await server.dispose();
    rmSync(dir, { recursive: true, force: true });
});

/** A visit that was held; its id. */
async function called() {
    const [one] = await server.visits(1);
    const [patient, page] = [await WsClient.open(server), await WsClient.open(server)];
    await patient.hello(one.patient);
    await page.hello(one.doctor);
    patient.send({ type: 'ready' });
    await page.next('visit', (message) => message.visit.state === 'checked_in');
    page.send({ type: 'call' });
    await patient.next('visit', (message) => message.visit.state === 'called');
    patient.send({ type: 'accept' });
    page.send({ type: 'end', outcome: 'done' });
    await patient.next('ended');
    await Promise.all([patient.closed, page.closed]);
    return one.visit;
}

/** While `action` runs, there is no space for what `fault` names. */
async function without(fault, action) {
    writeFileSync(path.join(dir, fault), '');
    try {
        return await action();
    } finally {
        rmSync(path.join(dir, fault), { force: true });
    }
}

function assertRefused(reply) {
    assert.deepEqual([reply.status, reply.problem()], [507, 'storage'], reply.text);
    assert.match(reply.json().detail, /belum tersimpan/, 'it says what became of it, and what to do');
}

const files = () => (existsSync(path.join(server.dir, 'letters')) ? readdirSync(path.join(server.dir, 'letters')) : []);

async function assertWhole(letter) {
    const pdf = await send('GET', `/api/v1/letters/${letter.id}/pdf`);
    assert.equal(pdf.status, 200, pdf.text);
    const { verdict } = (await server.request('GET', `/api/v1/check/${letter.check.split('/cek/')[1]}?lang=id`, { from: from() })).json();
    assert.equal(verdict, 'valid');
}

test('no space in the database: there is no letter, and its number is the next one\'s', async () => {
    const first = await issue('surat-pertama-0001');
    assert.equal(first.status, 201, first.text);
    const before = files();
    assertRefused(await without('full', () => issue('surat-kedua-0002')));
    assert.deepEqual(files(), before);
    const { letters } = (await send('GET', `/api/v1/visits/${visit}/letters`)).json();
    assert.deepEqual(letters.map((one) => one.id), [first.json().id]);
    const second = await issue('surat-kedua-0002');
    assert.equal(second.status, 201, second.text);
    assert.equal(place(second.json().number), place(first.json().number) + 1);
    await assertWhole(second.json());
});

test('no space for the PDF: half a file is left nowhere, and the same letter is whole once there is', async () => {
    const before = files();
    const key = 'surat-ketiga-0003';
    assertRefused(await without('letters', () => issue(key)));
    await server.untilLogged(/request failed .*No space left/);
    assert.deepEqual(files(), before, 'not aside, either');
    const { letters } = (await send('GET', `/api/v1/visits/${visit}/letters`)).json();
    const [unmade] = letters.filter((one) => !before.includes(`${one.id}.sealed`));
    assert.ok(unmade, 'its number is taken, and it is listed');
    /* Nothing is wrong with it: nobody is told to revoke it. */
    assertRefused(await without('letters', () => send('GET', `/api/v1/letters/${unmade.id}/pdf`)));
    const made = await issue(key);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual([made.json().id, made.json().number], [unmade.id, unmade.number]);
    await assertWhole(made.json());
    const next = await issue('surat-keempat-0004');
    assert.equal(place(next.json().number), place(unmade.number) + 1, 'without a gap');
});

test('no space for the photo of a post: it is kept nowhere, and sent again', async () => {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    const clinic = facilities.find((one) => one.name === 'Puskesmas Limboto').clinics[0];
    const post = await send('POST', '/api/v1/outreach', { clinic: clinic.id, area_code: '75.01.10', village: 'Dulamayo Utara', date: inDays(0) }, desk);
    assert.equal(post.status, 201, post.text);
    const base = `/api/v1/outreach/${post.json().id}`;
    const entry = { id: randomUUID(), sequence: 1, revision: 1, name: 'Pasien Satu', birth_date: '1960-05-06', sex: 'P', without_nik: 'not_at_hand',
        reason: 'Luka di kaki', identity: 'family_card', registered_at_ms: Date.now() - 60_000, consent: 1, vitals: {} };
    const take = () => send('POST', `${base}/entries`, { device: randomUUID(), entries: [entry] }, desk);
    assertRefused(await without('full', take));
    const counts = async () => (await send('GET', base, undefined, desk)).json().entries.map((one) => one.photos);
    assert.deepEqual(await counts(), [], 'nobody is taken down by half');
    const taken = await take();
    assert.equal(taken.json().entries?.[0].result, 'taken', taken.text);
    const photo = { entry: entry.id, photo: randomUUID(), data: PICTURE.toString('base64') };
    const put = () => send('POST', `${base}/photos`, photo, desk);
    assertRefused(await without('full', put));
    assert.deepEqual(await counts(), [0]);
    for (let again = 0; again < 2; again++) assert.equal((await put()).status, 204);
    assert.deepEqual(await counts(), [1]);
});
