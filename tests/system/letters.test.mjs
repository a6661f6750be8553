// SPDX-License-Identifier: Apache-2.0
// Letters through the program: numbered without gaps, made once, checked by whoever holds the paper, and
// "not valid" when a byte of the stored file or a word of the row is not what was issued. The PDFs are
// read by poppler, their QR codes by zbar. HUYULA_LETTERS=DIR keeps the files.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, run } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const SIP = '503/SIP-DU/0123/2024';
const LONG_NAME = 'Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya Napu Lihawa';
const LONG_DOCTOR = 'dr. Raden Ajeng Muhammad Nurhidayatullahsyarifuddin Hasan-Lamadlauw, Sp.PD-KGEH,';
const LONG_SIP = '503/SIP-DU/0123/2024/DINKES-KAB.GORONTALO/XII/PERPANJANGAN';
const STR = '3111100420123456';
let server, doctor, admin, scratch, n = 0;
before(async () => {
    server = await ServerProcess.start({ config: '[letters]\nsick = true' });
    [doctor, admin] = await Promise.all(['rahmat', 'admin'].map((login) => server.logInDemo(login)));
    await keepPermits([[SIP, inDays(900)]]);
    scratch = process.env.HUYULA_LETTERS ?? mkdtempSync(path.join(tmpdir(), 'huyula-letters-'));
    mkdirSync(scratch, { recursive: true });
});
after(async () => {
    await server.dispose();
    if (!process.env.HUYULA_LETTERS) rmSync(scratch, { recursive: true });
});

const from = () => clientAddress(2000 + n++);
const newKey = () => `key-of-a-letter-${String(n++).padStart(6, '0')}`;
const send = (method, target, json, headers = doctor) => server.request(method, target, { headers, json, from: from() });
const issue = (visit, json) => send('POST', `/api/v1/visits/${visit}/letters`, { key: newKey(), ...json });
const faults = (reply) => (reply.json().errors ?? []).map((one) => `${one.field} ${one.code}`).sort();
const check = (code, lang = 'id') => server.request('GET', `/api/v1/check/${code}?lang=${lang}`, { from: from() });
const codeOf = (letter) => letter.check.split('/cek/')[1];
const fileOf = (letter) => path.join(server.dir, 'letters', `${letter.id}.sealed`);

/** As bytes. */
function download(letter, headers = doctor) {
    return new Promise((resolve, reject) => {
        https.get({ host: '127.0.0.1', port: server.port, path: `/api/v1/letters/${letter.id}/pdf`, headers,
            rejectUnauthorized: false, agent: false, localAddress: from() }, (response) => {
            const parts = [];
            response.on('data', (part) => parts.push(part)).on('error', reject);
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
        }).on('error', reject);
    });
}

const inDays = (days) => new Date(Date.now() + 8 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);

/** The permits of the first doctor, as the administrator keeps them: [[number, last day]] of the first facility. */
async function keepPermits(permits, name = undefined, str = STR) {
    const { practitioners, facilities } = (await send('GET', '/api/v1/directory', undefined, admin)).json();
    const { id, ...person } = practitioners.find((one) => one.name === 'dr. Rahmat Hasan' || one.name === LONG_DOCTOR);
    const { id: facility } = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const reply = await send('POST', `/api/v1/directory/practitioners/${id}?bookings=keep`, { name: name ?? person.name, clinics: person.clinics,
        str_number: str, permits: permits.map(([number, valid_until]) => ({ facility, number, valid_until })) }, admin);
    assert.equal(reply.status, 200, reply.text);
}

/** A visit that was called, taken and ended as done: {visit, patient}. */
async function seen(visit) {
    const one = visit ?? (await server.visits(1))[0];
    const [patientPage, doctorPage] = [await WsClient.open(server), await WsClient.open(server)];
    await patientPage.hello(one.patient);
    await doctorPage.hello(one.doctor);
    patientPage.send({ type: 'ready' });
    await doctorPage.next('visit', (message) => message.visit.state === 'checked_in');
    doctorPage.send({ type: 'call' });
    await patientPage.next('visit', (message) => message.visit.state === 'called');
    patientPage.send({ type: 'accept' });
    doctorPage.send({ type: 'end', outcome: 'done' });
    await patientPage.next('ended');
    await Promise.all([patientPage.closed, doctorPage.closed]);
    return one;
}

