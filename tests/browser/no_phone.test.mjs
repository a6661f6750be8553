// SPDX-License-Identifier: Apache-2.0
// Who has no telephone: the desk's walk-in and booking, the counter of a kecamatan; what the list says then, and the list of
// who has lost the place. Layout and axe on each. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { DESKTOP, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, byId, chooseSlot, fillPerson, logIn, SITI } from './support/steps.mjs';

const HOUR_MS = 3600_000, WITA_MS = 8 * HOUR_MS;
const FACILITY = 'Puskesmas Limboto';
const stage = useStage({ hour: 9, staff: {} });
const inspect = inspectPages(() => stage.staff);

const place = async () => (await stage.program.request('GET', '/api/v1/facilities')).json().facilities.find((one) => one.name === FACILITY);

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

inspect('whoever has lost the place so is told by people', { viewport: DESKTOP }, async (page, look) => {
    const { program } = stage;
    const admin = await program.logIn(program.account('admin'));
    const { clinics: [clinic] } = await place();
    const date = new Date(kept.starts_at_ms + WITA_MS).toISOString().slice(0, 10);
    const [own] = clinic.doctors.filter(({ name }) => name === kept.doctor);
    const leave = await program.request('POST', `/api/v1/hours/${own.id}/leaves?bookings=message`, { headers: admin, body: { from: date, until: date, note: 'Sakit' } });
    assert.deepEqual([leave.status, leave.json().told, leave.json().not_reachable], [201, 0, 1], leave.text);
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
