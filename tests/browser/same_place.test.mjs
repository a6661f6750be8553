// SPDX-License-Identifier: Apache-2.0
// A reload, a closed and reopened page, a second tab: the same place, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import {
    allowDevices, book, byId, callScreen, chooseSlot, enterWaitingRoom, fillPerson, logIn, openCall, row, SITI,
    untilBothMedia, untilMedia, untilScreen,
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

test('a booking page that is loaded again keeps what was typed, books once, and has its ticket', async () => {
    const { program, patients } = stage;
    const page = await patients.page();
    await page.goto(program.url);
    const held = page.waitForResponse((reply) => reply.url().endsWith('/api/v1/holds') && reply.ok());
    await chooseSlot(page);
    await fillPerson(page, SITI);
    await held;
    await page.reload();
    await byId(page, 'step-details').waitFor();
    assert.equal(await page.inputValue('#name'), SITI.name);
    assert.equal(await page.inputValue('#phone'), SITI.phone);
    await byId(page, 'to-review').click();

    /* The server books, the answer gets lost, and the person loads the page again. */
    let lost = null;
    await page.route('**/api/v1/bookings', async (route) => {
        const reply = await route.fetch();
        lost ??= await reply.json();
        await route.abort();
    });
    await byId(page, 'book').click();
    await page.getByRole('status').filter({ hasText: 'Mencoba lagi' }).waitFor();
    await page.unroute('**/api/v1/bookings');
    await page.reload();
    await byId(page, 'step-review').filter({ hasText: SITI.name }).waitFor();
    const ticket = await book(page);
    assert.equal(ticket.visit, lost.visit);
    assert.equal(ticket.link, lost.link);

    await page.reload();
    await byId(page, 'ticket').filter({ hasText: SITI.name }).waitFor();
    assert.equal(await page.inputValue('#ticket-link'), lost.link);
    await page.goto('about:blank');
    /* Called up anew it is a new booking, with the ticket at hand. */
    await page.goto(`${program.url}/`);
    await page.getByRole('button', { name: 'Lihat tiket' }).click();
    assert.equal(await page.inputValue('#ticket-link'), lost.link);

    await byId(page, 'another').click();
    await byId(page, 'step-facility').waitFor();
    await page.reload();
    await byId(page, 'step-facility').waitFor();
    assert.equal(await page.evaluate(() => JSON.stringify({ ...sessionStorage }).includes('Siti')), false);
    await chooseSlot(page);
    assert.equal(await page.inputValue('#name'), '');
    await page.context().close();
});

test('a page whose first frame is late shows what came before it', async () => {
    const { program, patients } = stage;
    const page = await patients.page();
    await page.addInitScript(() => { window.requestAnimationFrame = () => 0; });
    await page.goto(program.url);
    /* From the second time on all but the answer is there. */
    for (let n = 0; n < 3; n++) {
        await page.reload();
        await byId(page, 'step-facility').waitFor();
    }
    await page.context().close();
});

test('a fixed line is taken, and said to get no messages, on the form and on the ticket', async () => {
    const { program, patients } = stage;
    const page = await patients.page();
    await page.goto(program.url);
    await chooseSlot(page);
    await fillPerson(page, { ...SITI, name: 'Yanti Pakaya' });
    assert.equal(await byId(page, 'no-messages').count(), 0);
    await page.fill('#phone', '0435 821 123');
    await byId(page, 'no-messages').waitFor();
    await byId(page, 'to-review').click();
    await book(page);
    await page.locator('main').getByText('Nomor ini tidak bisa menerima SMS. Simpan tautan ini.').waitFor();
    await page.context().close();
});

test('who books for a child under 14 says so first', async () => {
    const { program, patients } = stage;
    const page = await patients.page();
    await page.goto(program.url);
    await chooseSlot(page);
    await fillPerson(page, { ...SITI, name: 'Zaki Hasan', year: String(new Date(program.now()).getUTCFullYear() - 5) });
    await byId(page, 'to-review').click();
    await page.locator('#for-whom-error').waitFor();
    await page.selectOption('#for-whom', 'parent');
    await page.locator('#for-whom-error').waitFor({ state: 'detached' });
    await page.fill('#contact-name', 'Rina Hasan');
    await byId(page, 'to-review').click();
    await byId(page, 'step-review').filter({ hasText: 'Rina Hasan (orang tua)' }).waitFor();
    await page.context().close();
});

test('what was typed is not shown to who calls the booking page up anew in the same tab', async () => {
    const { program, patients } = stage;
    const page = await patients.page();
    await page.goto(program.url);
    await chooseSlot(page);
    await fillPerson(page, SITI);
    await page.goto('about:blank');
    await page.goto(`${program.url}/`);
    await chooseSlot(page);
    assert.equal(await page.inputValue('#name'), '');
    await page.context().close();
});
