// SPDX-License-Identifier: Apache-2.0
// The queue and moved bookings in browsers: the desk takes down who has no appointment, the lobby's board
// and the patients' pages follow, the doctor calls and passes over; a booking is moved by its link.
// Layout and axe on each state, as the layout tests. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { allowDevices, bookByApi, bookOpenVisit, byId, callPatient, callScreen, enterWaitingRoom, fillWalkIn, logIn, openMore, untilScreen, untilWelcome, waitAtLink } from './support/steps.mjs';

const MINUTE_MS = 60_000, HOUR_MS = 3600_000;
const LONG_NAME = 'Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya';
const REASON = 'Batuk berdahak sejak tiga hari, demam naik turun, kadang sesak waktu malam';
const LOBBY = { width: 1920, height: 1080 };
const stage = useStage({ hour: 10, patients: { party: PATIENT }, staff: {} });

/** The desk takes somebody down: {number, link}. `along`: the name of the patient's child, who is there, too. */
async function walkIn(desk, name, look, along) {
    await byId(desk, 'walk-in').click();
    await desk.locator('#walk-in-name').waitFor();
    if (look) {
        await look('desk-walk-in');
        await byId(desk, 'walk-in-submit').click();
        await desk.locator('#walk-in-name-error', { hasText: 'paling sedikit 2 huruf' }).waitFor();
        await look('desk-walk-in-wrong');
    }
    await fillWalkIn(desk, name);
    await desk.fill('#walk-in-reason', REASON);
    if (along) {
        await desk.selectOption('#walk-in-relation', 'child');
        await byId(desk, 'walk-in-submit').click();
        await desk.locator('#walk-in-contact_name-error').waitFor();
        await desk.fill('#walk-in-contact_name', along);
    }
    await byId(desk, 'walk-in-submit').click();
    const number = await byId(desk, 'walk-in-number').innerText();
    if (look) await look('desk-walk-in-given');
    const link = await byId(desk, 'link-value').inputValue();
    await byId(desk, 'link-close').click();
    return { number, link };
}

/** The desk books somebody of the list again, twice; of what does not fit a time near it. */
async function comesAgain(desk, name, look) {
    await desk.locator('li.row', { hasText: name }).locator('[data-testid=manage-queue]').click();
    await byId(desk, 'series-open').click();
    const first = await byId(desk, 'series-first').inputValue();
    await byId(desk, 'series-first').fill('2020-01-01');
    await desk.fill('#series-time', '25.00');
    await byId(desk, 'series-find').click();
    await desk.locator('#series-time-error').waitFor();
    await desk.fill('#series-time', '9.30');
    await byId(desk, 'series-find').click();
    await desk.locator('#series-first-error').waitFor();
    await look('desk-series-wrong');
    await byId(desk, 'series-first').fill(first);
    await desk.selectOption('#series-times', '2');
    await settle(desk);
    await look('desk-series');
    await byId(desk, 'series-book').click();
    await byId(desk, 'series-done').filter({ hasText: '2' }).waitFor();
    assert.equal(await desk.locator('[data-testid=series-done] li').count(), 2, 'each with its time, to be told to the patient');
    await look('desk-series-done');
    await byId(desk, 'series-close').click();
}

/** Of each of two dates the time that is proposed, or one near it. */
async function settle(page) {
    await byId(page, 'series-find').click();
    const dates = byId(page, 'series-date');
    await dates.nth(1).waitFor();
    for (let n = 0; n < 2; n++) {
        if ((await dates.nth(n).inputValue()) === '') await dates.nth(n).selectOption({ index: 1 });
    }
}

/** Both come to another time at once; {before, after}: when they are. */
async function moveBoth(desk, name, look) {
    const times = () => desk.locator('[data-testid=series-movable] li').allInnerTexts();
    const open = async () => {
        await desk.locator('li.row', { hasText: name }).locator('[data-testid=manage-queue]').click();
        await byId(desk, 'series-open').click();
        await byId(desk, 'series-movable').waitFor();
    };
    await open();
    const before = await times();
    await look('desk-series-listed');
    await byId(desk, 'series-move').click();
    await desk.fill('#series-time', '11.15');
    await settle(desk);
    await look('desk-series-move');
    await byId(desk, 'series-move-submit').click();
    await byId(desk, 'series-moved').filter({ hasText: '2' }).waitFor();
    await byId(desk, 'series-close').click();
    await open();
    const after = await times();
    await byId(desk, 'series-close').click();
    return { before, after };
}

