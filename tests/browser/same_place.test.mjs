// SPDX-License-Identifier: Apache-2.0
// A reload, a closed and reopened page, a second tab: the same place, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import {
    allowDevices, byId, callScreen, enterWaitingRoom, logIn, openCall, row, untilBothMedia, untilMedia,
    untilScreen,
} from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });

test('a reload keeps the place in the queue, and so does closing and opening again', async () => {
    const { program, patients } = stage;
    const visits = await program.visits(4);
    /* The first and the fourth are the same doctor's. */
    const [before, mine] = [visits[0], visits[3]];
    const other = await patients.page();
    await allowDevices(other, program.patientLink(before));
    await enterWaitingRoom(other);
    let page = await patients.page();
    await allowDevices(page, program.patientLink(mine));
    await enterWaitingRoom(page);
    const place = async () => [
        await byId(page, 'queue-number').innerText(), await byId(page, 'ahead').innerText(),
    ];
    const held = await place();
    assert.match(held[1], /^1 /);

    await page.reload();
    await byId(page, 'ahead').waitFor();
    assert.deepEqual(await place(), held);

    await page.context().close();
    page = await patients.page();
    await allowDevices(page, program.patientLink(mine));
    await enterWaitingRoom(page);
    assert.deepEqual(await place(), held);
    await Promise.all([page.context().close(), other.context().close()]);
});

test('in a call a reload on either side, and a reopened link, come back to picture and sound', async () => {
    const { program, patients } = stage;
    const { visit, patient, doctor } = await openCall(stage);

    await patient.reload();
    await untilScreen(patient, 'call');
    await untilBothMedia(patient, doctor);

    await doctor.reload();
    await callScreen(doctor, 'talking').waitFor();
    await untilBothMedia(patient, doctor);

    await patient.context().close();
    await doctor.locator('[data-testid=call-line][data-line=patient_lost]').waitFor({ timeout: 6000 });
    const again = await patients.page();
    await allowDevices(again, program.patientLink(visit));
    await byId(again, 'enter-waiting').click();
    await untilScreen(again, 'call');
    await untilBothMedia(again, doctor);
    await Promise.all([again.context().close(), doctor.context().close()]);
});

test('a closed doctor\'s page opened again finds its call by the day list', async () => {
    const { program, doctors } = stage;
    const { visit, patient, doctor } = await openCall(stage);
    await doctor.context().close();
    const again = await doctors.page({ viewport: DESKTOP });
    await logIn(again, program.url, program.account('doctor'));
    await row(again, visit.visit).locator('a').click();
    await byId(again, 'rejoin').click();
    await callScreen(again, 'talking').waitFor();
    await untilBothMedia(patient, again);
    await Promise.all([patient.context().close(), again.context().close()]);
});

test('a second tab is asked, takes the call over, and the first one stops', async () => {
    const { program, patients } = stage;
    const { visit, patient, doctor } = await openCall(stage);
    const second = await patients.pageIn(patient.context());
    await allowDevices(second, program.patientLink(visit));
    await byId(second, 'enter-waiting').click();
    await untilScreen(second, 'occupied');
    await byId(second, 'take-over').click();
    await untilScreen(patient, 'replaced');
    await untilScreen(second, 'call');
    await Promise.all([untilMedia(second, DOCTOR), untilMedia(doctor, PATIENT)]);
    await byId(patient, 'screen-replaced').waitFor();
    assert.equal(await patient.evaluate(() => probe.live()), null, 'the loser still has a connection');
    await Promise.all([patient.context().close(), doctor.context().close()]);
});
