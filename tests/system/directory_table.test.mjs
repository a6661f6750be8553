// SPDX-License-Identifier: Apache-2.0
// Tables of facilities, clinics, practitioners, holidays and accounts: what is wrong is told by line and column before
// anything is written; what goes out comes in again without a change; formulas stay text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ServerProcess, freeSlots, person, run } from '../support/server_process.mjs';

let server, admin, calls = 0;
before(async () => {
    server = await ServerProcess.start();
    admin = await server.logInDemo('admin');
    const { clinics } = await directory();
    const json = { clinic: clinics[0].id, name: 'Konsultasi', mode: 'assisted', duration_minutes: 25, after_minutes: 5 };
    const holiday = { date: '2031-08-17', name: 'Hari Kemerdekaan', certain: true };
    for (const [path, body] of [['/api/v1/directory/services', json], ['/api/v1/holidays', holiday]]) {
        const made = await server.request('POST', path, { headers: admin, json: body, from: from() });
        assert.equal(made.status, 201, made.text);
    }
});
after(() => server.dispose());

const from = () => `127.0.22.${1 + calls++ % 250}`;

async function send(kind, csv, trial, { headers = admin, lang = 'id', query = '' } = {}) {
    const reply = await server.request('POST', `/api/v1/directory/table?lang=${lang}${query}`,
        { headers, json: { kind, csv, trial }, from: from() });
    assert.equal(reply.status, 200, reply.text);
    return reply.json();
}

async function take(kind, headers = admin) {
    const reply = await server.request('GET', `/api/v1/directory/table?kind=${kind}`, { headers, from: from() });
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.headers['content-type'], /^text\/csv; charset=utf-8/);
    assert.match(reply.headers['content-disposition'], /^attachment; filename="huyula-\w+\.csv"$/);
    return reply.text;
}

const get = async (path, headers = admin) => (await server.request('GET', path, { headers, from: from() })).json();

/** All that tables may change. */
async function everything() {
    const [{ accounts }, { holidays }] = [await get('/api/v1/accounts'), await get('/api/v1/holidays?from=2026-01-01&until=2040-12-31')];
    const rules = await get('/api/v1/policies');
    const texts = await get('/api/v1/message-templates');
    return JSON.stringify({ ...await directory(), server_ms: 0, accounts, holidays, rules, texts });
}

async function directory() {
    return (await server.request('GET', '/api/v1/directory', { headers: admin, from: from() })).json();
}

const faults = (answer) => answer.errors.map((one) => `${one.line} ${one.field} ${one.code}`);
const KINDS = ['facility', 'clinic', 'practitioner', 'service', 'holiday', 'account', 'policy', 'template'];

test('what goes out comes in again and changes nothing', async () => {
    const page = readFileSync(new URL('../../web/settings/csv_state.ts', import.meta.url), 'utf8');
    for (const kind of KINDS) {
        const text = await take(kind);
        assert.ok(text.startsWith('\ufeff"'), 'with the mark that spreadsheets want');
        const columns = text.slice(1, text.indexOf('\r\n')).replaceAll('"', '').split(',');
        const [, shown] = page.match(new RegExp(`${kind}: \\[([^\\]]+)\\]`));
        assert.deepEqual(columns, shown.split(',').map((one) => one.trim().replaceAll('\'', '')), 'the page names the same');
        const before = await everything();
        const answer = await send(kind, text, false);
        assert.deepEqual([answer.saved, answer.added, answer.changed, answer.errors], [true, 0, 0, []]);
        assert.equal(await everything(), before);
    }
});