const wait = (link) => waitAtLink(stage.patients, link);

/** The patient says so by the link. */
async function sayConsent(link, body) {
    const headers = { authorization: `Bearer ${link.split('/v/')[1]}` };
    const reply = await stage.program.request('POST', '/api/v1/join/consent', { headers, body });
    assert.equal(reply.status, 204, reply.text);
}

/** The desk's list shows that an interpreter comes to NAME's visit, and how good the link of its page is. */
async function expectMarks(desk, name) {
    const { program } = stage;
    const row = desk.locator('li.row', { hasText: name });
    const headers = await program.logIn(program.account('desk'));
    const reply = await program.request('POST', `/api/v1/visits/${await row.getAttribute('data-visit')}/guests`,
        { headers, body: { label: 'interpreter' } });
    assert.equal(reply.status, 200, reply.text);
    await row.locator('[data-testid=link]').waitFor(); // pushed by the page's next ping
    await desk.reload();
    await row.locator('[data-testid=mark-interpreter]').waitFor();
}

/** "09.30" */
const clockOf = (ms) => new Date(ms + 8 * HOUR_MS).toISOString().slice(11, 16).replace(':', '.');

const boardNumber = (page, number) => page.locator(`[data-testid=board-called][data-number="${number}"]`);

test('who comes without an appointment is taken down, called, passed over and called again', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const look = (page) => (name) => inspector.look(page, name);
    const desk = await staff.page({ viewport: DESKTOP });
    await logIn(desk, program.url, program.account('desk'));
    const first = await walkIn(desk, LONG_NAME, look(desk));
    const second = await walkIn(desk, 'Yusuf Hasan', undefined, 'Rina Hasan');
    /* The same once more: the desk reads where, and has to say why. */
    await byId(desk, 'walk-in').click();
    await fillWalkIn(desk, 'Yusuf Hasan');
    await byId(desk, 'walk-in-submit').click();
    await byId(desk, 'overlap').filter({ hasText: new RegExp(second.number.replace('-', '\\W+')) }).waitFor();
    await byId(desk, 'walk-in-submit').click();
    await desk.locator('#overlap-reason-error').waitFor();
    await inspector.look(desk, 'desk-overlap');
    await desk.keyboard.press('Escape');
    await byId(desk, 'walk-in-dialog').waitFor({ state: 'detached' });
    const along = (page) => byId(page, 'contact').filter({ hasText: 'Rina Hasan (anak)' }).first();
    await along(desk).waitFor();
    await comesAgain(desk, 'Yusuf Hasan', look(desk));
    const { before, after } = await moveBoth(desk, 'Yusuf Hasan', look(desk));
    assert.equal(after.length, 2);
    assert.ok(after.every((one) => !before.includes(one)), `${before} ${after}`);

    const board = await staff.page({ viewport: DESKTOP });
    await board.goto(`${program.url}/papan`);
    await byId(board, 'board-clinic').first().waitFor();
    await inspector.look(board, 'board-choose');
    await board.locator('section', { hasText: 'Puskesmas Limboto' }).locator('[data-testid=board-clinic]').first().click();
    await board.locator('[data-testid=board][data-live=true]').waitFor();
    await inspector.look(board, 'board-empty');

    const one = await wait(first.link), two = await wait(second.link);
    await board.locator('[data-testid=board-next] li').nth(1).waitFor();
    await inspector.look(board, 'board-next');

    await expectMarks(desk, LONG_NAME);
    await desk.locator('li.row', { hasText: 'Yusuf Hasan' }).locator('[data-testid=manage-queue]').click();
    await byId(desk, 'queue-dialog').waitFor();
    await desk.locator('input[value=urgent]').click();
    await byId(desk, 'queue-submit').click();
    await desk.locator('#urgent-reason-error').waitFor();
    await inspector.look(desk, 'desk-queue-dialog');
    await desk.fill('#urgent-reason', 'sesak napas');
    await byId(desk, 'queue-submit').click();
    await desk.locator('.mark-urgent').waitFor();
    await desk.locator('[data-testid=day-list] > li:first-child', { hasText: 'Yusuf Hasan' }).waitFor();
    await inspector.look(desk, 'desk-queue');
    await desk.locator('li.row', { hasText: LONG_NAME }).locator('[data-testid=manage-queue]').click();
    await desk.locator('input[value=remove]').click();
    await byId(desk, 'queue-submit').click();
    await byId(desk, 'incident-patient').filter({ hasText: LONG_NAME }).waitFor(); // who is sent out
    await inspector.look(desk, 'desk-incident-dialog');
    await desk.keyboard.press('Escape');
    await desk.locator('li.row', { hasText: 'Yusuf Hasan' }).locator('[data-testid=manage-queue]').click();
    await byId(desk, 'queue-dialog').waitFor();
    assert.equal(await desk.locator('input[value=remove]').count(), 0, 'nobody sends an emergency away from a desk');
    await desk.keyboard.press('Escape');

    const doctor = await staff.page({ viewport: DESKTOP });
    await logIn(doctor, program.url, program.account('doctor'));
    await doctor.locator('[data-testid=call-next]:enabled').waitFor();
    await doctor.locator('li.row', { hasText: LONG_NAME }).locator('[data-testid=reason]', { hasText: REASON }).waitFor();
    assert.equal(await desk.locator('[data-testid=reason]', { hasText: REASON }).count(), 0, 'the desk reads no reason');
    await inspector.look(doctor, 'doctor-queue');
    await doctor.locator('li.row', { hasText: 'Yusuf Hasan' }).locator('a').click();
    await byId(doctor, 'urgent-reason').filter({ hasText: 'sesak napas' }).waitFor();
    await along(byId(doctor, 'visit-pane')).waitFor();
    await inspector.look(doctor, 'doctor-urgent');
    await doctor.goBack();
    await byId(doctor, 'call-next').click();
    await callScreen(doctor, 'calling').waitFor();
    await untilScreen(two, 'called');
    await boardNumber(board, second.number).waitFor();
    await along(byId(doctor, 'call-pane')).waitFor();
    await inspector.look(doctor, 'doctor-queue-calling');
    await openMore(doctor);
    await inspector.look(doctor, 'doctor-queue-calling-more');
    await inspector.look(board, 'board-called');
    await board.setViewportSize(LOBBY);
    await inspector.lookOnce(board, 'board-called-1920', true);

    await byId(doctor, 'skip').click();
    await untilScreen(two, 'waiting');
    await doctor.locator('[data-testid=call-next]:enabled').click();
    await callScreen(doctor, 'calling').waitFor();
    await untilScreen(one, 'called');
    await boardNumber(board, first.number).waitFor();
    assert.equal(await boardNumber(board, second.number).count(), 0);

    /* Who was called takes the consent back: the doctor reads it at once, and writes down that it is given again. */
    await sayConsent(first.link, { how: 'withdrawn' });
    await byId(doctor, 'consent-withdrawn').waitFor();
    await desk.locator('li.row', { hasText: LONG_NAME }).locator('[data-testid=mark-withdrawn]').waitFor();
    await inspector.look(doctor, 'doctor-consent-withdrawn');
    await inspector.look(desk, 'desk-consent-withdrawn');
    await byId(doctor, 'consent-again').click();
    await doctor.locator('input[value=consent]').click();
    await byId(doctor, 'consent-text').waitFor();
    await inspector.look(doctor, 'doctor-consent-again');
    await byId(doctor, 'queue-submit').click();
    await byId(doctor, 'consent-withdrawn').waitFor({ state: 'detached' });

    await openMore(doctor);
    await byId(doctor, 'return').click();
    await untilScreen(one, 'waiting');

    /* The same by the keyboard, and straight on to the next one. */
    await doctor.locator('[data-testid=call-next]:enabled').waitFor();
    await doctor.keyboard.press('Alt+h');
    await byId(doctor, 'shortcuts-dialog').waitFor();
    await inspector.look(doctor, 'doctor-shortcuts');
    await doctor.keyboard.press('Alt+n');
    assert.equal(await byId(doctor, 'call-pane').count(), 0, 'a dialog comes first');
    await byId(doctor, 'shortcuts-close').click();
    await doctor.keyboard.press('Alt+n');
    await callScreen(doctor, 'calling').waitFor();
    const ended = await byId(doctor, 'call-pane').getAttribute('data-visit');
    await doctor.keyboard.press('Alt+s');
    await byId(doctor, 'end-dialog').waitFor();
    await doctor.locator('input[value=tech_failed]').click();
    await inspector.look(doctor, 'doctor-end-and-next');
    /* The same patient again: booked before the visit ends. */
    await doctor.locator('[data-testid=end-dialog] [data-testid=series-open]').click();
    await doctor.selectOption('#series-times', '2');
    await settle(doctor);
    await inspector.look(doctor, 'doctor-end-series');
    await byId(doctor, 'series-book').click();
    await byId(doctor, 'series-done').filter({ hasText: '2' }).waitFor();
    await byId(doctor, 'end-next').click();
    await doctor.locator(`[data-testid=call-pane][data-screen=calling]:not([data-visit="${ended}"])`).waitFor();
    assert.deepEqual((await Promise.all([one, two].map((page) => byId(page, 'ended').count()))).sort(), [0, 1]);
    for (const page of [desk, board, doctor, one, two]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    inspector.assertClean();
});

