// SPDX-License-Identifier: Apache-2.0
// From an empty database to a booked slot; who may make the first account; what a coordinator may not
// do; permits that run out; nobody locks everybody out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, person, run } from '../support/server_process.mjs';

const PASSWORD = 'empat kata biasa berturut';
const ADMIN = { login: 'siti', name: 'Siti Rahmawati', password: PASSWORD };
const DAY_MS = 24 * 3600_000;
const WITA_MS = 8 * 3600_000;
const localDate = (ms) => new Date(ms + WITA_MS).toISOString().slice(0, 10);
const inDays = (n) => localDate(Date.now() + n * DAY_MS);

let server, admin, calls = 0;
before(async () => {
    server = await ServerProcess.start({ empty: true });
});
after(() => server.dispose());

function send(path, json, headers = admin) {
    return server.request('POST', path, { headers, json, from: `127.0.20.${1 + calls++ % 250}` });
}

async function sent(path, json, { headers = admin, status = 201 } = {}) {
    const reply = await send(path, json, headers);
    assert.equal(reply.status, status, `${path}: ${reply.text}`);
    return reply.json();
}

async function get(path, headers = admin) {
    const reply = await server.request('GET', path, { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply.json();
}

const faults = (reply) => reply.json().errors.map((one) => `${one.field} ${one.code}`).sort();

/** A facility with a clinic; the ids. */
async function makePlace(name, area = '75.01.01') {
    const facility = await sent('/api/v1/directory/facilities', { name, kind: 'puskesmas', area_code: area,
        address: 'Jl. Jenderal Sudirman 10', phone: '0435-881234' });
    const clinic = await sent('/api/v1/directory/clinics', { facility: facility.id, name: 'Poli Umum' });
    return { facility: facility.id, clinic: clinic.id };
}

const rule = (clinic) => ({ clinic, weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00', breaks: [],
    pattern: { mode: 'slots', slot_minutes: 60 }, valid_from: localDate(Date.now()) });

async function offered(place, doctor, days = 20) {
    const { days: list } = await get(`/api/v1/slots?clinic=${place.clinic}&doctor=${doctor}&days=${days}`, {});
    return list.flatMap((day) => day.slots);
}

test('the first account is made with the code on the terminal and with nothing else', async () => {
    assert.deepEqual(await get('/api/v1/setup', {}), { needed: true });
    const code = await server.setupCode();
    assert.match(code, /^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    const wrong = await send('/api/v1/setup', { ...ADMIN, code: 'AAAA-AAAA-AAAA' }, {});
    assert.deepEqual([wrong.status, faults(wrong)], [422, ['code wrong_code']], wrong.text);
    /* Whoever has not the code learns nothing of the other fields. */
    const both = await send('/api/v1/setup', { ...ADMIN, login: 'S I T I', code: 'x' }, {});
    assert.deepEqual(faults(both), ['code wrong_code']);
    const weak = await send('/api/v1/setup', { ...ADMIN, login: 'S I T I', password: '1111111111', code }, {});
    assert.deepEqual([weak.status, faults(weak)], [422, ['login not_a_login', 'password too_simple']], weak.text);
    const guesses = await Promise.all(Array.from({ length: 30 }, (_, n) => server.request('POST', '/api/v1/setup',
        { json: { ...ADMIN, code: `GUES-SNUM-${1000 + n}` }, from: '127.0.21.1' })));
    assert.ok(guesses.some((one) => one.status === 429), 'guesses are held back');

    const typed = code.toLowerCase().replaceAll('-', ' ');
    const two = await Promise.all(['siti', 'budi'].map((login) => send('/api/v1/setup', { ...ADMIN, login, code: typed }, {})));
    assert.deepEqual(two.map((one) => one.status).sort(), [204, 409], two.map((one) => one.text).join());
    const won = two[0].status === 204 ? 'siti' : 'budi';
    admin = await server.logIn(won, PASSWORD);
    assert.equal((await get('/api/v1/session')).role, 'admin');
    assert.deepEqual(await get('/api/v1/setup', {}), { needed: false });
    const again = await send('/api/v1/setup', { ...ADMIN, login: 'thief', code }, {});
    assert.deepEqual([again.status, again.problem()], [409, 'already-set-up'], again.text);
    assert.ok(!server.log.includes(code) && !server.log.includes(code.replaceAll('-', '')), 'the code is in no log');
});

test('from nothing to a booked slot, each step in the browser\'s own calls', async () => {
    const place = await makePlace('Puskesmas Limboto');
    const { areas } = await get('/api/v1/areas', {});
    assert.equal(areas.filter((one) => one.kind === 'kecamatan').length, 77);
    const doctor = await sent('/api/v1/directory/practitioners', { name: 'dr. Rahmat Hasan', clinics: [place.clinic],
        permits: [{ facility: place.facility, number: 'SIP-1/2026', valid_until: inDays(400) }] });
    await sent('/api/v1/accounts', { login: 'rahmat', name: 'dr. Rahmat Hasan', role: 'doctor', facility: place.facility,
        practitioner: doctor.id, password: PASSWORD });
    assert.deepEqual(await offered(place, doctor.id), []);
    await sent(`/api/v1/hours/${doctor.id}/rules`, rule(place.clinic));
    const [slot] = await offered(place, doctor.id);
    const booked = await server.request('POST', '/api/v1/bookings', { json: { clinic: place.clinic, doctor: doctor.id,
        starts_at_ms: slot.starts_at_ms, ...person(1) } });
    assert.equal(booked.status, 201, booked.text);
    assert.equal(booked.json().number, 'A-1');
    const headers = await server.logIn('rahmat', PASSWORD);
    const day = await get(`/api/v1/day?date=${localDate(slot.starts_at_ms)}`, headers);
    assert.equal(day.visits.length, 1);
    const { practitioners } = await get('/api/v1/directory');
    assert.deepEqual(practitioners.map((one) => [one.name, one.has_hours, one.user !== null, one.active]),
        [['dr. Rahmat Hasan', true, true, true]]);
});

test('what is wrong is named by its field, in the reader\'s language', async () => {
    const wrong = await send('/api/v1/directory/facilities?lang=en', { name: 'X', kind: 'shop', area_code: '75.01', address: '',
        phone: 'telepon saja' });
    assert.deepEqual([wrong.status, faults(wrong)],
        [422, ['address required', 'area_code too_short', 'kind not_allowed']], wrong.text);
    const phone = await send('/api/v1/directory/facilities', { name: 'X', kind: 'clinic', area_code: '75.01.99', address: 'Jl.',
        phone: 'telepon saja' });
    assert.deepEqual(faults(phone), ['phone not_a_phone']);
    const area = await send('/api/v1/directory/facilities', { name: 'X', kind: 'clinic', area_code: '75.01.99', address: 'Jl.',
        phone: '0435-881234' });
    assert.deepEqual(faults(area), ['area_code not_found']);
    const short = await send('/api/v1/directory/facilities', { name: 'X', kind: 'clinic', area_code: '75.01.01', address: 'Jl.',
        phone: '0435-1' });
    assert.deepEqual(faults(short), ['phone not_a_phone']);
    const taken = await send('/api/v1/directory/facilities', { name: 'Puskesmas Limboto', kind: 'clinic', area_code: '75.01.01',
        address: 'Jl.', phone: '0435-881234' });
    assert.deepEqual(faults(taken), ['name taken']);
    const [{ id: facility }] = (await get('/api/v1/directory')).facilities;
    const clinic = await send('/api/v1/directory/clinics', { facility, name: 'Poli Umum' });
    assert.deepEqual(faults(clinic), ['name taken']);
    const letter = await send('/api/v1/directory/clinics', { facility, name: 'Poli Anak', letter: 'A' });
    assert.deepEqual(faults(letter), ['letter taken']);
    const login = await send('/api/v1/accounts?lang=en', { login: 'rahmat', name: 'R', role: 'office', password: PASSWORD });
    assert.deepEqual(faults(login), ['login taken']);
    assert.match(login.json().errors[0].message, /already in use/);
    const nobody = await send('/api/v1/accounts', { login: 'dokter2', name: 'R', role: 'doctor', password: PASSWORD });
    assert.deepEqual(faults(nobody), ['practitioner required']);
    const [{ id: practitioner }] = (await get('/api/v1/directory')).practitioners;
    const twice = await send('/api/v1/accounts', { login: 'dokter2', name: 'R', role: 'doctor', practitioner, password: PASSWORD });
    assert.deepEqual(faults(twice), ['practitioner taken']);
});

test('services: seen by patients with their price, proposed for hours, kept by whose clinic it is', async () => {
    const place = await makePlace('Puskesmas Tibawa', '75.01.04');
    const path = '/api/v1/directory/services';
    const wrong = await send(path, { clinic: place.clinic, name: 'X', mode: 'fax', duration_minutes: 4, price_rupiah: -1 });
    assert.deepEqual(faults(wrong), ['duration_minutes too_small', 'mode not_allowed', 'price_rupiah too_small']);
    const service = { name: 'Konsultasi umum', mode: 'video', duration_minutes: 20, before_minutes: 5, after_minutes: 10, price_rupiah: 15000 };
    const { id } = await sent(path, { clinic: place.clinic, ...service });
    await sent(path, { clinic: place.clinic, name: 'Rembuk', mode: 'doctor_to_doctor', duration_minutes: 30 });
    assert.deepEqual(faults(await send(path, { clinic: place.clinic, ...service })), ['name taken']);
    const offeredServices = async () => (await get('/api/v1/facilities', {})).facilities
        .find((one) => one.id === place.facility).clinics[0].services;
    assert.deepEqual(await offeredServices(), [{ id, name: 'Konsultasi umum', mode: 'video', duration_minutes: 20, price_rupiah: 15000 }]);
    const doctor = await sent('/api/v1/directory/practitioners', { name: 'dr. Tibawa', clinics: [place.clinic] });
    const { doctor: shown } = await get(`/api/v1/hours/${doctor.id}`);
    assert.deepEqual(shown.clinics[0].services.map((one) => [one.name, one.duration_minutes, one.before_minutes, one.after_minutes]),
        [['Konsultasi umum', 20, 5, 10], ['Rembuk', 30, 0, 0]]);
    await sent(`${path}/${id}`, { ...service, price_rupiah: 0, active: false }, { status: 200 });
    assert.deepEqual(await offeredServices(), []);
    assert.equal((await get('/api/v1/directory')).services.find((one) => one.id === id).active, false);
});

test('a booking names a service: it is as long, keeps its buffers, and stays what it was', async () => {
    const place = await makePlace('Puskesmas Bongomeme');
    const path = '/api/v1/directory/services';
    const terms = { name: 'Rawat luka', mode: 'assisted', duration_minutes: 80, before_minutes: 0, after_minutes: 50, price_rupiah: 15000 };
    const { id: service } = await sent(path, { clinic: place.clinic, ...terms });
    const doctor = await sent('/api/v1/directory/practitioners', { name: 'dr. Bongomeme', clinics: [place.clinic] });
    await sent('/api/v1/accounts', { login: 'bongomeme', name: 'dr. Bongomeme', role: 'doctor', facility: place.facility,
        practitioner: doctor.id, password: PASSWORD });
    await sent(`/api/v1/hours/${doctor.id}/rules`, { ...rule(place.clinic), from: '08:00', to: '16:00' });
    const date = inDays(2);
    const free = async (more = '') => (await get(
        `/api/v1/slots?clinic=${place.clinic}&doctor=${doctor.id}&from=${date}&days=1${more}`, {})).days[0].slots;
    const hours = (slots) => slots.map((one) => new Date(one.starts_at_ms + WITA_MS).getUTCHours());
    assert.deepEqual(hours(await free()), [8, 9, 10, 11, 12, 13, 14, 15]);
    const fits = await free(`&service=${service}`);
    assert.deepEqual(hours(fits), [8, 9, 10, 11, 12, 13, 14]);
    assert.equal(fits[0].ends_at_ms - fits[0].starts_at_ms, 80 * 60_000);
    const book = (n, slot, more) => server.request('POST', '/api/v1/bookings', { from: `127.0.21.${n}`,
        json: { clinic: place.clinic, doctor: doctor.id, starts_at_ms: slot.starts_at_ms, ...person(n), ...more } });
    const booked = await book(1, fits[2], { service });
    assert.deepEqual([booked.status, booked.json().service, booked.json().ends_at_ms], [201, 'Rawat luka', fits[2].ends_at_ms]);
    /* 10.00 to 11.20, then nothing before 12.10. */
    assert.deepEqual(hours(await free()), [8, 9, 13, 14, 15]);
    assert.deepEqual(hours(await free(`&service=${service}`)), [13, 14]);
    const taken = await book(2, { starts_at_ms: fits[2].starts_at_ms + 2 * 3600_000 });
    assert.deepEqual([taken.status, taken.problem()], [409, 'slot-taken'], taken.text);
    const foreign = await book(3, fits[5], { service: (await sent(path, { clinic: (await makePlace('Puskesmas Pulubala')).clinic, ...terms })).id });
    assert.deepEqual([foreign.status, faults(foreign)], [422, ['service not_found']], foreign.text);
    await sent(`${path}/${service}`, { ...terms, name: 'Ganti perban', mode: 'video', active: false }, { status: 200 });
    assert.deepEqual(faults(await book(4, fits[5], { service })), ['service not_found']);
    const headers = await server.logIn('bongomeme', PASSWORD);
    const { visits: [visit] } = await get(`/api/v1/day?date=${date}`, headers);
    assert.deepEqual([visit.service, visit.service_id, visit.assisted], ['Rawat luka', service, true]);
    const { visit: record } = await get(`/api/v1/visits/${visit.id}`, headers);
    assert.deepEqual(record.service, { name: 'Rawat luka', mode: 'assisted', price_rupiah: 15000 });
    const authorization = `Bearer ${booked.json().link.split('/v/')[1]}`;
    assert.equal((await get('/api/v1/join', { authorization })).visit.service_id, service);
});

test('no hours are open in a place after the permit for it has run out', async () => {
    const place = await makePlace('Puskesmas Telaga', '75.01.02');
    const other = await makePlace('Klinik Kota');
    const doctor = { name: 'dr. Nurhayati', clinics: [place.clinic, other.clinic] };
    const permit = (valid_until) => [{ facility: place.facility, number: 'SIP-2', valid_until }];
    const { id } = await sent('/api/v1/directory/practitioners', { ...doctor, permits: permit(inDays(5)) });
    await sent(`/api/v1/hours/${id}/rules`, { ...rule(place.clinic), to: '12:00' });
    await sent(`/api/v1/hours/${id}/rules`, { ...rule(other.clinic), from: '12:00' });
    const last = (slots) => localDate(slots.at(-1).starts_at_ms);
    assert.equal(last(await offered(place, id)), inDays(5));
    const shown = await get(`/api/v1/hours/${id}`);
    assert.deepEqual(shown.doctor.clinics.map((one) => `${one.facility} ${one.permit_until}`),
        ['Klinik Kota null', `Puskesmas Telaga ${inDays(5)}`]);
    /* A registration that is over closes nothing, but is told where hours are kept. */
    assert.equal(shown.doctor.str_until, null, 'none on record, or for life');
    const registered = { ...doctor, permits: permit(inDays(5)), str_number: 'STR-77', str_valid_until: inDays(-20) };
    const saved = await send(`/api/v1/directory/practitioners/${id}`, registered);
    assert.equal(saved.status, 200, saved.text);
    assert.equal((await get(`/api/v1/hours/${id}`)).doctor.str_until, inDays(-20));
    assert.equal((await get('/api/v1/hours')).doctors.find((one) => one.id === id).str_until, inDays(-20));
    assert.equal(last(await offered(other, id)), inDays(19), 'the other place has no permit on record');
    const late = await send(`/api/v1/hours/${id}/rules`, { ...rule(place.clinic), to: '01:00', valid_from: inDays(6) });
    assert.deepEqual([late.status, faults(late)], [422, ['valid_from permit_expired']], late.text);
    const extra = await send(`/api/v1/hours/${id}/overrides`, { clinic: place.clinic, date: inDays(6), kind: 'extra',
        from: '13:00', to: '14:00', pattern: { mode: 'slots', slot_minutes: 30 } });
    assert.deepEqual(faults(extra), ['date permit_expired']);

    /* Shortened under a booking: said, and made only when it is kept. */
    const slot = (await offered(place, id)).find((one) => localDate(one.starts_at_ms) === inDays(4));
    const booked = await server.request('POST', '/api/v1/bookings',
        { json: { clinic: place.clinic, doctor: id, starts_at_ms: slot.starts_at_ms, ...person(7) } });
    assert.equal(booked.status, 201, booked.text);
    const path = `/api/v1/directory/practitioners/${id}`;
    const shorter = { ...doctor, permits: permit(inDays(3)) };
    const hit = await send(path, shorter);
    assert.deepEqual([hit.status, hit.problem(), hit.json().count], [409, 'bookings-hit', 1], hit.text);
    assert.equal(last(await offered(place, id)), inDays(5), 'nothing was changed');
    const kept = await sent(`${path}?bookings=keep`, shorter, { status: 200 });
    assert.equal(kept.kept, 1);
    assert.equal(last(await offered(place, id)), inDays(3));
    /* Removing it is no way round its end: the place is closed until there is a new one, the other is not. */
    await sent(`${path}?bookings=keep`, { ...doctor, permits: [] }, { status: 200 });
    assert.deepEqual(await offered(place, id), []);
    const anew = await send(`/api/v1/hours/${id}/rules`, { ...rule(place.clinic), to: '01:00', valid_from: inDays(6) });
    assert.deepEqual([anew.status, faults(anew)], [422, ['valid_from permit_expired']], anew.text);
    assert.equal(last(await offered(other, id)), inDays(19));
    await sent(path, { ...doctor, permits: permit(inDays(500)) }, { status: 200 });
    assert.equal(last(await offered(place, id)), inDays(19));
});

test('what is archived takes no bookings, keeps its past, and comes back', async () => {
    const { facilities, clinics, practitioners } = await get('/api/v1/directory');
    const facility = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const clinic = clinics.find((one) => one.facility === facility.id);
    const doctor = practitioners.find((one) => one.name === 'dr. Rahmat Hasan');
    const place = { facility: facility.id, clinic: clinic.id };
    const { id: _, revision: __, ...facilityBody } = facility;
    const rows = [
        [`/api/v1/directory/facilities/${facility.id}`, facilityBody],
        [`/api/v1/directory/clinics/${clinic.id}`, { name: clinic.name, letter: clinic.letter }],
        [`/api/v1/directory/practitioners/${doctor.id}`, { name: doctor.name, clinics: doctor.clinics, permits: doctor.permits }],
    ];
    for (const [path, body] of rows) {
        const hit = await send(path, { ...body, active: false });
        assert.deepEqual([hit.status, hit.problem()], [409, 'bookings-hit'], `${path}: ${hit.text}`);
        await sent(`${path}?bookings=keep`, { ...body, active: false }, { status: 200 });
        const gone = await server.request('GET', `/api/v1/slots?clinic=${place.clinic}&doctor=${doctor.id}`);
        assert.equal(gone.status, 404, path);
        await sent(path, { ...body, active: true }, { status: 200 });
        assert.ok((await offered(place, doctor.id)).length > 0, path);
    }
});

test('a coordinator keeps one facility and nothing beyond it', async () => {
    const { facilities, clinics, practitioners } = await get('/api/v1/directory');
    const own = facilities.find((one) => one.name === 'Puskesmas Telaga');
    const foreign = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const clinicOf = (facility) => clinics.find((one) => one.facility === facility.id).id;
    await sent('/api/v1/accounts', { login: 'koordinator', name: 'Ismail', role: 'coordinator', facility: own.id, password: PASSWORD });
    const headers = await server.logIn('koordinator', PASSWORD);
    const seen = await get('/api/v1/directory', headers);
    assert.deepEqual(seen.facilities.map((one) => one.name), ['Puskesmas Telaga']);
    assert.deepEqual(seen.practitioners.map((one) => [one.name, one.permits.length, one.clinics.length]), [['dr. Nurhayati', 1, 1]]);
    const shared = practitioners.find((one) => one.name === 'dr. Nurhayati');
    const theirs = practitioners.find((one) => one.name === 'dr. Rahmat Hasan');

    const poli = await sent('/api/v1/directory/clinics', { facility: own.id, name: 'Poli Gigi' }, { headers });
    const refused = [
        ['/api/v1/directory/clinics', { facility: foreign.id, name: 'Poli Gigi' }, 404],
        [`/api/v1/directory/clinics/${clinicOf(foreign)}`, { name: 'Poli Lain' }, 404],
        ['/api/v1/directory/facilities', { name: 'Y', kind: 'clinic', area_code: '75.01.01', address: 'Jl.', phone: '0435-881234' }, 403],
        [`/api/v1/directory/practitioners/${theirs.id}`, { name: theirs.name, clinics: [poli.id] }, 404],
        ['/api/v1/directory/practitioners', { name: 'dr. Baru', clinics: [clinicOf(foreign)] }, 422],
        [`/api/v1/hours/${theirs.id}/rules`, rule(clinicOf(foreign)), 404],
    ];
    for (const [path, json, status] of refused) {
        const reply = await send(path, json, headers);
        assert.equal(reply.status, status, `${path}: ${reply.text}`);
    }
    /* Who works elsewhere too is not the coordinator's to rename or archive. */
    const mine = { name: shared.name, clinics: [clinicOf(own), poli.id], permits: seen.practitioners[0].permits };
    const path = `/api/v1/directory/practitioners/${shared.id}`;
    assert.deepEqual(faults(await send(path, { ...mine, name: 'dr. Lain' }, headers)), ['name works_elsewhere']);
    assert.deepEqual(faults(await send(path, { ...mine, active: false }, headers)), ['active works_elsewhere']);
    await sent(path, mine, { headers, status: 200 });
    const now = (await get('/api/v1/directory')).practitioners.find((one) => one.id === shared.id);
    assert.equal(now.clinics.length, 3, 'the other facility\'s clinic stays');

    const accounts = (await get('/api/v1/accounts')).accounts;
    const boss = accounts.find((one) => one.role === 'admin');
    const wrongRoles = ['office', 'admin', 'coordinator'];
    for (const role of wrongRoles) {
        const reply = await send('/api/v1/accounts', { login: `x${role}`, name: 'X', role, facility: own.id, password: PASSWORD }, headers);
        assert.deepEqual(faults(reply), ['role not_allowed'], reply.text);
    }
    const abroad = await send('/api/v1/accounts', { login: 'loket9', name: 'X', role: 'desk', facility: foreign.id, password: PASSWORD }, headers);
    assert.deepEqual(faults(abroad), ['role not_allowed']);
    for (const json of [{ name: 'X', role: 'desk', facility: own.id, active: false }])
        assert.equal((await send(`/api/v1/accounts/${boss.id}`, json, headers)).status, 404);
    assert.equal((await send(`/api/v1/accounts/${boss.id}/password`, { password: PASSWORD }, headers)).status, 404);
    const desk = await sent('/api/v1/accounts', { login: 'loket', name: 'Nur', role: 'desk', password: PASSWORD }, { headers });
    const raised = await send(`/api/v1/accounts/${desk.id}`, { name: 'Nur', role: 'admin', facility: own.id, active: true }, headers);
    assert.deepEqual(faults(raised), ['role not_allowed']);
    assert.deepEqual((await get('/api/v1/accounts', headers)).accounts.map((one) => one.login), ['loket']);
    const doctorHere = await sent('/api/v1/accounts', { login: 'nurhayati', name: 'dr. Nurhayati', role: 'doctor', practitioner: shared.id,
        password: PASSWORD }, { headers });
    await sent(`/api/v1/accounts/${doctorHere.id}/password`, { password: `${PASSWORD} baru` }, { headers, status: 200 });
    assert.equal((await server.request('GET', `/api/v1/day?date=${inDays(0)}`, { headers })).status, 403, 'no patients');
});

test('the last administrator stays, and a closed account is out at once', async () => {
    const mine = await get('/api/v1/session');
    const path = `/api/v1/accounts/${mine.user}`;
    for (const json of [{ name: mine.name, role: 'admin', active: false }, { name: mine.name, role: 'office', active: true }]) {
        const reply = await send(path, json);
        assert.deepEqual([reply.status, reply.problem()], [409, 'last-admin'], reply.text);
    }
    const { login } = (await get('/api/v1/accounts')).accounts.find((one) => one.id === mine.user);
    const byHand = await run(['user', 'disable', login, '--demo', server.dir]);
    assert.equal(byHand.code, 1, 'nor by the command line');
    assert.match(byHand.stderr, /last administrator/);
    const second = await sent('/api/v1/accounts', { login: 'kedua', name: 'Kedua', role: 'admin', password: PASSWORD });
    const headers = await server.logIn('kedua', PASSWORD);
    await sent(`/api/v1/accounts/${second.id}`, { name: 'Kedua', role: 'admin', active: false }, { status: 200 });
    assert.equal((await server.request('GET', '/api/v1/accounts', { headers })).status, 401);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('a doctor\'s account is disabled: who is booked is asked about, and nothing is offered', async () => {
    const place = await makePlace('Puskesmas Batudaa', '75.01.04');
    const doctor = await sent('/api/v1/directory/practitioners', { name: 'dr. Sakit', clinics: [place.clinic] });
    const account = { name: 'dr. Sakit', role: 'doctor', facility: place.facility };
    const { id } = await sent('/api/v1/accounts', { ...account, login: 'sakit', practitioner: doctor.id, password: PASSWORD });
    await sent(`/api/v1/hours/${doctor.id}/rules`, rule(place.clinic));
    const [slot] = await offered(place, doctor.id);
    const booked = await send('/api/v1/bookings', { clinic: place.clinic, doctor: doctor.id, starts_at_ms: slot.starts_at_ms,
        ...person(77) }, {});
    assert.equal(booked.status, 201, booked.text);
    const path = `/api/v1/accounts/${id}`;
    const asked = await send(path, { ...account, active: false });
    assert.deepEqual([asked.status, asked.problem(), asked.json().count, asked.json().bookings[0].number],
        [409, 'bookings-hit', 1, booked.json().number], asked.text);
    const csv = 'login,name,role,facility,active\r\nsakit,dr. Sakit,doctor,Puskesmas Batudaa,no\r\n';
    const table = await send('/api/v1/directory/table', { kind: 'account', csv, trial: false });
    assert.match(table.text, /bookings_hit/);
    assert.notDeepEqual(await offered(place, doctor.id), []);
    const done = await sent(`${path}?bookings=message`, { ...account, active: false }, { status: 200 });
    assert.deepEqual(done, { id, kept: 1, told: 1, not_reachable: 0, no_phone: 0 });
    assert.deepEqual(await offered(place, doctor.id), []);
    assert.equal((await sent(path, { ...account, active: true }, { status: 200 })).kept, 0);
    assert.notDeepEqual(await offered(place, doctor.id), []);

    /* By the command line it is asked about likewise. */
    const byHand = (...options) => run(['user', 'disable', 'sakit', '--demo', server.dir, ...options]);
    const refused = await byHand();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /1 booked visits of sakit .*--bookings=message.*--bookings=keep/);
    assert.notDeepEqual(await offered(place, doctor.id), []);
    assert.equal((await byHand('--bookings=other')).code, 2);
    const kept = await byHand('--bookings=message');
    assert.equal(kept.code, 0, kept.stderr);
    assert.match(kept.stdout, /^sakit: done\n1 booked visits have no doctor now, 1 patients get a message/);
    assert.deepEqual(await offered(place, doctor.id), []);
    const { hits } = await get('/api/v1/hours-hits');
    const { number, message } = hits.find((one) => one.doctor === 'dr. Sakit');
    assert.deepEqual([number, message !== null], [booked.json().number, true]);
});

test('no code is shown or taken once there are accounts, nor on the next start', async () => {
    await server.stop();
    await server.run();
    assert.deepEqual(await get('/api/v1/setup', {}), { needed: false });
    assert.ok(!server.output.includes('Setup code'));
    for (const secret of ['Rahmat', '0435-881234', PASSWORD, 'SIP-1/2026'])
        assert.ok(!server.log.includes(secret), `${secret} in the log`);
});