test('what is wrong is told by line and column, and nothing of the table is written', async () => {
    const csv = ['name;kind;area_code;address;phone', 'Klinik Baik;clinic;75.01.01;Jl. Satu;0435-111111',
        'Klinik Jauh;clinic;99.99.99;Jl. Dua;0435-222222', '', ';shop;75.01.01;Jl. Tiga;telepon',
        'Klinik Baik;clinic;75.01.02;Jl. Empat;0435-333333'].join('\r\n');
    for (const trial of [true, false]) {
        const answer = await send('facility', csv, trial, { lang: 'en' });
        assert.equal(answer.saved, false);
        assert.deepEqual(faults(answer).sort(), ['3 area_code not_found', '5 kind not_allowed', '5 name required',
            '5 phone not_a_phone', '6  taken'].sort());
        assert.match(answer.errors.find((one) => one.code === 'required').message, /must be filled in/);
        assert.ok(!(await directory()).facilities.some((one) => one.name === 'Klinik Baik'), 'nothing was written');
    }
    const services = await send('service', 'facility,clinic,name,mode,duration_minutes,price_rupiah\n'
        + 'Puskesmas Limboto,Poli Hantu,X,video,15,0\nPuskesmas Limboto,Poli Umum,Y,telepon,3,murah\n', true);
    assert.deepEqual(faults(services).sort(), ['2 clinic not_found', '3 price_rupiah not_a_number']);
    const broken = [['\n', ['1  too_few']], ['judul,kind\nx,y', ['1 judul unknown', '1 name required',
        '1 area_code required', '1 address required', '1 phone required']], ['name\n"x', ['2  csv_open_quote']]];
    for (const [text, expected] of broken) assert.deepEqual(faults(await send('facility', text, true)), expected, text);
    const many = `facility,name\n${'Puskesmas Limboto,P\n'.repeat(501)}`;
    assert.deepEqual((await send('clinic', many, true)).errors.map((one) => one.code), ['csv_too_many_rows']);
});

test('a trial keeps nothing; then the table is taken in, and a second time it changes nothing', async () => {
    const rows = [
        ['facility', 'name,kind,area_code,address,phone\nPuskesmas Bongomeme,puskesmas,75.01.11,"Jl. Raya, km 3",\'+62 435 881123\n'],
        ['clinic', 'facility,name,letter,wait_mode\nPuskesmas Bongomeme,Poli Umum,C,all_at_once\nPuskesmas Bongomeme,Poli Gigi,,\n'],
        ['practitioner', 'name,str_number,clinics,permits\n"dr. Fatma Lihawa, Sp.A",STR-77,'
            + 'Puskesmas Bongomeme > Poli Umum | Puskesmas Limboto > Poli Umum,Puskesmas Bongomeme > SIP/9 > 2031-05-31\n'],
        ['service', 'facility,clinic,name,mode,duration_minutes,price_rupiah\nPuskesmas Bongomeme,Poli Umum,Konsultasi,video,20,\n'
            + 'Puskesmas Bongomeme,Poli Umum,Konsultasi antardokter,doctor_to_doctor,30,15000\n'],
    ];
    for (const [kind, csv] of rows) {
        const before = JSON.stringify({ ...await directory(), server_ms: 0 });
        const trial = await send(kind, csv, true);
        assert.deepEqual([trial.saved, trial.errors], [false, []]);
        assert.equal(JSON.stringify({ ...await directory(), server_ms: 0 }), before);
        const saved = await send(kind, csv, false);
        assert.deepEqual([saved.saved, saved.added, saved.changed], [true, trial.added, 0], JSON.stringify(saved));
        assert.ok(saved.added > 0);
        const again = await send(kind, csv, false);
        assert.deepEqual([again.saved, again.added, again.changed], [true, 0, 0], `${kind}: ${JSON.stringify(again)}`);
    }
    const { facilities, clinics, practitioners } = await directory();
    const place = facilities.find((one) => one.name === 'Puskesmas Bongomeme');
    assert.deepEqual([place.address, place.phone], ['Jl. Raya, km 3', '+62 435 881123']);
    assert.deepEqual(clinics.filter((one) => one.facility === place.id).map((one) => `${one.letter} ${one.name}`),
        ['A Poli Gigi', 'C Poli Umum']);
    assert.deepEqual(clinics.filter((one) => one.facility === place.id).map((one) => one.wait_mode).sort(), ['all_at_once', 'one_by_one']);
    assert.deepEqual(faults(await send('clinic', 'facility,name,wait_mode\nPuskesmas Bongomeme,Poli Gigi,semua\n', true)),
        ['2 wait_mode not_allowed']);
    const doctor = practitioners.find((one) => one.str_number === 'STR-77');
    assert.deepEqual(doctor.permits, [{ facility: place.id, number: 'SIP/9', valid_until: '2031-05-31' }]);
    assert.equal(doctor.clinics.length, 2);
    /* A column that is not there leaves what is. */
    await send('practitioner', `id,name,clinics\n${doctor.id},dr. Fatma,Puskesmas Bongomeme > Poli Umum\n`, false);
    const later = (await directory()).practitioners.find((one) => one.id === doctor.id);
    assert.deepEqual([later.name, later.clinics.length, later.permits.length, later.str_number], ['dr. Fatma', 1, 1, 'STR-77']);
});