test('a doctor who is late says so, and the patient who waits reads it at once', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const ticket = await bookByApi(program);
    const patient = await wait(ticket.link);
    const doctor = await staff.page({ viewport: DESKTOP });
    await logIn(doctor, program.url, program.accounts().find((one) => one.name === ticket.doctor));
    await byId(doctor, 'late').click();
    await byId(doctor, 'late-dialog').waitFor();
    await inspector.look(doctor, 'doctor-late-dialog');
    await doctor.locator('input[name=minutes][value="30"]').click();
    await byId(doctor, 'late-say').click();
    await byId(patient, 'late').filter({ hasText: 'Dokter terlambat sekitar 30 menit' }).waitFor();
    await inspector.look(patient, 'patient-waiting-late');
    await byId(doctor, 'late-said').filter({ hasText: 'Terlambat sekitar 30 menit' }).waitFor();
    await inspector.look(doctor, 'doctor-late');
    await byId(doctor, 'late').click();
    await byId(doctor, 'late-back').click();
    await byId(patient, 'late').waitFor({ state: 'detached' });
    await byId(doctor, 'late').filter({ hasText: 'Saya terlambat' }).waitFor();
    for (const page of [doctor, patient]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    inspector.assertClean();
});

test('whom nobody calls: doctor and desk read it, then the administrator, and the patient is told', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const ticket = await bookOpenVisit(program, 'Puskesmas Limboto'); // the desk's
    const patient = await wait(ticket.link);
    const [doctor, desk] = [await staff.page({ viewport: DESKTOP }), await staff.page({ viewport: DESKTOP })];
    await logIn(doctor, program.url, program.accounts().find((one) => one.name === ticket.doctor));
    await logIn(desk, program.url, program.account('desk'));
    await byId(desk, 'late').click();
    await byId(desk, 'late-doctor').waitFor();
    await inspector.look(desk, 'desk-late-dialog');
    await byId(desk, 'late-doctor').selectOption({ label: ticket.doctor });
    await desk.locator('input[name=minutes][value="10"]').click();
    await byId(desk, 'late-say').click();
    await byId(desk, 'late-list').filter({ hasText: ticket.doctor }).waitFor();
    await byId(patient, 'late').filter({ hasText: '10 menit' }).waitFor();
    await inspector.look(desk, 'desk-late');
    await byId(desk, 'late').click();
    await byId(desk, 'late-doctor').waitFor();
    await byId(desk, 'late-back').click();
    await byId(patient, 'late').waitFor({ state: 'detached' });

    await program.passTime(ticket.starts_at_ms + 10 * MINUTE_MS + 1000 - program.now());
    for (const page of [doctor, desk]) await byId(page, 'unanswered').filter({ hasText: ticket.number }).waitFor();
    await patient.getByText('Dokter dan loket sudah diberi tahu').waitFor();
    await patient.getByText('Maaf, lebih lama dari perkiraan.').waitFor();
    assert.equal(await patient.getByText('menit lagi').count(), 0, 'what was promised has not come true');
    /* By the socket: by itself the page would ask after two minutes. */
    const admin = await staff.page({ viewport: DESKTOP });
    const hears = untilWelcome(admin);
    await logIn(admin, program.url, program.account('admin'));
    await hears;
    assert.equal(await byId(admin, 'unanswered').count(), 0);
    await inspector.look(doctor, 'doctor-unanswered');
    await inspector.look(desk, 'desk-unanswered');
    await inspector.look(patient, 'patient-waiting-told');
    const before = program.log.length;
    await program.passTime(10 * MINUTE_MS);
    await program.untilLogged(/unanswered patients/, before);
    await byId(admin, 'unanswered').filter({ hasText: ticket.number }).waitFor();
    await inspector.look(admin, 'settings-unanswered');
    await callPatient(doctor, ticket.visit);
    await untilScreen(patient, 'called');
    /* The administrator has other facilities' too. */
    for (const page of [doctor, desk, admin]) await byId(page, 'unanswered').filter({ hasText: 'Puskesmas Limboto' }).waitFor({ state: 'detached' });
    for (const page of [doctor, desk, admin, patient]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    inspector.assertClean();
});