async function writeNote(visit, note) {
    const saved = await send('PUT', `/api/v1/visits/${visit}/note`, { revision: 0, diagnoses: ['J06.9', 'I10'], ...note });
    assert.equal(saved.status, 200, saved.text);
    return saved.json().revision;
}

async function sign(visit, revision) {
    const signed = await send('POST', `/api/v1/visits/${visit}/note/sign`, { revision });
    assert.equal(signed.status, 200, signed.text);
}

function keep(name, body) {
    const file = path.join(scratch, `${name}.pdf`);
    writeFileSync(file, body);
    return file;
}

const wordsOf = (file) => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });

/** What the QR codes of all pages say. */
function codesOf(file) {
    const prefix = file.replace(/\.pdf$/, '');
    execFileSync('pdftoppm', ['-r', '110', '-png', file, prefix]);
    const pages = readdirSync(scratch).filter((one) => one.startsWith(`${path.basename(prefix)}-`) && one.endsWith('.png'));
    return pages.sort().map((page) => spawnSync('zbarimg', ['-q', '--raw', path.join(scratch, page)], { encoding: 'utf8' }).stdout.trim());
}

const PRESCRIPTION = { kind: 'prescription', items: [
    { name: 'Parasetamol', strength: '500 mg', form: 'tablet', quantity: 21, signa: '3 x sehari 1 tablet sesudah makan, bila demam' },
    { name: 'Oralit', form: 'sachet', quantity: 6, signa: '1 sachet dalam 200 ml air tiap kali mencret' }] };
const REFERRAL = { kind: 'referral', to_facility: 'RSUD Prof. Dr. H. Aloei Saboe', to_clinic: 'Penyakit Dalam', urgency: 'urgent',
    reason: 'Batuk lebih dari dua minggu, curiga TB paru', therapy: 'Parasetamol 3 x 500 mg' };

test('what a letter wants is named before it gets a number', async () => {
    const early = (await server.visits(1))[0].visit;
    const tooEarly = await issue(early, PRESCRIPTION);
    assert.deepEqual([tooEarly.status, tooEarly.problem()], [409, 'wrong-state'], tooEarly.text);
    const { visit } = await seen();
    assert.deepEqual(faults(await issue(visit, { kind: 'summary' })), ['note not_signed']);
    assert.deepEqual(faults(await issue(visit, { kind: 'referral' })),
        ['note no_diagnosis', 'reason required', 'to_facility required', 'urgency not_allowed']);
    assert.deepEqual(faults(await issue(visit, { kind: 'prescription' })), ['items required']);
    const controlled = await issue(visit, { ...PRESCRIPTION, items: [{ name: 'Kodein', quantity: 10, signa: '3x1' }] });
    assert.deepEqual(faults(controlled), ['items[0].name controlled_medicine']);
    assert.match(controlled.json().errors[0].message, /Narkotika/);
    const { letters, kinds } = (await send('GET', `/api/v1/visits/${visit}/letters`)).json();
    assert.deepEqual([letters, kinds], [[], ['summary', 'prescription', 'referral', 'sick']]);
});

