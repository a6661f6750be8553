// SPDX-License-Identifier: Apache-2.0
// States that come seldom, looked at as inspector.mjs does: doctors who are not offered, a SIP that has run out under
// who waits, an interpreter whose visit is moved, a long list of long names, tables full of faults, and midnight.
// HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { DESKTOP, PATIENT, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { busyDay, HOUR_MS, reshape } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import { allowDevices, assertWords, byId, enterWaitingRoom, fillWalkIn, logIn, row, untilScreen, waitAtLink } from './support/steps.mjs';

const FACILITY = 'Puskesmas Limboto', DOCTOR = 'dr. Rahmat Hasan';
const ONE_WORD = 'Abdurrahmanmuhammadnurhidayatullahsyarifuddinpakayalihawadai'; // 60 letters
const WORDS = 'Sitti Nurhayati Mohamad binti Abdurrahman Hasan Lihawa Pakay'; // as many
const STATES = ['done', 'checked_in', 'booked', 'checked_in', 'no_show_patient'];
const LOBBY = { width: 1920, height: 1080 };
/* Half an hour before midnight: the last test is on both days. */
const stage = useStage({ hour: 23.5, patients: { party: PATIENT }, staff: {} });
const inspect = inspectPages(() => stage.staff);

const localDate = () => new Date(stage.program.now() + 8 * HOUR_MS).toISOString().slice(0, 10);

async function send(headers, path, body, status = 201) {
    const reply = await stage.program.request('POST', `/api/v1${path}`, { headers, body });
    assert.equal(reply.status, status, reply.text);
    return reply.json();
}

/** The facility with the demo's desk. */
async function place() {
    const { facilities } = (await stage.program.request('GET', '/api/v1/facilities')).json();
    return facilities.find((one) => one.name === FACILITY);
}

let nTaken = 0;

/** The desk takes somebody down: {visit, number, link}. */
async function takeDown(headers, name, more = {}) {
    const { clinics: [{ id: clinic }] } = await place();
    return send(headers, '/walk-ins', { clinic, name, birth_date: '1954-03-02', phone: `0812 7700 ${1000 + nTaken++}`, ...more });
}

/** DOCTOR's SIP in the first facility, where there is one from now on; what becomes of who waits is left. */
async function keepPermit(valid_until) {
    const headers = await stage.program.logIn(stage.program.account('admin'));
    const { practitioners, facilities } = (await stage.program.request('GET', '/api/v1/directory', { headers })).json();
    const { id, name, clinics } = practitioners.find((one) => one.name === DOCTOR);
    const { id: facility } = facilities.find((one) => one.name === FACILITY);
    const permits = [{ facility, number: 'SIP-503/75/2021', valid_until }];
    await send(headers, `/directory/practitioners/${id}?bookings=keep`, { name, clinics, permits }, 200);
}

/** Beside DOCTOR: one on leave, one whose SIP has run out, one whose account is disabled. */
async function addDoctors() {
    const admin = await stage.program.logIn(stage.program.account('admin'));
    const { id: facility, clinics: [{ id: clinic }] } = await place();
    const add = async (name, more) => (await send(admin, '/directory/practitioners', { name, clinics: [clinic], ...more })).id;
    const away = await add('dr. Nurhayati Mohamad Lihawa, Sp.PD');
    await send(admin, `/hours/${away}/leaves`, { from: localDate(), until: localDate(), note: 'cuti' });
    await add(`dr. ${ONE_WORD}`, { permits: [{ facility, number: 'S-1', valid_until: '2020-12-31' }] });
    const practitioner = await add('dr. Yusuf Dunggio');
    const account = { name: 'dr. Yusuf Dunggio', role: 'doctor', facility };
    const { id } = await send(admin, '/accounts', { ...account, login: 'dunggio', practitioner, password: 'kata sandi yang panjang' });
    await send(admin, `/accounts/${id}`, { ...account, active: false }, 200);
}