test('names may hold the signs that divide lists, and who works in many clinics goes out and in again', async () => {
    const name = 'Klinik A > B | C', csv = ['facility,name'];
    await send('facility', `name,kind,area_code,address,phone\n${name},clinic,75.01.01,Jl. Satu,0435-111111\n`, false);
    for (let i = 0; i < 20; i++) csv.push(`${name},Poli dengan nama yang panjang sekali | ${i} > ${'x'.repeat(30)} \\`);
    const clinics = await send('clinic', csv.join('\n'), false);
    assert.deepEqual([clinics.saved, clinics.added], [true, 20], JSON.stringify(clinics));
    const { facilities, clinics: known } = await directory();
    const place = facilities.find((one) => one.name === name);
    const json = { name: 'dr. Dua > Puluh', clinics: known.filter((one) => one.facility === place.id).map((one) => one.id),
        permits: [{ facility: place.id, number: '503/1 > 2 | 3', valid_until: '2031-05-31' }] };
    const made = await server.request('POST', '/api/v1/directory/practitioners', { headers: admin, json, from: from() });
    assert.equal(made.status, 201, made.text);
    const text = await take('practitioner'), before = await everything();
    assert.ok(text.includes('Klinik A \\> B \\| C > Poli dengan'), text);
    const again = await send('practitioner', text, false);
    assert.deepEqual([again.saved, again.added, again.changed, again.errors], [true, 0, 0, []]);
    assert.equal(await everything(), before);
    /* As a spreadsheet would write the day. */
    const changed = await send('practitioner', text.replace('2031-05-31', '1/6/2031'), false);
    assert.deepEqual([changed.saved, changed.changed], [true, 1], JSON.stringify(changed));
    assert.equal((await directory()).practitioners.find((one) => one.id === made.json().id).permits[0].valid_until, '2031-06-01');
    const unmasked = await send('practitioner', `name,clinics\ndr. Tiga,${name} > Poli Umum\n`, true);
    assert.deepEqual(faults(unmasked), ['2 clinics not_found']);
    assert.match(unmasked.errors[0].allowed, /\\> \\\|/, 'says how such a name is written');
    const typed = await send('practitioner', `nama,poli\ndr. Tiga,${name} > Poli Umum\n`, true);
    assert.match(typed.errors[0].allowed, /^FASKES > POLI/, 'in the table\'s language');
    const noDay = await send('practitioner', 'name,clinics,str_valid_until\ndr. Tiga,Puskesmas Limboto > Poli Umum,31/02/2031\n', true);
    assert.deepEqual(noDay.errors.map((one) => [one.line, one.code, one.allowed]), [[2, 'not_a_date', '2027-08-17, 17/08/2027, 17-08-2027']]);
});

