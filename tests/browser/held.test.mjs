// SPDX-License-Identifier: Apache-2.0
// Visits without video in browsers: who is phoned, who comes to the facility, whom nobody phones, who was asked to
// come in the call. Layout and axe on each state, as the layout tests. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { allowDevices, bookByApi, bookOpenVisit, byId, enterWaitingRoom, freeDoctor, logIn, untilWelcome } from './support/steps.mjs';

const MINUTE_MS = 60_000, HOUR_MS = 3600_000;
const FACILITY = 'Puskesmas Limboto'; // the desk's
const stage = useStage({ hour: 10, patients: { party: PATIENT }, staff: {} });

async function wait(link) {
    const page = await stage.patients.page();
    await allowDevices(page, link);
    await enterWaitingRoom(page);
    return page;
}

async function logInAs(account, viewport = DESKTOP) {
    const page = await stage.staff.page({ viewport });
    await logIn(page, stage.program.url, account);
    return page;
}

const doctorOf = (ticket) => stage.program.accounts().find((one) => one.name === ticket.doctor);
const rowOf = (page, ticket, state = '') => page.locator(`li[data-visit="${ticket.visit}"]${state && `[data-state=${state}]`}`);

async function send(account, method, path, body) {
    const headers = await stage.program.logIn(account);
    const reply = await stage.program.request(method, path, { headers, body });
    assert.equal(reply.status, 200, reply.text);
}

const convert = (ticket, to) => send(stage.program.account('desk'), 'POST', `/api/v1/visits/${ticket.visit}/convert`,
    { to, reason: 'sinyal pasien lemah' });

async function close(...pages) {
    for (const page of pages) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
}

test('who waits is phoned: patient, desk and doctor read and say it', async () => {
    const { program } = stage;
    const inspector = new Inspector();
    const ticket = await bookOpenVisit(program, FACILITY);
    const patient = await wait(ticket.link);
    const [doctor, desk] = [await logInAs(doctorOf(ticket)), await logInAs(program.account('desk'))];
    await rowOf(desk, ticket).locator('[data-testid=manage-queue]').click();
    await desk.locator('input[value=phone]').click();
    await byId(desk, 'queue-submit').click();
    await desk.locator('#convert-reason:focus').waitFor();
    const [fault, actions] = await Promise.all(['#convert-reason-error', '[data-testid=queue-dialog] .dialog-actions']
        .map((what) => desk.locator(what).boundingBox()));
    assert.ok(fault.y + fault.height <= actions.y, 'what is wrong lies below the actions');
    await inspector.look(desk, 'desk-convert');
    await desk.fill('#convert-reason', 'sinyal pasien lemah');
    await byId(desk, 'queue-submit').click();
    await byId(patient, 'held').filter({ hasText: 'Dokter akan menelepon Anda' }).waitFor();
    await inspector.look(patient, 'patient-phoned');
    await byId(doctor, 'to-phone').filter({ hasText: ticket.number }).waitFor();
    await inspector.look(doctor, 'doctor-to-phone');
    await byId(doctor, 'to-phone-open').click();
    await byId(doctor, 'phone-show').click();
    await byId(doctor, 'phone-call').waitFor();
    await byId(doctor, 'to-phone').waitFor({ state: 'detached' });
    await inspector.look(doctor, 'doctor-phone');
    await byId(doctor, 'held-done').click();
    await rowOf(doctor, ticket, 'done').waitFor();
    await byId(patient, 'ended').filter({ hasText: 'sudah selesai' }).waitFor();
    await close(doctor, desk, patient);
    inspector.assertClean();
});

