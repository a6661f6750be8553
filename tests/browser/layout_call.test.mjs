// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 8: both sides of a visit from the call to the record.
// Looked at as inspector.mjs does. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { PausedPictures } from './support/paused_pictures.mjs';
import { useStage } from './support/stage.mjs';
import {
    acceptCall, allowDevices, byId, callPatient, callScreen, enterWaitingRoom, logIn,
    untilBothMedia, untilScreen,
} from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });

/** The sentence of who stands still, in the place of the picture or above it. */
async function assertSaid(locator, words) {
    await locator.filter({ hasText: words }).waitFor();
}

/**
 * Three are there, the interpreter small on both pages: the picture of each is paused in turn, in both sizes. What is
 * said is of whose picture it is.
 */
async function lookAtPauses(look, patient, doctor, paused) {
    const shown = (page) => page.locator('[data-testid="tile"][data-shown="true"]').waitFor();
    const small = (page) => page.locator('[data-testid="tile"] [data-testid="paused"]');
    for (const [page, who, name] of [[patient, 'patient', 'Penerjemah'], [doctor, 'doctor', 'Penerjemah']]) {
        await shown(page);
        await paused[who].tile('sender-link');
        await assertSaid(small(page), `Sinyal ${name} lemah`);
        assert.match(await byId(page, 'tile').getAttribute('title'), /Penerjemah/);
        await look(page, `${who}-tile-paused`);
        await paused[who].tile('stills');
        await page.locator('[data-why="picture_stills"]').waitFor();
        await look(page, `${who}-tile-stills`);
        paused[who].moving();
        await shown(page);
        await page.locator('.tile-pick').click();
        await page.locator('[data-testid="tile"]:not([data-person="interpreter"])[data-shown="true"]').waitFor();
        await paused[who].stage('sender-link');
    }
    await assertSaid(byId(patient, 'no-picture'), 'Sinyal Penerjemah lemah');
    const [picture, name] = await Promise.all(['.video', '.tile-name'].map((part) => patient.locator(`.tile ${part}`).boundingBox()));
    assert.ok(picture.height > 50 && name.y >= picture.y + picture.height - 1, 'the name hides nothing of the doctor');
    await look(patient, 'patient-guest-paused');
    await assertSaid(byId(doctor, 'call-line'), 'Sinyal Penerjemah lemah');
    await look(doctor, 'doctor-guest-paused');
    for (const [page, who] of [[patient, 'patient'], [doctor, 'doctor']]) {
        paused[who].moving();
        await shown(page);
        await page.locator('.tile-pick').click();
        await page.locator('[data-testid="tile"][data-person="interpreter"][data-shown="true"]').waitFor();
    }
}

