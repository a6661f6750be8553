// SPDX-License-Identifier: Apache-2.0
// How long the pages wait for what they ask most: a day's list, and free slots.
import assert from 'node:assert/strict';
import { localDate } from './clinic.mjs';
import { spread } from './figures.mjs';
import { httpLoad, requestLine } from './load.mjs';

const PER_CONNECTION = 50; // an address may read 100 times at once
const DAYS_AT_ONCE = 14; // what the booking page asks for

/* As good as random, and the same in each run. */
const scattered = (n, below) => Math.floor(((n * 2_654_435_761) % 4_294_967_296) / 4_294_967_296 * below);

async function logInAll(server, accounts, net) {
    const headers = [];
    for (const [n, { login, password }] of accounts.entries())
        headers.push(await server.logIn(login, password, `127.90.${net}.${1 + n}`));
    return headers;
}

/** What is asked, by name: each a function of n that gives a request. */
export async function readKinds(clinic) {
    const doctors = await logInAll(clinic.server, clinic.doctors, 2);
    const desks = await logInAll(clinic.server, clinic.desks, 3);
    const day = (staff) => (n) => requestLine('GET',
        `/api/v1/day?date=${localDate(clinic.nowMs, -1 - scattered(n, clinic.size.pastDays))}`,
        { headers: { cookie: staff[n % staff.length].cookie } });
    const slots = (more) => (n) => {
        const from = localDate(clinic.nowMs, scattered(n, 30 - DAYS_AT_ONCE));
        const nth = scattered(n * 3 + 1, clinic.doctorIds.length);
        return requestLine('GET', `/api/v1/slots?clinic=${clinic.clinics[Math.floor(nth / 5)]}${more(nth)}`
            + `&from=${from}&days=${DAYS_AT_ONCE}`);
    };
    return {
        'day list of a doctor': day(doctors),
        'day list of a desk, 5 doctors': day(desks),
        'free slots of a doctor, 14 days': slots((nth) => `&doctor=${clinic.doctorIds[nth]}`),
        'free slots of a clinic, 5 doctors, 14 days': slots(() => ''),
    };
}

/** `count` requests of one kind, `clients` at once. */
export async function measureReads(clinic, kind, { count, clients }) {
    const requests = Array.from({ length: count }, (_, n) => kind(n));
    const load = await httpLoad(clinic.server, requests, { clients, perConnection: PER_CONNECTION });
    const failed = load.answers.find((one) => one.status !== 200);
    assert.equal(failed, undefined, JSON.stringify(failed));
    return { count, clients, times: spread(load.answers.map((one) => one.us)), rate: count / load.seconds,
        serverCpuS: load.serverCpuS };
}
