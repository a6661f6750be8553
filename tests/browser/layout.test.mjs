// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 8: every page and state at 360x740 and 1280x800 in both languages: nothing wider
// than the page, nothing cut off or overlapping, axe clean. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, DESKTOP, DOCTOR, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { daysReply, HOUR_MS, hoursReply, LONG, waitReply } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import {
    acceptCall, allowDevices, book, bookByApi, byId, callPatient, callScreen,
    enterWaitingRoom, fillPerson, logIn, row, untilBothMedia, untilScreen,
} from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });

/** Looks around in pages of its own; all faults are told at once. */
function inspect(name, options, tour, browserOf = () => stage.patients) {
    test(name, async () => {
        const inspector = new Inspector();
        const page = await browserOf().page(options);
        await tour(page, (state) => inspector.look(page, state), inspector);
        await page.context().close();
        inspector.assertClean();
    });
}

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
    await look('booking-4-details');
    await byId(page, 'to-review').click();
    await byId(page, 'book').waitFor();
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
    await book(page);
    await look('booking-6-ticket');
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
    await byId(page, 'refused').waitFor();
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
    /* Leaving is the list's own. */
    answer = () => waitReply(program, { offer: null });
    await page.reload();
    await byId(page, 'leave').click();
    answer = () => waitReply(program, { offer: null, state: 'left' });
    const left = page.waitForResponse('**/api/v1/wait-list/leave');
    await byId(page, 'leave-yes').click();
    assert.equal((await left).status(), 204);
    await byId(page, 'wait-over').waitFor();
});

inspect('the wait list at the desk', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'wait-list').click();
    await byId(page, 'wait-none').waitFor();
    await look('desk-wait-none');
    await byId(page, 'wait-add').click();
    await byId(page, 'walk-in-submit').click();
    await page.locator('#walk-in-name-error').waitFor();
    await look('desk-wait-add-wrong');
    await page.fill('#walk-in-name', LONG.name);
    await page.fill('#walk-in-birth_date', '02-03-1954');
    await page.fill('#walk-in-phone', '0812 9988 7766');
    await page.locator('#walk-in-consent').check();
    await byId(page, 'walk-in-submit').click();
    await page.getByRole('heading', { name: LONG.name }).waitFor();
    await look('desk-wait-added');
    await byId(page, 'link-close').click();
    await byId(page, 'wait-row').waitFor();
    await byId(page, 'wait-first').click();
    await byId(page, 'wait-step').click();
    await page.locator('#wait-reason-error').waitFor();
    await look('desk-wait-first-wrong');
    await page.fill('#wait-reason', 'Kontrol setelah operasi, rujukan RSUD Prof. Dr. H. Aloei Saboe');
    await byId(page, 'wait-step').click();
    await byId(page, 'wait-urgent').waitFor();
    await look('desk-wait-list');
    await byId(page, 'wait-remove').click();
    await look('desk-wait-remove');
    await byId(page, 'wait-step').click();
    await byId(page, 'wait-none').waitFor();
});

inspect('the pages of links that do not open, and of no page', {}, async (page, look) => {
    const { program } = stage;
    await page.goto(`${program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`);
    await byId(page, 'problem').waitFor();
    await look('patient-invalid');
    await page.goto((await bookByApi(program, 2 * HOUR_MS)).link);
    await untilScreen(page, 'early');
    await look('patient-early');
    await page.goto(`${program.url}/tidak-ada`);
    await page.getByRole('heading').waitFor();
    await look('missing');
});

inspect('devices refused', {}, async (page, look) => {
    const [visit] = await stage.program.visits();
    const refused = await Browser.start({ media: 'denied' });
    try {
        const other = await refused.page();
        const inspector = new Inspector();
        await other.goto(stage.program.patientLink(visit));
        await byId(other, 'allow-devices').click();
        await byId(other, 'media-denied').waitFor();
        await inspector.look(other, 'patient-check-denied');
        inspector.assertClean();
    } finally {
        await refused.close();
    }
    await page.addInitScript(() => delete window.RTCPeerConnection);
    await page.goto(stage.program.patientLink(visit));
    await byId(page, 'no-webrtc').waitFor();
    await look('patient-no-webrtc');
});

