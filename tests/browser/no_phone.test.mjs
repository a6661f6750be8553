// SPDX-License-Identifier: Apache-2.0
// Who has no telephone, or a fixed line that no message reaches: the desk's walk-in and booking, the counter of a kecamatan;
// what the list says then, and the list of who has lost the place. Layout and axe on each. HUYULA_SCREENSHOTS=DIR keeps the
// pictures.
import assert from 'node:assert/strict';
import { DESKTOP, DOCTOR, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { reshape } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import {
    acceptCall, assertWords, byId, callPatient, callScreen, chooseSlot, fillPerson, logIn, row, SITI, waitAtLink,
} from './support/steps.mjs';

const HOUR_MS = 3600_000, WITA_MS = 8 * HOUR_MS;
const FACILITY = 'Puskesmas Limboto';
const stage = useStage({ hour: 9, staff: { party: DOCTOR } });
const inspect = inspectPages(() => stage.staff);

const place = async () => (await stage.program.request('GET', '/api/v1/facilities')).json().facilities.find((one) => one.name === FACILITY);

/** Of one who has none, by the API. */
const NAMELESS = { name: 'Hadijah Pakaya', birth_date: '1954-03-02', lang: 'id', no_phone: true };
async function sent(who, path, body, method = 'POST') {
    const { program } = stage;
    const headers = await program.logIn(program.account(who));
    const reply = await program.request(method, path, { headers, body });
    assert.ok(reply.status < 300, `${path} ${reply.status} ${reply.text}`);
    return reply.json();
}
const consentNow = async () => (await stage.program.request('GET', '/api/v1/consent')).json().version;

async function fillDesk(page, name) {
    await page.fill('#walk-in-name', name);
    await page.fill('#walk-in-birth_date', '2-3-1954');
    await page.check('#walk-in-consent');
}

inspect('a walk-in without a telephone: the desk says the number, the list says that nobody is reached', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'walk-in').click();
    await page.locator('#walk-in-name').waitFor();
    await fillDesk(page, 'Hadijah Pakaya');
    await byId(page, 'walk-in-submit').click();
    await page.locator('#walk-in-phone-error').waitFor(); // left out is not said
    await page.check('#walk-in-no_phone');
    assert.equal(await page.locator('#walk-in-phone').count(), 0);
    await byId(page, 'no-phone-tell').filter({ hasText: 'Tidak ada pesan yang dikirim kepada siapa pun.' }).waitFor();
    await page.selectOption('#walk-in-relation', 'child');
    await page.locator('label:has(#walk-in-no_phone)', { hasText: 'Pasien dan pendamping tidak punya telepon' }).waitFor();
    await page.selectOption('#walk-in-relation', '');
    await look('no-phone-walk-in');
    const sent = page.waitForRequest((one) => one.url().endsWith('/api/v1/walk-ins'));
    await byId(page, 'walk-in-submit').click();
    const body = (await sent).postDataJSON();
    assert.deepEqual([body.no_phone, 'phone' in body], [true, false]);
    await byId(page, 'walk-in-number').waitFor();
    await byId(page, 'odd').filter({ hasText: 'Sebutkan nomor dan waktunya sekarang' }).waitFor();
    await look('no-phone-given');
    await byId(page, 'link-close').click();
    await byId(page, 'mark-no-phone').waitFor();
    await look('no-phone-list');
    await page.locator('li.row', { has: page.locator('[data-testid=mark-no-phone]') }).locator('[data-testid=manage-queue]').click();
    await byId(page, 'queue-dialog').waitFor();
    assert.equal(await page.locator('input[value=phone]').count(), 0, 'nobody can phone them');
    await page.locator('input[value=in_person]').click();
    await look('no-phone-queue');
});

let kept;
inspect('a booking by the desk: the ticket is printed, and a later change is for people to tell', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'register').click();
    await byId(page, 'clinic').filter({ hasText: 'Umum' }).click();
    await page.locator('[data-testid=step-doctor], [data-testid=step-time]').waitFor();
    if (await byId(page, 'step-doctor').isVisible()) await byId(page, 'doctor').first().click();
    await byId(page, 'day').nth(1).click();
    await byId(page, 'slot').last().click();
    await byId(page, 'chosen-time').waitFor();
    await fillDesk(page, 'Hadijah Pakaya');
    await page.check('#walk-in-no_phone');
    const answer = page.waitForResponse((one) => one.url().endsWith('/api/v1/desk-bookings'));
    await byId(page, 'walk-in-submit').click();
    kept = await (await answer).json();
    await byId(page, 'register-ticket').waitFor();
    await page.getByText('Sebutkan nomor dan waktunya sekarang, atau berikan di kertas.').waitFor();
    assert.equal(await page.getByText('dikirim ke telepon pasien').count(), 0);
    await look('no-phone-ticket');
});

