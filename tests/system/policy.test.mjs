// SPDX-License-Identifier: Apache-2.0
// What an administrator or a coordinator sets holds at the next thing that is decided: rules of bookings,
// and the words of messages. What is wrong is told by its name, with what is allowed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person, run } from '../support/server_process.mjs';

const DEADLINE_MS = 30_000;
const PASSWORD = 'kata sandi yang panjang';

let server, admin, coordinator, facility, nCalls = 0;
before(async () => {
    server = await ServerProcess.start();
    admin = await server.logInDemo('admin');
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    facility = facilities.find((one) => one.name === 'Puskesmas Limboto').id;
    const made = await run(['user', 'add', 'koordinator', '--demo', server.dir, '--role', 'coordinator', '--facility',
        facility, '--name', 'Koordinator'], { input: `${PASSWORD}\n` });
    assert.equal(made.code, 0, made.stderr);
    coordinator = await server.logIn('koordinator', PASSWORD);
});
after(() => server.dispose());

const call = (method, where, headers, json) => server.request(method, where, { headers, json, from: clientAddress(nCalls++) });

async function rules(headers, query = '') {
    const reply = await call('GET', `/api/v1/policies${query}`, headers);
    assert.equal(reply.status, 200, reply.text);
    return Object.fromEntries(reply.json().rules.map((one) => [one.rule, one]));
}

async function setRules(headers, changes, place) {
    const list = Object.entries(changes).map(([rule, value]) => (value === null ? { rule } : { rule, value }));
    return call('POST', '/api/v1/policies?lang=en', headers, { ...(place ? { facility: place } : {}), rules: list });
}

const setText = (headers, json) => call('POST', '/api/v1/message-templates?lang=en', headers,
    { kind: 'booked', lang: 'id', version: 0, trial: false, ...json });

async function book(slot, n) {
    return call('POST', '/api/v1/bookings', {}, { ...slot, ...person(n) });
}

