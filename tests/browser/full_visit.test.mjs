// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 3: the whole line through two real Chromiums.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import {
    acceptCall, allowDevices, assertMedia, book, byId, callPatient, callScreen, endVisit,
    enterWaitingRoom, fillBooking, logIn, SITI, untilMedia, untilScreen, watchMedia,
} from './support/steps.mjs';

const WATCH_MS = 20_000;
const AGREE_MS = 1000;

/* The clinic is open at nine. */
const stage = useStage({ hour: 9, patients: { party: PATIENT }, doctors: { party: DOCTOR } });

function assertNear(what, got, measured) {
    assertWithin(what, got, { from: measured, to: measured });
}

/** It happened between `from` and `to` by the server's clock. */
function assertWithin(what, got, { from, to }) {
    const near = got >= from - AGREE_MS && got <= to + AGREE_MS;
    assert.ok(near, `${what}: ${got} recorded, ${from} to ${to} measured`);
}

test('a visit booked by form is held over our relay and stands in the record as it was', async () => {
    const { program } = stage;
    const measured = {};
    const during = async (name, action) => {
        const from = program.now();
        const result = await action();
        measured[name] = { from, to: program.now() };
        return result;
    };
    const patient = await stage.patients.page();
    const doctor = await stage.doctors.page({ viewport: DESKTOP });

    await fillBooking(patient, program.url, SITI);
    const ticket = await during('booked_at_ms', () => book(patient));
    await allowDevices(patient, ticket.link);
    await during('waiting_from_ms', () => enterWaitingRoom(patient));
    measured.joined_at_ms = measured.waiting_from_ms;
    assert.match(await byId(patient, 'queue-number').innerText(), new RegExp(ticket.number));

    const officer = program.accounts().find((one) => one.name === ticket.doctor);
    await logIn(doctor, program.url, officer);
    await during('called_at_ms', async () => {
        await callPatient(doctor, ticket.visit);
        await untilScreen(patient, 'called');
    });
    const forwardedBefore = await program.metric('huyula_media_rtp_forwarded_total');
    await acceptCall(patient);
    await Promise.all([untilMedia(patient, DOCTOR), untilMedia(doctor, PATIENT)]);
    await callScreen(doctor, 'talking').waitFor();

    const [patientSaw, doctorSaw] = await Promise.all([
        watchMedia(patient, DOCTOR, WATCH_MS),
        watchMedia(doctor, PATIENT, WATCH_MS),
    ]);
    assertMedia(patientSaw, DOCTOR, 'patient');
    assertMedia(doctorSaw, PATIENT, 'doctor');

    await assertPath(patient);
    await assertPath(doctor);
    const forwarded = (await program.metric('huyula_media_rtp_forwarded_total')) - forwardedBefore;
    /* Two people, 20 s, each second at least 16 packets of sound (60 ms until the link is known) and 9 of picture. */
    assert.ok(forwarded > 2 * 20 * 25, `only ${forwarded} packets forwarded`);

    await during('ended_at_ms', async () => {
        await endVisit(doctor);
        await untilScreen(patient, 'ended');
    });
    const flows = {
        patient: await patient.evaluate(() => probe.flows),
        doctor: await doctor.evaluate(() => probe.flows),
    };
    await assertRecord(doctor, officer, ticket, measured, flows);
    await assertReport();
    assert.deepEqual([...patient.faults, ...doctor.faults], []);
});

async function assertPath(page) {
    const { program } = stage;
    const path = await page.evaluate(() => probe.path());
    assert.equal(path?.protocol, 'udp');
    const offset = path.port - program.mediaPort;
    assert.ok(offset >= 0 && offset < 64, `${path.port} is no media port of ours (${program.mediaPort})`);
}

async function assertRecord(doctor, officer, ticket, measured, flows) {
    const { program } = stage;
    const headers = await program.logIn(officer);
    const { visit, participants } = (
        await program.request('GET', `/api/v1/visits/${ticket.visit}`, { headers })
    ).json();
    assert.equal(visit.state, 'done');
    assert.equal(visit.ended_by, 'doctor');
    for (const [field, span] of Object.entries(measured)) assertWithin(field, visit[field], span);
    const sides = Object.values(flows).map((one) => [one.audio_in, one.video_in]);
    const starts = sides.map((side) => Math.min(...side.map((flow) => flow.firstMs)));
    const ends = sides.map((side) => Math.max(...side.map((flow) => flow.lastMs)));
    assertNear('media_both_start_ms', visit.media_both_start_ms, Math.max(...starts) + program.offsetMs);
    assertNear('media_both_end_ms', visit.media_both_end_ms, Math.min(...ends) + program.offsetMs);
    for (const participant of participants) {
        for (const [key, flow] of Object.entries(flows[participant.role])) {
            const was = participant.media[key].media_ms;
            assertNear(`${participant.role} ${key}`, was, flow.lastMs - flow.firstMs);
            await assertShown(doctor, participant.role, key, was);
        }
        assert.ok(participant.samples.length >= 2, `${participant.samples.length} samples in 20 s`);
        assert.ok(participant.rtt_ms < 1000, `round trip ${participant.rtt_ms} ms`);
    }
}

/** The doctor's page shows the same. */
async function assertShown(doctor, role, key, ms) {
    const cell = doctor.locator(`[data-testid=record] [data-participant=${role}] [data-media=${key}]`);
    await cell.waitFor();
    assertNear(`shown ${role} ${key}`, 1000 * Number(await cell.getAttribute('data-seconds')), ms);
}

async function assertReport() {
    const { program } = stage;
    const office = await stage.doctors.page({ viewport: DESKTOP });
    await logIn(office, program.url, program.account('office'));
    await byId(office, 'total-done').waitFor();
    assert.equal(await byId(office, 'total-done').innerText(), '1');
    /* Ours, and the ready visit that every demo clinic has. */
    assert.equal(await byId(office, 'total-booked').innerText(), '2');
}