test('a visit on both sides, from the device check to the record', async () => {
    const { program, patients, doctors } = stage;
    const inspector = new Inspector();
    const visits = await program.visits(4);
    const visit = visits[0];
    const patient = await patients.page();
    const doctor = await doctors.page({ viewport: DESKTOP });
    const look = (page, name) => inspector.look(page, name);

    await patient.goto(program.patientLink(visit));
    await byId(patient, 'allow-devices').waitFor();
    await look(patient, 'patient-check');
    await allowDevices(patient, program.patientLink(visit));
    await look(patient, 'patient-check-ready');
    await enterWaitingRoom(patient);
    await look(patient, 'patient-waiting');
    await byId(patient, 'leave-queue').click();
    await look(patient, 'patient-leave-dialog');
    await byId(patient, 'stay-in-queue').click();

    await logIn(doctor, program.url, program.account('doctor'));
    await row(doctor, visit.visit).waitFor();
    await look(doctor, 'doctor-day');
    await row(doctor, visit.visit).locator('a').click();
    await byId(doctor, 'new-link').waitFor();
    await look(doctor, 'doctor-visit-waiting');
    await byId(doctor, 'new-link').click();
    await byId(doctor, 'link-dialog').waitFor();
    await look(doctor, 'doctor-link-dialog');
    await doctor.keyboard.press('Escape');
    await byId(doctor, 'cancel-visit').click();
    await byId(doctor, 'cancel-dialog').waitFor();
    await look(doctor, 'doctor-cancel-dialog');
    await doctor.keyboard.press('Escape');
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

inspect('log-in, and a doctor without visits', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await page.goto(`${program.url}/masuk`);
    await byId(page, 'login-submit').waitFor();
    await look('login');
    await byId(page, 'login-submit').click();
    await look('login-missing');
    await page.fill('#login', 'yusuf');
    await page.fill('#password', 'salah');
    await byId(page, 'login-submit').click();
    await byId(page, 'login-fault').waitFor();
    await look('login-wrong');
    await logIn(page, program.url, program.account('doctor', 0));
    await byId(page, 'day-previous').click();
    await byId(page, 'day-empty').waitFor();
    await look('doctor-day-empty');
});

inspect('the desk', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'filter-all').waitFor();
    await look('desk');
    /* On a phone the patients come first, and what else there is lies behind one button. */
    await page.setViewportSize(PHONE);
    const { y } = await page.locator('.desk-row').first().boundingBox();
    assert.ok(y < PHONE.height * 0.6, `the first patient begins at ${y} px`);
    assert.ok(!(await byId(page, 'to-board').isVisible()));
    await byId(page, 'desk-menu').click();
    await byId(page, 'to-board').waitFor();
    await look('desk-menu');
    await byId(page, 'wait-list').click();
    await byId(page, 'wait-dialog').waitFor();
    await page.keyboard.press('Escape');
    assert.ok(!(await byId(page, 'to-board').isVisible()));
    await page.setViewportSize(DESKTOP);
    await byId(page, 'new-link').first().click();
    await byId(page, 'link-dialog').waitFor();
    await byId(page, 'link-make').click();
    await byId(page, 'link-value').waitFor();
    await look('desk-link');
    await page.keyboard.press('Escape');
    await byId(page, 'cancel-visit').first().click();
    await byId(page, 'cancel-dialog').waitFor();
    await look('desk-cancel');
    await byId(page, 'cancel-submit').click();
    await page.locator('#reason-error').waitFor();
    await look('desk-cancel-unchosen');
});

