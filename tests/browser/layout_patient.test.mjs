// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 8: a patient's pages up to the call.
// Looked at as inspector.mjs does. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { DESKTOP, PATIENT, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { HOUR_MS, LONG, reshape, waitReply } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import {
    allowDevices, book, bookByApi, byId, chooseSlot, enterWaitingRoom, fillPerson, logIn,
    row, SITI, untilScreen, untilWelcome,
} from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, refused: { media: 'denied' } });
const inspect = inspectPages(() => stage.patients);

inspect('booking', { viewport: PHONE }, async (page, look) => {
    await page.goto(stage.program.url);
    await byId(page, 'step-facility').waitFor();
    await look('booking-1-facility');
    await byId(page, 'facility').first().click();
    for (const step of ['clinic', 'doctor']) {
        await page.locator('[data-testid^=step-]:not([data-testid=step-facility])').waitFor();
        if (!(await byId(page, `step-${step}`).isVisible())) continue;
        await look(`booking-2-${step}`);
        await byId(page, step).first().click();
    }
    await byId(page, 'slot').first().waitFor();
    await look('booking-3-time');
    await byId(page, 'slot').last().click();
    await byId(page, 'to-review').click();
    await page.locator('#name-error').waitFor();
    await look('booking-4-details-wrong');
    await fillPerson(page, { ...LONG, nik: '7571024203540001' });
    await page.fill('#reason', 'Batuk berdahak sejak tiga hari, demam naik turun, kadang sesak waktu malam');
    await look('booking-4-details');
    await byId(page, 'to-review').click();
    await byId(page, 'book').waitFor();
    await page.locator('.review-value', { hasText: 'Batuk berdahak' }).waitFor();
    await page.locator('.review-value', { hasText: 'Konsultasi video · gratis' }).waitFor(); // the clinic has no service
    await look('booking-5-review');
    await page.route('**/api/v1/bookings', async (route) => {
        const body = { ...route.request().postDataJSON(), name: 'Fatma Lihawa' };
        await stage.program.request('POST', '/api/v1/bookings', { body });
        await route.continue();
    }, { times: 1 });
    await byId(page, 'book').click();
    await byId(page, 'nearest').first().waitFor();
    await look('booking-5-taken');
    await byId(page, 'nearest').first().click();
    await byId(page, 'slot-taken').waitFor({ state: 'detached' });
    await book(page);
    await look('booking-6-ticket');
});

/* As the API answers who asks again (tests/system/no_phone.test.mjs). */
inspect('a ticket whose link was replaced meanwhile says so, and whom to phone', { viewport: PHONE }, async (page, look) => {
    await page.goto(stage.program.url);
    await chooseSlot(page);
    await fillPerson(page, SITI);
    await byId(page, 'to-review').click();
    await reshape(page, '**/api/v1/bookings', (booked) => ({ ...booked, link: null }), { method: 'POST' });
    await book(page);
    await byId(page, 'link-replaced').waitFor();
    assert.equal(await byId(page, 'ticket-link').count(), 0);
    await look('booking-6-ticket-replaced');
});

inspect('booking a number of a session, for a service', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    const headers = await program.logIn(program.account('admin'));
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const clinic = facilities.flatMap((one) => one.clinics).find((one) => one.name === 'Poli KIA').id;
    for (const body of [{ name: 'Periksa kehamilan', mode: 'video', duration_minutes: 15, price_rupiah: 0 },
        { name: 'Kunjungan bayi baru lahir, imunisasi dan menyusui', mode: 'assisted', duration_minutes: 30, price_rupiah: 125_000 }]) {
        const reply = await program.request('POST', '/api/v1/directory/services', { headers, body: { clinic, ...body } });
        assert.equal(reply.status, 201, reply.text);
    }
    await page.goto(program.url);
    await byId(page, 'facility').filter({ hasText: 'Limboto' }).click();
    await byId(page, 'clinic').filter({ hasText: 'KIA' }).click();
    await byId(page, 'service').nth(1).waitFor();
    await look('booking-2-service');
    await byId(page, 'service').first().click();
    await byId(page, 'service-chosen').waitFor();
    await byId(page, 'day').nth(1).click();
    await byId(page, 'session').waitFor();
    await look('booking-session');
    await byId(page, 'session').click();
    /* By her mother, of whose name as much is to be seen. */
    const born = new Date(program.now() - 40 * 24 * HOUR_MS);
    await fillPerson(page, { ...LONG, day: String(born.getUTCDate()), month: String(born.getUTCMonth() + 1), year: String(born.getUTCFullYear()) });
    await byId(page, 'minor').waitFor();
    await look('booking-minor');
    await page.selectOption('#for-whom', 'parent');
    await page.fill('#mother-nik', '7571');
    await byId(page, 'to-review').click();
    await page.locator('#contact-name-error').waitFor();
    await look('booking-family-wrong');
    await page.fill('#contact-name', `Ny. ${LONG.name}`);
    await page.fill('#mother-nik', '7571025708900001');
    await look('booking-family');
    await byId(page, 'to-review').click();
    await byId(page, 'book').waitFor();
    await byId(page, 'consent-text').locator('summary').click();
    await look('booking-session-review');
    await book(page);
    await byId(page, 'ticket-session').waitFor();
    await look('booking-session-ticket');
});

