// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Errors": what goes wrong is said clearly, in the reader's language, with a way out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, DESKTOP } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import {
    allowDevices, assertWords, book, bookByApi, bookOpenVisit, byId, chooseSlot, enterWaitingRoom, fillBooking,
    fillPerson, logIn, SITI, untilScreen,
} from './support/steps.mjs';

const HOUR_MS = 3600_000;
const stage = useStage({ hour: 9, people: {} });

/** Opens a page, runs `body` and closes it. */
async function withPage(options, body, browser = stage.people) {
    const page = await browser.page(options);
    await body(page);
    assert.deepEqual(page.faults, []);
    await page.context().close();
}

test('a wrong link, a page without a link and an address that does not exist', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        await page.goto(`${program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`);
        await assertWords(page, 'problem', 'Tautan tidak berlaku', 'This link does not work');
        assert.equal(await byId(page, 'problem').getAttribute('data-type'), 'link-invalid');
        await byId(page, 'facility-phones').locator('a[href^="tel:"]').first().waitFor();
        await page.evaluate(() => sessionStorage.clear());
        await page.goto(`${program.url}/v/kunjungan`);
        await assertWords(page, 'problem', 'Buka lagi tautan Anda', 'Open your link again');
        const missing = await page.goto(`${program.url}/tidak-ada`);
        assert.equal(missing.status(), 404);
        await page.getByText('Halaman tidak ditemukan').waitFor();
    }));

test('a page whose program did not come offers to try again', () =>
    withPage({}, async (page) => {
        const isProgram = (url) => url.pathname.endsWith('.js');
        await page.route(isProgram, (route) => route.abort('connectionreset'));
        const link = `${stage.program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`;
        await page.goto(link);
        const again = page.getByRole('link', { name: 'Coba lagi' });
        await page.getByText('Sebentar').waitFor();
        assert.ok(!(await again.isVisible()), 'not at once');
        await again.waitFor({ timeout: 60_000 });
        assert.equal(page.url(), link);
        await page.unroute(isProgram);
        await again.click();
        await byId(page, 'problem').waitFor();
    }));

test('moving and waiting without a link that holds: what to do, whom to phone, in the language that is chosen', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        const inspector = new Inspector();
        const lost = byId(page, 'failure');
        for (const [path, look] of [['/pindah', 'move'], ['/tunggu', 'wait']]) {
            await page.goto(`${program.url}${path}`);
            await assertWords(page, 'failure', 'Buka lagi tautan Anda', 'Open your link again');
            await byId(page, 'facility-phones').locator('a[href^="tel:"]').first().waitFor();
            await inspector.look(page, `${look}-no-link`);
        }
        await page.goto(`${program.url}/tunggu/AAAAAAAAAAAAAAAAAAAAAA`);
        await byId(page, 'facility-phones').waitFor();
        assert.equal(await lost.getAttribute('data-type'), 'link-invalid');
        await inspector.look(page, 'wait-wrong-link');
        await page.goto(`${program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`);
        await byId(page, 'problem').waitFor();
        await page.goto(`${program.url}/pindah`);
        await byId(page, 'facility-phones').waitFor();
        assert.match(await lost.innerText(), /salah atau sudah diganti/);
        assert.doesNotMatch(await lost.innerText(), /Hubungi loket/, 'what to do is said once');
        /* The server's own words, too. */
        await byId(page, 'lang-switch').click();
        await lost.filter({ hasText: 'This link is wrong or was replaced' }).waitFor();
        assert.doesNotMatch(await lost.innerText(), /Tautan/);
        await byId(page, 'lang-switch').click();
        /* What trying again can mend says so. */
        await page.route('**/api/v1/join', (route) => route.fulfill({ status: 500, json: { type: '/masalah/internal', title: 'x', detail: 'Gangguan' } }));
        await page.reload();
        await byId(page, 'retry').waitFor();
        await page.unroute('**/api/v1/join');
        await byId(page, 'retry').click();
        await byId(page, 'facility-phones').waitFor();
        page.faults.length = 0; // the 500 of above
        inspector.assertClean();
    }));