test('who is booked is asked to come and comes: number, place and call on the page as it changes', async () => {
    const { program } = stage;
    const inspector = new Inspector();
    const ticket = await bookByApi(program, HOUR_MS, FACILITY);
    const [doctor, desk] = [await logInAs(doctorOf(ticket)), await logInAs(program.account('desk'))];
    await doctor.goto(`${program.url}/dokter/${ticket.visit}`);
    await byId(doctor, 'manage-queue').click();
    /* On a phone, too, what is chosen, what it means and the reason stand above the actions. */
    await doctor.setViewportSize(PHONE);
    await doctor.locator('input[value=in_person]').click();
    const bottomOf = async (what) => doctor.locator(what).boundingBox().then((box) => box.y + box.height);
    const below = await doctor.locator('[data-testid=queue-dialog] .dialog-actions').boundingBox();
    for (const what of ['.choice:has(input:checked) .choice-hint', '#convert-reason']) assert.ok(await bottomOf(what) <= below.y, what);
    await doctor.setViewportSize(DESKTOP);
    await doctor.fill('#convert-reason', 'perlu diperiksa langsung');
    await inspector.look(doctor, 'doctor-convert');
    await byId(doctor, 'queue-submit').click();
    await rowOf(doctor, ticket).locator('[data-testid=mark-way]').waitFor();
    const patient = await stage.patients.page({ viewport: PHONE });
    const hears = untilWelcome(patient);
    await patient.goto(ticket.link);
    await byId(patient, 'held').filter({ hasText: 'Datang ke klinik' }).waitFor();
    await byId(patient, 'held-place').filter({ hasText: `${FACILITY}, ` }).waitFor();
    await byId(patient, 'held').filter({ hasText: 'Bawa KTP' }).waitFor();
    await byId(patient, 'queue-number').filter({ hasText: ticket.number }).waitFor();
    await hears; // without the device check, an hour before
    await inspector.look(patient, 'patient-asked-to-come');

    await rowOf(desk, ticket).locator('[data-testid=mark-way]').waitFor();
    await rowOf(desk, ticket).locator('[data-testid=manage-queue]').click();
    await desk.locator('input[value=arrived]').click();
    await inspector.look(desk, 'desk-arrived');
    await byId(desk, 'queue-submit').click();
    await rowOf(desk, ticket, 'checked_in').waitFor();
    await inspector.look(desk, 'desk-in-person');
    await byId(patient, 'ahead').waitFor(); // pushed
    await byId(patient, 'held').filter({ hasText: 'Tunggu di ruang tunggu' }).waitFor();
    await byId(patient, 'queue-number').filter({ hasText: ticket.number }).waitFor();
    await inspector.look(patient, 'patient-in-person-waits');
    /* The place comes by the socket: until there is one the page does not say that it is the patient's turn. */
    let open;
    const mayOpen = new Promise((resolve) => (open = resolve));
    await patient.routeWebSocket(/\/ws$/, async (socket) => {
        await mayOpen;
        socket.connectToServer();
    });
    await patient.reload();
    await byId(patient, 'held').locator('h1').filter({ hasText: 'Memeriksa giliran Anda' }).waitFor();
    await byId(patient, 'queue-number').filter({ hasText: ticket.number }).waitFor();
    await inspector.look(patient, 'patient-in-person-loaded-again');
    open();
    await byId(patient, 'ahead').waitFor();
    await byId(doctor, 'held').filter({ hasText: 'layar ruang tunggu' }).waitFor();
    await freeDoctor(program, ticket.doctor);
    await rowOf(doctor, ticket).locator('[data-testid=call]').click();
    await rowOf(doctor, ticket, 'called').waitFor();
    await byId(patient, 'held').filter({ hasText: 'Giliran Anda, silakan masuk' }).waitFor();
    assert.equal(await patient.evaluate(() => window.probe?.connections.length ?? 0), 0, 'no call is made');
    await byId(patient, 'held').filter({ hasText: `${ticket.doctor} menunggu Anda di Poli Umum. Tidak tahu ruangannya? Tanya loket.` }).waitFor();
    assert.equal(await byId(patient, 'held-place').count(), 0, 'who is called is there already');
    await inspector.look(patient, 'patient-in-person-called');
    await inspector.look(doctor, 'doctor-in-person');
    await byId(doctor, 'held-done').click();
    await rowOf(doctor, ticket, 'done').waitFor();
    await byId(patient, 'ended').filter({ hasText: 'sudah selesai' }).waitFor();
    await close(doctor, desk, patient);
    inspector.assertClean();
});

test('by video again: the page checks camera and microphone before anybody waits', async () => {
    const { program } = stage;
    const ticket = await bookOpenVisit(program, FACILITY);
    await convert(ticket, 'in_person');
    const patient = await stage.patients.page();
    const hears = untilWelcome(patient);
    await patient.goto(ticket.link);
    await byId(patient, 'held').waitFor();
    await hears;
    await convert(ticket, 'video');
    await byId(patient, 'allow-devices').click();
    await byId(patient, 'preview').waitFor();
    const desk = await logInAs(program.account('desk'));
    await rowOf(desk, ticket, 'booked').waitFor();
    await enterWaitingRoom(patient);
    await rowOf(desk, ticket, 'checked_in').waitFor();
    await close(desk, patient);
});

