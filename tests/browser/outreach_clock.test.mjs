// SPDX-License-Identifier: Apache-2.0
// A tablet at a post whose clock has stopped: small children are taken down all the same, and the server judges.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENT, clockAhead } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { byId, logIn } from './support/steps.mjs';

const TABLET = { width: 800, height: 1280 };
const TWO_YEARS_BACK = -2 * 365 * 24;
const DAY_MS = 24 * 3600_000;

/* Without it setOffline() leaves a service worker its network. */
process.env.PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS = '1';
const stage = useStage({ staff: { party: PATIENT } });

/** As it is written on a form, so many days ago. */
function daysAgo(n) {
    const date = new Date(Date.now() - n * DAY_MS);
    const two = (number) => String(number).padStart(2, '0');
    return `${two(date.getUTCDate())}-${two(date.getUTCMonth() + 1)}-${date.getUTCFullYear()}`;
}

async function fill(page, name, birth) {
    await byId(page, 'entry-add').click();
    await page.fill('#name', name);
    await page.fill('#birth_date', birth);
    await byId(page, 'sex-L').check();
    await byId(page, 'nik_kind-none').check();
    await byId(page, 'identity-none').check();
    await page.fill('#reason', 'Demam');
    await byId(page, 'consent-later').check();
}

const unsent = (page, n) => page.locator(`[data-testid=send-state][data-unsent="${n}"]`).waitFor();

test('a tablet whose clock has gone two years back takes down children, and sends their dates of birth', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const first = await staff.page({ viewport: TABLET });
    const context = first.context();
    await logIn(first, program.url, program.account('desk'));
    await byId(first, 'to-post').click();
    await byId(first, 'post-new').click();
    await first.selectOption('#area', { label: 'Telaga Biru (Kab. Gorontalo)' });
    await first.fill('#village', 'Dulamayo');
    await byId(first, 'post-save').click();
    await byId(first, 'entry-add').waitFor();
    await first.evaluate('navigator.serviceWorker.ready.then(() => new Promise((resolve) => { const look = () => (navigator.serviceWorker.controller ? resolve() : setTimeout(look, 50)); look(); }))');
    await first.close();
    await context.setOffline(true);
    const page = await staff.pageIn(context, clockAhead(TWO_YEARS_BACK));
    await page.goto(`${program.url}/pos`);
    await byId(page, 'entry-add').waitFor();
    await fill(page, 'Anak Setahun', daysAgo(400));
    assert.equal(await byId(page, 'birth-later').count(), 0, 'what the server said last is known');
    await byId(page, 'entry-save').click();
    await unsent(page, 1);
    /* Later than anything that the tablet can know: it may be right all the same. */
    await fill(page, 'Salah Ketik', daysAgo(-400));
    await byId(page, 'birth-later').waitFor();
    await inspector.look(page, 'pos-birth-later');
    await byId(page, 'entry-save').click();
    await unsent(page, 2);
    await context.setOffline(false);
    await byId(page, 'send-now').click();
    await page.locator('[data-testid=send-state][data-unsent="1"][data-wrong="1"]').waitFor();
    await byId(page, 'sent').filter({ hasText: 'Anak Setahun' }).waitFor();
    await byId(page, 'held-edit').click();
    assert.ok(!/harus diisi/.test(await page.locator('#birth_date-error').innerText()), 'it is filled in');
    await page.fill('#birth_date', daysAgo(40));
    await byId(page, 'entry-save').click();
    await unsent(page, 0);
    assert.deepEqual(page.faults, []);
    await context.close();
    inspector.assertClean();
});
