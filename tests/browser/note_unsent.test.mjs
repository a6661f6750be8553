// SPDX-License-Identifier: Apache-2.0
// A doctor's note that is not on the server is not let go of: not for another patient, a reload, a log-out, and not because
// another tab has saved the same note.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { byId, logIn, row } from './support/steps.mjs';

const stage = useStage({ doctors: { party: DOCTOR } });
const status = (page, name) => page.locator(`[data-testid=note-pane][data-status=${name}]`);
const mark = (page, visit) => row(page, visit).locator('[data-testid=mark-unsent]');
const cut = (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue());

/** The doctor's page with the note of the first of N of the doctor's visits, which are new. */
async function begin(n) {
    const made = (await stage.program.visits(n)).map((one) => one.visit);
    const page = await stage.doctors.page({ viewport: DESKTOP });
    await logIn(page, stage.program.url, stage.program.account('doctor'));
    await page.locator('li.row').first().waitFor();
    const listed = await page.locator('li.row').evaluateAll((rows) => rows.map((one) => one.dataset.visit));
    const visits = made.filter((visit) => listed.includes(visit));
    await page.goto(`${stage.program.url}/dokter/${visits[0]}`);
    await byId(page, 'note-subjective').waitFor();
    return { page, visits };
}

async function saved(visit) {
    const { program } = stage;
    const headers = await program.logIn(program.account('doctor'));
    return (await program.request('GET', `/api/v1/visits/${visit}/note`, { headers })).json().note;
}

test('a note that a dropped link held back is sent from another patient\'s page, after a reload, and named at log-out', async () => {
    const inspector = new Inspector();
    const { page, visits: [first, second] } = await begin(6);
    const patient = await byId(page, 'note-pane').locator('.note-name').innerText();
    await page.route('**/note', cut);
    await byId(page, 'note-subjective').fill('Nyeri dada kiri sejak subuh');
    await status(page, 'offline').waitFor();
    await byId(page, 'note-plan').scrollIntoViewIfNeeded();
    await inspector.look(page, 'note-unsent-own');
    await row(page, second).locator('a').first().click();
    await page.locator(`[data-testid=note-pane][data-visit="${second}"]`).waitFor();
    await mark(page, first).waitFor();
    assert.equal(await mark(page, second).count(), 0);
    await inspector.look(page, 'note-unsent');
    /* On a phone the list is not shown beside the visit. */
    await page.setViewportSize(PHONE);
    await byId(page, 'unsent-others').filter({ hasText: patient }).waitFor();
    await byId(page, 'unsent-others').locator('[data-testid=unsent-open]').click();
    await page.locator(`[data-testid=note-pane][data-visit="${first}"]`).waitFor();
    assert.equal(await byId(page, 'unsent-others').count(), 0, 'its own note says so itself');
    await byId(page, 'note-plan').focus();
    const said = await byId(page, 'note-status').locator('.note-saved').boundingBox();
    assert.ok(said.y >= 0 && said.y + said.height < PHONE.height, `in sight beside what is typed: ${said.y}`);
    await page.setViewportSize(DESKTOP);
    await page.reload();
    await mark(page, first).waitFor();
    await byId(page, 'logout').click();
    await byId(page, 'logout-unsaved').filter({ hasText: patient }).waitFor();
    await page.unroute('**/note', cut);
    await mark(page, first).waitFor({ state: 'detached' });
    assert.equal((await saved(first)).subjective, 'Nyeri dada kiri sejak subuh');
    await page.context().close();
    inspector.assertClean();
});

test('what one tab saves takes nothing from another that holds its text back', async () => {
    const { page, visits: [visit] } = await begin(1);
    const other = await stage.doctors.pageIn(page.context());
    await other.goto(`${stage.program.url}/dokter/${visit}`);
    await byId(other, 'note-subjective').waitFor();
    await byId(page, 'note-subjective').fill('Batuk');
    await status(page, 'saved').waitFor();
    await byId(other, 'note-plan').fill('Rujuk segera, curiga sepsis');
    await status(other, 'stale').waitFor();
    const answered = page.waitForResponse((reply) => reply.request().method() === 'PUT');
    await byId(page, 'note-subjective').fill('Batuk, demam');
    await answered;
    await status(page, 'saved').waitFor();
    await other.reload();
    await byId(other, 'version-mine').filter({ hasText: 'curiga sepsis' }).waitFor();
    await byId(other, 'version-theirs').filter({ hasText: 'Batuk, demam' }).waitFor();
    await other.close();
    /* The tab is gone: its text comes to the next one. */
    await page.reload();
    await byId(page, 'version-mine').filter({ hasText: 'curiga sepsis' }).waitFor();
    await byId(page, 'use-mine').click();
    await status(page, 'saved').waitFor();
    assert.equal((await saved(visit)).plan, 'Rujuk segera, curiga sepsis');
    await page.context().close();
});