test('who was asked to come in the call: the desk says whether they did', async () => {
    const { program } = stage;
    const inspector = new Inspector();
    const ticket = await bookOpenVisit(program, FACILITY);
    const patient = await wait(ticket.link);
    await freeDoctor(program, ticket.doctor);
    await send(doctorOf(ticket), 'POST', `/api/v1/visits/${ticket.visit}/call`);
    await send(doctorOf(ticket), 'POST', `/api/v1/visits/${ticket.visit}/end`, { outcome: 'converted_in_person' });
    await byId(patient, 'ended').filter({ hasText: 'Datang ke klinik' }).waitFor();
    await inspector.look(patient, 'patient-ended-in-person');
    const [doctor, desk] = [await logInAs(doctorOf(ticket)), await logInAs(program.account('desk'))];
    await byId(desk, 'day-list').locator(`li[data-visit="${ticket.visit}"]`).waitFor(); // not yet below, with those who are done
    await inspector.look(desk, 'desk-came');
    await rowOf(desk, ticket).locator('[data-testid=came-no]').click();
    for (const page of [desk, doctor]) await rowOf(page, ticket).locator('[data-testid=mark-came][data-came=false]').waitFor();
    await byId(desk, 'day-list-over').locator(`li[data-visit="${ticket.visit}"]`).waitFor();
    /* They have not talked, and not met since: said where the doctor signs. */
    await doctor.goto(`${program.url}/dokter/${ticket.visit}`);
    await doctor.fill('#note-assessment', 'ISPA');
    await byId(doctor, 'note-sign').click();
    await byId(doctor, 'sign-submit').click();
    await doctor.locator('.note-sign [data-testid=sign-unmet]').filter({ hasText: 'bicara dengan pasien' }).waitFor();
    assert.equal(await byId(doctor, 'note-problem').count(), 0);
    await inspector.look(doctor, 'doctor-unmet');
    await rowOf(desk, ticket).locator('[data-testid=came-yes]').click();
    for (const page of [desk, doctor]) await rowOf(page, ticket).locator('[data-testid=mark-came][data-came=true]').waitFor();
    await inspector.look(desk, 'desk-has-come');
    /* Now they have met. */
    await byId(doctor, 'note-sign').click();
    await byId(doctor, 'sign-submit').click();
    await byId(doctor, 'note-sign').waitFor({ state: 'detached' });
    await close(doctor, desk, patient);
    inspector.assertClean();
});

test('whom nobody phones: doctor and desk read it, then the administrator, and the patient is told', async () => {
    const { program } = stage;
    const inspector = new Inspector();
    const ticket = await bookOpenVisit(program, FACILITY);
    await convert(ticket, 'phone');
    const patient = await stage.patients.page({ viewport: PHONE });
    await patient.goto(ticket.link);
    await byId(patient, 'held').filter({ hasText: 'Dokter akan menelepon Anda' }).waitFor();
    const [doctor, desk] = [await logInAs(doctorOf(ticket)), await logInAs(program.account('desk'), PHONE)];
    const line = (page) => byId(page, 'unanswered').locator('li', { hasText: ticket.number }).locator('[data-testid=not-phoned]');
    await program.passTime(ticket.starts_at_ms + 10 * MINUTE_MS + 1000 - program.now());
    for (const page of [doctor, desk]) await line(page).waitFor();
    await patient.getByText('Dokter dan loket sudah diberi tahu').waitFor();
    await inspector.look(patient, 'patient-phoned-late');
    await inspector.look(doctor, 'doctor-not-phoned');
    await inspector.look(desk, 'desk-not-phoned');
    const admin = await logInAs(program.account('admin'));
    const before = program.log.length;
    await program.passTime(10 * MINUTE_MS);
    await program.untilLogged(/unanswered patients/, before);
    await byId(admin, 'unanswered').locator('li', { hasText: FACILITY }).filter({ hasText: ticket.number }).locator('[data-testid=not-phoned]').waitFor();
    await inspector.look(admin, 'settings-not-phoned');
    await byId(doctor, 'to-phone-open').filter({ hasText: ticket.number }).click();
    await byId(doctor, 'phone-show').click();
    for (const page of [doctor, desk]) await line(page).waitFor({ state: 'detached' });
    await close(doctor, desk, admin, patient);
    inspector.assertClean();
});