test('the desk books for somebody, for another day', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const page = await staff.page({ viewport: DESKTOP });
    const look = (name) => inspector.look(page, name);
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'register').click();
    await byId(page, 'step-clinic').waitFor();
    assert.equal(await byId(page, 'facility').count(), 0, 'its own facility is not asked for');
    await look('register-clinic');
    await byId(page, 'clinic').filter({ hasText: 'Umum' }).click();
    await page.locator('[data-testid=step-doctor], [data-testid=step-time]').waitFor();
    if (await byId(page, 'step-doctor').isVisible()) await byId(page, 'doctor').first().click();
    await byId(page, 'slot').last().click();
    await byId(page, 'chosen-time').waitFor();
    await byId(page, 'walk-in-submit').click();
    await page.locator('#walk-in-name-error').waitFor();
    await look('register-wrong');
    await fillWalkIn(page, LONG_NAME);
    /* What is typed stays while another time is looked for. */
    await byId(page, 'other-time').click();
    await byId(page, 'day').last().click();
    await look('register-time');
    await byId(page, 'slot').last().click();
    await byId(page, 'chosen-time').waitFor();
    assert.equal(await page.inputValue('#walk-in-name'), LONG_NAME);
    await page.check('#walk-in-consent');
    await look('register-who');
    const booked = page.waitForResponse((one) => one.url().endsWith('/api/v1/desk-bookings'));
    await byId(page, 'walk-in-submit').click();
    assert.equal((await booked).status(), 201);
    await byId(page, 'qr').waitFor();
    await look('register-ticket');
    await byId(page, 'register-next').click();
    await byId(page, 'step-clinic').waitFor();
    await page.goto(`${program.url}/loket#tunggu`);
    await byId(page, 'wait-dialog').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
    inspector.assertClean();
});