/** As many as the board shows, most of them of yesterday. */
function crowded(reply, nCalled) {
    const called = Array.from({ length: nCalled }, (_, i) => i + 1).map((n) => ({ number: `A-${n + 10}`, doctor: n % 2 ? DOCTOR : `dr. ${WORDS}`, in_call: n > 2, day_before: n < 4 }));
    const next = ['A-2', 'A-21', 'A-22', 'A-23', 'A-24', 'A-25', 'A-26', 'A-27', 'A-28', 'A-29', 'A-1', 'A-3'];
    return { ...reply, called, next, next_day_before: next.map((_, i) => i > 0 && i < 10), waiting: 17, urgent_today: 3 };
}

/** What reaches out of its card or of its half of the board, which does not scroll. */
function cutOff(board) {
    return board.evaluate(() => [...document.querySelectorAll('.board-called li > *, .board-next *')].filter((one) => {
        const box = one.getBoundingClientRect(), around = one.closest('.board-called li, .board-next').getBoundingClientRect();
        return box.top < around.top || box.bottom > around.bottom;
    }).map((one) => one.textContent));
}

inspect('a walk-in where most doctors are not offered, and as an emergency', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await addDoctors();
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'walk-in').click();
    const doctors = page.locator('#walk-in-doctor');
    await doctors.waitFor();
    assert.equal(await doctors.locator('option:disabled').count(), 3);
    await look('desk-walk-in-doctors');
    await page.check('#walk-in-urgent');
    assert.equal(await doctors.locator('option:disabled').count(), 2, 'who is on leave can be asked for in an emergency');
    await byId(page, 'walk-in-why-urgent').filter({ hasText: 'Lihawa, Sp.PD: cuti hari ini' }).waitFor();
    await doctors.selectOption({ index: await doctors.locator('option').evaluateAll((all) => all.findIndex((one) => /Lihawa/.test(one.label))) });
    await fillWalkIn(page, ONE_WORD);
    await byId(page, 'walk-in-submit').click();
    await page.locator('#walk-in-urgent-reason-error').waitFor();
    await look('desk-walk-in-urgent-missing');
    await page.fill('#walk-in-urgent-reason', 'Sesak napas berat sejak subuh, bibir membiru, tidak bisa berbaring');
    await look('desk-walk-in-urgent');
    await byId(page, 'walk-in-submit').click();
    await byId(page, 'walk-in-number').waitFor();
    await look('desk-walk-in-urgent-given');
    await byId(page, 'link-close').click();
    await page.locator('.mark-urgent').first().waitFor();
    await byId(page, 'mark-on-leave').filter({ hasText: 'Dokter cuti hari ini' }).waitFor();
    assert.equal(await byId(page, 'mark-other-doctor').count(), 0);
    await look('desk-urgent-on-leave');
});