inspect('the doctor: cancelled, called and ended, with a letter revoked: people tell, and nothing goes on by telephone', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const [{ id: own }] = clinic.doctors;
    const { visit, link } = await sent('desk', '/api/v1/walk-ins',
        { ...NAMELESS, name: 'Rahmatia Lamusu', clinic: clinic.id, doctor: own, consent: await consentNow() });
    const patient = await waitAtLink(stage.staff, link);
    await logIn(page, program.url, program.account('doctor'));
    await row(page, visit).locator('a, button').first().click();
    await byId(page, 'cancel-visit').click();
    await byId(page, 'untold').filter({ hasText: 'Pasien tidak punya telepon, jadi tidak ada pesan.' }).waitFor();
    await look('no-phone-doctor-cancel');
    await page.keyboard.press('Escape');
    await callPatient(page, visit);
    await acceptCall(patient);
    await callScreen(page, 'talking').waitFor();
    const noPhone = () => page.locator('input[value=converted_phone]').count().then((n) => assert.equal(n, 0, 'there is nobody to phone'));
    /* While another day's list is looked at, too: the record knows. */
    await byId(page, 'day-next').click();
    await row(page, visit).waitFor({ state: 'detached' });
    await byId(page, 'end').click();
    await byId(page, 'end-no-phone').waitFor();
    await noPhone();
    await look('no-phone-doctor-end-other-day');
    await byId(page, 'end-keep').click();
    /* A page that knows it no better is told in the dialog, which covers all else, and then knows. */
    await reshape(page, `**/api/v1/visits/${visit}`, (json) => ({ ...json, visit: { ...json.visit, no_phone: false } }), { times: 1 });
    await byId(page, 'end').click();
    await page.locator('input[value=converted_phone]').check();
    await byId(page, 'end-submit').click();
    await byId(page, 'end-refused').waitFor();
    await byId(page, 'end-no-phone').waitFor();
    await noPhone();
    await look('no-phone-doctor-end-refused');
    await byId(page, 'end-keep').click();
    await byId(page, 'day-previous').click();
    await row(page, visit).waitFor();
    await byId(page, 'end').click();
    await byId(page, 'end-no-phone').waitFor();
    await noPhone();
    assert.equal(await byId(page, 'end-refused').count(), 0, 'that was another try');
    await page.locator('#follow-up-hint').filter({ hasText: /Pasien tidak punya telepon|The patient has no telephone/ }).waitFor();
    await look('no-phone-doctor-end');
    await byId(page, 'end-submit').click();
    await byId(page, 'record').waitFor();
    const note = `/api/v1/visits/${visit}/note`;
    const { revision } = await sent('doctor', note, { revision: 0, subjective: 'batuk', assessment: 'ISPA', plan: 'istirahat', allergies: 'tidak ada' }, 'PUT');
    await sent('doctor', `${note}/sign`, { revision });
    await sent('doctor', `/api/v1/visits/${visit}/letters`, { kind: 'summary', key: 'kunci-surat-tanpa-telepon-1' });
    await page.reload();
    await byId(page, 'tab-letters').click();
    await byId(page, 'letter-revoke').click();
    await byId(page, 'untold').waitFor();
    assert.equal(await byId(page, 'revoke-dialog').getByText('lewat pesan').count(), 0);
    await look('no-phone-revoke');
    await patient.context().close();
});

inspect('a wrong number: the desk changes it, whoever has the link of before is out, and there may be none after all', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const made = await sent('desk', '/api/v1/walk-ins', { name: 'Sutrisno Lamusu', birth_date: '1961-08-17', lang: 'id', phone: '0812 9999 0000',
        clinic: clinic.id, doctor: clinic.doctors[0].id, consent: await consentNow() });
    const stranger = await waitAtLink(stage.staff, made.link);
    await logIn(page, program.url, program.account('desk'));
    const open = async () => {
        await row(page, made.visit).locator('[data-testid=manage-queue]').click();
        await byId(page, 'phone-open').click();
        await byId(page, 'phone-dialog').waitFor();
    };
    await open();
    await byId(page, 'phone-save').click();
    await page.locator('#new-phone-error').waitFor();
    await look('phone-change');
    await page.fill('#new-phone', '0813 1111 2222');
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-saved').filter({ hasText: 'Pesan dengan tautan baru dikirim ke nomor ini.' }).waitFor();
    assert.notEqual(await byId(page, 'link-value').inputValue(), made.link);
    await look('phone-changed');
    await byId(stranger, 'screen-problem').waitFor();
    await stranger.getByText('sudah diganti').waitFor();
    await byId(page, 'link-close').click();
    await open();
    await page.fill('#new-phone', '+62 813-1111-2222');
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-same').waitFor();
    await page.keyboard.press('Escape');
    await open();
    await page.check('#new-phone-none');
    await byId(page, 'no-phone-tell').waitFor();
    await byId(page, 'phone-save').click();
    await byId(page, 'odd').waitFor();
    await look('phone-none');
    await byId(page, 'link-close').click();
    await row(page, made.visit).locator('[data-testid=mark-no-phone]').waitFor();
    await stranger.context().close();
});