/** In DAYS days the doctor has two times only, and the three days after it none; a colleague of the clinic has all morning. */
async function leaveTwoTimes(program, days, colleague) {
    const headers = await program.logIn(program.account('admin'));
    const dateIn = (n) => new Date(program.now() + (8 + 24 * n) * HOUR_MS).toISOString().slice(0, 10);
    const send = async (target, body) => {
        const reply = await program.request('POST', target, { headers, body });
        assert.equal(reply.status, 201, reply.text);
        return reply.json();
    };
    const { facilities: [facility] } = (await program.request('GET', '/api/v1/facilities')).json();
    const [clinic] = facility.clinics, [own] = clinic.doctors;
    const { id } = await send('/api/v1/directory/practitioners', { name: colleague, clinics: [clinic.id],
        permits: [{ facility: facility.id, number: '503/SIP', valid_until: dateIn(400) }] });
    await send(`/api/v1/hours/${id}/rules`, { clinic: clinic.id, weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '12:00',
        pattern: { mode: 'slots', slot_minutes: 15 }, valid_from: dateIn(days) });
    await send(`/api/v1/hours/${own.id}/overrides`, { clinic: clinic.id, date: dateIn(days), kind: 'closed', from: '08:30', to: '00:00', note: 'rapat' });
    await send(`/api/v1/hours/${own.id}/leaves`, { from: dateIn(days + 1), until: dateIn(days + 3), note: 'cuti' });
}

