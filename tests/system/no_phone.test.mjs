// SPDX-License-Identifier: Apache-2.0
// Who has no telephone, through the program: whatever speaks of a message knows that there is none, nothing is said to go on
// by telephone, and the same person is not taken down twice. And who has a fixed line, which no message reaches: to be phoned.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person } from '../support/server_process.mjs';
import { WsClient } from '../support/ws_client.mjs';

const DAY_MS = 24 * 3600_000, WITA_MS = 8 * 3600_000;
const dayOf = (ms) => new Date(ms + WITA_MS).toISOString().slice(0, 10);
let server, doctor, desk, consent, slots, n = 0;
before(async () => {
    server = await ServerProcess.start();
    [doctor, desk] = await Promise.all(['rahmat', 'loket'].map((login) => server.logInDemo(login)));
    consent = (await server.request('GET', '/api/v1/consent')).json().version;
    slots = await freeSlots(server, 'dr. Rahmat Hasan');
});
after(() => server.dispose());

const send = (method, target, json, headers = desk) => server.request(method, target, { headers, json, from: clientAddress(3000 + n++) });
/** The fields of the nth person, who has none. */
function without(k) {
    const { phone, ...who } = person(k);
    return { ...who, no_phone: true, consent };
}

async function answered(status, reply) {
    const { status: was, text, json } = await reply;
    assert.equal(was, status, text);
    return json();
}

/** Taken down now, and called: {visit, patient}, the patient's page waits on the socket. */
async function called(k, who = without(k)) {
    const { clinic, doctor: own } = slots[0];
    const { visit, link } = await answered(201, send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...who }));
    const patient = await WsClient.open(server, { from: clientAddress(3500 + k) });
    await patient.hello(link.split('/v/')[1]);
    patient.send({ type: 'ready' });
    await patient.next('visit', (message) => message.visit.state === 'checked_in');
    await answered(200, send('POST', `/api/v1/visits/${visit}/call`, undefined, doctor));
    await patient.next('visit', (message) => message.visit.state === 'called');
    patient.send({ type: 'accept' });
    return { visit, patient, link };
}

test('no visit goes on by telephone, by the page or by the socket; what else there is, it may be', async () => {
    const { visit, patient } = await called(1);
    const end = (outcome) => send('POST', `/api/v1/visits/${visit}/end`, { outcome }, doctor);
    const phoned = await end('converted_phone');
    assert.deepEqual([phoned.status, phoned.problem()], [409, 'no-phone'], phoned.text);
    const page = await WsClient.open(server, { from: clientAddress(3600) });
    await page.hello((await answered(200, send('POST', `/api/v1/visits/${visit}/join`, undefined, doctor))).token);
    page.send({ type: 'end', outcome: 'converted_phone' });
    assert.equal((await page.next('error')).code, 'bad-state');
    assert.equal((await answered(200, end('converted_in_person'))).state, 'converted_in_person');
    await patient.next('ended');
    const late = await end('converted_phone');
    assert.deepEqual([late.status, late.problem()], [410, 'visit-ended'], late.text);
});

test('a visit\'s record and its letters say that no message reaches the patient', async () => {
    const { visit, patient } = await called(2);
    await answered(200, send('POST', `/api/v1/visits/${visit}/end`, { outcome: 'done' }, doctor));
    await patient.next('ended');
    for (const who of [doctor, desk]) assert.equal((await answered(200, send('GET', `/api/v1/visits/${visit}`, undefined, who))).visit.no_phone, true);
    assert.equal((await answered(200, send('GET', `/api/v1/visits/${visit}/letters`, undefined, doctor))).no_phone, true);
    const other = await answered(201, send('POST', '/api/v1/bookings', { ...slots[20], ...person(3) }, {}));
    assert.equal((await answered(200, send('GET', `/api/v1/visits/${other.visit}`))).visit.no_phone, false);
    assert.equal((await answered(200, send('GET', `/api/v1/visits/${other.visit}/letters`, undefined, doctor))).no_phone, false);
});