test('English that does not come leaves the page as it is, and is asked for again', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        let blocked = true;
        await page.route('**/assets/patient-en-*.json', (route) => (blocked ? route.abort() : route.continue()));
        const early = page.waitForEvent('requestfailed');
        await page.goto(`${program.url}/v/AAAAAAAAAAAAAAAAAAAAAA`);
        await byId(page, 'problem').filter({ hasText: 'Tautan tidak berlaku' }).waitFor();
        await early;
        const failed = page.waitForEvent('requestfailed');
        await byId(page, 'lang-switch').click();
        await failed;
        assert.equal(await page.locator('html').getAttribute('lang'), 'id');
        blocked = false;
        await byId(page, 'lang-switch').click();
        await byId(page, 'problem').filter({ hasText: 'This link does not work' }).waitFor();
        await page.reload();
        await byId(page, 'problem').filter({ hasText: 'This link does not work' }).waitFor();
    }));

test('too early: when it opens; then it opens', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        const ticket = await bookByApi(program, 2 * HOUR_MS);
        await page.goto(ticket.link);
        await assertWords(page, 'screen-early', 'Anda datang lebih awal', 'You are early');
        const left = await byId(page, 'countdown').innerText();
        assert.match(left, /\d/);
        await program.passTime(ticket.opens_at_ms - program.now() + 1000);
        await page.reload();
        await byId(page, 'allow-devices').waitFor();
    }));

test('a cancelled visit and a visit that is over', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        const cancelled = await bookByApi(program, 2 * HOUR_MS);
        const headers = { authorization: `Bearer ${cancelled.link.split('/v/')[1]}` };
        const reply = await program.request('POST', '/api/v1/join/cancel', { headers });
        assert.equal(reply.status, 200, reply.text);
        await page.goto(cancelled.link);
        await assertWords(page, 'cancelled', 'sudah dibatalkan', 'was cancelled');

        const left = await bookOpenVisit(program);
        await allowDevices(page, left.link);
        await enterWaitingRoom(page);
        await byId(page, 'leave-queue').click();
        await byId(page, 'confirm-leave').click();
        await assertWords(page, 'cancelled', 'Anda sudah keluar', 'You have left');
        await page.goto(left.link);
        await assertWords(page, 'ended', 'keluar dari antrean', 'left the queue');

        const ticket = await bookOpenVisit(program);
        await allowDevices(page, ticket.link);
        await enterWaitingRoom(page);
        const officer = program.accounts().find((one) => one.name === ticket.doctor);
        const doctor = await program.logIn(officer);
        const act = async (what, body) => {
            const at = `/api/v1/visits/${ticket.visit}/${what}`;
            const done = await program.request('POST', at, { headers: doctor, body });
            assert.equal(done.status, 200, done.text);
        };
        await act('call');
        await untilScreen(page, 'called');
        await program.passTime(Math.max(ticket.starts_at_ms - program.now(), 0)); // before that nobody is missed
        await act('end', { outcome: 'no_show_patient' });
        await assertWords(page, 'ended', 'Anda tidak masuk', 'You did not');
        await page.goto(ticket.link);
        await assertWords(page, 'ended', 'Anda tidak masuk', 'You did not');
    }));

test('camera and microphone refused: said, explained, and the waiting room is open all the same', async () => {
    const browser = await Browser.start({ media: 'denied' });
    try {
        await withPage({}, async (page) => {
            await page.goto((await bookOpenVisit(stage.program)).link);
            await byId(page, 'allow-devices').click();
            await assertWords(page, 'media-denied', 'Kamera dan suara belum diizinkan', 'not allowed yet');
            await enterWaitingRoom(page);
        }, browser);
    } finally {
        await browser.close();
    }
});

test('no camera: said, and the call goes on with sound', async () => {
    const browser = await Browser.start({ media: 'no-camera' });
    try {
        await withPage({}, async (page) => {
            await page.goto((await bookOpenVisit(stage.program)).link);
            await byId(page, 'allow-devices').click();
            await assertWords(page, 'camera-none', 'Kamera tidak ditemukan', 'No camera was found');
            assert.match(await byId(page, 'enter-waiting').innerText(), /suara saja/);
            await enterWaitingRoom(page);
        }, browser);
    } finally {
        await browser.close();
    }
});

test('a browser without WebRTC: what to use instead', () =>
    withPage({ before: () => delete window.RTCPeerConnection }, async (page) => {
        const { program } = stage;
        const ticket = await bookOpenVisit(program);
        await page.goto(ticket.link);
        await assertWords(page, 'no-webrtc', 'belum bisa panggilan video', 'cannot make video calls');
        await byId(page, 'no-webrtc').locator('a[href^="tel:"]').waitFor();
    }));