test('letters are signed under the permit that the facility keeps: without one, or after its last day, none', async () => {
    const { visit, patient } = await seen();
    await writeNote(visit, {});
    const permitOf = async () => (await send('GET', `/api/v1/visits/${visit}/letters`)).json().permit;
    await keepPermits([]);
    const missing = await issue(visit, PRESCRIPTION);
    assert.deepEqual([missing.status, faults(missing)], [422, ['sip permit_missing']], missing.text);
    assert.match(missing.json().errors[0].message, /Koordinator atau pengelola mengisinya di halaman Pengaturan/);
    assert.deepEqual(await permitOf(), { state: 'missing', str: STR, str_until: null, sip: null, valid_until: null });
    await keepPermits([[SIP, inDays(-1)]]);
    const over = await issue(visit, PRESCRIPTION);
    assert.deepEqual([over.status, faults(over)], [422, ['sip permit_over']], over.text);
    assert.equal((await permitOf()).state, 'over');
    await keepPermits([[SIP, inDays(0)]]);
    const lastDay = await issue(visit, PRESCRIPTION);
    assert.equal(lastDay.status, 201, lastDay.text);
    await keepPermits([[SIP, inDays(900)]]);
    assert.deepEqual(await permitOf(), { state: 'good', str: STR, str_until: null, sip: SIP, valid_until: inDays(900) });
    const own = await send('GET', '/api/v1/join/letters', undefined, { authorization: `Bearer ${patient}` });
    assert.equal(own.json().permit, null, 'a patient is shown the letters alone');
    assert.equal((await check(codeOf(lastDay.json()))).json().verdict, 'valid');
});

test('a prescription: its words, its QR code, its check page, repeats, revoking', async () => {
    const { visit, patient } = await seen();
    await writeNote(visit, { allergies: 'Amoksisilin', vitals: { weight_g: 12_500 } });
    const body = { ...PRESCRIPTION, key: newKey() };
    const made = await issue(visit, body);
    assert.equal(made.status, 201, made.text);
    const letter = made.json();
    assert.match(letter.number, /^\d{4}\/RES\/[IVX]+\/20\d\d$/);
    assert.equal((await issue(visit, body)).json().id, letter.id, 'a repeat is the same letter');
    const other = await issue(visit, { ...REFERRAL, key: body.key });
    assert.deepEqual([other.status, other.problem()], [409, 'idempotency-mismatch']);

    const { status, headers, body: pdf } = await download(letter);
    assert.deepEqual([status, headers['content-type'], headers['cache-control']], [200, 'application/pdf', 'no-store']);
    const file = keep('prescription', pdf);
    const words = wordsOf(file);
    for (const word of ['RESEP ELEKTRONIK', letter.number, 'Puskesmas Limboto', 'Pasien Demo', 'Alergi: Amoksisilin', '12,5 kg',
        'R/ tablet Parasetamol 500 mg', 'No. XXI (21, dua puluh satu)', '3 x sehari', 'dr. Rahmat Hasan', `STR ${STR}`, `SIP ${SIP}`])
        assert.ok(words.replace(/ +/g, ' ').includes(word), `${word} in\n${words}`);
    assert.deepEqual(codesOf(file), [letter.check]);
    const sealed = readFileSync(fileOf(letter));
    assert.ok(!sealed.includes('%PDF'), 'sealed on the disk');

    const good = await check(codeOf(letter));
    assert.deepEqual(good.json(), { verdict: 'valid', kind: 'prescription', number: letter.number, date: letter.date,
        facility: 'Puskesmas Limboto', patient: good.json().patient, revoked_at_ms: null });
    assert.match(good.json().patient, /^P\. D\./);
    const page = await server.request('GET', `/cek/${codeOf(letter)}`, { from: from() });
    assert.deepEqual([page.status, page.headers['referrer-policy'], page.headers['cache-control']], [200, 'no-referrer', 'no-store']);

    const own = { authorization: `Bearer ${patient}` };
    const seenByPatient = await send('GET', '/api/v1/join/letters', undefined, own);
    assert.deepEqual(seenByPatient.json().letters.map((one) => one.id), [letter.id], seenByPatient.text);
    assert.equal((await download(letter, own)).body.equals(pdf), true);
    const stranger = (await server.visits(1))[0];
    assert.equal((await download(letter, { authorization: `Bearer ${stranger.patient}` })).status, 404);

    const wrong = await send('POST', `/api/v1/letters/${letter.id}/revoke`, { kind: 'bored', reason: 'salah dosis' });
    assert.deepEqual(faults(wrong), ['kind not_allowed']);
    const revoked = await send('POST', `/api/v1/letters/${letter.id}/revoke`, { kind: 'mistake', reason: 'salah dosis' });
    assert.equal(revoked.status, 200, revoked.text);
    assert.deepEqual([revoked.json().revoke_kind, revoked.json().revoke_reason], ['mistake', 'salah dosis']);
    const gone = await download(letter, own);
    assert.deepEqual([gone.status, JSON.parse(gone.body).code], [410, 'letter-revoked']);
    assert.match(JSON.parse(gone.body).detail, /jangan dipakai/);
    assert.equal((await download(letter)).body.equals(pdf), true, 'the doctor reads what was issued');
    const [told] = (await send('GET', '/api/v1/join/letters', undefined, own)).json().letters;
    assert.deepEqual([told.revoke_kind, told.revoke_reason], ['mistake', null], 'the words are the doctor\'s');
    assert.ok(!JSON.stringify(await untilTold(visit, 'letter_revoked')).match(/dosis|Parasetamol/));
    const after = (await check(codeOf(letter))).json();
    assert.deepEqual([after.verdict, after.number, after.revoked_at_ms > 0], ['revoked', letter.number, true]);
    assert.ok(!JSON.stringify(after).includes('dosis'), 'the reason is the doctor\'s');
});

