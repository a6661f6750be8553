// SPDX-License-Identifier: Apache-2.0
// A full waiting room: from a call of the doctor's to the last patient who knows the new place.
import assert from 'node:assert/strict';
import { spread } from './figures.mjs';
import { httpLoad, queueLoad, requestLine } from './load.mjs';

const AT_ONCE = 8;
const PER_CONNECTION = 25; // an address may write 30 times at once

let nPatients = 0; // somebody new each time: one person has one place in the queue

/** The demo clinic that doctor and desk of these logins share. */
async function demoClinic(server) {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    return facilities.flatMap((one) => one.clinics).find((one) => one.doctors.some((who) => who.name === 'dr. Rahmat Hasan')).id;
}

/* People without an appointment, for whichever doctor is free: each call moves all of them. */
async function takeDown(server, desk, count) {
    const clinic = await demoClinic(server);
    const requests = Array.from({ length: count }, () => nPatients++).map((n) => requestLine('POST', '/api/v1/walk-ins', { headers: desk,
        json: { clinic, name: `Pasien Antre ${n}`, birth_date: '1984-03-02', phone: `0814${String(10_000_000 + n)}` } }));
    const { answers } = await httpLoad(server, requests, { clients: AT_ONCE, perConnection: PER_CONNECTION, keep: 'link' });
    assert.ok(answers.every((one) => one.status === 201), JSON.stringify(answers.find((one) => one.status !== 201)));
    return answers.map((one) => one.kept.split('/v/')[1]);
}

/** A waiting room of `count`: their tokens, and what a doctor of theirs sends to call one and to put one away. */
export async function waitingRoom(server, count) {
    const doctor = await server.logInDemo('rahmat', '127.90.1.1');
    const tokens = await takeDown(server, await server.logInDemo('loket', '127.90.1.2'), count);
    return { tokens, call: requestLine('POST', '/api/v1/queue/next', { headers: doctor }),
        putAway: requestLine('POST', '/api/v1/visits/%s/absent', { headers: doctor }) };
}

/** `count` wait, `rounds` of them are called: times to the answer, to each patient, to the last of each round. */
export async function measureQueue(clinic, { count, rounds }) {
    const { server } = clinic;
    const { tokens, ...requests } = await waitingRoom(server, count);
    const load = await queueLoad(server, tokens, { rounds, ...requests });
    for (const [n, round] of load.rounds.entries())
        assert.equal(round.toldUs.length, count - 1 - n, 'everybody else is told');
    return { count, rounds, serverCpuS: load.serverCpuS, answers: spread(load.rounds.map((one) => one.answerUs)),
        told: spread(load.rounds.flatMap((one) => one.toldUs)), last: spread(load.rounds.map((one) => Math.max(...one.toldUs))) };
}
