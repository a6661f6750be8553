// SPDX-License-Identifier: Apache-2.0
// From an empty database to a booked slot in the browser alone, as somebody would who sees the pages
// for the first time; what is shown on the way, at both sizes and in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, book, byId, fillBooking, logIn, SITI } from './support/steps.mjs';

/* Fifteen minutes are what somebody may need who sees the pages for the first time (a script's own time says nothing of that): half a minute
 * to understand a form, ten seconds for each field that it shows, whether it must be filled or not. */
const WITHIN_S = 15 * 60, FORM_S = 30, FIELD_S = 10;
const PASSWORD = 'empat kata biasa berturut';
const LONG_FACILITY = 'Puskesmas Pembantu Desa Dulamayo Utara Kecamatan Telaga Biru';
const LONG_DOCTOR = 'dr. Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya, Sp.PD';

const stage = useStage({
    hour: 7,
    configure: (program) => program.flags.push('--empty'),
    patients: { party: PATIENT },
});

const forms = []; // [name, its fields on the screen] of each that was filled

async function countForm(page, name) {
    forms.push([name, await byId(page, name).locator(':is(input, select, textarea):visible').count()]);
}

async function saveDialog(page, name) {
    await countForm(page, name);
    await byId(page, `${name}-save`).click();
    await byId(page, name).waitFor({ state: 'detached' });
}

/** What is wrong with a field, and its label, stand in the dialog's open part: not above it, nor behind its foot. */
async function untilInSight(page, field) {
    /* Not waitForFunction(), which the page's policy forbids once it has to look twice. */
    const seen = await page.evaluate(([id, endMs]) => new Promise((done) => {
        const isSeen = () => {
            const dialog = document.querySelector('dialog[open]');
            const top = dialog.getBoundingClientRect().top;
            const bottom = dialog.querySelector('.dialog-actions').getBoundingClientRect().top;
            const parts = [document.querySelector(`label[for="${id}"]`), document.getElementById(`${id}-error`)].filter(Boolean);
            return parts.map((one) => one.getBoundingClientRect()).every((box) => box.top >= top && box.bottom <= bottom);
        };
        const look = () => {
            if (isSeen() || Date.now() > endMs) done(isSeen());
            else requestAnimationFrame(look);
        };
        look();
    }), [field, Date.now() + 10_000]);
    assert.ok(seen, `${field}: label and error in sight`);
}

async function stepsDone(page) {
    const done = await page.locator('[data-testid=steps] .step.done').all();
    return Promise.all(done.map(async (one) => (await one.getAttribute('data-testid')).replace('step-', '')));
}

async function addFacility(page, look) {
    await byId(page, 'next-step').click();
    await byId(page, 'facility-dialog-save').click();
    await page.locator('#phone-error').waitFor();
    await look('settings-facility-wrong');
    await page.fill('#name', LONG_FACILITY);
    await page.selectOption('#area', { label: 'Telaga Biru' });
    await page.fill('#address', 'Jalan Trans Sulawesi kilometer 12, Dusun Satu');
    await page.fill('#phone', '0435-881234');
    await saveDialog(page, 'facility-dialog');
}

async function addClinic(page, look) {
    await page.locator('[data-testid=step-facility].done').waitFor();
    await byId(page, 'next-step').click();
    await page.fill('#name', 'Poli Umum');
    await look('settings-clinic');
    await saveDialog(page, 'clinic-dialog');
}

async function addService(page, look) {
    await byId(page, 'service-add').click();
    await page.fill('#duration', '500');
    await page.fill('#price', 'murah');
    await byId(page, 'service-dialog-save').click();
    await page.locator('#price-error').filter({ hasText: '100.000.000' }).waitFor();
    await untilInSight(page, 'name');
    await look('settings-service-wrong');
    await page.fill('#name', 'Konsultasi umum dan pemeriksaan ulang penyakit menahun');
    await byId(page, 'mode-assisted').check();
    await page.fill('#duration', '20');
    await page.fill('#after', '5');
    await page.fill('#price', '15.000');
    await saveDialog(page, 'service-dialog');
    await byId(page, 'service').waitFor();
}