/** The message that the driver in an operator's place was handed. */
async function untilTold(visit, kind) {
    for (const deadline = Date.now() + 30_000; ;) {
        const found = server.messages().find((one) => one.visit === visit && one.kind === kind);
        if (found) return found;
        assert.ok(Date.now() < deadline, `${kind} is told`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

test('a renamed facility: an older letter says the name that it was issued under', async () => {
    const { visit } = await seen();
    await writeNote(visit, {});
    const old = (await issue(visit, PRESCRIPTION)).json();
    const rename = async (name) => {
        const { facilities } = (await send('GET', '/api/v1/directory', undefined, admin)).json();
        const { id, kind, area_code, address, phone } = facilities.find((one) => one.name.startsWith('Puskesmas Limboto'));
        const reply = await send('POST', `/api/v1/directory/facilities/${id}`, { name, kind, area_code, address, phone }, admin);
        assert.equal(reply.status, 200, reply.text);
    };
    await rename('Puskesmas Limboto Jaya');
    const later = (await issue(visit, PRESCRIPTION)).json();
    assert.deepEqual((await Promise.all([old, later].map((one) => check(codeOf(one))))).map((reply) => [reply.json().verdict, reply.json().facility]),
        [['valid', 'Puskesmas Limboto'], ['valid', 'Puskesmas Limboto Jaya']]);
    await rename('Puskesmas Limboto');
});

test('a flipped byte of the file, a changed word of the row, an unknown code: not valid', async () => {
    const { visit } = await seen();
    await writeNote(visit, {});
    const letter = (await issue(visit, PRESCRIPTION)).json();
    const whole = readFileSync(fileOf(letter));
    for (const at of [0, 5, Math.floor(whole.length / 2), whole.length - 1]) {
        const bytes = Buffer.from(whole);
        bytes[at] ^= 0x01;
        writeFileSync(fileOf(letter), bytes);
        const reply = await check(codeOf(letter));
        assert.deepEqual([reply.status, reply.json()], [200, { verdict: 'broken' }], `byte ${at}`);
    }
    const broken = await download(letter);
    assert.deepEqual([broken.status, JSON.parse(broken.body).code], [409, 'letter-broken']);
    writeFileSync(fileOf(letter), whole);
    assert.equal((await check(codeOf(letter))).json().verdict, 'valid');
    for (const code of ['0123456789abcdefghijkl', `${codeOf(letter).slice(0, -1)}!`, 'x', codeOf(letter).toUpperCase()]) {
        const reply = await check(encodeURIComponent(code));
        assert.equal(reply.status, 404, code);
    }
});

test('a very long referral of somebody with a very long name fits its pages', async () => {
    const { server: first, doctor: firstDoctor } = { server, doctor };
    server = await ServerProcess.start(); // with a clock that can be turned
    try {
        const [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
        const booked = await server.request('POST', '/api/v1/bookings', { from: from(), json: { ...slot, name: LONG_NAME,
            birth_date: '1957-08-25', phone: '0812 4455 6677', nik: '7571026508570003', lang: 'id' } });
        assert.equal(booked.status, 201, booked.text);
        await server.turnClock(slot.starts_at_ms - Date.now());
        doctor = await server.logInDemo('rahmat', from());
        const { visit, link } = booked.json();
        const joined = await send('POST', `/api/v1/visits/${visit}/join`);
        await seen({ visit, patient: link.split('/v/')[1], doctor: joined.json().token });
        await longLetters(visit);
    } finally {
        await server.dispose();
        [server, doctor] = [first, firstDoctor];
    }
});

/** Sheets come apart: whose each one is stands on it. */
function namedOnEachPage(file) {
    const pages = wordsOf(file).split('\f').slice(0, -1);
    assert.ok(pages.length > 1, `${file}: one page`);
    for (const page of pages) {
        assert.match(page, /Abdurrahmanmuhammad/);
        assert.match(page, /25 Agustus\s+1957/);
    }
}

async function longLetters(visit) {
    const long = 'Batuk berdahak kuning sejak sebelas hari, demam naik turun terutama malam hari, keringat dingin. '.repeat(40);
    const revision = await writeNote(visit, { subjective: long, objective: long, assessment: long, plan: long,
        diagnoses: ['A16.2', 'E11.5', 'I10'], vitals: { systolic_mmhg: 150, diastolic_mmhg: 90, temperature_tenth_c: 385 } });
    const letter = await issue(visit, { ...REFERRAL, urgency: 'emergency', to_facility: 'RSUD '.repeat(24).trim() });
    assert.equal(letter.status, 201, letter.text);
    const file = keep('referral-long', (await download(letter.json())).body);
    const codes = codesOf(file);
    assert.ok(codes.length >= 4 && codes.length <= 7, `${codes.length} pages`);
    assert.deepEqual([...new Set(codes)], [letter.json().check], 'a QR code on each page');
    namedOnEachPage(file);
    const words = wordsOf(file);
    for (const part of [`halaman ${codes.length} dari ${codes.length}`, 'GAWAT DARURAT', 'A16.2', 'Abdurrahmanmuhammad', '7571026508570003'])
        assert.ok(words.includes(part), part);
    await sign(visit, revision);
    const summary = await issue(visit, { kind: 'summary' });
    assert.equal(summary.status, 201, summary.text);
    const summaryFile = keep('summary-long', (await download(summary.json())).body);
    const read = wordsOf(summaryFile);
    namedOnEachPage(summaryFile);
    const items = Array.from({ length: 10 }, () => ({ name: 'Parasetamol', strength: '500 mg', form: 'tablet', quantity: 10, signa: 'bila perlu '.repeat(14).trim() }));
    const prescription = await issue(visit, { kind: 'prescription', items });
    assert.equal(prescription.status, 201, prescription.text);
    namedOnEachPage(keep('prescription-long', (await download(prescription.json())).body));
    assert.match(read, /RINGKASAN KUNJUNGAN/);
    assert.ok(!read.includes('7571026508570003'), 'a summary needs no NIK');
}

test('a sick letter wants five minutes of call, the identity, three days at most', async () => {
    const { visit } = await seen();
    await writeNote(visit, {});
    const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
    const wrong = await issue(visit, { kind: 'sick', from: '2020-01-01', days: 3 });
    assert.deepEqual(faults(wrong), ['from in_past', 'identity_checked required', 'visit call_too_short']);
    const days = await issue(visit, { kind: 'sick', from: today, days: 4, identity_checked: true });
    assert.deepEqual(faults(days), ['days out_of_range', 'visit call_too_short']);
    const short = await issue(visit, { kind: 'sick', from: today, days: 2, identity_checked: true });
    assert.deepEqual(faults(short), ['visit call_too_short']);
});

/** One whom the doctor sees at the facility: a sick letter wants no call of five minutes. */
async function cameIn() {
    const [loket] = [await server.logInDemo('loket')];
    const [visit] = await server.visits(1);
    const steps = [['convert', { to: 'in_person', reason: 'pasien minta' }, loket], ['check-in', undefined, loket],
        ['call', undefined, doctor], ['end', { outcome: 'done' }, doctor]];
    for (const [step, body, headers] of steps) {
        const reply = await send('POST', `/api/v1/visits/${visit.visit}/${step}`, body, headers);
        assert.equal(reply.status, 200, `${step}: ${reply.text}`);
    }
    return visit;
}

/** Where the words of a file stand: [page, top, bottom, word]. */
function placesOf(file) {
    let page = 0;
    const places = [];
    for (const line of execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' }).split('\n')) {
        if (line.includes('<page ')) page++;
        const word = line.match(/yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)</);
        if (word) places.push([page, Number(word[1]), Number(word[2]), word[3]]);
    }
    return places;
}

test('each kind, signed by a doctor of a short and of a very long name and permit', async () => {
    const FOOT_LINE = 718;
    for (const [size, name, sip] of [['short', 'dr. Rahmat Hasan', SIP], ['long', LONG_DOCTOR, LONG_SIP]]) {
        await keepPermits([[sip, inDays(900)]], name, size === 'long' ? `${STR}-PERPANJANGAN-KEDUA-KONSIL` : STR);
        const { visit } = await cameIn();
        await sign(visit, await writeNote(visit, { subjective: 'Batuk, demam malam hari. '.repeat(size === 'long' ? 40 : 1), allergies: 'Udang: gatal' }));
        const today = inDays(0);
        for (const letter of [{ kind: 'summary' }, PRESCRIPTION, REFERRAL, { kind: 'sick', from: today, days: 2, identity_checked: true }]) {
            const made = await issue(visit, letter);
            assert.equal(made.status, 201, made.text);
            const file = keep(`${size}-${letter.kind}`, (await download(made.json())).body);
            const places = placesOf(file);
            const below = places.filter(([, , bottom]) => bottom > FOOT_LINE).map(([, , , word]) => word);
            const pages = codesOf(file).length;
            assert.equal(below.filter((word) => word === 'Nomor').length, pages);
            assert.ok(below.every((word) => !word.includes('KAB.')), below.join(' '));
            const last = places.filter(([page, top]) => page === pages && top < FOOT_LINE);
            assert.ok(last.some(([, , , word]) => word === 'SIP') && last.some(([, , , word]) => word === 'pemeriksa,'), file);
        }
    }
    await keepPermits([[SIP, inDays(900)]], 'dr. Rahmat Hasan');
});

test('many at once: no number twice, none left out; the audit trail is whole', async () => {
    const { visit } = await seen();
    await writeNote(visit, {});
    const replies = await Promise.all(Array.from({ length: 40 }, () => issue(visit, PRESCRIPTION)));
    const made = [];
    for (const reply of replies) {
        assert.ok([201, 503].includes(reply.status), reply.text);
        if (reply.status === 201) made.push(reply.json());
    }
    const { letters } = (await send('GET', `/api/v1/visits/${visit}/letters`)).json();
    assert.equal(letters.length, 40);
    const numbers = letters.map((one) => Number(one.number.slice(0, 4))).sort((a, b) => a - b);
    assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
    for (const letter of letters.filter((one) => !one.made)) assert.equal((await download(letter)).status, 200);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('kill -9 amid letters: each that has a number has a file after the start', async () => {
    const { visit } = await seen();
    await writeNote(visit, {});
    const asked = Array.from({ length: 30 }, () => issue(visit, PRESCRIPTION).catch(() => null));
    await Promise.race(asked);
    await server.stop('SIGKILL');
    await Promise.all(asked);
    await server.run();
    doctor = await server.logInDemo('rahmat', '127.0.14.2');
    const { letters } = (await send('GET', `/api/v1/visits/${visit}/letters`)).json();
    assert.ok(letters.length > 0);
    for (const letter of letters) {
        assert.equal((await download(letter)).status, 200, letter.number);
        assert.equal((await check(codeOf(letter))).json().verdict, 'valid', letter.number);
    }
    const numbers = letters.map((one) => Number(one.number.slice(0, 4))).sort((a, b) => a - b);
    assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
});
