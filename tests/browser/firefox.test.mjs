// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 4: the patient uses Firefox ESR, the doctor Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { acceptCall, assertFirefox, click, enterWaitingRoom, Firefox, until } from './support/firefox.mjs';
import { useStage } from './support/stage.mjs';
import {
    assertMedia, callPatient, callScreen, endVisit, logIn, untilBothMedia, watchMedia,
} from './support/steps.mjs';

const WATCH_MS = 10_000;
const stage = useStage({ doctors: { party: DOCTOR } });
let firefox;

before(async () => {
    firefox = await Firefox.start({ party: PATIENT });
});
after(() => firefox?.close());

test('a patient in Firefox and a doctor in Chromium see and hear each other', async () => {
    const { program } = stage;
    const [visit] = await program.visits();
    const patient = await firefox.page();
    const doctor = await stage.doctors.page({ viewport: DESKTOP });
    await enterWaitingRoom(patient, program.patientLink(visit));
    await assertFirefox(patient);
    await logIn(doctor, program.url, program.account('doctor'));
    await callPatient(doctor, visit.visit);
    await acceptCall(patient);
    await untilBothMedia(patient, doctor);
    const [patientSaw, doctorSaw] = await Promise.all([
        watchMedia(patient, DOCTOR, WATCH_MS),
        watchMedia(doctor, PATIENT, WATCH_MS),
    ]);
    assertMedia(patientSaw, DOCTOR, 'patient');
    assertMedia(doctorSaw, PATIENT, 'doctor');
    const path = await patient.evaluate(() => probe.path());
    assert.ok(path.port - program.mediaPort >= 0 && path.port - program.mediaPort < 64, JSON.stringify(path));

    await patient.reload({ waitUntil: 'domcontentloaded' });
    await until(patient, 'screen-call');
    await untilBothMedia(patient, doctor);

    await click(patient, 'mute');
    await doctor.locator('[data-testid=call-line][data-line=audio_off]').waitFor();
    await callScreen(doctor, 'talking').waitFor();
    await endVisit(doctor);
    await until(patient, 'ended');
});