inspect('a SIP that has run out under a patient who waits: desk and doctor read it', { viewport: DESKTOP }, async (page, look) => {
    const { program, staff } = stage;
    const headers = await program.logIn(program.account('desk'));
    const { clinics: [{ doctors }] } = await place();
    const doctor = doctors.find((one) => one.name === DOCTOR).id;
    const { visit, link } = await takeDown(headers, WORDS, { doctor, reason: 'Batuk berdahak sejak tiga hari, demam naik turun' });
    const anybodys = await takeDown(headers, 'Yusuf Hasan');
    const patient = await waitAtLink(stage.patients, link), other = await waitAtLink(stage.patients, anybodys.link);
    await keepPermit('2020-12-31');
    await logIn(page, program.url, program.account('desk'));
    await row(page, visit).locator('[data-testid=mark-other-doctor]').waitFor();
    await look('desk-other-doctor');
    const own = await staff.page({ viewport: DESKTOP });
    await logIn(own, program.url, program.accounts().find((one) => one.name === DOCTOR));
    await row(own, visit).locator('[data-testid=mark-other-doctor]').filter({ hasText: 'SIP Anda tidak berlaku' }).waitFor();
    assert.equal(await byId(own, 'call').count(), 0, 'whom the server refuses is not offered');
    assert.ok(await byId(own, 'call-next').isDisabled());
    await own.getByText('Semua yang menunggu perlu dokter lain.').waitFor();
    await look('doctor-other-doctor', own);
    await row(own, visit).locator('a').first().click();
    await byId(own, 'visit-pane').locator('[data-testid=mark-other-doctor]').waitFor();
    await byId(own, 'refused').filter({ hasText: 'SIP Anda di faskes ini tidak berlaku' }).waitFor();
    await look('doctor-other-doctor-visit', own);
    for (const one of [patient, other]) {
        await one.reload();
        await byId(one, 'queue-number').waitFor();
        await byId(one, 'unplaced').waitFor();
        assert.equal(await byId(one, 'ahead').count(), 0, 'no place');
    }
    await look('patient-other-doctor', patient);
    await byId(other, 'unplaced').getByRole('link').click();
    await byId(other, 'move-open').waitFor();
    /* A list of before it ran out. */
    await reshape(own, '**/api/v1/day?*', (reply) => ({ ...reply,
        visits: reply.visits.map((one) => ({ ...one, other_doctor_why: null, unplaced: false })) }));
    await own.reload();
    await row(own, anybodys.visit).locator('[data-testid=call]').click();
    await own.waitForURL(`**/${anybodys.visit}`);
    await byId(own, 'failure').filter({ hasText: 'SIP Anda di faskes ini sudah habis' }).waitFor();
    assert.equal(await byId(own, 'call-pane').count(), 0, 'before a camera is on');
    await own.locator('.pane-list').evaluate((one) => one.scrollTo(0, 0));
    await look('doctor-other-doctor-refused', own);
    await keepPermit('2099-12-31');
    for (const one of [page, own, patient, other]) assert.deepEqual(one.faults, []);
    for (const one of [own, patient, other]) await one.context().close();
});

inspect('an interpreter whose visit is moved', { viewport: PHONE }, async (page, look) => {
    const { program, patients } = stage;
    const headers = await program.logIn(program.account('desk'));
    const { clinics: [{ id: clinic }] } = await place();
    const { visit } = await takeDown(headers, WORDS);
    const { link } = await send(headers, `/visits/${visit}/guests`, { label: 'interpreter' }, 200);
    await allowDevices(page, link);
    await byId(page, 'enter-waiting').click();
    await byId(page, 'guest-line').waitFor();
    const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic}&from=${localDate()}&days=7`)).json();
    const { doctor, starts_at_ms } = days.flatMap((day) => day.slots).find((one) => one.session === null && one.starts_at_ms > program.now() + 24 * HOUR_MS);
    await send(headers, `/visits/${visit}/move`, { doctor, starts_at_ms }, 200);
    await untilScreen(page, 'ended');
    await byId(page, 'moved-to').waitFor();
    assert.equal(await page.locator('main a[href="/pindah"]').count(), 0, 'an interpreter moves nothing');
    await look('guest-moved');
    /* The link leads to the new time, as what they were invited as. */
    const later = await patients.page();
    await later.goto(link);
    await untilScreen(later, 'early');
    assert.equal(await later.locator('main a[href="/pindah"]').count(), 0);
    await look('guest-moved-early', later);
    assert.deepEqual([page.faults, later.faults], [[], []]);
    await later.context().close();
});

inspect('forty patients of long names at the desk', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    await reshape(page, '**/api/v1/day?*', (short) => {
        const reply = busyDay(short, 40);
        const visits = reply.visits.map((visit, i) => ({ ...visit, state: STATES[i % STATES.length], patient: i % 2 ? WORDS : ONE_WORD, doctor: `dr. ${i % 3 ? WORDS : ONE_WORD}`,
            contact: i % 4 ? null : { name: ONE_WORD, relation: 'child' } }));
        return { ...reply, visits };
    });
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'filter-all').getByText('40', { exact: true }).waitFor();
    const isOver = await page.locator('.desk-row').evaluateAll((rows) => rows.map((one) => /^(done|no_show)/.test(one.dataset.state)));
    assert.equal(isOver.indexOf(true), 24, 'who is done stands below all who are not');
    assert.equal(await byId(page, 'day-list-over').locator('.desk-row').count(), 16);
    await look('desk-forty-long');
    await page.locator('.desk-row').last().scrollIntoViewIfNeeded();
    await byId(page, 'cancel-visit').first().click();
    await byId(page, 'cancel-dialog').waitFor();
    await look('desk-forty-long-cancel');
});

inspect('tables with faults in every line', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('admin'));
    const check = async (kind, text) => {
        await page.selectOption('#csv-kind', kind);
        await byId(page, 'csv-file').setInputFiles({ name: `${kind}-semua-puskesmas-kabupaten-gorontalo-2026.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) });
        await byId(page, 'csv-check').click();
        await byId(page, 'csv-bad').waitFor();
    };
    await byId(page, 'tab-csv').click();
    const lines = Array.from({ length: 30 }, (_, i) => [`login ${i}`, i % 2 ? '' : ONE_WORD, i % 3 ? 'perawat' : 'desk', i % 5 ? ONE_WORD : ''].join(';'));
    await check('account', `login;name;role;facility\n${lines.join('\n')}\n`);
    assert.equal(await byId(page, 'csv-row').count(), 8, 'the first rows');
    await look('settings-csv-many-faults');
    await byId(page, 'csv-rows-all').click();
    await byId(page, 'csv-row').nth(29).waitFor();
    await check('practitioner', 'nama;poli\nx;y\n');
    await look('settings-csv-columns');
    await check('holiday', `date;name;certain\n31-12-2026;${ONE_WORD};mungkin\n2026-02-30;;\n`);
    /* In the reader's language, whatever the file calls its columns. */
    await assertWords(page, 'csv-bad', 'pasti (certain): Pilihan ini tidak tersedia. Yang bisa ditulis: ya atau belum pasti',
        'certain (pasti): This choice is not available. What can be written: yes or unsure');
    await look('settings-csv-holidays-wrong');
});