async function messageOf(visit) {
    for (const deadline = Date.now() + DEADLINE_MS; ;) {
        const found = server.messages().find((one) => one.visit === visit && one.kind === 'booked');
        if (found) return found.text;
        assert.ok(Date.now() < deadline, 'the message goes out');
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

test('a coordinator has other rules than the province, an administrator sets both', async () => {
    assert.equal((await setRules(admin, { late_minutes: '20', hold_minutes: '8' })).status, 200);
    assert.equal((await setRules(coordinator, { late_minutes: '15' })).status, 200);
    const own = await rules(coordinator);
    assert.deepEqual([own.late_minutes.value, own.late_minutes.inherited, own.late_minutes.source], ['15', '20', 'facility']);
    assert.deepEqual([own.hold_minutes.value, own.hold_minutes.source], ['8', 'province']);
    assert.deepEqual([own.hold_minutes.min, own.hold_minutes.max], [2, 30]);
    assert.equal((await rules(admin)).late_minutes.value, '20');
    assert.equal((await rules(admin, `?facility=${facility}`)).late_minutes.value, '15');
    assert.equal((await setRules(coordinator, { late_minutes: null })).status, 200);
    assert.equal((await rules(coordinator)).late_minutes.source, 'province');
});

test('what is wrong is told by the rule, with what is allowed', async () => {
    const reply = await setRules(coordinator, { late_minutes: '500', sick_letters: 'perhaps', hold_minutes: '9', recording: 'on' });
    assert.equal(reply.status, 422);
    assert.deepEqual(reply.json().errors, [
        { field: 'late_minutes', code: 'out_of_range', allowed: '0..120', message: 'Write a number from 0 to 120.',
            lang: 'en', also: 'Tulis angka 0 sampai 120.' },
        { field: 'sick_letters', code: 'not_allowed', allowed: 'off|assisted|on', message: 'This choice is not available.',
            lang: 'en', also: 'Pilihan ini tidak tersedia.' },
        { field: 'recording', code: 'unknown', lang: 'en', message: 'This field is not known.', also: 'Bagian ini tidak dikenal.' }]);
    assert.equal((await rules(coordinator)).hold_minutes.value, '8', 'nothing was set');
});

test('the booking window is the facility\'s at once, and what is booked stays', async () => {
    const slots = await freeSlots(server, 'dr. Rahmat Hasan', 14);
    const far = slots.at(-1);
    const booked = await book(far, 1);
    assert.equal(booked.status, 201, booked.text);
    assert.equal((await setRules(coordinator, { booking_horizon_days: '2', cancel_until_minutes: '10080', move_until_minutes: '10080' })).status, 200);
    assert.equal((await book(slots.at(-2), 2)).status, 409);
    const bearer = { authorization: `Bearer ${booked.json().link.split('/v/')[1]}` };
    assert.equal((await call('GET', '/api/v1/join', bearer)).status, 200);
    const near = (await freeSlots(server, 'dr. Rahmat Hasan', 3)).at(-1);
    const soon = await book(near, 3);
    assert.equal(soon.status, 201, soon.text);
    const refused = await call('POST', '/api/v1/join/cancel', { authorization: `Bearer ${soon.json().link.split('/v/')[1]}` });
    assert.equal(refused.status, 409, refused.text);
    assert.equal(refused.json().code, 'too-late');
    assert.equal((await setRules(coordinator, { booking_horizon_days: null, cancel_until_minutes: null, move_until_minutes: null })).status, 200);
    assert.equal((await book(slots.at(-2), 2)).status, 201);
});

test('a text is tried, kept in versions, and is what patients are sent', async () => {
    const trial = await setText(coordinator, { text: 'Halo dari {facility}: {when} – {link}', trial: true });
    assert.equal(trial.status, 200, trial.text);
    const [shown] = trial.json().templates;
    assert.match(shown.preview, /^Halo dari Puskesmas Limboto: Rab 25\/11 09\.30 WITA – https:/);
    assert.deepEqual([shown.alphabet, shown.segments, shown.version], ['ucs2', 2, 0], 'a long dash is in no GSM alphabet');
    const kept = await setText(coordinator, { text: 'Halo dari {facility}: {when} - {link}' });
    assert.equal(kept.status, 200, kept.text);
    assert.deepEqual([kept.json().templates[0].alphabet, kept.json().templates[0].segments, kept.json().templates[0].version], ['gsm7', 1, 1]);
    assert.equal((await setText(coordinator, { text: 'Lain {when} {link}' })).status, 409, 'it is not version 0 any more');
    const slot = (await freeSlots(server, 'dr. Rahmat Hasan', 14)).at(-3);
    const booked = await book(slot, 4);
    assert.equal(booked.status, 201, booked.text);
    assert.match(await messageOf(booked.json().visit), /^Halo dari Puskesmas Limboto: \w{3} \d+\/\d+ \d\d\.\d\d WITA - https:/);
    const back = await setText(coordinator, { version: 1 });
    assert.deepEqual([back.json().templates[0].source, back.json().templates[0].version], ['server', 2]);
});

test('a text names what it may and must hold', async () => {
    const wrong = async (text) => (await setText(coordinator, { text, version: 2 })).json().errors[0];
    assert.deepEqual(await wrong('{name}, {when} {link}'), { field: 'text', code: 'placeholder_unknown',
        allowed: '{facility} {phone} {when} {time} {early} {number} {link}',
        message: 'Braces are for these words alone: {facility} {phone} {when} {time} {early} {number} {link}.',
        lang: 'en', also: 'Tanda kurung kurawal hanya untuk kata ini: {facility} {phone} {when} {time} {early} {number} {link}.' });
    assert.equal((await wrong('Datanglah')).message, 'This message must hold {when} {link}.');
    assert.equal((await wrong('')).code, 'required');
    assert.equal((await wrong(`${'a'.repeat(295)}{when}{link}`)).message, 'This is too long. 1 to 300 characters.');
    const { templates } = (await call('GET', '/api/v1/message-templates', coordinator)).json();
    assert.equal(templates.length, 48);
    for (const one of templates) {
        assert.equal(one.segments, 1, `${one.kind} ${one.lang}: ${one.preview}`);
        assert.ok(one.placeholders.every((name) => !/nik|name|diagnos|patient/i.test(name)));
    }
});
