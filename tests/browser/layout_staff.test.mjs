// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 8: what desk, officer, health office and administrator see.
// Looked at as inspector.mjs does. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { DESKTOP, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { busyDay, HOUR_MS, LONG, reshape } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, byId, fillPerson, logIn } from './support/steps.mjs';

const stage = useStage({ staff: {} });
const inspect = inspectPages(() => stage.staff);

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

/* Counts of two and of three figures, and the longest list that is usual. */
inspect('the desk on a busy day', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    for (const n of [26, 126]) {
        const end = await reshape(page, '**/api/v1/day?*', (reply) => busyDay(reply, n));
        if (n === 26) await logIn(page, program.url, program.account('desk'));
        else await page.reload();
        await byId(page, 'filter-all').getByText(String(n), { exact: true }).waitFor();
        await look(`desk-busy-${n}`);
        for (const filter of ['waiting', 'coming']) {
            await byId(page, `filter-${filter}`).click();
            await look(`desk-busy-${n}-${filter}`);
        }
        await end();
    }
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
    await assertWords(page, 'counter-odd', 'mungkin kode lama', 'may be an old code');
    await look('counter-ticket');
    await byId(page, 'counter-back').click();
    await byId(page, 'counter-ticket').waitFor();
    await look('counter-list');
    await page.goto(`${program.url}/loket`);
    await page.getByRole('link', { name: /halaman/i }).waitFor();
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
