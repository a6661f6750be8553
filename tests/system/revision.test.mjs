// SPDX-License-Identifier: Apache-2.0
// Two people have the same thing open: the one who saves later is told instead of undoing what the
// other one saved. And hours that change from a later day on leave the weeks before as they were.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, person } from '../support/server_process.mjs';

const PASSWORD = 'empat kata biasa berturut';
const DAY_MS = 24 * 3600_000;
const WITA_MS = 8 * 3600_000;
const inDays = (n) => new Date(Date.now() + n * DAY_MS + WITA_MS).toISOString().slice(0, 10);
const weekday = (date) => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
const localTime = (ms) => new Date(ms + WITA_MS).toISOString().slice(11, 16);

let server, admin, place, doctor, calls = 0;

function send(path, json, headers = admin) {
    return server.request('POST', path, { headers, json, from: `127.0.22.${1 + calls++ % 250}` });
}

async function sent(path, json, headers = admin) {
    const reply = await send(path, json, headers);
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.json();
}

function remove(path, revision = null) {
    return server.request('DELETE', revision ? `${path}?revision=${revision}` : path, { headers: admin });
}

async function get(path, headers = admin) {
    const reply = await server.request('GET', path, { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply.json();
}

before(async () => {
    server = await ServerProcess.start({ empty: true });
    const first = { code: await server.setupCode(), login: 'siti', name: 'Siti', password: PASSWORD };
    assert.equal((await send('/api/v1/setup', first, {})).status, 204);
    admin = await server.logIn('siti', PASSWORD);
    const facility = (await sent('/api/v1/directory/facilities', { name: 'Puskesmas Limboto', kind: 'puskesmas',
        area_code: '75.01.01', address: 'Jl. Jenderal Sudirman 10', phone: '0435-881234' })).id;
    const clinic = (await sent('/api/v1/directory/clinics', { facility, name: 'Poli Umum' })).id;
    const second = (await sent('/api/v1/directory/clinics', { facility, name: 'Poli Gigi' })).id;
    place = { facility, clinic, second };
    doctor = (await sent('/api/v1/directory/practitioners', { name: 'dr. Satu', clinics: [second, clinic],
        permits: [{ facility, number: 'SIP-1', valid_until: inDays(400) }] })).id;
    await sent('/api/v1/directory/services', { clinic, name: 'Konsultasi', mode: 'video', duration_minutes: 15 });
    await sent('/api/v1/accounts', { login: 'satu', name: 'dr. Satu', role: 'doctor', practitioner: doctor, facility, password: PASSWORD });
});
after(() => server.dispose());

const findIn = (list, id) => async () => (await get('/api/v1/directory'))[list].find((one) => one.id === id);

/** `read`: the thing as the list has it; `write`: it with what is changed; `other`, `mine`: two changes. */
async function assertTold(what, { read, write, other, mine }) {
    const opened = await read();
    assert.match(opened.revision, /^[0-9a-f]{16}$/, what);
    assert.equal((await read()).revision, opened.revision, what);
    const first = await write(opened, { ...other, revision: opened.revision });
    assert.equal(first.status, 200, `${what}: ${first.text}`);
    const now = await read();
    assert.notEqual(now.revision, opened.revision, what);
    for (const [lang, words] of [['id', /diubah orang lain sejak dibuka/], ['en', /changed by somebody else since you opened it/]]) {
        const late = await write(opened, { ...mine, revision: opened.revision }, `?lang=${lang}`);
        assert.deepEqual([late.status, late.problem()], [409, 'changed-meanwhile'], `${what}: ${late.text}`);
        assert.match(late.json().detail, words);
    }
    assert.deepEqual(await read(), now, `${what}: nothing was saved`);
    const again = await write(now, { ...mine, revision: now.revision });
    assert.equal(again.status, 200, `${what}: ${again.text}`);
    for (const [name, value] of Object.entries({ ...other, ...mine }))
        assert.deepEqual((await read())[name], value, `${what}: ${name}`);
    /* Other systems know of no revisions: as before. */
    const { revision, ...blind } = opened;
    const plain = await write(blind, {});
    assert.equal(plain.status, 200, `${what}: ${plain.text}`);
    assert.equal((await read()).revision, revision, `${what}: the same content, the same word`);
}

test('facilities, clinics, people, services', async () => {
    const rows = {
        facilities: [place.facility, { phone: '0435-99999' }, { address: 'Jl. Baru 1' }],
        clinics: [place.clinic, { wait_mode: 'all_at_once' }, { name: 'Poli Umum Pagi' }],
        practitioners: [doctor, { permits: [{ facility: place.facility, number: 'SIP-2', valid_until: inDays(900) }] },
            { name: 'dr. Satu Hasan' }],
        services: [(await get('/api/v1/directory')).services[0].id, { price_rupiah: 15000 }, { name: 'Konsultasi umum' }],
    };
    for (const [list, [id, other, mine]] of Object.entries(rows)) {
        await assertTold(list, { read: findIn(list, id), other, mine, write: (thing, part, query = '') => {
            const { id: path, facility, clinic, user, has_hours, ...body } = { ...thing, ...part };
            return send(`/api/v1/directory/${list}/${path}${query}`, body);
        } });
    }
});

test('a coordinator\'s word is of what a coordinator sees', async () => {
    await sent('/api/v1/accounts', { login: 'koor', name: 'Koor', role: 'coordinator', facility: place.facility, password: PASSWORD });
    const coordinator = await server.logIn('koor', PASSWORD);
    const opened = (await get('/api/v1/directory', coordinator)).practitioners[0];
    const { id, user, has_hours, ...body } = opened;
    const reply = await send(`/api/v1/directory/practitioners/${id}`, { ...body, name: 'dr. Satu H.' }, coordinator);
    assert.equal(reply.status, 200, reply.text);
    const late = await send(`/api/v1/directory/practitioners/${id}`, body, coordinator);
    assert.deepEqual([late.status, late.problem()], [409, 'changed-meanwhile'], late.text);
});

test('accounts, rules, texts of messages', async () => {
    const account = await sent('/api/v1/accounts', { login: 'loket', name: 'Nur', role: 'desk', facility: place.facility, password: PASSWORD });
    await assertTold('account', {
        read: async () => (await get('/api/v1/accounts')).accounts.find((one) => one.id === account.id),
        write: (thing, part, query = '') => {
            const { id, login, ...body } = { ...thing, ...part };
            return send(`/api/v1/accounts/${id}${query}`, body);
        },
        other: { name: 'Nur Aini' }, mine: { active: false },
    });
    const ruleNow = async (name) => (await get('/api/v1/policies')).rules.find((one) => one.rule === name);
    const put = (rules) => send('/api/v1/policies', { rules });
    const [late, hold] = [await ruleNow('late_minutes'), await ruleNow('hold_minutes')];
    assert.equal((await put([{ rule: 'late_minutes', value: '20', revision: late.revision }])).status, 200);
    const both = await put([{ rule: 'hold_minutes', value: '9', revision: hold.revision },
        { rule: 'late_minutes', value: '30', revision: late.revision }]);
    assert.deepEqual([both.status, both.problem()], [409, 'changed-meanwhile'], both.text);
    assert.equal((await ruleNow('hold_minutes')).value, hold.value, 'all or none');
    /* Another rule than the one that somebody else set is nobody's to refuse. */
    assert.equal((await put([{ rule: 'hold_minutes', value: '9', revision: hold.revision }])).status, 200);
    assert.equal((await put([{ rule: 'late_minutes' }])).status, 200);

    const text = { kind: 'booked', lang: 'id', version: 0, trial: false, text: 'Janji {when} di {facility}. {link}' };
    await sent('/api/v1/message-templates', text);
    const stale = await send('/api/v1/message-templates', { ...text, text: 'Lain {when} {link}' });
    assert.deepEqual([stale.status, stale.problem()], [409, 'changed-meanwhile'], stale.text);
});

const rules = async () => (await get(`/api/v1/hours/${doctor}?days=1`)).rules;

async function starts(date) {
    const { days } = await get(`/api/v1/slots?clinic=${place.clinic}&doctor=${doctor}&from=${date}&days=1`, {});
    return days.flatMap((day) => day.slots).map((slot) => localTime(slot.starts_at_ms));
}

const body = (date, part = {}) => ({ clinic: place.clinic, weekdays: [weekday(date)], from: '08:00', to: '10:00', breaks: [],
    pattern: { mode: 'slots', slot_minutes: 30 }, valid_from: inDays(0), ...part });

test('weekly hours', async () => {
    const date = inDays(2);
    const { ids: [id] } = await sent(`/api/v1/hours/${doctor}/rules`, body(date));
    const path = `/api/v1/hours/${doctor}/rules/${id}`;
    const [opened] = await rules();
    const coordinator = await server.logIn('koor', PASSWORD);
    const breaks = [{ from: '09:00', to: '09:30' }];
    await sent(path, body(date, { breaks, revision: opened.revision }), coordinator);
    const late = await send(path, body(date, { to: '11:00', revision: opened.revision }));
    assert.deepEqual([late.status, late.problem()], [409, 'changed-meanwhile'], late.text);
    assert.deepEqual(await starts(date), ['08:00', '08:30', '09:30']);
    const [now] = await rules();
    await sent(path, body(date, { breaks, to: '11:00', revision: now.revision }));
    assert.deepEqual(await starts(date), ['08:00', '08:30', '09:30', '10:00', '10:30']);
    /* Nor is it removed by who saw other hours. */
    const blind = await remove(path, opened.revision);
    assert.deepEqual([blind.status, blind.problem()], [409, 'changed-meanwhile'], blind.text);
    assert.deepEqual((await rules()).map((one) => one.to), ['11:00']);
    await sent(path, body(date));
    assert.equal((await rules())[0].revision, opened.revision);
    assert.equal((await remove(path, opened.revision)).status, 200);
    const { ids: [other] } = await sent(`/api/v1/hours/${doctor}/rules`, body(date));
    assert.equal((await remove(`/api/v1/hours/${doctor}/rules/${other}`)).status, 200, 'without a word, as before');
});

test('holidays', async () => {
    const date = inDays(40);
    const { id } = await sent('/api/v1/holidays', { date, name: 'Hari raya', certain: false });
    const read = async () => (await get(`/api/v1/holidays?from=${date}&until=${date}`)).holidays.find((one) => one.id === id);
    await assertTold('holiday', { read, other: { certain: true }, mine: { name: 'Idul Adha' }, write: (thing, part, query = '') => {
        const { id: path, date: day, facility, facility_name, ...rest } = { ...thing, ...part };
        return send(`/api/v1/holidays/${path}${query}`, rest);
    } });
    const opened = await read();
    await sent(`/api/v1/holidays/${id}`, { name: 'Hari raya', certain: true });
    const late = await remove(`/api/v1/holidays/${id}`, opened.revision);
    assert.deepEqual([late.status, late.problem()], [409, 'changed-meanwhile'], late.text);
    const now = await read();
    assert.equal(now.certain, true, 'nothing was removed');
    assert.equal((await remove(`/api/v1/holidays/${id}`, now.revision)).status, 200);
    assert.equal(await read(), undefined);
});

test('an exception and leave are never changed: who removes one that is gone is told so', async () => {
    const leave = { from: inDays(50), until: inDays(52), note: 'cuti' };
    const override = { clinic: place.clinic, date: inDays(45), kind: 'closed', note: 'rapat' };
    for (const [list, one] of Object.entries({ leaves: leave, overrides: override })) {
        const { ids: [id] } = await sent(`/api/v1/hours/${doctor}/${list}`, one);
        const path = `/api/v1/hours/${doctor}/${list}/${id}`;
        assert.equal((await send(path, one)).status, 405, `${list} has no change`);
        assert.equal((await remove(path)).status, 200);
        assert.equal((await remove(path)).status, 404);
    }
});

test('hours that change from a later day on stay until the day before', async () => {
    const [near, far] = [inDays(2), inDays(9)];
    const { ids: [id] } = await sent(`/api/v1/hours/${doctor}/rules`, body(near));
    const path = `/api/v1/hours/${doctor}/rules/${id}`;
    const slot = { clinic: place.clinic, doctor, starts_at_ms: Date.parse(`${near}T08:00:00+08:00`) };
    assert.equal((await send('/api/v1/bookings', { ...slot, ...person(1) }, {})).status, 201);
    const changed = await sent(path, body(near, { from: '09:00', to: '11:00', valid_from: far }));
    assert.deepEqual([changed.earlier_until, changed.kept, changed.ids.length], [inDays(8), 0, 1]);
    assert.notEqual(changed.ids[0], id);
    assert.deepEqual(await starts(near), ['08:30', '09:00', '09:30']);
    assert.deepEqual(await starts(far), ['09:00', '09:30', '10:00', '10:30']);
    assert.deepEqual((await rules()).map((one) => [one.from, one.valid_from, one.valid_until]).sort(),
        [['08:00', inDays(0), inDays(8)], ['09:00', far, null]]);
    const over = await send(`/api/v1/hours/${doctor}/rules`, body(near, { from: '09:30', to: '12:00' }));
    assert.deepEqual(over.json().errors.map((one) => `${one.field} ${one.code}`), ['from overlaps']);
    /* Another system that wants the old hours gone says so; then who is booked is asked about. */
    const [first] = (await rules()).filter((one) => one.id === id);
    const outright = body(near, { from: '13:00', to: '14:00', valid_from: far, revision: first.revision });
    const hit = await send(`${path}?earlier=drop`, outright);
    assert.deepEqual([hit.status, hit.problem()], [409, 'bookings-hit'], hit.text);
    const dropped = await sent(`${path}?earlier=drop&bookings=keep`, outright);
    assert.deepEqual([dropped.earlier_until, dropped.kept, dropped.ids], [null, 1, []]);
    assert.deepEqual(await starts(near), []);
    assert.deepEqual(await starts(far), ['09:00', '09:30', '10:00', '10:30', '13:00', '13:30']);
});

test('the OpenAPI document says how', async () => {
    const { paths } = await get('/api/v1/openapi.json', {});
    const change = paths['/api/v1/hours/{doctor}/rules/{rule}'].post;
    assert.match(change.parameters.find((one) => one.name === 'earlier').schema.description, /replaced outright/);
    for (const path of ['/api/v1/hours/{doctor}/rules/{rule}', '/api/v1/directory/practitioners/{practitioner}', '/api/v1/accounts/{account}',
        '/api/v1/holidays/{holiday}']) {
        const { schema } = paths[path].post.requestBody.content['application/json'];
        assert.match(schema.properties.revision.description, /absent: whatever it says is replaced/, path);
    }
    for (const path of ['/api/v1/hours/{doctor}/rules/{rule}', '/api/v1/holidays/{holiday}']) {
        const { description } = paths[path].delete.parameters.find((one) => one.name === 'revision').schema;
        assert.match(description, /changed-meanwhile/, path);
    }
});
