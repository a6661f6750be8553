// SPDX-License-Identifier: Apache-2.0
// How many bookings a second are on the disk and answered, and that each of them is there once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ask, localDate } from './clinic.mjs';
import { spread } from './figures.mjs';
import { httpLoad, requestLine } from './load.mjs';

const DAYS_AT_ONCE = 10;
const AHEAD_DAYS = 30;
const STRIDE = 7919; // a prime: so many steps further, round and round, meets each once

/** Free slots of all doctors from tomorrow on, as people find them; days in turn, so that no clinic is booked alone. */
async function freeSlots(clinic, wanted) {
    const targets = [];
    for (let ahead = 1; ahead < AHEAD_DAYS; ahead += DAYS_AT_ONCE) {
        for (const one of clinic.clinics) {
            const days = Math.min(DAYS_AT_ONCE, AHEAD_DAYS - ahead);
            targets.push([one, `/api/v1/slots?clinic=${one}&from=${localDate(clinic.nowMs, ahead)}&days=${days}`]);
        }
    }
    const found = [];
    for (const [n, [one, target]] of targets.entries()) {
        const reply = await clinic.server.request('GET', target, { from: `127.90.0.${1 + (n % 250)}` });
        assert.equal(reply.status, 200, reply.text);
        for (const day of reply.json().days)
            found.push(...day.slots.map((slot) => ({ clinic: one, doctor: slot.doctor, starts_at_ms: slot.starts_at_ms })));
    }
    assert.ok(found.length >= wanted, `${found.length} free slots, ${wanted} wanted`);
    /* Evenly over all, and in no order: what lies next to each other is one doctor's morning. */
    const step = found.length / wanted;
    const stride = wanted % STRIDE === 0 ? 1 : STRIDE;
    return Array.from({ length: wanted }, (_, i) => found[Math.floor(((i * stride) % wanted) * step)]);
}

/** What the booking page sends for the nth person: consent, and every other time why somebody comes. */
function body(slot, n, consent) {
    const [day, month, year] = [1 + (n % 28), 1 + (n % 12), 1950 + (n % 50)];
    const two = (number) => String(number % 100).padStart(2, '0');
    return { ...slot, name: `Pasien Baru ${n}`, birth_date: `${year}-${two(month)}-${two(day)}`,
        phone: `0813${String(10_000_000 + n)}`, nik: `757101${two(day)}${two(month)}${two(year)}${String(1 + (n % 9998)).padStart(4, '0')}`,
        lang: 'id', consent, ...(n % 2 ? { reason: 'Batuk dan pilek sejak empat hari, malam hari agak demam' } : {}) };
}

const rowsSince = async (clinic, rowid) => ask(clinic.file, `SELECT id FROM visit WHERE rowid > ${rowid}`);

/** Fails unless the rows after `rowid` are exactly those that were promised, none on another's slot. */
export async function verifyBookings(clinic, rowid, answers) {
    const promised = answers.filter((one) => one.status === 201).map((one) => one.kept);
    const rows = (await rowsSince(clinic, rowid)).map(([id]) => id);
    assert.equal(new Set(promised).size, promised.length, 'each answer names a visit of its own');
    assert.deepEqual([...rows].sort(), [...promised].sort(), 'the rows are those that were answered');
    const [[doubles]] = await ask(clinic.file, `SELECT count(*) FROM visit a JOIN visit b ON b.slot_of = a.slot_of
        AND b.starts_at_ms = a.starts_at_ms AND b.id <> a.id WHERE a.rowid > ${rowid}
        AND b.state <> 'cancelled_patient' AND b.state <> 'cancelled_provider' AND b.state <> 'cancelled_system'
        AND b.state <> 'rescheduled'`);
    assert.equal(doubles, '0', 'no slot is held twice');
}

let nPeople = 0;

/** Books `count` slots, `clients` at once: {rate, times, ...} of one way to come. */
export async function measureBookings(clinic, { count, clients, perConnection }) {
    const slots = await freeSlots(clinic, count);
    const consent = (await clinic.server.request('GET', '/api/v1/consent')).json().version;
    const requests = slots.map((slot) => {
        const json = body(slot, nPeople++, consent);
        return requestLine('POST', '/api/v1/bookings', { headers: { 'Idempotency-Key': randomUUID() }, json });
    });
    const [[rowid]] = await ask(clinic.file, 'SELECT max(rowid) FROM visit');
    const load = await httpLoad(clinic.server, requests, { clients, perConnection, keep: 'visit' });
    const refused = load.answers.filter((one) => one.status !== 201).length;
    await verifyBookings(clinic, rowid, load.answers);
    return { clients, perConnection, booked: load.answers.length - refused, refused,
        rate: (load.answers.length - refused) / load.seconds, seconds: load.seconds,
        serverCpuS: load.serverCpuS, clientCpuS: load.clientCpuS, times: spread(load.answers.map((one) => one.us)) };
}