inspect('the desk: a NIK that comes later, patients taken down twice', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const known = { name: 'Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya', birth_date: '1954-03-02', phone: '0812-4400-1122' };
    const headers = await program.logIn(program.account('desk'));
    const own = (await program.request('GET', '/api/v1/session', { headers })).json().facility.id;
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const clinic = facilities.find((one) => one.id === own).clinics[0].id;
    const walkIn = async (person) => {
        const reply = await program.request('POST', '/api/v1/walk-ins', { headers, body: { clinic, ...person } });
        assert.equal(reply.status, 201, reply.text);
        return reply.json();
    };
    await walkIn({ ...known, nik: '7571020203540003' });
    const later = await walkIn({ ...known, name: 'Abdurrahman Pakaya' });
    await logIn(page, program.url, program.account('desk'));
    await page.locator(`[data-visit="${later.visit}"] [data-testid=manage-queue]`).click();
    await byId(page, 'nik-open').click();
    await byId(page, 'nik-save').click();
    await page.locator('#nik-error').waitFor();
    await look('desk-nik-missing');
    await page.locator('#nik').fill('7571 0202 0354 0003');
    await byId(page, 'nik-save').click();
    await byId(page, 'nik-pairs').waitFor();
    await look('desk-nik-saved');
    await byId(page, 'nik-pairs').click();
    const pair = page.locator('[data-certainty=nik]').first();
    await pair.waitFor();
    await look('people');
    await pair.locator('[data-testid=compare]').click();
    await byId(page, 'merge').click();
    await page.locator('#reason-error').waitFor();
    await look('people-pair-wrong');
    await byId(page, 'keep-0').check();
    await page.locator('#reason').fill('KTP diperiksa di loket, orangnya sama');
    await byId(page, 'merge').click();
    await byId(page, 'done').waitFor();
    await byId(page, 'state-merged').click();
    await byId(page, 'compare').first().click();
    await byId(page, 'pair-events').waitFor();
    await look('people-pair-merged');
    await page.locator('#reason').fill('keliru, ternyata ayah dan anak');
    await byId(page, 'undo').click();
    await byId(page, 'done').waitFor();
    await byId(page, 'state-open').click();
    await page.locator('[data-certainty=nik]').first().waitFor();
});

inspect('an officer books for somebody and prints the ticket', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    const admin = await program.logIn(program.account('admin'));
    const officer = { login: 'camat.limboto', password: 'loket kecamatan limboto' };
    const made = await program.request('POST', '/api/v1/accounts', { headers: admin,
        body: { ...officer, name: 'Yulianti Dunggio', role: 'officer', area: '75.01.01' } });
    assert.equal(made.status, 201, made.text);
    await logIn(page, program.url, officer);
    await byId(page, 'counter-book').waitFor();
    await look('counter-empty');
    await byId(page, 'counter-book').click();
    await byId(page, 'facility').first().click();
    for (const step of ['clinic', 'doctor']) {
        await page.locator('[data-testid^=step-]:not([data-testid=step-facility])').waitFor();
        if (await byId(page, `step-${step}`).isVisible()) await byId(page, step).first().click();
    }
    await byId(page, 'slot').last().click();
    await fillPerson(page, { ...LONG, nik: '7571994203540001' }); // of no kecamatan
    await look('counter-details');
    await byId(page, 'to-review').click();
    await byId(page, 'book').waitFor();
    await look('counter-review');
    await byId(page, 'book').click();
    await byId(page, 'qr').waitFor();
    await byId(page, 'counter-odd').waitFor();
    await look('counter-ticket');
    await byId(page, 'counter-back').click();
    await byId(page, 'counter-ticket').waitFor();
    await look('counter-list');
    await page.goto(`${program.url}/loket`);
    await page.getByRole('link', { name: /halaman/i }).waitFor();
});

