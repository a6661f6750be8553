// SPDX-License-Identifier: Apache-2.0
// Letters on the real pages: the doctor issues them beside the call, anybody checks them, the patient saves
// them; and how it all looks.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DOCTOR, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { acceptedCall, byId, endVisit, untilScreen } from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });
const status = (page, name) => page.locator(`[data-testid=note-pane][data-status=${name}]`);
const verdict = (page, name) => page.locator(`[data-testid=verdict][data-verdict=${name}]`);
const SIGNA = '3 x sehari 1 tablet sesudah makan, bila demam di atas 38 derajat; hentikan bila timbul ruam atau sesak';

async function fillNote(page) {
    await byId(page, 'note-assessment').fill('ISPA');
    await byId(page, 'code-search').fill('batuk pilek');
    await page.locator('[data-testid=codes-found] [data-code="J06.9"]').click();
    await status(page, 'saved').waitFor();
}

/** The first doctor's permits in the first facility, as an administrator keeps them. */
async function keepPermits(permits) {
    const { program } = stage;
    const headers = await program.logIn(program.account('admin'));
    const { practitioners, facilities } = (await program.request('GET', '/api/v1/directory', { headers })).json();
    const { id, name, clinics } = practitioners.find((one) => one.name === 'dr. Rahmat Hasan');
    const { id: facility } = facilities.find((one) => one.name === 'Puskesmas Limboto');
    const reply = await program.request('POST', `/api/v1/directory/practitioners/${id}?bookings=keep`, { headers,
        body: { name, clinics, str_number: '3111100420123456', permits: permits.map((one) => ({ facility, ...one })) } });
    assert.equal(reply.status, 200, reply.text);
}

/** Without a permit no prescription; the doctor looks again when the coordinator has entered it. */
async function waitForPermit(page, look) {
    await keepPermits([]);
    await byId(page, 'tab-letters').click();
    await page.locator('[data-testid=permit][data-state=missing]').waitFor();
    assert.ok(await byId(page, 'new-prescription').isDisabled());
    await look('letters-1-no-permit');
    const until = new Date(stage.program.now() + 900 * 86_400_000).toISOString().slice(0, 10);
    await keepPermits([{ number: '503/SIP-DU/0123/DPMPTSP/2024', valid_until: until }]);
    await byId(page, 'permit-retry').click();
    await page.locator('[data-testid=permit][data-state=good]').waitFor();
}

async function issuePrescription(page, look) {
    await byId(page, 'new-prescription').click();
    await byId(page, 'letter-submit').click();
    await byId(page, 'letter-problem').waitFor();
    await byId(page, 'item-0-name').fill('Kodein');
    await byId(page, 'letter-submit').click();
    await page.locator('#item-0-quantity-error').waitFor();
    await byId(page, 'item-0-quantity').fill('10');
    await byId(page, 'item-0-signa').fill('3 x sehari');
    await byId(page, 'letter-submit').click();
    await page.locator('#item-0-name-error').waitFor();
    await look('letters-2-prescription-wrong');
    const rows = [['Parasetamol', '500 mg', 'tablet', '10', SIGNA], ['Oralit', '', 'sachet', '6', '1 sachet tiap kali mencret']];
    for (const [i, row] of rows.entries()) {
        if (i > 0) await byId(page, 'item-more').click();
        for (const [n, name] of ['name', 'strength', 'form', 'quantity', 'signa'].entries())
            await byId(page, `item-${i}-${name}`).fill(row[n]);
    }
    await look('letters-2-prescription');
    await byId(page, 'letter-submit').click();
    await byId(page, 'letter-done').waitFor();
}

async function issueReferral(page, look) {
    await byId(page, 'new-referral').click();
    await byId(page, 'letter-submit').click();
    await page.locator('#referral-facility-error').waitFor();
    await look('letters-3-referral-wrong');
    await byId(page, 'referral-facility').fill('RSUD Prof. Dr. H. Aloei Saboe, Kota Gorontalo');
    await byId(page, 'referral-reason').fill('Batuk lebih dari dua minggu, curiga TB paru');
    await byId(page, 'letter-submit').click();
    await page.locator('[data-testid=letter][data-kind=referral]').waitFor();
}

/** The check page in a browser that knows nobody. */
async function checkPage(address, wanted, look, name) {
    const page = await stage.patients.page({ viewport: PHONE });
    await page.goto(address);
    await verdict(page, wanted).waitFor();
    assert.equal(new URL(page.url()).pathname, '/cek/surat', 'the code leaves the address');
    await page.reload();
    await verdict(page, wanted).waitFor();
    await look(page, name);
    await page.context().close();
}