test('a group says who of it gets no message', async () => {
    const { clinic, doctor: own } = slots[0];
    const starts_at_ms = Math.ceil(Date.now() / 3600_000) * 3600_000 + 240 * 3600_000;
    const { id } = await answered(201, send('POST', '/api/v1/groups', { clinic, doctor: own, title: 'Kelas ibu', starts_at_ms, minutes: 30, places: 2, open: true }));
    const shown = { shown_as: 'number' };
    const untold = await answered(201, send('POST', `/api/v1/groups/${id}/bookings`, { ...without(4), ...shown }, doctor));
    await answered(201, send('POST', `/api/v1/groups/${id}/bookings`, { ...person(5), consent, ...shown }, doctor));
    const { visits } = (await answered(200, send('GET', '/api/v1/groups', undefined, desk))).groups.find((one) => one.id === id);
    assert.deepEqual(visits.map((one) => [one.id === untold.visit, one.no_phone]), [[true, true], [false, false]]);
});

test('who loses a place is counted by whether a message, a call or only a visit reaches them', async () => {
    const at = slots.filter((one) => dayOf(one.starts_at_ms) === dayOf(Date.now() + 12 * DAY_MS));
    assert.ok(at.length >= 3);
    await answered(201, send('POST', '/api/v1/desk-bookings', { ...at[0], ...without(6) }));
    await answered(201, send('POST', '/api/v1/bookings', { ...at[1], ...person(7), phone: '0435 821123' }, {}));
    await answered(201, send('POST', '/api/v1/bookings', { ...at[2], ...person(8) }, {}));
    const date = dayOf(at[0].starts_at_ms);
    const made = await answered(201, send('POST', `/api/v1/hours/${at[0].doctor}/leaves?bookings=message`, { from: date, until: date, note: 'cuti' }, doctor));
    assert.deepEqual([made.kept, made.told, made.not_reachable, made.no_phone], [3, 1, 1, 1]);
});

test('the same person is not taken down twice at one time, unless staff say why; from outside nobody finds out', async () => {
    const { clinic, doctor: own } = slots[0];
    const walkIn = (more) => send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...without(9), ...more });
    const { number } = await answered(201, walkIn({}));
    const again = await walkIn({});
    assert.deepEqual([again.status, again.problem(), again.json().other.number], [409, 'own-booking', number], again.text);
    await answered(201, walkIn({ overlap_reason: 'Orang lain, KTP dilihat' }));
    const at = slots[40];
    await answered(201, send('POST', '/api/v1/desk-bookings', { ...at, ...without(10) }));
    const colleague = await freeSlots(server, 'dr. Nurhayati Ismail');
    const same = colleague.find((one) => one.starts_at_ms >= at.starts_at_ms && one.starts_at_ms < at.starts_at_ms + 15 * 60_000);
    assert.ok(same, 'a colleague has that time');
    const there = await send('POST', '/api/v1/desk-bookings', { ...same, ...person(10), consent });
    assert.deepEqual([there.status, there.problem()], [409, 'own-booking'], there.text);
    await answered(201, send('POST', '/api/v1/bookings', { ...same, ...person(10) }, {}));
});