inspect('hours: a doctor, a day, what hits bookings', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await bookByApi(program, 26 * HOUR_MS);
    await bookByApi(program, 50 * HOUR_MS);
    await logIn(page, program.url, program.account('doctor', 2));
    await byId(page, 'to-hours').click();
    await byId(page, 'week-days').waitFor();
    await byId(page, 'add-rule').waitFor();
    await look('hours');
    await byId(page, 'add-rule').click();
    await byId(page, 'rule-dialog').waitFor();
    await byId(page, 'break-add').click();
    await look('hours-rule');
    await byId(page, 'mode-session').click();
    await page.fill('#quota', '12');
    await page.fill('#to', '8.6');
    await byId(page, 'weekday-1').click();
    await byId(page, 'rule-save').click();
    await page.locator('#to-error').waitFor();
    await look('hours-rule-wrong');
    await page.fill('#to', '10.00');
    await page.fill('#break-0-from', '9.00');
    await page.fill('#break-0-to', '9.15');
    await byId(page, 'rule-save').click();
    await byId(page, 'failure').waitFor();
    await look('hours-rule-refused');
    await page.keyboard.press('Escape');
    await byId(page, 'add-leave').click();
    await byId(page, 'leave-dialog').waitFor();
    await page.fill('[data-testid=leave-until]', new Date(program.now() + 6 * 24 * HOUR_MS).toISOString().slice(0, 10));
    await look('hours-leave');
    await page.fill('#note', 'Umrah');
    await byId(page, 'leave-dialog-save').click();
    await byId(page, 'hits').waitFor();
    await look('hours-hits');
    await byId(page, 'hits-keep').click();
    await byId(page, 'hits-save').click();
    await byId(page, 'saved').waitFor();
    await byId(page, 'to-kept').click();
    await byId(page, 'kept-row').first().waitFor();
    await byId(page, 'kept-tell').first().click();
    await byId(page, 'kept-done').waitFor();
    await look('hours-kept');
    await byId(page, 'kept-move').first().click();
    await byId(page, 'move-dialog').waitFor();
    await page.keyboard.press('Escape');
    await byId(page, 'kept-back').click();
    await byId(page, 'week-days').waitFor();
    await byId(page, 'week-next').click();
    await byId(page, 'change-day').first().click();
    await byId(page, 'override-dialog').waitFor();
    await look('hours-day-closed');
    await byId(page, 'kind-extra').click();
    await page.fill('#note', 'Posyandu');
    await look('hours-day-extra');
    await byId(page, 'override-dialog-save').click();
    await byId(page, 'override-remove').waitFor();
    await look('hours-exceptions');
    await byId(page, 'leave-remove').click();
    await byId(page, 'remove-dialog').waitFor();
    await look('hours-remove');
    await byId(page, 'remove-dialog-save').click();
    await byId(page, 'leave').waitFor({ state: 'detached' });
    await byId(page, 'kept-note').waitFor({ state: 'detached' });
});

inspect('additional places: at the desk and in its list', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const facility = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const [clinic] = facility.clinics;
    const doctor = clinic.doctors[0].id;
    const date = new Date(program.now() + (8 + 3 * 24) * HOUR_MS).toISOString().slice(0, 10);
    const send = async (path, body, headers = {}) => {
        const reply = await program.request('POST', path, { headers, body });
        assert.equal(reply.status, 201, reply.text);
    };
    const admin = await program.logIn(program.account('admin'));
    await send(`/api/v1/hours/${doctor}/overrides`, { clinic: clinic.id, date, kind: 'extra', from: '04:00', to: '05:00',
        pattern: { mode: 'slots', slot_minutes: 15, extra_percent: 50 } }, admin);
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'extra').click();
    await byId(page, 'extra-none').waitFor();
    await byId(page, 'extra-none-close').waitFor();
    assert.equal(await byId(page, 'walk-in-submit').count(), 0, 'nobody fills in a form that leads nowhere');
    await look('desk-extra-none');
    await page.keyboard.press('Escape');
    for (const [name, time] of [['Hadijah Kasim', '04:00'], [LONG.name, '04:15']]) {
        await send('/api/v1/bookings', { clinic: clinic.id, doctor, starts_at_ms: Date.parse(`${date}T${time}:00+08:00`), name,
            birth_date: '1954-03-02', phone: '0812 9988 7766', lang: 'id' });
    }
    await byId(page, 'extra').click();
    await byId(page, 'extra-place').first().waitFor();
    await byId(page, 'walk-in-submit').click();
    await page.locator('#extra-error').waitFor();
    await look('desk-extra-wrong');
    await byId(page, 'extra-place').nth(1).check();
    await page.fill('#walk-in-name', LONG.name);
    await page.fill('#walk-in-birth_date', '02-03-1985'); // a daughter: nobody has two visits at a time
    await page.fill('#walk-in-phone', '0812 9988 7766');
    await page.fill('#walk-in-nik', '7371014203850001'); // of another province
    await byId(page, 'walk-in-submit').click();
    await byId(page, 'walk-in-number').waitFor();
    await byId(page, 'odd').waitFor();
    await look('desk-extra-given');
    await byId(page, 'link-close').click();
    await byId(page, 'day-date').fill(date);
    await page.locator('.desk-row .mark').filter({ hasText: 'Tambahan' }).waitFor();
    await look('desk-extra-list');
    await byId(page, 'move-visit').first().click();
    await byId(page, 'extra-place').first().waitFor();
    await look('desk-move-extra');
    await page.context().clearCookies();

    /* The last one is given by a coordinator, from the hours. */
    const account = { login: 'koordinator', password: 'kata sandi yang panjang' };
    await send('/api/v1/accounts', { ...account, name: LONG.name, role: 'coordinator', facility: facility.id }, admin);
    await logIn(page, program.url, account);
    await page.goto(`${program.url}/jadwal`);
    await page.selectOption('#doctor', doctor); // whose places are then asked for
    await byId(page, 'extra').click();
    await byId(page, 'extra-place').first().waitFor();
    await look('hours-extra');
    await byId(page, 'extra-place').first().check();
    await page.fill('#walk-in-name', 'Rusli Pakaya');
    await page.fill('#walk-in-birth_date', '02-03-1961');
    await page.fill('#walk-in-phone', '0813 1122 3344');
    await byId(page, 'walk-in-submit').click();
    await byId(page, 'walk-in-number').waitFor();
    assert.equal(await byId(page, 'link-value').count(), 0, 'the link is the patient\'s');
    await look('hours-extra-given');
    await byId(page, 'extra-close').click();
});