test('letters beside the call, their check pages, and the patient\'s copy', async () => {
    const inspector = new Inspector();
    const { patient, doctor: page } = await acceptedCall(stage);
    const look = (name) => inspector.look(page, name);
    const lookAt = (other, name) => inspector.look(other, name);
    await fillNote(page);
    await waitForPermit(page, look);
    await issuePrescription(page, look);
    await issueReferral(page, look);
    await look('letters-4-list');

    const check = await page.locator('[data-testid=letter][data-kind=prescription]').getAttribute('data-check');
    const file = await page.context().request.get(await page.locator('[data-testid=letter][data-kind=prescription] [data-testid=letter-open]')
        .evaluate((link) => link.href));
    assert.equal(file.status(), 200);
    assert.equal((await file.body()).subarray(0, 5).toString(), '%PDF-');
    await checkPage(check, 'valid', lookAt, 'check-valid');
    await checkPage(`${stage.program.url}/cek/AAAAAAAAAAAAAAAAAAAAAA`, 'unknown', lookAt, 'check-unknown');

    await page.locator('[data-testid=letter][data-kind=prescription] [data-testid=letter-revoke]').click();
    await byId(page, 'revoke-kind-replaced').check();
    await byId(page, 'revoke-reason').fill('salah dosis');
    await look('letters-5-revoke');
    await byId(page, 'revoke-submit').click();
    await page.locator('[data-testid=letter].revoked').waitFor();
    await look('letters-5-revoked');
    await checkPage(check, 'revoked', lookAt, 'check-revoked');

    const referral = await page.locator('[data-testid=letter][data-kind=referral]').getAttribute('data-check');
    await endVisit(page);
    await untilScreen(patient, 'ended');
    await patient.locator('a[href="/surat-saya"]').click();
    await byId(patient, 'own-letters').waitFor();
    await inspector.look(patient, 'own-letters');
    assert.equal(await patient.locator('[data-kind=prescription] [data-testid=own-save]').count(), 0, 'a revoked one is not saved');
    assert.match(await patient.locator('[data-kind=prescription] [data-testid=own-revoked]').textContent(), /diganti surat lain.*obatnya/);
    await byId(patient, 'own-ask').locator('a[href^="tel:"]').waitFor();
    const [download] = await Promise.all([patient.waitForEvent('download'), byId(patient, 'own-save').first().click()]);
    assert.match(download.suggestedFilename(), /^\d{4}-RJK-[IVX]+-20\d\d\.pdf$/);

    await revokedMeanwhile(page, patient, inspector);
    await restoresReferral(page);
    flipByte();
    await checkPage(referral, 'broken', lookAt, 'check-broken');
    await Promise.all([patient.context().close(), page.context().close()]);
    inspector.assertClean();
});

/** The doctor revokes it while the patient looks at the list: it is not handed out, and the list says why. */
async function revokedMeanwhile(page, patient, inspector) {
    await byId(page, 'new-referral').click();
    await byId(page, 'referral-facility').fill('RSUD Toto Kabila');
    await byId(page, 'referral-reason').fill('Perlu foto dada');
    await byId(page, 'letter-submit').click();
    await byId(page, 'letter-done').waitFor();
    await patient.reload();
    await byId(patient, 'own-letters').waitFor();
    const row = patient.locator('[data-testid=own-letter][data-kind=referral]').first();
    await row.locator('[data-testid=own-save]').waitFor();
    await page.locator('[data-testid=letter][data-kind=referral] [data-testid=letter-revoke]').first().click();
    await byId(page, 'revoke-reason').fill('salah alamat');
    await byId(page, 'revoke-submit').click();
    await page.locator('[data-testid=letter][data-kind=referral].revoked').waitFor();
    await row.locator('[data-testid=own-save]').click();
    await row.locator('[data-testid=own-revoked]').waitFor();
    assert.match(await row.textContent(), /isinya keliru/);
    assert.equal(await row.locator('[data-testid=own-save]').count(), 0);
    await inspector.look(patient, 'own-letters-revoked');
}

/** How many copies of what was typed this browser keeps. */
const copies = (page) => page.evaluate(() => new Promise((resolve, reject) => {
    const open = indexedDB.open('huyula-unsaved');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
        const count = open.result.transaction('copy').objectStore('copy').count();
        count.onsuccess = () => {
            open.result.close();
            resolve(count.result);
        };
    };
}));

async function untilCopies(page, n) {
    while ((await copies(page)) !== n) await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
}

/** What was typed into a letter comes back after a reload, and goes when it is not wanted. */
async function restoresReferral(page) {
    const open = async () => {
        await byId(page, 'tab-letters').click();
        await byId(page, 'new-referral').click();
        return byId(page, 'referral-reason').inputValue();
    };
    await open();
    await byId(page, 'referral-facility').fill('RSUD Toto Kabila');
    await byId(page, 'referral-reason').fill('Sesak bertambah');
    await untilCopies(page, 1);
    await page.reload();
    assert.equal(await open(), 'Sesak bertambah');
    await byId(page, 'letter-restored').waitFor();
    assert.equal(await byId(page, 'referral-facility').inputValue(), 'RSUD Toto Kabila');
    await byId(page, 'letter-dialog').getByRole('button', { name: 'Batal' }).click();
    await untilCopies(page, 0);
    assert.equal(await open(), '');
    assert.equal(await byId(page, 'letter-restored').count(), 0);
}

/** One bit of each letter's file. */
function flipByte() {
    const folder = path.join(stage.program.dir, 'letters');
    for (const name of readdirSync(folder)) {
        const bytes = readFileSync(path.join(folder, name));
        bytes[bytes.length >> 1] ^= 1;
        writeFileSync(path.join(folder, name), bytes);
    }
}
