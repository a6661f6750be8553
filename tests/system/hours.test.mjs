// SPDX-License-Identifier: Apache-2.0
// Doctors' hours through the API: what is refused and how it is said, bookings that a change hits, and
// that nothing can be booked that the hours do not offer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';

const DOCTOR = 'dr. Rahmat Hasan';
const WITA_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;
const TOLD_WITHIN_MS = 30_000;
const ZONES = ['UTC', 'Asia/Jakarta', 'Asia/Makassar', 'America/Sao_Paulo'];

let server, doctor, admin, desk, slots;
before(async () => {
    server = await ServerProcess.start();
    [doctor, admin, desk] = await Promise.all(['rahmat', 'admin', 'loket'].map((login) => server.logInDemo(login)));
    slots = await freeSlots(server, DOCTOR, 20);
});
after(() => server.dispose());

const localDate = (ms) => new Date(ms + WITA_MS).toISOString().slice(0, 10);
const localTime = (ms) => new Date(ms + WITA_MS).toISOString().slice(11, 16);
const at = (ms) => slots.find((slot) => slot.starts_at_ms >= ms);
const hoursPath = (rest = '') => `/api/v1/hours/${slots[0].doctor}${rest}`;

function change(path, json, { headers = doctor, query = '' } = {}) {
    return server.request('POST', `${path}${query}`, { headers, json, from: '127.0.12.1' });
}

function book(n, slot) {
    return server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(n) }, from: clientAddress(n) });
}

