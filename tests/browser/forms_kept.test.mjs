// SPDX-License-Identifier: Apache-2.0
// What the desk types into a dialog is there after a reload, until it is sent or not wanted; of a note that another doctor
// began the next one reads whose it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { reshape } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import { byId, logIn, row } from './support/steps.mjs';

const stage = useStage({ staff: { party: DOCTOR } });

/** Resolves when N copies lie in the browser. */
const copies = (page, n) => page.evaluate(async (wanted) => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-unsaved').onsuccess = (event) => resolve(event.target.result)));
    const count = () => new Promise((resolve) => (db.transaction('copy').objectStore('copy').count().onsuccess = (event) => resolve(event.target.result)));
    while ((await count()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
    db.close();
}, n);

async function openWalkIn(page) {
    await byId(page, 'walk-in').first().click();
    await page.locator('#walk-in-name').waitFor();
}

async function openIncident(page, visit) {
    await row(page, visit).locator('[data-testid=manage-queue]').click();
    await page.locator('[data-testid=queue-dialog] input[value=remove]').check();
    await byId(page, 'queue-submit').click();
    await byId(page, 'incident-text').waitFor();
}

test('who is taken down at the desk, and what happened in a visit, survive a reload until they are sent or not wanted', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const page = await staff.page({ viewport: DESKTOP });
    const [{ visit }] = await program.visits();
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'filter-all').waitFor();
    await openWalkIn(page);
    await page.fill('#walk-in-name', 'Siti Aminah');
    await page.fill('#walk-in-birth_date', '2-3-1954');
    await page.locator('#walk-in-consent').check();
    await copies(page, 1);
    await page.reload();
    await byId(page, 'filter-all').waitFor();
    await openWalkIn(page);
    await byId(page, 'walk-in-restored').waitFor();
    assert.deepEqual([await page.inputValue('#walk-in-name'), await page.inputValue('#walk-in-birth_date')], ['Siti Aminah', '2-3-1954']);
    assert.equal(await page.locator('#walk-in-consent').isChecked(), false, 'agreeing is asked for where it is read aloud');
    await inspector.look(page, 'walk-in-restored');
    await byId(page, 'walk-in-clear').click();
    assert.equal(await page.inputValue('#walk-in-name'), '');
    await copies(page, 0);
    await page.fill('#walk-in-name', 'Rina');
    await copies(page, 1);
    await page.keyboard.press('Escape');
    await copies(page, 0);

    /* As if the patient waited. */
    await reshape(page, '**/api/v1/day*', (body) => ({ ...body,
        visits: body.visits?.map((one) => (one.id === visit ? { ...one, state: 'checked_in' } : one)) }));
    await page.reload();
    await page.locator(`li.row[data-visit="${visit}"][data-state=checked_in]`).waitFor();
    await openIncident(page, visit);
    await byId(page, 'incident-text').fill('Mengancam dokter lewat pesan');
    await page.locator('[data-testid=incident-dialog] input[value=threat]').check();
    await copies(page, 1);
    await page.reload();
    await row(page, visit).waitFor();
    await openIncident(page, visit);
    await byId(page, 'incident-restored').waitFor();
    assert.equal(await byId(page, 'incident-text').inputValue(), 'Mengancam dokter lewat pesan');
    assert.ok(await page.locator('[data-testid=incident-dialog] input[value=threat]').isChecked());
    await inspector.look(page, 'incident-restored');
    await page.keyboard.press('Escape');
    await copies(page, 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
    inspector.assertClean();
});

test('whose answer was lost with the page is taken down once', async () => {
    const { program, staff } = stage;
    const page = await staff.page({ viewport: DESKTOP });
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'filter-all').waitFor();
    const keys = [];
    let lost = null;
    let answers = false;
    await page.route('**/api/v1/walk-ins*', async (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        if (answers) return route.continue();
        lost = await (await route.fetch()).json();
        return route.abort(); // each time that the page tries
    });
    await openWalkIn(page);
    await page.fill('#walk-in-name', 'Hadijah Pakaya');
    await page.fill('#walk-in-birth_date', '2-3-1954');
    await page.check('#walk-in-no_phone');
    await page.locator('#walk-in-consent').check();
    await byId(page, 'walk-in-submit').click();
    await byId(page, 'failure').waitFor();
    await copies(page, 1);
    answers = true;
    /* Meanwhile a number is known after all: the link of then opens nothing any more. */
    const inspector = new Inspector();
    const headers = await program.logIn(program.account('desk'));
    const known = await program.request('PUT', `/api/v1/visits/${lost.visit}/phone`, { headers, body: { phone: '0813 1111 2222' } });
    assert.equal(known.status, 200, known.text);
    await page.reload();
    await byId(page, 'filter-all').waitFor();
    await openWalkIn(page);
    await byId(page, 'walk-in-restored').waitFor();
    await page.locator('#walk-in-consent').check();
    await byId(page, 'walk-in-submit').click();
    await byId(page, 'walk-in-number').filter({ hasText: lost.number }).waitFor();
    await byId(page, 'link-replaced').waitFor();
    assert.equal(await byId(page, 'link-value').count(), 0);
    await inspector.look(page, 'walk-in-link-replaced');
    inspector.assertClean();
    assert.ok(keys.length >= 2);
    assert.equal(new Set(keys).size, 1);
    assert.deepEqual(await page.locator('li.row', { hasText: 'Hadijah Pakaya' }).evaluateAll((rows) => rows.map((one) => one.dataset.visit)), [lost.visit]);
    await copies(page, 0);
    await page.context().close();
});

test('of a note that another doctor began the next one reads whose it is, before signing', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const [{ visit }] = await program.visits();
    const page = await staff.page({ viewport: DESKTOP });
    await logIn(page, program.url, program.account('doctor'));
    /* What the API says of a visit that came back to the queue (tests/unit/scheduling/test_note.c). */
    await reshape(page, `**/visits/${visit}/note`, (body) => {
        assert.equal(body.before, null, 'nobody had it before');
        return { ...body, before: { author: 'dr. Nurhayati Ismail', saved_at_ms: body.server_ms - 600_000 } };
    });
    await page.goto(`${program.url}/dokter/${visit}`);
    await byId(page, 'note-before').filter({ hasText: 'Catatan ini dimulai oleh dr. Nurhayati Ismail' }).waitFor();
    await inspector.look(page, 'note-before');
    await byId(page, 'tab-letters').click();
    assert.equal(await byId(page, 'note-before').count(), 1, 'also where letters are made of it');
    await page.context().close();
    inspector.assertClean();
});