inspect('hours: nothing yet, very much, an error', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    let answer = (route, monday) => route.fulfill({ json: hoursReply(monday, false) });
    await page.route(/\/api\/v1\/hours\/[^/?]+\?/, (route) => answer(route, /from=([\d-]+)/.exec(route.request().url())[1]));
    await page.route(/\/api\/v1\/hours$/, (route) => route.fulfill({ json: { doctors: [hoursReply('2026-11-23', false).doctor], server_ms: 0 } }));
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'to-hours').click();
    await byId(page, 'week-days').waitFor();
    await look('hours-empty');
    answer = (route, monday) => route.fulfill({ json: hoursReply(monday, true) });
    await byId(page, 'week-next').click();
    await byId(page, 'rule').first().waitFor();
    await look('hours-much');
    await byId(page, 'rule-edit').first().click();
    await byId(page, 'rule-dialog').waitFor();
    await look('hours-rule-change');
    await page.keyboard.press('Escape');
    await page.route(/\/api\/v1\/hours-days\?/, (route) => {
        const url = new URL(route.request().url());
        return route.fulfill({ json: daysReply(url.searchParams.get('from'), url.searchParams.has('doctor') ? ['doctor'] : ['doctor', 'second', 'third']) });
    });
    await byId(page, 'view-month').click();
    await byId(page, 'month-days').waitFor();
    await look('hours-month-much');
    await byId(page, 'month-all').check();
    await page.locator('[data-testid=month-days] > li[data-places="192"]').first().waitFor();
    await look('hours-month-all');
    await page.locator('[data-testid=month-days] > li[data-places="192"] button').first().click();
    await byId(page, 'month-doctors').waitFor();
    await look('hours-month-doctors');
    await byId(page, 'month-week').click();
    await byId(page, 'week-days').waitFor();
    answer = (route) => route.fulfill({ status: 500, json: { type: '/masalah/internal', title: 'x', detail: 'Coba lagi sebentar lagi.' } });
    await byId(page, 'week-next').click();
    await byId(page, 'failure').waitFor();
    await look('hours-error');
    /* The days shown are of the week that stands above them. */
    const first = await page.locator('[data-testid=week-days] > li').first().getAttribute('data-date');
    const title = await byId(page, 'week').textContent();
    assert.equal(Number.parseInt(title, 10), Number(first.slice(8)), `${title}: ${first}`);
});