const FAR_DAYS = 9;
const COLLEAGUE = 'dr. Sri Wahyuni Biga';

test('a booking is moved by its link, in place, and the link leads on; then cancelled', async () => {
    const { program, patients } = stage;
    const inspector = new Inspector();
    const ticket = await bookByApi(program, 3 * HOUR_MS);
    await leaveTwoTimes(program, FAR_DAYS, COLLEAGUE);
    const page = await patients.page({ viewport: PHONE });
    await page.goto(ticket.link);
    await untilScreen(page, 'early');
    await inspector.look(page, 'patient-early-movable');
    await page.locator('a[href="/pindah"]').click();
    await byId(page, 'move-open').waitFor();

    /* The consent: given, taken back, given again. */
    const says = (words) => byId(page, 'consent-state').filter({ hasText: words }).waitFor();
    await says('belum tercatat');
    await byId(page, 'consent-accept').click();
    await says('Anda menyetujui');
    await byId(page, 'consent-withdraw').click();
    await byId(page, 'consent-keep').click();
    await byId(page, 'consent-withdraw').click();
    await byId(page, 'consent-means').waitFor();
    await inspector.look(page, 'patient-consent-means');
    await byId(page, 'consent-confirm').click();
    await says('Anda menarik persetujuan');
    await inspector.look(page, 'patient-consent-withdrawn');
    await byId(page, 'consent-accept').click();
    await says('Anda menyetujui');

    await byId(page, 'day').nth(1).click();
    await byId(page, 'slot').first().waitFor();
    await inspector.look(page, 'patient-move');
    await byId(page, 'day').nth(FAR_DAYS).click();
    await byId(page, 'slot').nth(2).waitFor({ state: 'detached' });
    const slot = byId(page, 'slot').nth(1);
    const startsAtMs = Number(await slot.getAttribute('data-starts'));
    await slot.click();
    await byId(page, 'confirm-move').waitFor();
    await inspector.look(page, 'patient-move-confirm');

    /* Somebody else is quicker. */
    await page.route('**/api/v1/join/move', async (route) => {
        const { doctor, starts_at_ms } = route.request().postDataJSON();
        const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
        const clinic = facilities[0].clinics[0].id;
        await program.request('POST', '/api/v1/bookings', { body: { clinic, doctor, starts_at_ms, name: 'Fatma Lihawa',
            birth_date: '1980-07-21', phone: '0852 1234 5678', lang: 'id' } });
        await route.continue();
    }, { times: 1 });
    await byId(page, 'confirm-move').click();
    await byId(page, 'refused').filter({ hasText: 'Pilihan terdekat' }).waitFor();
    /* The own doctor's first; whose each is is said before anything is settled. */
    await byId(page, 'nearest').nth(1).filter({ hasText: COLLEAGUE }).waitFor();
    const names = (await byId(page, 'nearest').allInnerTexts()).map((words) => words.replace(/\s+/g, ' ').match(/dr\. .*/)?.[0]);
    assert.equal(names.indexOf(COLLEAGUE), 1);
    assert.ok(names.every(Boolean) && names[0] !== COLLEAGUE, String(names));
    await inspector.look(page, 'patient-move-taken');
    await byId(page, 'nearest').first().click();
    await byId(page, 'confirm-move').waitFor();
    assert.equal(await byId(page, 'other-doctor').count(), 0);
    await byId(page, 'nearest').nth(1).click();
    await byId(page, 'other-doctor').filter({ hasText: `Dengan ${COLLEAGUE}.` }).waitFor();
    await inspector.look(page, 'patient-move-other-doctor');
    const movedToMs = startsAtMs; // the colleague's
    await byId(page, 'confirm-move').click();
    await byId(page, 'move-done').filter({ hasText: COLLEAGUE }).waitFor();
    await inspector.look(page, 'patient-move-done');
    await byId(page, 'open-visit').click();
    await untilScreen(page, 'early');
    const fresh = await patients.page({ viewport: PHONE });
    await fresh.goto(ticket.link);
    await untilScreen(fresh, 'early');
    assert.ok((await fresh.locator('body').innerText()).includes(clockOf(movedToMs)));

    /* It is given up after all, and asked twice. */
    await fresh.locator('a[href="/pindah"]').click();
    await byId(fresh, 'to-cancel').click();
    await byId(fresh, 'cancel-visit').click();
    await byId(fresh, 'cancel-means').waitFor();
    await inspector.look(fresh, 'patient-cancel');
    await byId(fresh, 'cancel-confirm').click();
    await byId(fresh, 'move-cancelled').waitFor();
    await inspector.look(fresh, 'patient-cancel-done');
    await page.reload();
    await untilScreen(page, 'cancelled');
    assert.deepEqual([page.faults, fresh.faults], [[], []]);
    inspector.assertClean();
});