inspect('a fixed line: the list marks it, and what is done with the visit is to be said by phone', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const made = await sent('desk', '/api/v1/walk-ins', { name: 'Nurdin Abdul Karim', birth_date: '1958-05-21', lang: 'id', phone: '0435 821 123',
        clinic: clinic.id, doctor: clinic.doctors[0].id, consent: await consentNow() });
    const untold = () => byId(page, 'untold').filter({ hasText: 'Nomornya telepon rumah, jadi tidak ada pesan. Beri tahu lewat telepon.' }).waitFor();
    await logIn(page, program.url, program.account('desk'));
    await row(page, made.visit).locator('[data-testid=mark-no-messages]').waitFor();
    assert.equal(await row(page, made.visit).locator('[data-testid=mark-no-phone]').count(), 0);
    await look('fixed-line-list');
    await row(page, made.visit).locator('[data-testid=manage-queue]').click();
    await byId(page, 'queue-dialog').waitFor();
    assert.equal(await page.locator('input[value=phone]').count(), 1, 'they can be phoned');
    await page.locator('label:has(input[value=phone])').filter({ hasText: 'Telepon rumah tidak menerima pesan: beri tahu pasien sekarang.' }).waitFor();
    await page.locator('label:has(input[value=in_person])').filter({ hasText: 'Beri tahu lewat telepon.' }).waitFor();
    await look('fixed-line-queue');
    await page.locator('input[value=phone]').check();
    await byId(page, 'phone-show').scrollIntoViewIfNeeded();
    await look('fixed-line-way');
    await page.keyboard.press('Escape');
    await row(page, made.visit).locator('[data-testid=move-visit]').click();
    await untold();
    await look('fixed-line-move');
    await page.keyboard.press('Escape');
    await row(page, made.visit).locator('[data-testid=cancel-visit]').click();
    await untold();
    await look('fixed-line-cancel');
    await byId(page, 'phone-show').click();
    await byId(page, 'phone-call').filter({ hasText: '0435-821123' }).waitFor();
    await look('fixed-line-number');
    await byId(page, 'cancel-dialog').locator('input[name=reason]').first().check();
    await byId(page, 'cancel-submit').click();
    await row(page, made.visit).locator('[data-testid=mark-no-messages]').waitFor({ state: 'detached' });
});

/** Left first: a page whose session has ended goes to the log-in by itself, which would take the place of ours. */
async function changeTo(page, who) {
    const { program } = stage;
    await page.goto('about:blank');
    await page.context().clearCookies();
    await logIn(page, program.url, program.account(who));
}