inspect('after midnight: numbers of yesterday at the desk, with the doctor and on the board', { viewport: DESKTOP }, async (page, look) => {
    const { program, staff, patients } = stage;
    const headers = await program.logIn(program.account('desk'));
    const doctor = program.accounts().find((one) => one.name === DOCTOR);
    const { clinics: [{ id: clinic }] } = await place();
    const pages = [];
    const come = async (name) => {
        const taken = await takeDown(headers, name);
        pages.push(await waitAtLink(patients, taken.link));
        return taken;
    };
    await come('Yusuf Hasan');
    const second = await come(WORDS);
    await program.passTime(24 * HOUR_MS - (program.now() + 8 * HOUR_MS) % (24 * HOUR_MS) + 60_000);

    const board = await staff.page({ viewport: DESKTOP });
    await board.goto(`${program.url}/papan/${clinic}`);
    await byId(board, 'board-from-yesterday').waitFor();
    await come('Fatma Lihawa'); // today's first number
    await byId(board, 'board-from-today').waitFor();
    await look('board-midnight', board);
    await logIn(page, program.url, program.account('desk'));
    await row(page, second.visit).locator('[data-testid=mark-day-before]').waitFor();
    await look('desk-midnight');
    const own = await staff.page({ viewport: DESKTOP });
    await logIn(own, program.url, doctor);
    await row(own, second.visit).locator('[data-testid=mark-day-before]').waitFor();
    await look('doctor-midnight', own);
    await byId(own, 'call-next').click();
    await board.locator('[data-testid=board-called] [data-testid=board-day-before]').waitFor();
    await look('board-midnight-called', board);
    for (const n of [5, 8]) {
        const end = await reshape(board, '**/api/v1/board/*', (reply) => crowded(reply, n));
        await board.reload();
        await byId(board, 'board-called').nth(n - 1).waitFor();
        await look(`board-midnight-crowded-${n}`, board);
        for (const lobby of [LOBBY, DESKTOP]) {
            await board.setViewportSize(lobby);
            assert.deepEqual(await cutOff(board), []);
        }
        await end();
    }
    await look('patient-midnight', pages[1]);
    for (const one of [page, board, own, ...pages]) assert.deepEqual(one.faults, []);
    for (const one of [board, own, ...pages]) await one.context().close();
});