test('a visit on both sides, from the call to the record', async () => {
    const { program, patients, doctors } = stage;
    const inspector = new Inspector();
    const [visit] = await program.visits();
    const patient = await patients.page();
    const doctor = await doctors.page({ viewport: DESKTOP });
    const look = (page, name) => inspector.look(page, name);
    const paused = { patient: await PausedPictures.on(patient), doctor: await PausedPictures.on(doctor) };

    await allowDevices(patient, program.patientLink(visit));
    await enterWaitingRoom(patient);
    await logIn(doctor, program.url, program.account('doctor'));
    await callPatient(doctor, visit.visit);
    await callScreen(doctor, 'calling').waitFor();
    await look(doctor, 'doctor-calling');
    await untilScreen(patient, 'called');
    await look(patient, 'patient-called');
    await acceptCall(patient);
    await untilBothMedia(patient, doctor);
    await patient.locator('.no-picture').waitFor({ state: 'detached' });
    await look(patient, 'patient-call');
    await look(doctor, 'doctor-call');

    await byId(doctor, 'invite').click();
    await byId(doctor, 'guest-dialog').waitFor();
    await look(doctor, 'doctor-guest-dialog');
    await byId(doctor, 'guest-make').click();
    await byId(doctor, 'link-value').waitFor();
    await look(doctor, 'doctor-guest-link');
    const link = await byId(doctor, 'link-value').inputValue();
    await byId(doctor, 'link-close').click();
    const guest = await patients.page();
    await allowDevices(guest, link);
    await look(guest, 'guest-check');
    await byId(guest, 'enter-waiting').click();
    for (const page of [guest, patient, doctor])
        await byId(page, 'tile').waitFor();
    await look(guest, 'guest-call');
    /* A tile is a button: whose it is fills the stage, and who was there is the tile. */
    await doctor.locator('.tile-pick').click();
    await doctor.locator('[data-testid="tile"][data-person="patient"][data-shown="true"]').waitFor();
    await look(doctor, 'doctor-guest-large');
    await doctor.locator('.tile-pick').click();
    await doctor.locator('[data-testid="tile"][data-person="interpreter"]').waitFor();
    await look(patient, 'patient-call-three');
    await look(doctor, 'doctor-call-three');
    await lookAtPauses(look, patient, doctor, paused);
    await byId(doctor, 'remove-person').click();
    await byId(doctor, 'incident-submit').click();
    await doctor.locator('#kind-error').waitFor();
    await look(doctor, 'doctor-incident-dialog');
    await doctor.locator('input[name=who][value=interpreter]').click();
    await doctor.locator('input[name=kind][value=recording]').click();
    await byId(doctor, 'incident-text').fill('Merekam layar dengan HP.');
    await byId(doctor, 'incident-submit').click();
    await byId(guest, 'problem').waitFor();
    assert.equal(await guest.locator('main a[href="/"]').count(), 0, 'an interpreter has nothing to book');
    await look(guest, 'guest-removed');
    for (const page of [patient, doctor]) await byId(page, 'tile').waitFor({ state: 'detached' });
    await guest.context().close();

    const second = await patients.pageIn(patient.context());
    await allowDevices(second, program.patientLink(visit));
    await byId(second, 'enter-waiting').click();
    await untilScreen(second, 'occupied');
    await look(second, 'patient-occupied');
    await byId(second, 'take-over').click();
    await untilScreen(patient, 'replaced');
    await look(patient, 'patient-replaced');
    await untilBothMedia(second, doctor);

    await byId(doctor, 'leave').click();
    await byId(second, 'doctor-gone').waitFor();
    await look(second, 'patient-doctor-left');
    await byId(doctor, 'rejoin').click();
    await untilBothMedia(second, doctor);

    await byId(second, 'hang-up').click();
    await look(second, 'patient-hang-up-dialog');
    await byId(second, 'confirm-hang-up').click();
    await untilScreen(second, 'left');
    await look(second, 'patient-left');
    await look(doctor, 'doctor-call-patient-left');
    await byId(second, 'enter-again').click();
    await untilScreen(second, 'call');

    await byId(doctor, 'end').click();
    await byId(doctor, 'end-dialog').waitFor();
    await look(doctor, 'doctor-end-dialog');
    /* On a phone, too, one sees that there is a follow-up to choose. */
    await doctor.setViewportSize(PHONE);
    const [choice, actions] = await Promise.all(['[data-testid=follow-up]', '.dialog-actions'].map((one) => doctor.locator(one).boundingBox()));
    assert.ok(choice.y + choice.height <= actions.y, `${choice.y} + ${choice.height}, ${actions.y}`);
    await doctor.setViewportSize(DESKTOP);
    await doctor.locator('input[value=converted_phone]').click();
    await byId(doctor, 'phone-show').click();
    await byId(doctor, 'phone-call').waitFor();
    await byId(doctor, 'follow-up').selectOption('14');
    await byId(doctor, 'follow-up-times').waitFor();
    await look(doctor, 'doctor-end-follow-up');
    await doctor.locator('input[value=done]').click();
    await byId(doctor, 'end-submit').click();
    await untilScreen(second, 'ended');
    await look(second, 'patient-ended');
    await byId(doctor, 'record').waitFor();
    await look(doctor, 'doctor-record');
    await doctor.locator('[data-testid=record] details > summary').click();
    for (const kind of ['follow_up', 'phone_shown'])
        await doctor.locator(`[data-testid=record-events] [data-kind=${kind}]`).waitFor();
    await look(doctor, 'doctor-record-events');
    await Promise.all([patient.context().close(), doctor.context().close()]);
    inspector.assertClean();
});