test('holidays: a day that may come, one that is sure, a facility\'s own; known days are changed', async () => {
    const csv = 'date;name;certain;facility\r\n2031-05-17;Idulfitri;belum pasti;\r\n2031-12-25;Natal;pasti;\r\n'
        + '2031-12-25;Akreditasi;ya;Puskesmas Limboto\r\n';
    const before = await everything();
    const trial = await send('holiday', csv, true);
    assert.deepEqual([trial.saved, trial.added, trial.errors], [false, 3, []], JSON.stringify(trial));
    assert.equal(await everything(), before);
    const saved = await send('holiday', csv, false);
    assert.deepEqual([saved.saved, saved.added, saved.accounts], [true, 3, []]);
    const shown = async () => (await get('/api/v1/holidays?from=2031-01-01&until=2031-12-31')).holidays.filter((one) => one.date !== '2031-08-17')
        .map((one) => [one.date, one.name, one.certain, one.facility_name].join(' '));
    assert.deepEqual((await shown()).sort(), ['2031-05-17 Idulfitri false ', '2031-12-25 Akreditasi true Puskesmas Limboto',
        '2031-12-25 Natal true ']);
    const wrong = await send('holiday', 'date,name,certain\n2031-05-17,Idulfitri,yes\n2031-02-30,,mungkin\n', false);
    assert.deepEqual(faults(wrong), ['3 name required', '3 date not_a_date', '3 certain not_allowed']);
    assert.ok((await shown()).includes('2031-05-17 Idulfitri false '), 'nothing of it was written');
    const sure = await send('holiday', 'date,name,certain\n2031-05-17,Idulfitri,yes\n', false);
    assert.deepEqual([sure.saved, sure.added, sure.changed], [true, 0, 1]);
    assert.ok((await shown()).includes('2031-05-17 Idulfitri true '));
});

test('accounts: no password comes in or goes out, each new one is told once and opens', async () => {
    const people = 'login,name,role,facility\nLoket.Dua,Ibu Nur,desk,Puskesmas Limboto\ndinkes.dua,Pak Ismail,office,\n';
    const before = await everything();
    const trial = await send('account', people, true);
    assert.deepEqual([trial.saved, trial.added, trial.accounts], [false, 2, []], JSON.stringify(trial));
    assert.equal(await everything(), before);
    const saved = await send('account', people, false);
    assert.deepEqual([saved.saved, saved.added, saved.accounts.map((one) => one.login)], [true, 2, ['loket.dua', 'dinkes.dua']]);
    for (const { login, password } of saved.accounts) {
        await server.logIn(login, password);
        assert.ok(!server.log.includes(password), 'a password in the log');
    }
    const text = await take('account');
    assert.match(text, /"loket\.dua","Ibu Nur","desk","Puskesmas Limboto",,"yes"/);
    assert.match(text, /"rahmat","dr\. Rahmat Hasan","doctor","Puskesmas Limboto","dr\. Rahmat Hasan","yes"/);
    assert.ok(!/argon2|password/.test(text));
    const withPassword = await send('account', 'login,name,role,password\nlain,Lain,office,rahasia12345\n', false);
    assert.deepEqual(faults(withPassword), ['1 password unknown']);
    const headers = await server.logIn('loket.dua', saved.accounts[0].password);
    const wrong = await send('account', 'login,name,role,facility,active\nloket.dua,Ibu Nur,desk,Puskesmas Limboto,no\n'
        + 'x,Y,desk,,\nadmin,Administrator,admin,,no\n', false);
    assert.deepEqual(faults(wrong).sort(), ['3 facility required', '3 login not_a_login', '4  last_admin']);
    assert.equal((await server.request('GET', '/api/v1/session', { headers, from: from() })).status, 200, 'nothing was changed');
    const closed = await send('account', 'login,name,role,active\nloket.dua,Ibu Nur,desk,no\n', false);
    assert.deepEqual([closed.saved, closed.changed], [true, 1]);
    assert.equal((await server.request('GET', '/api/v1/session', { headers, from: from() })).status, 401, 'out at once');
});

test('no cell that goes out is a formula', async () => {
    const evil = '=HYPERLINK("https://elsewhere.example";"x")';
    const answer = await send('clinic', `facility,name\nPuskesmas Limboto,"${evil.replaceAll('"', '""')}"\n`, false);
    assert.equal(answer.added, 1, JSON.stringify(answer));
    const text = await take('clinic');
    assert.ok(text.includes(`"'=HYPERLINK(""https`), text);
    assert.ok((await directory()).clinics.some((one) => one.name === evil));
    for (const kind of KINDS) {
        for (const line of (await take(kind)).slice(1).split('\r\n'))
            for (const cell of line.match(/"(?:[^"]|"")*"/g) ?? []) assert.doesNotMatch(cell, /^"[=+@-]/, cell);
    }
});