/** What `headers` find of those that were kept without a place. */
async function hits(headers) {
    const reply = await server.request('GET', '/api/v1/hours-hits', { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply.json().hits;
}

async function offeredOn(date) {
    const target = `/api/v1/slots?clinic=${slots[0].clinic}&doctor=${slots[0].doctor}&from=${date}`;
    return (await server.request('GET', target)).json().days[0].slots;
}

test('what is wrong with hours is named, in the reader\'s language', async () => {
    const rule = { clinic: slots[0].clinic, weekdays: [1, 8], from: '08:00', to: '25:00',
        pattern: { mode: 'slots', slot_minutes: 1 }, valid_from: '2026-02-30' };
    const formal = await change(hoursPath('/rules'), rule);
    assert.deepEqual([formal.status, formal.problem()], [422, 'invalid-fields'], formal.text);
    assert.deepEqual(formal.json().errors.map((one) => `${one.field} ${one.code}`).sort(),
        ['pattern.slot_minutes too_small', 'to not_a_time', 'valid_from not_a_date', 'weekdays[1] too_large']);
    const overlapping = { ...rule, weekdays: [1, 2], to: '12:00', pattern: { mode: 'session', quota: 30 },
        valid_from: localDate(Date.now()) };
    for (const [lang, words] of [['id', /bertumpuk/], ['en', /overlaps/]]) {
        const reply = await change(hoursPath('/rules'), overlapping, { query: `?lang=${lang}` });
        assert.deepEqual([reply.status, reply.problem()], [422, 'invalid-fields'], reply.text);
        const [error] = reply.json().errors;
        assert.deepEqual([error.field, error.code], ['from', 'overlaps']);
        assert.match(error.message, words);
    }
    const crowded = { ...overlapping, from: '04:00', to: '06:00', pattern: { mode: 'session', quota: 30 } };
    const reply = await change(hoursPath('/rules'), crowded);
    assert.deepEqual(reply.json().errors.map((one) => `${one.field} ${one.code}`), ['pattern.quota too_large']);
});

test('a change that hits bookings is made only when they are kept', async () => {
    const slot = slots[60];
    const date = localDate(slot.starts_at_ms);
    const booked = await book(1, slot);
    assert.equal(booked.status, 201, booked.text);
    const closed = { clinic: slot.clinic, date, kind: 'closed', note: 'rapat' };
    const refused = await change(hoursPath('/overrides'), closed);
    assert.deepEqual([refused.status, refused.problem()], [409, 'bookings-hit'], refused.text);
    const { bookings, count } = refused.json();
    assert.equal(count, 1);
    assert.deepEqual([bookings[0].visit, bookings[0].number, bookings[0].starts_at_ms],
        [booked.json().visit, booked.json().number, slot.starts_at_ms]);
    assert.ok(!refused.text.includes('Pasien'), 'no patient\'s name');
    assert.ok((await offeredOn(date)).length > 0, 'nothing was changed');

    const kept = await change(hoursPath('/overrides'), closed, { query: '?bookings=keep' });
    assert.equal(kept.status, 201, kept.text);
    assert.deepEqual([kept.json().kept, kept.json().told], [1, 0]);
    assert.deepEqual((await hits(doctor)).map((one) => [one.visit, one.message]), [[booked.json().visit, null]]);
    assert.deepEqual(await offeredOn(date), []);
    const authorization = `Bearer ${booked.json().link.split('/v/')[1]}`;
    const visit = await server.request('GET', '/api/v1/join', { headers: { authorization } });
    assert.equal(visit.json().visit.state, 'booked');
    /* Easy!Appointments 1560: a day that is closed cannot be booked by a request made by hand. */
    const byHand = await book(2, slots.find((one) => localDate(one.starts_at_ms) === date));
    assert.deepEqual([byHand.status, byHand.problem()], [409, 'slot-not-offered'], byHand.text);

    const longer = await server.request('DELETE', hoursPath(`/overrides/${kept.json().ids[0]}x`), { headers: doctor });
    assert.deepEqual([longer.status, longer.problem()], [404, 'not-found'], 'no id but one that begins like it');
    const opened = await server.request('DELETE', hoursPath(`/overrides/${kept.json().ids[0]}`),
        { headers: doctor });
    assert.equal(opened.status, 200, opened.text);
    assert.ok((await offeredOn(date)).length > 0);
    assert.deepEqual(await hits(doctor), []);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('who is kept without a place is told once, found again, and moved by a coordinator', async () => {
    const coordinators = [];
    for (const [login, facility] of [['koordinator', 'Puskesmas Limboto'], ['koordinator2', 'Klinik Kota Selatan']]) {
        const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
        const added = await run(['user', 'add', login, '--demo', server.dir, '--role', 'coordinator', '--facility',
            facilities.find((one) => one.name === facility).id, '--name', 'Koordinator'], { input: 'kata sandi yang panjang\n' });
        assert.equal(added.code, 0, added.stderr);
        coordinators.push(await server.logIn(login, 'kata sandi yang panjang'));
    }
    const [coordinator, stranger] = coordinators;
    const slot = at(Date.now() + 12 * DAY_MS);
    const free = slots.find((one) => localDate(one.starts_at_ms) > localDate(slot.starts_at_ms));
    const booked = await book(40, slot);
    assert.equal(booked.status, 201, booked.text);
    const { visit, number } = booked.json();
    const messagePath = `/api/v1/hours-hits/${visit}/message`;
    const move = (headers) => server.request('POST', `/api/v1/visits/${visit}/move`,
        { headers, json: { doctor: free.doctor, starts_at_ms: free.starts_at_ms } });
    assert.deepEqual([(await change(messagePath)).status, (await move(coordinator)).status], [404, 404], 'it has a place');

    const leave = { from: localDate(slot.starts_at_ms), until: localDate(slot.starts_at_ms), note: 'cuti' };
    const odd = await change(hoursPath('/leaves'), leave, { query: '?bookings=maybe' });
    assert.deepEqual([odd.status, odd.problem(), odd.json().errors[0].field], [422, 'invalid-fields', 'bookings'], odd.text);
    const made = await change(hoursPath('/leaves'), leave, { query: '?bookings=message' });
    assert.deepEqual([made.status, made.json().kept, made.json().told], [201, 1, 1], made.text);
    assert.equal((await change(messagePath)).status, 204);
    for (const deadline = Date.now() + TOLD_WITHIN_MS; (await hits(doctor))[0].message !== 'sent';) {
        assert.ok(Date.now() < deadline, 'the message goes out');
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const told = server.messages().filter((one) => one.kind === 'hours_changed');
    assert.deepEqual(told.map((one) => [one.visit, one.to]), [[visit, '+6281210000040']]);
    const authorization = `Bearer ${told[0].text.split('/v/')[1]}`;
    const opened = await server.request('GET', '/api/v1/join', { headers: { authorization } });
    assert.deepEqual([opened.status, opened.json().visit.id, opened.json().visit.state], [200, visit, 'booked']);

    for (const [who, found] of [[doctor, 1], [desk, 1], [coordinator, 1], [admin, 1], [stranger, 0]])
        assert.deepEqual((await hits(who)).map((one) => [one.visit, one.number]), found ? [[visit, number]] : []);
    const seen = await server.request('GET', '/api/v1/hours-hits', { headers: coordinator });
    assert.ok(!seen.text.includes('Pasien') && !seen.text.includes('0812'), 'nothing that says who');
    assert.equal((await move(stranger)).status, 404);
    const moved = await move(coordinator);
    assert.deepEqual([moved.status, moved.json().starts_at_ms, moved.json().link], [200, free.starts_at_ms, null], moved.text);
    assert.ok(!moved.text.includes('Pasien'), 'nothing that says who');
    assert.deepEqual(await hits(doctor), []);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('whom no message reaches is counted apart, and stands in the list as to be phoned', async () => {
    const slot = at(Date.now() + 15 * DAY_MS);
    const date = localDate(slot.starts_at_ms);
    const next = slots.find((one) => one.starts_at_ms > slot.starts_at_ms);
    assert.equal(localDate(next.starts_at_ms), date);
    const fixed = await server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(50), phone: '0435 821123' }, from: clientAddress(50) });
    assert.deepEqual([fixed.status, (await book(51, next)).status], [201, 201], fixed.text);
    const made = await change(hoursPath('/leaves'), { from: date, until: date, note: 'cuti' }, { query: '?bookings=message' });
    const { kept, told, not_reachable } = made.json();
    assert.deepEqual([made.status, kept, told, not_reachable], [201, 2, 1, 1], made.text);
    const own = async () => (await hits(doctor)).find((one) => one.visit === fixed.json().visit);
    for (const deadline = Date.now() + TOLD_WITHIN_MS; (await own()).message === 'waiting';) {
        assert.ok(Date.now() < deadline, 'it is not sent');
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal((await own()).message, 'dropped');
});

test('a confirmed holiday closes the facility, one that is not does not', async () => {
    const date = localDate(at(Date.now() + 9 * DAY_MS).starts_at_ms);
    const unsure = await change('/api/v1/holidays', { date, name: 'Idul Adha', certain: false }, { headers: desk });
    assert.equal(unsure.status, 201, unsure.text);
    assert.ok((await offeredOn(date)).length > 0);
    const sure = await change('/api/v1/holidays', { date, name: 'Idul Adha', certain: true }, { headers: admin });
    assert.equal(sure.status, 201, sure.text);
    assert.deepEqual(await offeredOn(date), []);
    const week = await server.request('GET', hoursPath(`?from=${date}&days=1`), { headers: doctor });
    assert.deepEqual(week.json().holidays.map((one) => one.certain).sort(), [false, true]);
    assert.deepEqual(week.json().days.map((day) => [day.date, day.open]), [[date, []]]);
    const extra = { clinic: slots[0].clinic, date, kind: 'extra', from: '09:00', to: '10:00',
        pattern: { mode: 'slots', slot_minutes: 20, after_minutes: 5 } };
    assert.equal((await change(hoursPath('/overrides'), extra)).status, 201);
    assert.deepEqual((await offeredOn(date)).map((one) => localTime(one.starts_at_ms)), ['09:00', '09:25']);
});

test('a holiday that was not sure is changed where it stands, and asks about who is booked', async () => {
    const slot = at(Date.now() + 11 * DAY_MS);
    const date = localDate(slot.starts_at_ms);
    const made = await change('/api/v1/holidays', { date, name: 'Idulfitri', certain: false }, { headers: desk });
    assert.equal(made.status, 201, made.text);
    const path = `/api/v1/holidays/${made.json().id}`;
    const booked = await book(40, slot);
    assert.equal(booked.status, 201, booked.text);
    const sure = { name: 'Idulfitri 1448', certain: true };
    const wrong = await change(path, { name: '', certain: 'ya' }, { headers: desk });
    assert.deepEqual(wrong.json().errors.map((one) => `${one.field} ${one.code}`).sort(), ['certain not_a_boolean', 'name required']);
    const hit = await change(path, sure, { headers: desk });
    assert.deepEqual([hit.status, hit.problem(), hit.json().count, hit.json().bookings[0].visit],
        [409, 'bookings-hit', 1, booked.json().visit], hit.text);
    assert.ok((await offeredOn(date)).length > 0, 'nothing was changed');
    const kept = await change(path, sure, { headers: desk, query: '?bookings=keep' });
    assert.deepEqual([kept.status, kept.json()], [200, { id: made.json().id, kept: 1, told: 0, not_reachable: 0, no_phone: 0 }], kept.text);
    assert.deepEqual(await offeredOn(date), []);
    const listed = await server.request('GET', `/api/v1/holidays?from=${date}&until=${date}`, { headers: doctor });
    assert.deepEqual(listed.json().holidays.map((one) => [one.date, one.name, one.certain, one.facility_name]),
        [[date, 'Idulfitri 1448', true, 'Puskesmas Limboto']]);
    const gone = await change(`${path}x`, sure, { headers: admin });
    assert.deepEqual([gone.status, gone.problem()], [404, 'not-found']);
});

test('additional places are given by staff alone, and only beside what is taken', async () => {
    const date = localDate(at(Date.now() + 5 * DAY_MS).starts_at_ms);
    const extra = { clinic: slots[0].clinic, date, kind: 'extra', from: '21:00', to: '22:00',
        pattern: { mode: 'slots', slot_minutes: 15, extra_percent: 51 } };
    const tooMany = await change(hoursPath('/overrides'), extra);
    assert.deepEqual(tooMany.json().errors.map((one) => `${one.field} ${one.code}`), ['pattern.extra_percent too_large']);
    extra.pattern.extra_percent = 25; // one of four
    assert.equal((await change(hoursPath('/overrides'), extra)).status, 201);
    const slot = { ...slots[0], starts_at_ms: Date.parse(`${date}T21:15:00+08:00`) };
    const places = async (headers) => (await server.request('GET',
        `/api/v1/extra-slots?clinic=${slot.clinic}&doctor=${slot.doctor}&from=${date}`, { headers })).json().days[0].slots;
    const give = (n, more = {}) => server.request('POST', '/api/v1/extra-bookings',
        { headers: desk, json: { ...slot, ...person(n), ...more }, from: '127.0.12.2' });

    assert.deepEqual(await places(desk), []);
    const regular = await book(30, slot);
    assert.equal(regular.status, 201, regular.text);
    assert.equal((await book(31, slot)).problem(), 'slot-taken');
    const asked = await book(31, { ...slot, extra: true });
    assert.deepEqual([asked.status, asked.problem()], [422, 'invalid-fields'], asked.text);
    assert.deepEqual((await places(doctor)).map((one) => [one.starts_at_ms, one.extra_left]), [[slot.starts_at_ms, 1]]);
    const given = await give(31);
    assert.deepEqual([given.status, given.json().extra, given.json().starts_at_ms], [201, true, slot.starts_at_ms], given.text);
    assert.equal((await give(32)).problem(), 'slot-taken');
    assert.deepEqual(await places(desk), []);
    assert.ok(!(await offeredOn(date)).some((one) => one.starts_at_ms === slot.starts_at_ms), 'not the public\'s');

    const listed = (await server.request('GET', `/api/v1/day?date=${date}`, { headers: doctor })).json().visits;
    assert.deepEqual(listed.filter((one) => one.starts_at_ms === slot.starts_at_ms).map((one) => [one.id, one.extra]),
        [[regular.json().visit, false], [given.json().visit, true]]);
    const [day] = (await server.request('GET', `/api/v1/hours-days?from=${date}&days=1`, { headers: desk })).json().days;
    const own = day.doctors.find((one) => one.doctor === slot.doctor);
    assert.deepEqual([day.date, own.held, own.extra, own.leave], [date, 1, 1, false]);
    assert.ok(own.places >= 4, JSON.stringify(own));

    /* By its patient never; by the desk into what has come free. */
    const cancelled = await server.request('POST', `/api/v1/visits/${given.json().visit}/cancel`,
        { headers: desk, json: { reason: 'pindah' } });
    assert.equal(cancelled.status, 200, cancelled.text);
    const other = await book(33, { ...slot, starts_at_ms: slot.starts_at_ms + 15 * 60_000 });
    const wish = { doctor: slot.doctor, starts_at_ms: slot.starts_at_ms, extra: true };
    const authorization = `Bearer ${other.json().link.split('/v/')[1]}`;
    const byPatient = await server.request('POST', '/api/v1/join/move', { headers: { authorization }, json: wish });
    assert.deepEqual([byPatient.status, byPatient.problem()], [422, 'invalid-fields'], byPatient.text);
    const moved = await server.request('POST', `/api/v1/visits/${other.json().visit}/move`, { headers: desk, json: wish });
    assert.deepEqual([moved.status, moved.json().starts_at_ms], [200, slot.starts_at_ms], moved.text);
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('the zone of the server\'s process does not matter', async () => {
    const seen = [];
    for (const zone of ZONES) {
        const other = await ServerProcess.start({ env: { TZ: zone } });
        try {
            const headers = await other.logInDemo('rahmat');
            const { doctors } = (await other.request('GET', '/api/v1/hours', { headers })).json();
            const date = localDate(Date.now() + 3 * DAY_MS);
            const reply = await other.request('GET', `/api/v1/hours/${doctors[0].id}?from=${date}`, { headers });
            const { days } = reply.json();
            const offered = (await freeSlots(other, DOCTOR, 3)).filter((one) => localDate(one.starts_at_ms) < date);
            seen.push(JSON.stringify([
                days.map((day) => [day.date, day.open.map((one) => [one.from_ms, one.to_ms])]),
                offered.map((one) => one.starts_at_ms),
            ]));
        } finally {
            await other.dispose();
        }
    }
    assert.ok(seen[0].length > 500);
    for (const other of seen.slice(1)) assert.equal(other, seen[0]);
});