test('a number that was written down wrongly is changed: the links of before are gone, and the new one is in a message', async () => {
    const { visit, link: first } = await answered(201, send('POST', '/api/v1/desk-bookings', { ...slots[50], ...person(11), phone: '0812 9999 0000', consent }));
    const token = (link) => link.split('/v/')[1];
    const shown = (link) => send('GET', '/api/v1/join', undefined, { authorization: `Bearer ${token(link)}` });
    const stranger = await WsClient.open(server, { from: clientAddress(3700) });
    stranger.send({ type: 'hello', token: token(first) });
    await stranger.next('error'); // too early, days before
    const put = (json, who = desk) => send('PUT', `/api/v1/visits/${visit}/phone`, json, who);
    const silent = await put({});
    assert.deepEqual([silent.status, silent.json().errors.map((one) => `${one.field} ${one.code}`)], [422, ['phone required']], silent.text);
    const right = await answered(200, put({ phone: '0813 1111 2222' }));
    assert.deepEqual([right.changed, right.told, right.warnings], [true, true, []]);
    const [old, fresh] = await Promise.all([shown(first), shown(right.link)]);
    assert.deepEqual([old.status, old.problem(), fresh.status], [404, 'link-invalid', 200]);
    const again = await answered(200, put({ phone: '+62 813 1111 2222' }, doctor));
    assert.deepEqual([again.changed, again.told, again.link, again.expires_at_ms], [false, false, null, null]);
    assert.equal((await answered(200, send('POST', `/api/v1/visits/${visit}/phone`))).phone, '+6281311112222');
    const none = await answered(200, put({ no_phone: true }));
    assert.deepEqual([none.changed, none.told, none.warnings.map((one) => one.code)], [true, false, ['no_phone']]);
    const record = await answered(200, send('GET', `/api/v1/visits/${visit}`));
    assert.deepEqual([record.visit.no_phone, record.visit.phone_masked], [true, '']);
    assert.deepEqual(record.events.filter((one) => one.kind === 'phone_changed').map((one) => [one.actor, one.detail]), [['desk', ''], ['desk', '']]);
    await answered(200, send('POST', `/api/v1/visits/${visit}/cancel`, { reason: 'pindah' }));
    const late = await put({ phone: '0813 1111 2222' });
    assert.deepEqual([late.status, late.problem()], [410, 'visit-cancelled'], late.text);
});

test('the number goes with what was booked by the visit: whoever has the page of another open is out, too', async () => {
    const { clinic, doctor: own } = slots[0];
    const first = await answered(201, send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...person(16), phone: '0812 9999 0000', consent }));
    const starts = [71, 72].map((k) => slots[k].starts_at_ms);
    const { visits: [next] } = await answered(201, server.request('POST', `/api/v1/visits/${first.visit}/series`, {
        headers: { ...desk, 'idempotency-key': 'series-of-a-wrong-number' }, json: { every: 1, starts: starts.map((at_ms) => ({ at_ms })) } }));
    const { link } = await answered(200, send('POST', `/api/v1/visits/${next.visit}/link`));
    const stranger = await WsClient.open(server, { from: clientAddress(3710) });
    stranger.send({ type: 'hello', token: first.link.split('/v/')[1] });
    await stranger.next('welcome');
    const changed = await answered(200, send('PUT', `/api/v1/visits/${next.visit}/phone`, { phone: '0813 1111 7777' }));
    const also = [first.starts_at_ms, starts[1]].map((starts_at_ms) => ({ starts_at_ms, over: false, told: true }));
    assert.deepEqual([changed.also, changed.left], [also, []]);
    assert.equal((await stranger.next('error')).code, 'link-invalid');
    const shown = await send('GET', '/api/v1/join', undefined, { authorization: `Bearer ${link.split('/v/')[1]}` });
    assert.deepEqual([shown.status, shown.problem()], [404, 'link-invalid']);
    assert.equal((await answered(200, send('POST', `/api/v1/visits/${first.visit}/phone`))).phone, '+6281311117777');
});

test('whoever has the page open by the link of before is out at once, and told that it was replaced', async () => {
    const { clinic, doctor: own } = slots[0];
    const { visit, link } = await answered(201, send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...person(12), consent }));
    const page = await WsClient.open(server, { from: clientAddress(3701) });
    await page.hello(link.split('/v/')[1]);
    await answered(200, send('PUT', `/api/v1/visits/${visit}/phone`, { phone: '0813 1111 3333' }));
    const gone = await page.next('error');
    assert.deepEqual([gone.code, gone.fatal], ['link-invalid', true]);
});

