// SPDX-License-Identifier: Apache-2.0
// Issue 2, "Shows" 8: hours, and what is booked beyond them.
// Looked at as inspector.mjs does. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { DESKTOP } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { daysReply, HOUR_MS, hoursReply, LONG } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import { bookByApi, byId, logIn } from './support/steps.mjs';

const stage = useStage({ staff: {} });
const inspect = inspectPages(() => stage.staff);

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
    await page.locator('#from-error').filter({ hasText: /Bertumpuk dengan Selasa 08\.00\W+20\.00/ }).waitFor();
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
    await byId(page, 'move-dialog').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'kept-move', 'where the focus was');
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
    await byId(page, 'odd').filter({ hasText: 'dari provinsi lain' }).waitFor();
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

    /* The coordinator's page, with nurses who are still with somebody, and one of whom it cannot be said. */
    const nurse = (visit, nth, name, doctor) => ({ visit, number: `A-${nth}`, clinic: 'Poli Kesehatan Ibu dan Anak', doctor, nurse: name,
        joined_at_ms: program.now() - nth * HOUR_MS });
    await page.route(/\/api\/v1\/nurses$/, (route) => route.fulfill({
        json: { nurses: [nurse(facility.id, 4, 'Ns. Sri Wahyuni Datau', 'dr. Rahmat Hasan'), nurse(clinic.id, 1, LONG.name, '')] } }));
    await page.goto(`${program.url}/pengaturan`);
    await byId(page, 'nurse-there').first().waitFor();
    await byId(page, 'nurse-there-left').first().click();
    await byId(page, 'nurses').locator('[data-testid=failure]').filter({ hasText: 'Kunjungan ini sudah tidak ada' }).waitFor();
    await look('settings-nurses');
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
    /* Of today, and of no other day, what is over by now is said to be. */
    answer = (route, monday) => {
        const reply = hoursReply(monday, true), now = program.now();
        for (const day of reply.days) day.open = [-2, -1].map((hour, i) => (
            { clinic: `clinic${i}`, from_ms: now + hour * HOUR_MS, to_ms: now + (2 * hour + 3) * HOUR_MS }));
        return route.fulfill({ json: reply });
    };
    await page.reload();
    await byId(page, 'hours-past').waitFor();
    assert.equal(await byId(page, 'hours-past').count(), 1);
    await page.locator('.open', { hasText: 'Poli Kesehatan Ibu dan Anak' }).locator('[data-testid=hours-past]').waitFor();
    await look('hours-past');
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