/** The doctor and, in the second dialog, the account. */
async function addDoctor(page, look, { soon }) {
    await byId(page, 'next-step').click();
    await page.fill('#name', LONG_DOCTOR);
    await page.fill('#str', '3111100420123456');
    await byId(page, 'str-for-life').uncheck();
    await byId(page, 'str-until').fill(soon);
    await byId(page, 'clinic-choice').first().check();
    await byId(page, 'permit').locator('input').first().fill('503/SIP-D/0123/DINKES/2026');
    await byId(page, 'person-dialog-save').click();
    await untilInSight(page, (await byId(page, 'permit').locator('.field-error').getAttribute('id')).replace(/-error$/, ''));
    await look('settings-doctor-wrong');
    await byId(page, 'permit').locator('input[type=date]').fill(soon);
    await countForm(page, 'person-dialog');
    await byId(page, 'person-dialog-save').click();
    await byId(page, 'account-dialog').waitFor();
    await page.locator('[data-testid=steps][data-next=account]').waitFor();
    assert.deepEqual(await stepsDone(page), ['facility', 'clinic', 'practitioner'], 'a doctor who cannot log in yet');
    await page.keyboard.press('Escape');
    await byId(page, 'account-dialog').waitFor({ state: 'detached' });
    await look('settings-account-next');
    await byId(page, 'next-step').click();
    await page.fill('#login', 'Dokter Satu');
    await byId(page, 'password-make').click();
    await byId(page, 'password-copy').click();
    await byId(page, 'password-copy-said').filter({ hasText: 'Tersalin' }).waitFor();
    await page.context().grantPermissions(['clipboard-read']);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.inputValue('#password'));
    await byId(page, 'account-dialog-save').click();
    await page.locator('#login-error').waitFor();
    await look('settings-account-wrong');
    await page.fill('#login', 'abdurrahman');
    await saveDialog(page, 'account-dialog');
    await page.locator('[data-testid=steps][data-next=hours]').waitFor();
    assert.deepEqual(await stepsDone(page), ['facility', 'clinic', 'practitioner', 'account']);
}

/** A doctor whom the list has already. */
async function addTwin(page, look) {
    await byId(page, 'person-add').click();
    await page.fill('#name', 'dr. Kembar');
    await page.fill('#str', '3111100420123456');
    await byId(page, 'clinic-choice').first().check();
    await byId(page, 'person-dialog-save').click();
    const words = await page.locator('#str-error').textContent();
    assert.ok(words.includes('Cari di daftar dokter') && !words.includes('Minta pengelola'), words);
    await untilInSight(page, 'str');
    await look('settings-doctor-twin');
    await page.keyboard.press('Escape');
}

async function openHours(page, look) {
    await byId(page, 'next-step').click();
    await byId(page, 'add-rule').click();
    await page.locator('#service').selectOption({ index: 1 });
    assert.equal(await page.inputValue('#slot-minutes'), '20');
    for (const day of [6, 7]) await byId(page, `weekday-${day}`).check();
    await page.fill('#to', '22.00');
    await page.setViewportSize(DESKTOP);
    const tops = await page.locator('.trio input').evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    assert.equal(new Set(tops).size, 1, `inputs beside each other at ${tops}`);
    await look('hours-new');
    await page.setViewportSize(PHONE);
    await countForm(page, 'rule-dialog');
    await byId(page, 'rule-save').click();
    await byId(page, 'saved').waitFor();
    assert.equal(await byId(page, 'see-booking').getAttribute('href'), '/', 'what a patient sees now');
}