test('of a fixed line everything that speaks of a message says that none reaches it; the number is there', async () => {
    const fixed = '0435 821123', at = slots[60];
    const lines = ({ no_phone, no_messages }) => [no_phone, no_messages];
    const { clinic, doctor: own } = at;
    const made = await answered(201, send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...person(13), phone: fixed, consent }));
    const mobile = await answered(201, send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...person(14), consent }));
    for (const who of [doctor, desk]) {
        const { visits } = await answered(200, send('GET', '/api/v1/day', undefined, who));
        const listed = (id) => lines(visits.find((one) => one.id === id));
        assert.deepEqual([listed(made.visit), listed(mobile.visit)], [[false, true], [false, false]]);
    }
    assert.deepEqual(lines((await answered(200, send('GET', `/api/v1/visits/${made.visit}`))).visit), [false, true]);
    assert.deepEqual(lines(await answered(200, send('GET', `/api/v1/visits/${made.visit}/letters`, undefined, doctor))), [false, true]);
    assert.deepEqual(lines(await answered(200, send('GET', `/api/v1/visits/${mobile.visit}/letters`, undefined, doctor))), [false, false]);
    assert.equal((await answered(200, send('POST', `/api/v1/visits/${made.visit}/phone`))).phone, '+62435821123');

    const starts_at_ms = Math.ceil(Date.now() / 3600_000) * 3600_000 + 264 * 3600_000;
    const { id } = await answered(201, send('POST', '/api/v1/groups', { clinic, doctor: own, title: 'Kelas balita', starts_at_ms, minutes: 30, places: 2, open: true }));
    await answered(201, send('POST', `/api/v1/groups/${id}/bookings`, { ...person(15), phone: fixed, consent, shown_as: 'number' }, doctor));
    const group = (await answered(200, send('GET', '/api/v1/groups'))).groups.find((one) => one.id === id);
    assert.deepEqual(group.visits.map(lines), [[false, true]]);
    const { hits } = await answered(200, send('GET', '/api/v1/hours-hits', undefined, doctor));
    assert.deepEqual(hits.map(lines).sort(), [[false, false], [false, true], [true, false]]);

    const put = async (phone) => answered(200, send('PUT', `/api/v1/visits/${made.visit}/phone`, { phone }));
    assert.equal((await put('0813 1111 4444')).told, true);
    assert.deepEqual(lines((await answered(200, send('GET', `/api/v1/visits/${made.visit}`))).visit), [false, false]);
    const back = await put(fixed);
    assert.deepEqual([back.told, back.warnings.map((one) => one.code)], [false, ['no_messages']]);
    assert.deepEqual(lines((await answered(200, send('GET', `/api/v1/visits/${made.visit}`))).visit), [false, true]);
});

test('a request that comes again after the number was changed is answered without the link, which opens nothing any more', async () => {
    const { clinic, doctor: own } = slots[0];
    const take = () => answered(201, send('POST', '/api/v1/walk-ins', { clinic, doctor: own, ...person(16), consent }, { ...desk, 'idempotency-key': 'dua-kali-dikirim-1' }));
    const first = await take();
    assert.deepEqual(await take(), first);
    await answered(200, send('PUT', `/api/v1/visits/${first.visit}/phone`, { phone: '0813 1111 4444' }));
    assert.deepEqual(await take(), { ...first, link: null });
});

test('who is called keeps the page; once the visit has gone on by telephone its number is put right', async () => {
    const { visit, patient, link } = await called(17, { ...person(17), consent });
    const put = (who = desk) => send('PUT', `/api/v1/visits/${visit}/phone`, { phone: '0813 1111 5556' }, who);
    for (const who of [desk, doctor]) {
        const refused = await put(who);
        assert.deepEqual([refused.status, refused.problem()], [409, 'wrong-state'], refused.text);
    }
    await answered(200, send('POST', `/api/v1/visits/${visit}/end`, { outcome: 'converted_phone' }, doctor));
    await patient.next('ended'); // with the link of before, which nobody has revoked yet
    const right = await answered(200, put(doctor));
    assert.deepEqual([right.changed, right.told], [true, true]);
    assert.equal((await answered(200, send('POST', `/api/v1/visits/${visit}/phone`, undefined, doctor))).phone, '+6281311115556');
    const shown = (one) => send('GET', '/api/v1/join', undefined, { authorization: `Bearer ${one.split('/v/')[1]}` });
    const [old, fresh] = await Promise.all([shown(link), shown(right.link)]);
    assert.deepEqual([old.status, old.problem(), fresh.status], [404, 'link-invalid', 200]);
    const none = await send('PUT', `/api/v1/visits/${visit}/phone`, { no_phone: true });
    assert.deepEqual([none.status, none.problem()], [409, 'no-phone'], none.text);
});