test('the server stops: the waiting patient is told, and keeps the place', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        await allowDevices(page, (await bookOpenVisit(program)).link);
        await enterWaitingRoom(page);
        const number = await byId(page, 'queue-number').innerText();
        await program.stop();
        await assertWords(page, 'connection-lost', 'sedang diperbarui', 'being updated');
        await program.run();
        await byId(page, 'connection-lost').waitFor({ state: 'detached' });
        await byId(page, 'ahead').waitFor();
        assert.equal(await byId(page, 'queue-number').innerText(), number);
    }));

test('wrong fields: each is named, by the page and by the server', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        await fillBooking(page, program.url, SITI);
        await page.goBack();
        await byId(page, 'step-details').waitFor();
        await fillPerson(page, { name: 'S', day: '31', month: '2', year: '1954', phone: '12', nik: '75' });
        await byId(page, 'to-review').click();
        for (const [id, words] of [['name', 'nama lengkap'], ['birth', 'tanggal lahir'],
            ['phone', 'nomor HP'], ['nik', '16 angka']]) {
            await page.locator(`#${id}-error`).filter({ hasText: words }).waitFor();
        }
        await page.locator('#name:focus').waitFor();
        /* What is mended loses its mark at once; the rest is said in the language of the page. */
        await page.fill('#name', SITI.name);
        await page.locator('#name-error').waitFor({ state: 'detached' });
        assert.equal(await page.evaluate(() => document.activeElement.id), 'name');
        await assertWords(page, 'step-details', 'Tulis nomor HP', 'Write a mobile number');
        /* A thirteenth month inside the NIK is what only the server sees. */
        await fillPerson(page, { ...SITI, nik: '7571025713900001' });
        await byId(page, 'to-review').click();
        await byId(page, 'book').click();
        await page.locator('#nik-error').waitFor();
        await page.locator('#nik:focus').waitFor();
        await assertWords(page, 'step-details', 'di dalam NIK ini tidak ada', 'does not exist');
        assert.equal(await page.locator('.field.wrong').count(), 1, 'right fields are marked as wrong');
        await fillPerson(page, { ...SITI, nik: '7571024203540001' });
        await byId(page, 'to-review').click();
        await book(page);
    }));

test('a mother books for her baby and stays for the next child: messages and consent are hers, the patients two', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        const born = new Date(program.now() - 5 * 24 * 3600_000);
        const baby = { name: 'Bayi Ny. Rina', day: String(born.getUTCDate()), month: String(born.getUTCMonth() + 1),
            year: String(born.getUTCFullYear()), phone: '0812 3456 7890' };
        await page.goto(program.url);
        await chooseSlot(page);
        await fillPerson(page, baby);
        await byId(page, 'minor').waitFor();
        await page.selectOption('#for-whom', 'parent');
        await byId(page, 'minor').waitFor({ state: 'detached' });
        await page.fill('#mother-nik', '75');
        await byId(page, 'to-review').click();
        await page.locator('#contact-name-error').waitFor();
        await page.locator('#mother-nik-error').waitFor();
        await page.fill('#contact-name', 'Rina Hasan');
        await page.fill('#mother-nik', '7571025708900001');
        await byId(page, 'to-review').click();
        await byId(page, 'step-review').filter({ hasText: 'Rina Hasan (orang tua)' }).filter({ hasText: 'atas nama Bayi Ny. Rina' }).waitFor();
        const first = await book(page);
        await byId(page, 'ticket').filter({ hasText: 'Bayi Ny. Rina' }).waitFor();
        await byId(page, 'another').click();
        await chooseSlot(page);
        assert.equal(await page.inputValue('#contact-name'), 'Rina Hasan');
        assert.equal(await page.inputValue('#name'), '');
        await fillPerson(page, { ...baby, name: 'Zaki Hasan', year: '2020' });
        await byId(page, 'to-review').click();
        const second = await book(page);
        assert.notEqual(second.visit, first.visit);
        await byId(page, 'ticket').filter({ hasText: 'Zaki Hasan' }).waitFor();
    }));