async function chooseFile(page, text, name = 'poli-puskesmas-dulamayo.csv') {
    await byId(page, 'csv-file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await byId(page, 'csv-check').click();
}

/** A table with faults, and one without. */
async function importClinics(page, look) {
    await byId(page, 'tab-csv').click();
    await page.selectOption('#csv-kind', 'clinic');
    const bad = `facility;name;letter\nPuskesmas Tidak Ada;Poli Gigi;B\n${LONG_FACILITY};Poli Kesehatan Ibu dan Anak;BB\n`;
    await chooseFile(page, bad);
    await assertWords(page, 'csv-bad', 'Tulis satu huruf besar', 'Write one capital letter');
    assert.equal(await byId(page, 'csv-check').count(), 0, 'the copy that was read is not read again');
    await byId(page, 'csv-file-name').filter({ hasText: 'poli-puskesmas-dulamayo.csv' }).waitFor();
    await look('settings-csv-wrong');
    await chooseFile(page, `facility;name\n${LONG_FACILITY};Poli Kesehatan Ibu dan Anak\n`);
    await byId(page, 'csv-good').waitFor();
    await look('settings-csv-good');
    await byId(page, 'csv-save').click();
    await byId(page, 'csv-saved').waitFor();
}

/** The diagnosis list: what is wrong by line, and what was taken in. */
async function importDiagnoses(page, look) {
    await page.selectOption('#csv-kind', 'icd10');
    await byId(page, 'diagnosis-list').filter({ hasText: 'belum ada daftar yang diisi' }).waitFor();
    await chooseFile(page, 'code;term_id;term_en\nA00.0;Kolera klasik;Cholera\nA0;Kolera;\nA00.0;Lagi;\n', 'icd10-2010.csv');
    await assertWords(page, 'csv-bad', 'Kode ini sudah ada di baris sebelumnya', 'This code stands in an earlier row already');
    await look('settings-csv-diagnoses-wrong');
    await chooseFile(page, 'code;term_id;term_en\nA00.0;Kolera klasik;Cholera\nI10;Hipertensi primer;Essential hypertension\n', 'icd10-2010.csv');
    await byId(page, 'csv-save').click();
    await byId(page, 'csv-saved').waitFor();
    await byId(page, 'diagnosis-list').filter({ hasText: '1 kode baru, 1 berubah' }).waitFor();
    await look('settings-csv-diagnoses');
}

/** Holidays, and accounts whose passwords are told once: {login, password} of the first. */
async function importRest(page, look) {
    await page.selectOption('#csv-kind', 'holiday');
    await chooseFile(page, 'date;name;certain\n2031-05-17;Idulfitri;belum pasti\n', 'libur.csv');
    await byId(page, 'csv-save').click();
    await byId(page, 'csv-saved').waitFor();
    await page.selectOption('#csv-kind', 'account');
    await chooseFile(page, 'login;name;role\nloket.satu;Nurhayati Dunggio;loket\n', 'akun.csv');
    await byId(page, 'csv-bad').filter({ hasText: 'doctor, desk, office, admin, coordinator, officer' }).waitFor();
    await look('settings-csv-accounts-wrong');
    await chooseFile(page, `login;name;role;facility\nloket.satu;Nurhayati Dunggio;desk;${LONG_FACILITY}\n`
        + 'dinkes;Abdurrahmanmuhammadnurhidayatullahsyarif;office;\n', 'akun.csv');
    await byId(page, 'csv-save').click();
    await byId(page, 'csv-starts').waitFor();
    await look('settings-csv-accounts');
    return { login: 'loket.satu', password: await byId(page, 'csv-start').locator('code').first().textContent() };
}

/** One facility's that is not sure at first, and a table that closes the day on which somebody is booked. */
async function setHolidays(page, look) {
    await byId(page, 'tab-holidays').click();
    const of = (name) => byId(page, 'holiday').filter({ hasText: name });
    await of('Idulfitri').waitFor();
    await byId(page, 'holiday-add').click();
    await page.selectOption('#holiday-place', { label: LONG_FACILITY });
    await byId(page, 'holiday-dialog-save').click();
    await page.locator('#holiday-name-error').waitFor();
    await look('settings-holiday-wrong');
    const year = new Date(stage.program.now()).getUTCFullYear() + 1;
    await byId(page, 'holiday-date').fill(`${year}-03-20`);
    await page.fill('#holiday-name', 'Akreditasi dan ulang tahun puskesmas pembantu desa');
    await byId(page, 'holiday-certain').uncheck();
    await saveDialog(page, 'holiday-dialog');
    await of('Akreditasi').filter({ hasText: LONG_FACILITY }).filter({ hasText: 'belum pasti' }).waitFor();
    await look('settings-holidays');
    await of('Akreditasi').locator('[data-testid=holiday-edit]').click();
    await look('settings-holiday-change');
    await byId(page, 'holiday-certain').check();
    await saveDialog(page, 'holiday-dialog');
    await byId(page, 'saved').waitFor();
    await of('Akreditasi').filter({ hasNotText: 'belum pasti' }).waitFor();
    assert.ok((await of('Akreditasi').textContent()).includes(`20 Maret ${year}`), 'its day stays');
    const today = new Date(stage.program.now() + 8 * 3600_000).toISOString().slice(0, 10);
    await chooseFile(page, `date;name;certain\n${today};Banjir;pasti\n`, 'libur.csv');
    await byId(page, 'csv-bad').waitFor();
    await byId(page, 'hit').filter({ hasText: 'A-1' }).filter({ hasText: `, ${LONG_FACILITY}` }).waitFor();
    await look('settings-holidays-hit');
    await byId(page, 'hits-message').check();
    await byId(page, 'csv-keep').click();
    await byId(page, 'csv-kept').filter({ hasText: '1 dikirimi pesan' }).waitFor();
    assert.equal(await byId(page, 'csv-kept').locator('a').getAttribute('href'), '/jadwal#tanpa-tempat');
    await look('settings-holidays-kept');
    await of('Banjir').locator('[data-testid=holiday-remove]').click();
    await saveDialog(page, 'remove-dialog');
    await of('Banjir').waitFor({ state: 'detached' });
}

/** Rules of the province, one of which cannot be; and one of the facility, taken back. */
async function setRules(page, look) {
    await byId(page, 'tab-rules').click();
    await byId(page, 'rules-form').waitFor();
    await look('settings-rules');
    await page.fill('#rule-late_minutes', '500');
    await page.fill('#rule-booking_horizon_days', '60');
    await byId(page, 'sick-assisted').check();
    await byId(page, 'rule-remind_day_before').uncheck();
    await byId(page, 'rules-save').click();
    await page.locator('#rule-late_minutes-error').waitFor();
    await look('settings-rules-wrong');
    await page.fill('#rule-late_minutes', '15');
    await byId(page, 'rules-save').click();
    await byId(page, 'rules-saved').waitFor();
    await look('settings-rules-saved');
    await page.selectOption('#scope', { label: LONG_FACILITY });
    /* Not waitForFunction(), which the page's policy forbids once it has to look twice. */
    await page.evaluate(() => new Promise((done) => {
        const look = () => (document.querySelector('#rule-late_minutes')?.value === '15' ? done() : requestAnimationFrame(look));
        look();
    }));
    await page.fill('#rule-late_minutes', '20');
    await byId(page, 'rules-save').click();
    await byId(page, 'rules-saved').waitFor();
    await byId(page, 'rule-late_minutes-back').click();
    await look('settings-rules-facility');
    await byId(page, 'rules-save').click();
    await byId(page, 'rules-saved').waitFor();
    assert.equal(await page.inputValue('#rule-late_minutes'), '15', 'the province\'s again');
    assert.equal(await page.inputValue('#rule-booking_horizon_days'), '60');
}

/** A further version of what patients agree to: refused, then written, in effect at once. */
async function writeConsent(page, look) {
    await byId(page, 'tab-consents').click();
    await byId(page, 'consent-version').first().waitFor();
    await byId(page, 'consent-write').click();
    const before = await page.inputValue('#consent-en');
    await page.fill('#consent-en', before.split('\n').slice(1).join('\n'));
    await byId(page, 'consent-dialog-save').click();
    await page.locator('#consent-en-error').waitFor();
    await untilInSight(page, 'consent-en');
    await look('settings-consent-wrong');
    await page.fill('#consent-en', `${before}\nTell the doctor if you cannot hear well.`);
    await page.fill('#consent-id', `${await page.inputValue('#consent-id')}\nBeri tahu dokter bila suara kurang jelas.`);
    await byId(page, 'consent-dialog-save').click();
    await page.locator('[data-testid=consent-version][data-version="2"][data-state=now]').waitFor();
    await page.locator('[data-testid=consent-version][data-version="1"][data-state=past]').waitFor();
    await look('settings-consents');
}

/** A text that cannot be, one that can, and back. */
async function setMessage(page, look) {
    await byId(page, 'tab-messages').click();
    const item = byId(page, 'message-booked-id');
    await item.waitFor();
    await look('settings-messages');
    await item.locator('[data-testid=message-edit]').click();
    await page.fill('#message-text', 'Bapak/Ibu {name}, datang {when}.');
    await page.locator('#message-text-error').waitFor();
    await look('settings-message-wrong');
    await page.fill('#message-text', 'Bapak/Ibu ditunggu di {facility} – {when}. ');
    await byId(page, 'placeholder-link').click();
    await page.locator('[data-testid=message-preview][data-segments="2"]').waitFor();
    await look('settings-message-long');
    await page.fill('#message-text', 'Bapak/Ibu ditunggu {when}: {link}');
    await page.locator('[data-testid=message-preview][data-segments="1"]').waitFor();
    await saveDialog(page, 'message-dialog');
    await byId(page, 'message-saved').waitFor();
    await page.locator('[data-testid=message-booked-id][data-source=province]').waitFor();
    await look('settings-message-saved');
    await item.locator('[data-testid=message-edit]').click();
    await byId(page, 'message-back').click();
    await saveDialog(page, 'message-dialog');
    await page.locator('[data-testid=message-booked-id][data-source=server]').waitFor();
}

/** The password that was told once is changed by its owner, on a phone. */
async function changeOwnPassword(page, look, account) {
    await logIn(page, stage.program.url, account);
    await byId(page, 'own-account').click();
    await page.fill('#own-current', 'bukan kata sandi saya');
    await page.fill('#own-password', PASSWORD);
    await page.fill('#own-again', `${PASSWORD}!`);
    await byId(page, 'own-password-save').click();
    await page.locator('#own-again-error').waitFor();
    await page.fill('#own-again', PASSWORD);
    await byId(page, 'own-password-save').click();
    await page.locator('#own-current-error').waitFor();
    await look('own-password-wrong');
    await page.fill('#own-current', account.password);
    await byId(page, 'own-password-save').click();
    await byId(page, 'own-password-done').waitFor();
    await page.context().clearCookies();
    await logIn(page, stage.program.url, { ...account, password: PASSWORD });
}

test('from an empty database to a booked slot, in the browser alone', async () => {
    const { program, patients } = stage;
    const inspector = new Inspector();
    const page = await patients.page({ viewport: PHONE });
    const look = (state) => inspector.look(page, state);
    await page.goto(program.url);
    await byId(page, 'to-setup').waitFor();
    await look('booking-not-set-up');
    await byId(page, 'to-setup').click();
    await byId(page, 'setup-form').waitFor();
    await page.goto(`${program.url}/masuk`);
    await byId(page, 'setup-form').waitFor();
    assert.equal(new URL(page.url()).pathname, '/mulai', 'who would log in is led to the first start');
    await page.fill('#code', 'AAAA-AAAA-AAAA');
    await page.fill('#name', 'Siti Rahmawati');
    await page.fill('#login', 'siti');
    await page.fill('#password', PASSWORD);
    await byId(page, 'setup-submit').click();
    await page.locator('#code-error').waitFor();
    await look('setup-wrong');
    await page.fill('#code', await program.setupCode());
    await countForm(page, 'setup-form');
    await byId(page, 'setup-submit').click();
    await page.waitForURL('**/pengaturan');
    await byId(page, 'steps').waitFor();
    await look('settings-empty');

    await addFacility(page, look);
    await addClinic(page, look);
    await addService(page, look);
    await look('settings-places');
    const soon = new Date(program.now() + 60 * 24 * 3600_000).toISOString().slice(0, 10);
    await addDoctor(page, look, { soon });
    await byId(page, 'tab-people').click();
    await byId(page, 'warning').first().waitFor();
    assert.deepEqual(await byId(page, 'warning').evaluateAll((all) => all.map((one) => one.dataset.state)), ['soon', 'soon'], 'STR and SIP');
    await look('settings-people');
    await addTwin(page, look);
    await openHours(page, look);
    assert.match(await byId(page, 'permits').textContent(), /STR berlaku sampai.*SIP di .* berlaku sampai/s);
    await look('hours-permit');
    const fields = forms.reduce((sum, [, count]) => sum + count, 0);
    assert.deepEqual(forms.map(([name]) => name), ['setup-form', 'facility-dialog', 'clinic-dialog', 'service-dialog', 'person-dialog',
        'account-dialog', 'rule-dialog']);
    assert.ok(forms.every(([, count]) => count > 0) && forms.length * FORM_S + fields * FIELD_S <= WITHIN_S, JSON.stringify(forms));

    const patient = await patients.page({ viewport: PHONE });
    const visitor = await patients.page({ viewport: PHONE });
    await visitor.goto(program.url);
    await byId(visitor, 'facility').first().click();
    await byId(visitor, 'service-chosen').waitFor();
    await inspector.look(visitor, 'booking-services');
    await fillBooking(patient, program.url, SITI);
    const ticket = await book(patient);
    assert.equal(ticket.number, 'A-1');

    await page.goto(`${program.url}/pengaturan#accounts`);
    await byId(page, 'account').first().waitFor();
    await page.setViewportSize(DESKTOP);
    await look('settings-accounts');
    assert.ok(!(await byId(page, 'steps').isVisible()), 'nothing is left to set up');
    await byId(page, 'account').filter({ hasText: 'siti' }).locator('[data-testid=account-edit]').click();
    await byId(page, 'active').uncheck();
    await byId(page, 'account-change-save').click();
    await byId(page, 'failure').waitFor();
    await look('settings-last-admin');
    await page.reload();
    await importClinics(page, look);
    await importDiagnoses(page, look);
    const account = await importRest(page, look);
    await setHolidays(page, look);
    await setRules(page, look);
    await setMessage(page, look);
    await writeConsent(page, look);
    const clerk = await patients.page({ viewport: PHONE });
    await changeOwnPassword(clerk, (state) => inspector.look(clerk, state), account);
    await page.goto(`${program.url}/mulai`);
    await byId(page, 'setup-done').waitFor();
    await look('setup-done');
    inspector.assertClean();
});