inspect('hours: the desk and the administrator', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'to-hours').click();
    await byId(page, 'add-holiday').click();
    await byId(page, 'holiday-dialog').waitFor();
    await look('hours-holiday');
    await byId(page, 'holiday-dialog-save').click();
    await page.locator('#holiday-name-error').waitFor();
    await page.fill('#holiday-name', 'Maulid Nabi Muhammad dan ulang tahun kabupaten');
    await byId(page, 'holiday-certain').click();
    await byId(page, 'holiday-dialog-save').click();
    await byId(page, 'holiday').waitFor();
    await look('hours-desk');
});

inspect('the health office', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('office'));
    await byId(page, 'total-booked').waitFor();
    await look('office');
    await page.locator('details > summary').first().click();
    await look('office-definitions');
    /* The tables that a phone cuts say how to see the rest. */
    await page.setViewportSize(PHONE);
    await byId(page, 'scroll-hint').first().waitFor();
});

const INSULTS = 'Memaki dokter berulang kali dan tidak mau berhenti. Kata-katanya: '.padEnd(500, 'kasar sekali ').trim();

inspect('somebody is put out by the desk, and who keeps the facility reads of it', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const clinic = facilities.find((one) => /Limboto/.test(one.name)).clinics.find((one) => one.name === 'Poli Umum');
    const from = new Date(program.now() + 8 * HOUR_MS).toISOString().slice(0, 10);
    const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic.id}&from=${from}&days=7`)).json();
    const free = days.flatMap((day) => day.slots).filter((one) => one.session === null);
    const book = async (slot) => {
        const reply = await program.request('POST', '/api/v1/bookings', { body: { clinic: clinic.id, doctor: slot.doctor,
            starts_at_ms: slot.starts_at_ms, name: LONG.name, birth_date: '1980-07-21', phone: '0811 4301 0001', lang: 'id' } });
        assert.equal(reply.status, 201, reply.text);
        return reply.json();
    };
    const headers = await program.logIn(program.account('desk'));
    const report = (visit, more) => program.request('POST', `/api/v1/visits/${visit}/incidents`, { headers,
        body: { key: `kejadian-${visit}`, who: 'patient', kind: 'abuse', text: INSULTS, block_days: 30, ...more } });
    await logIn(page, program.url, program.account('admin'));
    const none = { incidents: [], more: false, requests: [] };
    await page.route('**/api/v1/incidents', (route) => route.fulfill({ json: none }), { times: 1 });
    await page.goto(`${program.url}/kejadian`);
    await byId(page, 'incidents-none').waitFor();
    await look('incidents-none');
    assert.equal((await report((await book(free.at(-1))).visit)).status, 201);
    assert.equal((await book(free.at(-2))).needs_confirmation, true);
    const [visit] = await program.visits();
    assert.equal((await report(visit.visit, { kind: 'impersonation', block_days: 0 })).status, 201);
    await page.reload();
    await byId(page, 'request').waitFor();
    await look('incidents');
    await byId(page, 'request-yes').click();
    await byId(page, 'request').waitFor({ state: 'detached' });
    await page.locator('[data-testid=incident][data-kind=abuse] [data-testid=incident-read]').click();
    await byId(page, 'incident-words').waitFor();
    await byId(page, 'incident-close').click();
    await page.locator('#incident-note-error').waitFor();
    await look('incident-one');
    await byId(page, 'incident-look').click();
    await byId(page, 'incident-look').waitFor({ state: 'detached' });
    await byId(page, 'incident-lift').click();
    await byId(page, 'incident-lift').waitFor({ state: 'detached' });
    await byId(page, 'incident-note').fill('Pasien dihubungi dan meminta maaf.');
    await byId(page, 'incident-close').click();
    await byId(page, 'incident-note').waitFor({ state: 'detached' });
    await look('incident-closed');
    await byId(page, 'incident-leave').click();
    await page.locator('[data-testid=incident][data-state=closed]').waitFor();
    assert.equal((await book(free.at(-3))).needs_confirmation, false);
});

inspect('the administrator', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('admin'));
    await byId(page, 'facility').first().waitFor();
    await look('admin-places');
    await byId(page, 'tab-people').click();
    await byId(page, 'person').first().waitFor();
    await look('admin-people');
});
