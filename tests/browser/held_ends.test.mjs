// SPDX-License-Identifier: Apache-2.0
// Visits without video of which the doctor says that nobody was there: not reached by telephone, not come. Layout and
// axe on each state, as the layout tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PATIENT } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { bookOpenVisit, byId, logIn, waitAtLink } from './support/steps.mjs';

const MINUTE_MS = 60_000;
const stage = useStage({ hour: 10, patients: { party: PATIENT }, staff: {} });
const wait = (link) => waitAtLink(stage.patients, link);

/** The visit's state by its link. */
async function ended({ link }) {
    const headers = { authorization: `Bearer ${link.split('/v/')[1]}` };
    return (await stage.program.request('GET', '/api/v1/join', { headers })).json().visit.state;
}

/** A patient who waits by video; the doctor's page, which then asks for `way` instead. */
async function heldAs(way) {
    const { program, staff } = stage;
    const ticket = await bookOpenVisit(program, 'Puskesmas Limboto');
    const patient = await wait(ticket.link);
    const doctor = await staff.page({ viewport: DESKTOP });
    await logIn(doctor, program.url, program.accounts().find((one) => one.name === ticket.doctor));
    await doctor.goto(`${program.url}/dokter/${ticket.visit}`);
    await doctor.locator(`li[data-visit="${ticket.visit}"][data-state=checked_in]`).waitFor();
    await byId(doctor, 'manage-queue').click();
    await doctor.locator(`input[value=${way}]`).click();
    await doctor.fill('#convert-reason', 'gambar tidak jelas');
    await byId(doctor, 'queue-submit').click();
    await byId(doctor, 'held').waitFor();
    return { ticket, patient, doctor };
}

/** The doctor says that nobody was there, once asked whether that is meant; then everybody reads it. */
async function sayAbsent({ ticket, patient, doctor }, name) {
    const { program } = stage;
    const inspector = new Inspector();
    assert.equal(await byId(doctor, 'held-absent').count(), 0, 'nobody is missing before the time');
    await program.passTime(ticket.starts_at_ms + MINUTE_MS - program.now());
    await doctor.reload(); // it learns the server's time with the list
    await byId(doctor, 'held-absent').click();
    await byId(doctor, 'held-absent-no').click();
    await byId(doctor, 'held-absent').click();
    await inspector.look(doctor, `doctor-${name}-asked`);
    await byId(doctor, 'held-absent-yes').click();
    await doctor.locator(`li[data-visit="${ticket.visit}"][data-state=no_show_patient]`).waitFor();
    await byId(doctor, 'held').waitFor({ state: 'detached' });
    await inspector.look(doctor, `doctor-${name}`);
    await byId(patient, 'ended').and(patient.locator('[data-state=no_show_patient]')).waitFor();
    await inspector.look(patient, `patient-${name}`);
    return inspector;
}

test('who is phoned and not reached has missed the visit, and reads why', async () => {
    const held = await heldAs('phone');
    const { patient, doctor, ticket } = held;
    await byId(doctor, 'phone-show').click();
    await byId(doctor, 'phone-call').waitFor();
    const inspector = await sayAbsent(held, 'not-reached');
    await byId(patient, 'ended').filter({ hasText: 'menelepon' }).waitFor();
    await patient.locator('a[href="/pindah"]').click();
    await byId(patient, 'move-missed').filter({ hasText: 'tidak bisa dihubungi' }).waitFor();
    await byId(patient, 'take-number').waitFor();
    assert.equal(await ended(ticket), 'no_show_patient');
    for (const page of [doctor, patient]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    inspector.assertClean();
});

test('who is asked to come arrives by the doctor\'s word, is on the board, and has gone again when called', async () => {
    const { program, staff } = stage;
    const held = await heldAs('in_person');
    const { patient, doctor, ticket } = held;
    const desk = await staff.page({ viewport: DESKTOP });
    await logIn(desk, program.url, program.account('desk'));
    await byId(doctor, 'held-arrived').click();
    await doctor.locator(`li[data-visit="${ticket.visit}"][data-state=checked_in]`).waitFor();
    await desk.locator(`[data-visit="${ticket.visit}"][data-state=checked_in]`).waitFor();
    await byId(doctor, 'held').filter({ hasText: 'layar ruang tunggu' }).waitFor();
    assert.equal(await byId(doctor, 'held-arrived').count(), 0, 'said once');
    /* The page that the patient waited at is open still: that says nothing of who sits in the lobby. */
    const inspector = await sayAbsent(held, 'not-come');
    await byId(patient, 'ended').filter({ hasText: 'tidak datang' }).waitFor();
    await desk.locator(`[data-visit="${ticket.visit}"][data-state=no_show_patient]`).waitFor();
    assert.equal(await ended(ticket), 'no_show_patient');
    for (const page of [doctor, desk, patient]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    inspector.assertClean();
});