inspect('a number that proves wrong at the end: not while the patient is called, then by the doctor who dials, and at the desk', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const made = await sent('desk', '/api/v1/walk-ins', { name: 'Mohamad Igirisa', birth_date: '1958-08-17', lang: 'id', phone: '0812 9999 1111',
        clinic: clinic.id, doctor: clinic.doctors[0].id, consent: await consentNow() });
    const patient = await waitAtLink(stage.staff, made.link);
    await logIn(page, program.url, program.account('desk'));
    await row(page, made.visit).locator('[data-testid=manage-queue]').click();
    await byId(page, 'phone-open').click();
    await page.fill('#new-phone', '0813 1111 5555');
    await sent('doctor', `/api/v1/visits/${made.visit}/call`);
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-called').filter({ hasText: 'Nomornya bisa diubah setelah kunjungan diakhiri' }).waitFor();
    await look('phone-while-called');
    await acceptCall(patient);
    const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic.id}&doctor=${clinic.doctors[0].id}&days=7`)).json();
    await sent('doctor', `/api/v1/visits/${made.visit}/follow-up`, { starts_at_ms: days.at(-1).slots.at(-1).starts_at_ms });
    await changeTo(page, 'doctor');
    await row(page, made.visit).locator('a, button').first().click();
    await byId(page, 'rejoin').click();
    await callScreen(page, 'talking').waitFor();
    await byId(page, 'end').click();
    await page.check('input[value=converted_phone]');
    await byId(page, 'end-dialog').locator('[data-testid=phone-show]').click();
    await byId(page, 'end-dialog').getByText('Ubah setelah diakhiri').waitFor();
    await byId(page, 'end-submit').click();
    await byId(page, 'record').waitFor();
    assert.equal(await byId(page, 'phone-open').count(), 0, 'nobody has read it here yet');
    await byId(page, 'phone-show').click();
    await byId(page, 'phone-call').filter({ hasText: '0812-9999-1111' }).waitFor();
    await look('phone-doctor-reads');
    await byId(page, 'phone-open').click();
    await page.fill('#new-phone', '0813 1111 5555');
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-saved').filter({ hasText: 'Pesan dengan tautan baru dikirim ke nomor ini.' }).waitFor();
    await byId(page, 'phone-also').filter({ hasText: 'Nomornya juga diubah untuk 1 kunjungan lain pasien ini' }).waitFor();
    await look('phone-doctor-changed');
    await byId(page, 'link-close').click();
    await byId(page, 'phone-show').click();
    await byId(page, 'phone-call').filter({ hasText: '0813-1111-5555' }).waitFor();
    await changeTo(page, 'desk');
    const line = row(page, made.visit);
    await line.locator('[data-testid=new-link]').waitFor();
    await line.scrollIntoViewIfNeeded();
    await look('phone-row-over');
    await line.locator('[data-testid=phone-change]').click();
    await byId(page, 'phone-dialog').waitFor();
    assert.equal(await page.locator('#new-phone-none').count(), 0, 'the doctor is to phone');
    await page.keyboard.press('Escape');
    await patient.context().close();
});

inspect('a visit that is done: none after all, and nothing to say', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const made = await sent('desk', '/api/v1/walk-ins', { name: 'Ibrahim Pakaya', birth_date: '1958-08-17', lang: 'id', phone: '0812 9999 2222',
        clinic: clinic.id, doctor: clinic.doctors[0].id, consent: await consentNow() });
    const patient = await waitAtLink(stage.staff, made.link);
    await sent('doctor', `/api/v1/visits/${made.visit}/call`);
    await acceptCall(patient);
    await sent('doctor', `/api/v1/visits/${made.visit}/end`, { outcome: 'done' });
    await logIn(page, program.url, program.account('desk'));
    const open = () => row(page, made.visit).locator('[data-testid=phone-change]').click();
    await open();
    await page.fill('#new-phone', '0813 1111 6666');
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-saved').filter({ hasText: 'Bila nanti ada surat, pesannya dikirim ke nomor ini.' }).waitFor();
    await look('phone-over-untold');
    await byId(page, 'link-close').click();
    await open();
    await page.check('#new-phone-none');
    await byId(page, 'no-phone-tell').filter({ hasText: 'Cetak surat pasien' }).waitFor();
    await look('phone-over-none');
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-saved').filter({ hasText: 'Tercatat: pasien tidak punya telepon.' }).waitFor();
    assert.equal(await byId(page, 'odd').count(), 0, 'number and time are over');
    await patient.context().close();
});

inspect('a visit that was missed, as the number was wrong: the right one is offered another time', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const made = await sent('desk', '/api/v1/walk-ins', { name: 'Ramla Thalib', birth_date: '1952-02-11', lang: 'id', phone: '0812 9999 3333',
        clinic: clinic.id, doctor: clinic.doctors[0].id, consent: await consentNow() });
    await sent('desk', `/api/v1/visits/${made.visit}/absent`);
    await logIn(page, program.url, program.account('desk'));
    const line = row(page, made.visit);
    await line.locator('[data-testid=phone-change]').click();
    await byId(page, 'phone-dialog').waitFor();
    assert.equal(await page.locator('#new-phone-none').count(), 1, 'so that the stranger has it no more');
    await page.fill('#new-phone', '0813 1111 8888');
    await byId(page, 'phone-save').click();
    await byId(page, 'phone-saved').filter({ hasText: 'Pesan dengan tautan baru dikirim ke nomor ini.' }).waitFor();
    await look('phone-missed');
    await byId(page, 'link-close').click();
    await line.locator('[data-testid=phone-change]').scrollIntoViewIfNeeded();
    await look('phone-row-missed');
});

inspect('a class is cancelled: who of it is to be told, before and after', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const { clinics: [clinic] } = await place();
    const starts_at_ms = Math.ceil(program.now() / HOUR_MS) * HOUR_MS + 240 * HOUR_MS;
    const group = await sent('desk', '/api/v1/groups', { clinic: clinic.id, doctor: clinic.doctors[0].id, title: 'Kelas ibu hamil', starts_at_ms, minutes: 30, places: 2, open: true });
    const consent = await consentNow();
    await sent('desk', `/api/v1/groups/${group.id}/bookings`, { ...NAMELESS, consent, shown_as: 'number' });
    await sent('desk', `/api/v1/groups/${group.id}/bookings`, { name: 'Salma Thalib', birth_date: '1991-07-09', lang: 'id', phone: '0435 821 124', consent, shown_as: 'number' });
    await logIn(page, program.url, program.account('desk'));
    await page.goto(`${program.url}/kelompok`);
    await byId(page, 'cancel-group').click();
    await byId(page, 'untold').filter({ hasText: 'Hadijah Pakaya' }).waitFor();
    await byId(page, 'to-phone').filter({ hasText: 'Beri tahu lewat telepon: Salma Thalib.' }).waitFor();
    await look('no-phone-class');
    await byId(page, 'cancel-group-yes').click();
    await page.getByText('Beri tahu langsung yang tidak punya telepon: Hadijah Pakaya. Telepon yang hanya punya telepon rumah: Salma Thalib.').waitFor();
    await look('no-phone-class-cancelled');
});

inspect('whoever has lost the place so is told by people', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const date = new Date(kept.starts_at_ms + WITA_MS).toISOString().slice(0, 10);
    assert.equal(program.account('doctor').name, kept.doctor);
    await logIn(page, program.url, program.account('doctor'));
    await page.goto(`${program.url}/jadwal`);
    await byId(page, 'add-leave').click();
    for (const field of ['from', 'until']) await page.fill(`[data-testid=leave-${field}]`, date);
    await byId(page, 'leave-dialog-save').click();
    await byId(page, 'hits-message').click();
    await byId(page, 'hits-save').click();
    await byId(page, 'not-phoned').filter({ hasText: '1 pasien tidak punya telepon: beri tahu langsung.' }).waitFor();
    assert.equal(await byId(page, 'not-reachable').count(), 0, 'nobody is to be phoned');
    await look('no-phone-leave');
    await page.context().clearCookies();
    await logIn(page, program.url, program.account('desk'));
    await page.goto(`${program.url}/jadwal`);
    await byId(page, 'to-kept').click();
    const line = page.locator(`[data-testid=kept-row][data-visit="${kept.visit}"]`);
    await line.filter({ hasText: 'Pasien tidak punya telepon: beri tahu langsung' }).waitFor();
    assert.equal(await line.locator('[data-testid=kept-tell]').count(), 0);
    await look('no-phone-kept');
    await line.locator('[data-testid=kept-move]').click();
    await byId(page, 'untold').waitFor();
    await look('no-phone-move');
});

inspect('at the counter of a kecamatan, and not where people book themselves', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    const admin = await program.logIn(program.account('admin'));
    const officer = { login: 'camat.limboto', password: 'loket kecamatan limboto' };
    const made = await program.request('POST', '/api/v1/accounts', { headers: admin,
        body: { ...officer, name: 'Yulianti Dunggio', role: 'officer', area: '75.01.01' } });
    assert.equal(made.status, 201, made.text);
    await page.goto(program.url);
    await chooseSlot(page);
    await page.locator('#phone').waitFor();
    assert.equal(await page.locator('#no-phone').count(), 0);
    await logIn(page, program.url, officer);
    await byId(page, 'counter-book').click();
    await chooseSlot(page);
    await fillPerson(page, { ...SITI, name: 'Hadijah Pakaya', phone: '' });
    await byId(page, 'to-review').click();
    await page.locator('#phone-error').waitFor();
    await page.check('#no-phone');
    await byId(page, 'no-phone-tell').waitFor();
    await look('no-phone-details');
    await byId(page, 'to-review').click();
    await byId(page, 'step-review').filter({ hasText: 'Tidak punya telepon' }).waitFor();
    await byId(page, 'book').click();
    await byId(page, 'paper').waitFor();
    await assertWords(page, 'counter-odd', 'Pasien tidak punya telepon', 'The patient has no telephone');
    assert.equal(await byId(page, 'counter-odd').getByText('KTP').count(), 0, 'nothing was mistyped');
    await look('no-phone-counter');
});