test('rows that would leave patients without hours are named, and a coordinator\'s table stays in its facility', async () => {
    const [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 5);
    const booked = await server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(1) }, from: from() });
    assert.equal(booked.status, 201, booked.text);
    const closing = (await take('practitioner')).replace(/("dr\. Rahmat Hasan".*)"yes"/, '$1"no"');
    const answer = await send('practitioner', closing, false);
    assert.deepEqual([answer.errors.map((one) => one.code), answer.hit], [['bookings_hit'], 1]);
    const whom = [[booked.json().visit, booked.json().number, slot.starts_at_ms, 'dr. Rahmat Hasan', false]];
    const listed = (one) => one.bookings.map((hit) => [hit.visit, hit.number, hit.starts_at_ms, hit.doctor, hit.extra]);
    assert.deepEqual(listed(answer), whom);
    /* Kept, when it is said so. */
    const date = new Date(slot.starts_at_ms + 8 * 3600_000).toISOString().slice(0, 10);
    const closed = `date,name,certain\n${date},Banjir,yes\n`;
    const flood = await send('holiday', closed, false);
    assert.deepEqual([flood.errors.map((one) => one.code), flood.hit, listed(flood)], [['bookings_hit'], 1, whom]);
    for (const [bookings, told] of [['keep', 0], ['message', 1]]) {
        const trial = await send('holiday', closed, true, { query: `&bookings=${bookings}` });
        assert.deepEqual([trial.saved, trial.added, trial.hit, trial.told, trial.errors], [false, 1, 1, told, []]);
    }
    const saved = await send('holiday', closed, false, { query: '&bookings=message' });
    assert.deepEqual([saved.saved, saved.added, saved.hit, saved.told, saved.errors], [true, 1, 1, 1, []]);
    const { hits } = (await server.request('GET', '/api/v1/hours-hits', { headers: admin })).json();
    assert.deepEqual(hits.map((one) => [one.visit, one.message]), [[booked.json().visit, 'waiting']]);

    const { facilities } = await directory();
    const own = facilities.find((one) => one.name === 'Klinik Kota Selatan');
    const added = await run(['user', 'add', 'koordinator', '--demo', server.dir, '--role', 'coordinator', '--facility', own.id,
        '--name', 'K'], { input: 'kata sandi yang panjang\n' });
    assert.equal(added.code, 0, added.stderr);
    const headers = await server.logIn('koordinator', 'kata sandi yang panjang');
    assert.ok(!(await take('clinic', headers)).includes('Puskesmas Limboto'));
    const abroad = await send('clinic', 'facility,name\nPuskesmas Limboto,Poli Asing\n', false, { headers });
    assert.deepEqual(faults(abroad), ['2 facility not_found']);
    const forbidden = await server.request('POST', '/api/v1/directory/table', { headers, from: from(),
        json: { kind: 'facility', csv: 'name,kind,area_code,address,phone\nX,clinic,75.01.01,Jl.,0435-11111\n', trial: false } });
    assert.equal(forbidden.status, 404, forbidden.text);
    assert.equal((await send('clinic', 'facility,name\nKlinik Kota Selatan,Poli Baru\n', false, { headers })).added, 1);
    const jubilee = await send('holiday', 'date,name,certain\n2032-01-05,Ulang tahun,yes\n', false, { headers });
    assert.equal(jubilee.added, 1, JSON.stringify(jubilee));
    const holidays = await take('holiday', headers);
    assert.ok(holidays.includes('"Ulang tahun","yes","Klinik Kota Selatan"') && !holidays.includes('Natal'), holidays);
    const raised = await send('account', 'login,name,role\nkepala,Kepala,admin\n', false, { headers });
    assert.deepEqual(faults(raised), ['2 role not_allowed']);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});