inspect('the wait list', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    await page.route('**/api/v1/slots?*', (route) => route.fulfill({ json: { days: [] } }));
    await page.goto(program.url);
    await byId(page, 'facility').filter({ hasText: 'Limboto' }).click();
    await byId(page, 'clinic').filter({ hasText: 'Umum' }).click();
    await page.locator('[data-testid=step-doctor], [data-testid=no-time]').first().waitFor();
    if (await byId(page, 'step-doctor').isVisible()) await byId(page, 'doctor').first().click();
    await byId(page, 'no-time').waitFor();
    await look('wait-1-no-time');
    await byId(page, 'wait').click();
    await fillPerson(page, { ...LONG, phone: '0812 4455 6677' });
    await byId(page, 'to-review').click();
    await byId(page, 'book').waitFor();
    await look('wait-2-review');
    /* By day the list makes an offer of its own within seconds. */
    let answer = () => waitReply(program, { offer: null, ahead: 2 });
    await page.route('**/api/v1/wait-list/look', (route) => route.fulfill({ json: answer() }));
    await byId(page, 'book').click();
    await byId(page, 'wait-waiting').waitFor();
    assert.match(page.url(), /\/tunggu$/, 'no secret stands in the address');
    await look('wait-3-waiting');
    answer = () => waitReply(program);
    await page.reload();
    await byId(page, 'wait-offer').waitFor();
    await look('wait-4-offer');
    const problem = { type: '/masalah/own-booking', title: 'x', detail: 'Orang ini sudah punya janji lain pada waktu itu. Pilih waktu lain, atau batalkan dahulu janji yang lama.' };
    await page.route('**/api/v1/wait-list/accept', (route) => route.fulfill({ status: 409, json: problem }));
    await byId(page, 'accept').click();
    await byId(page, 'refused').filter({ hasText: 'Anda sudah punya janji lain' }).waitFor();
    await look('wait-5-refused');
    const { offer } = waitReply(program);
    const booking = { visit: 'v', code: 'MTMR2H', number: 'B-12', starts_at_ms: offer.turn_at_ms, ends_at_ms: offer.turn_at_ms, opens_at_ms: 0,
        facility: 'Puskesmas Limboto', clinic: 'Poli Kesehatan Ibu dan Anak', doctor: offer.doctor, phone: '0435-881234',
        link: `${program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`, warnings: [], session: null, service: null };
    await page.route('**/api/v1/wait-list/accept', (route) => route.fulfill({ status: 201, json: booking }));
    await byId(page, 'accept').click();
    await byId(page, 'open-visit').waitFor();
    assert.equal(await byId(page, 'open-visit').getAttribute('href'), '/v/AAAAAAAAAAAAAAAAAAAAAA');
    await look('wait-5-taken');
    answer = () => waitReply(program, { offer: { ...waitReply(program).offer, kept: false } });
    await page.reload();
    await byId(page, 'wait-offer').waitFor();
    await look('wait-6-open');
    answer = () => waitReply(program, { offer: null, ahead: 0, last_offer: { state: 'lost', turn_at_ms: waitReply(program).offer.turn_at_ms } });
    await byId(page, 'decline').click();
    await page.reload();
    await byId(page, 'last-offer').waitFor();
    await byId(page, 'leave').click();
    await look('wait-7-lost-leave');
    answer = () => waitReply(program, { offer: null, state: 'lapsed' });
    await page.reload();
    await byId(page, 'wait-over').waitFor();
    await look('wait-8-over');
    answer = () => waitReply(program, { offer: null, state: 'booked' });
    await page.reload();
    await byId(page, 'wait-booked').waitFor();
    await look('wait-9-booked');
    /* Leaving is the list's own. A second telephone is told by the socket: by itself it would ask after two minutes. */
    const other = await stage.patients.page({ viewport: PHONE });
    const token = await page.evaluate(() => sessionStorage.getItem('huyula.wait.token'));
    const hears = untilWelcome(other);
    await other.goto(`${program.url}/tunggu/${token}`);
    await hears;
    await byId(other, 'wait-waiting').or(byId(other, 'wait-offer')).waitFor();
    let state = 'waiting';
    page.on('request', (request) => request.url().endsWith('/wait-list/leave') && (state = 'left'));
    answer = () => waitReply(program, { offer: null, state });
    await page.reload();
    await byId(page, 'leave').click();
    const left = page.waitForResponse('**/api/v1/wait-list/leave');
    await byId(page, 'leave-yes').click();
    assert.equal((await left).status(), 204);
    for (const one of [page, other]) await byId(one, 'wait-over').waitFor();
    await other.context().close();
});