test('who waits sees that the desk has moved the visit, and finds the new time', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const desk = await staff.page({ viewport: DESKTOP });
    await logIn(desk, program.url, program.account('desk'));
    const { link } = await walkIn(desk, 'Siti Aminah');
    const patient = await wait(link);
    const line = desk.locator('li.row', { hasText: 'Siti Aminah' });
    await line.locator('[data-testid=move-visit]').click();
    await byId(desk, 'move-dialog').waitFor();
    await byId(desk, 'day').nth(1).click();
    const movedToMs = Number(await byId(desk, 'slot').first().getAttribute('data-starts'));
    await byId(desk, 'slot').first().click();
    await inspector.look(desk, 'desk-move');
    await byId(desk, 'move-submit').click();
    await byId(desk, 'move-dialog').waitFor({ state: 'detached' });
    await untilScreen(patient, 'ended');
    await byId(patient, 'moved-to').filter({ hasText: clockOf(movedToMs) }).waitFor();
    await inspector.look(patient, 'patient-moved');
    await patient.locator('a[href="/pindah"]').click();
    await byId(patient, 'move-open').waitFor();
    await byId(patient, 'back-at-once').click(); // not below all the times alone
    await untilScreen(patient, 'early');
    inspector.assertClean();
});

test('who missed the visit takes a number of now by the link', async () => {
    const { program, patients } = stage;
    const inspector = new Inspector();
    const ticket = await bookByApi(program, HOUR_MS / 2);
    const before = program.log.length; // at night the demo's own visits are missed before
    await program.passTime(ticket.ends_at_ms + HOUR_MS + 1000 - program.now());
    await program.untilLogged(/patients did not come/, before);
    const page = await patients.page({ viewport: PHONE });
    await page.goto(ticket.link);
    await untilScreen(page, 'ended');
    await inspector.look(page, 'patient-missed-ended');
    await page.locator('a[href="/pindah"]').filter({ hasText: 'Ambil nomor' }).click();
    await byId(page, 'move-missed').waitFor();
    await byId(page, 'day').first().waitFor();
    await inspector.look(page, 'patient-missed');
    await byId(page, 'take-number').click();
    await byId(page, 'move-done').waitFor();
    await inspector.look(page, 'patient-number');
    const number = await byId(page, 'new-number').innerText();
    await byId(page, 'open-visit').click();
    await byId(page, 'allow-devices').click();
    await byId(page, 'preview').waitFor();
    await enterWaitingRoom(page);
    assert.match(await page.locator('body').innerText(), new RegExp(number));
    assert.deepEqual(page.faults, []);
    inspector.assertClean();
});