test('the consent is replaced: an open form shows the new text, the visit\'s page asks, and the doctor sees the answer', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        await fillBooking(page, program.url, SITI);
        await byId(page, 'consent-text').waitFor();
        const headers = await program.logIn(program.account('admin'));
        const { text } = (await program.request('GET', '/api/v1/consent')).json();
        const body = { text_id: `${text.id}\nBeri tahu dokter bila suara kurang jelas.`, text_en: `${text.en}\nTell the doctor if you cannot hear well.` };
        assert.equal((await program.request('POST', '/api/v1/consent-texts', { headers, body })).status, 201);
        await byId(page, 'book').click();
        await byId(page, 'failure').filter({ hasText: 'Teks persetujuan sudah diganti' }).waitFor();
        await page.locator('[data-testid=consent-text][open]').filter({ hasText: 'suara kurang jelas' }).waitFor();
        await book(page);

        const ticket = await bookOpenVisit(program);
        const doctor = await stage.people.page({ viewport: DESKTOP });
        await logIn(doctor, program.url, program.accounts().find((one) => one.name === ticket.doctor));
        await doctor.goto(`${program.url}/dokter/${ticket.visit}`);
        const missing = byId(doctor, 'visit-pane').filter({ hasText: 'Belum ada persetujuan' });
        await missing.waitFor();
        await allowDevices(page, ticket.link);
        await byId(page, 'own-consent').filter({ hasText: 'belum tercatat' }).waitFor();
        await enterWaitingRoom(page);
        await byId(page, 'own-consent').waitFor();
        const asked = [];
        page.on('request', (request) => request.url().includes('consent') && asked.push(request.url()));
        await byId(page, 'lang-switch').first().click();
        await byId(page, 'own-consent').filter({ hasText: 'not on record yet' }).waitFor();
        assert.deepEqual(asked, [], 'another language is shown of what is there');
        await byId(page, 'consent-accept').click();
        await byId(page, 'own-consent').waitFor({ state: 'detached' });
        await missing.waitFor({ state: 'detached' });
        assert.deepEqual(doctor.faults, []);
        await doctor.context().close();
    }));

test('a slot that was just taken: the nearest others, one tap to take one', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        await fillBooking(page, program.url, SITI);
        /* Somebody is faster: the same slot, between this page's tap and the server. */
        await page.route('**/api/v1/bookings', async (route) => {
            const body = { ...route.request().postDataJSON(), name: 'Fatma Lihawa' };
            const reply = await program.request('POST', '/api/v1/bookings', { body });
            assert.equal(reply.status, 201, reply.text);
            await route.continue();
        }, { times: 1 });
        await byId(page, 'book').click();
        await byId(page, 'slot-taken').filter({ hasText: 'baru saja diambil' }).waitFor();
        const top = await byId(page, 'slot-taken').evaluate((one) => one.getBoundingClientRect().top);
        assert.ok(top >= 0 && top < 300, `the news stands at ${top} px of the window`);
        assert.ok((await byId(page, 'nearest').count()) >= 1);
        /* That one is kept for this page; the answer is lost on its way, and the tap comes first. */
        let asked;
        const kept = new Promise((resolve) => { asked = resolve; });
        await page.route('**/api/v1/holds', async (route) => {
            const reply = await route.fetch();
            assert.equal(reply.status(), 201, await reply.text());
            await route.abort();
            asked();
        }, { times: 1 });
        await byId(page, 'nearest').first().click();
        await byId(page, 'slot-taken').waitFor({ state: 'detached' });
        await kept;
        await book(page);
        await byId(page, 'ticket').filter({ hasText: SITI.name }).waitFor();
    }));

test('too many log-in attempts: said, with the time to wait', () =>
    withPage({ viewport: DESKTOP }, async (page) => {
        const { program } = stage;
        await page.goto(`${program.url}/masuk`);
        await page.fill('#login', 'rahmat');
        const fault = byId(page, 'login-fault');
        for (let tries = 0; tries < 30; tries++) {
            await page.fill('#password', `salah-${tries}`);
            const answered = page.waitForResponse((one) => one.url().endsWith('/api/v1/session'));
            await byId(page, 'login-submit').click();
            await answered;
            await fault.waitFor();
            if ((await fault.getAttribute('data-kind')) === 'too_many') break;
            assert.equal(await fault.getAttribute('data-kind'), 'wrong');
        }
        await assertWords(page, 'login-fault', /Terlalu banyak percobaan/, /Too many attempts/);
        await logIn(page, program.url, program.account('office'));
    }));

/* Last: the clock is turned by days. */
test('an expired link: said, and the way to book again', () =>
    withPage({}, async (page) => {
        const { program } = stage;
        const ticket = await bookOpenVisit(program);
        await program.passTime(5 * 24 * HOUR_MS);
        await page.goto(ticket.link);
        await assertWords(page, 'problem', 'sudah lewat waktunya', 'past its time');
        assert.equal(await byId(page, 'problem').getAttribute('data-type'), 'link-expired');
    }));