inspect('the pages of links that do not open, and of no page', {}, async (page, look) => {
    const { program } = stage;
    await page.goto(`${program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`);
    await byId(page, 'problem').waitFor();
    await byId(page, 'facility-phones').waitFor();
    assert.equal(await page.locator('main .button.primary').count(), 0, 'most who come here are booked');
    await page.locator('.page-more a[href="/"]').waitFor();
    await look('patient-invalid');
    await page.goto((await bookByApi(program, 2 * HOUR_MS)).link);
    await untilScreen(page, 'early');
    await look('patient-early');
    await page.goto(`${program.url}/tidak-ada`);
    await page.getByRole('heading').waitFor();
    await look('missing');
});

inspect('devices refused', {}, async (page, look) => {
    const { program, refused } = stage;
    const [visit] = await program.visits();
    const other = await refused.page();
    await other.goto(program.patientLink(visit));
    await byId(other, 'allow-devices').click();
    await byId(other, 'media-denied').waitFor();
    await look('patient-check-denied', other);
    await other.context().close();
    await page.addInitScript(() => delete window.RTCPeerConnection);
    await page.goto(program.patientLink(visit));
    await byId(page, 'no-webrtc').waitFor();
    await look('patient-no-webrtc');
});

inspect('waiting, on both sides', {}, async (patient, look) => {
    const { program, patients } = stage;
    const [visit] = await program.visits(4);
    const doctor = await patients.page({ viewport: DESKTOP });
    await patient.goto(program.patientLink(visit));
    await byId(patient, 'allow-devices').waitFor();
    await look('patient-check');
    await allowDevices(patient, program.patientLink(visit));
    await look('patient-check-ready');
    await enterWaitingRoom(patient);
    await look('patient-waiting');
    await byId(patient, 'leave-queue').click();
    await look('patient-leave-dialog');
    await byId(patient, 'stay-in-queue').click();

    await logIn(doctor, program.url, program.account('doctor'));
    await row(doctor, visit.visit).waitFor();
    await look('doctor-day', doctor);
    await row(doctor, visit.visit).locator('a').click();
    await byId(doctor, 'new-link').waitFor();
    await look('doctor-visit-waiting', doctor);
    await byId(doctor, 'new-link').click();
    await byId(doctor, 'link-dialog').waitFor();
    await look('doctor-link-dialog', doctor);
    await doctor.keyboard.press('Escape');
    await byId(doctor, 'cancel-visit').click();
    await byId(doctor, 'cancel-dialog').waitFor();
    await look('doctor-cancel-dialog', doctor);
    await doctor.keyboard.press('Escape');
    await doctor.context().close();
});

inspect('a guest before the call', {}, async (page, look) => {
    const { program } = stage;
    const [visit] = await program.visits();
    const headers = await program.logIn(program.account('doctor'));
    const reply = await program.request('POST', `/api/v1/visits/${visit.visit}/guests`,
        { headers, body: { label: 'family' } });
    await allowDevices(page, reply.json().link);
    await byId(page, 'enter-waiting').click();
    await byId(page, 'guest-line').waitFor();
    await look('guest-waiting');
});
