// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 6: a browser dies in a call; the server stops, or dies, in a call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import {
    allowDevices, byId, openCall, untilBothMedia, untilScreen,
} from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });
const TOLD_WITHIN_MS = 5000;

test('a killed browser: the other side is told within 5 s, and the visit stays joinable', async () => {
    const { program } = stage;
    const doomed = await Browser.start({ party: PATIENT });
    const { visit, doctor } = await openCall({ ...stage, patients: doomed });
    const lost = doctor.locator('[data-testid=call-line][data-line=patient_lost]');
    const told = lost.waitFor({ timeout: TOLD_WITHIN_MS });
    await Promise.all([told, doomed.kill()]);

    const patient = await stage.patients.page();
    await allowDevices(patient, program.patientLink(visit));
    await byId(patient, 'enter-waiting').click();
    await untilScreen(patient, 'call');
    await untilBothMedia(patient, doctor);
    assert.equal(await lost.count(), 0, 'the doctor is still told that the patient is gone');
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

test('a stopped and restarted server: the pages say so and rejoin by themselves', async () => {
    const { program } = stage;
    const { patient, doctor } = await openCall(stage);
    await Promise.all([
        byId(patient, 'connection-lost').waitFor(),
        doctor.locator('[data-testid=call-line]').waitFor(),
        program.stop(),
    ]);
    assert.match(await byId(patient, 'connection-lost').innerText(), /sedang diperbarui/);
    assert.equal(await doctor.locator('[data-testid=call-line]').getAttribute('data-line'), 'restarting');
    await program.run();
    await untilBothMedia(patient, doctor);
    await byId(patient, 'connection-lost').waitFor({ state: 'detached' });
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

test('a killed server: the pages say so and rejoin by themselves', async () => {
    const { program } = stage;
    const { patient, doctor } = await openCall(stage);
    await program.kill();
    await byId(patient, 'connection-lost').waitFor();
    await doctor.locator('[data-testid=call-line][data-line=lost]').waitFor();
    await program.run();
    await untilBothMedia(patient, doctor);
    await byId(patient, 'connection-lost').waitFor({ state: 'detached' });
    await Promise.all([patient.context().close(), doctor.context().close()]);
});
