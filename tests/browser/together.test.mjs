// SPDX-License-Identifier: Apache-2.0
// Two browsers have the same thing open: the one who saves later reads what the other one changed, keeps
// what was typed, and saves both. And hours that change from a later day on, as the page shows them.
import assert from 'node:assert/strict';
import { DESKTOP, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, byId, logIn } from './support/steps.mjs';

const DAY_MS = 24 * 3600_000;
const WITA_MS = 8 * 3600_000;

const stage = useStage({ staff: {} });
const inspect = inspectPages(() => stage.staff);

/** Another profile, logged in, at `path`. */
async function other(role, path) {
    const page = await stage.staff.page({ viewport: DESKTOP });
    await enter(page, role, path);
    return page;
}

async function enter(page, role, path) {
    await logIn(page, stage.program.url, stage.program.account(role));
    await page.goto('about:blank'); // the log-in may have led to the same page without its part
    await page.goto(`${stage.program.url}${path}`);
}

async function save(page, dialog) {
    await byId(page, `${dialog}-save`).click();
    await byId(page, dialog).waitFor({ state: 'detached' });
}

/** The note above the form names what the other one changed, in `lines`. */
async function assertNews(page, lines) {
    await byId(page, 'changed-meanwhile').filter({ hasText: 'Diubah orang lain sejak Anda membukanya' }).waitFor();
    assert.deepEqual(await byId(page, 'changed-line').allTextContents(), lines);
    assert.equal(await byId(page, 'failure').count(), 0);
}

inspect('a doctor whose permit somebody else renews meanwhile', { viewport: PHONE }, async (page, look) => {
    const open = async (one) => { // the hours below are Rahmat's
        await byId(one, 'person').filter({ hasNotText: 'Rahmat' }).first().locator('[data-testid=person-edit]').click();
        await byId(one, 'person-dialog').waitFor();
    };
    await enter(page, 'admin', '/pengaturan#people');
    await open(page);
    const b = await other('admin', '/pengaturan#people');
    await open(b);
    const sip = (one) => byId(one, 'permit').first().locator('input').first();
    await sip(b).fill('SIP-BARU/2026');
    await b.fill('#name', 'dr. Uji Coba');
    await save(b, 'person-dialog');

    await page.fill('#name', 'dr. Uji Coba, M.Kes.');
    await byId(page, 'person-dialog-save').click();
    await byId(page, 'changed-meanwhile').waitFor();
    const [name, permit, ...rest] = await byId(page, 'changed-line').allTextContents();
    assert.match(name, /dr\. Uji Coba \(di formulir ini tetap isian Anda\)$/);
    assert.match(permit, /^SIP di .*: SIP-BARU\/2026, [^(]*$/);
    assert.deepEqual(rest, []);
    assert.equal(await page.inputValue('#name'), 'dr. Uji Coba, M.Kes.', 'what was typed stays');
    assert.equal(await sip(page).inputValue(), 'SIP-BARU/2026', 'what was not is what is there now');
    assert.ok(await byId(page, 'changed-meanwhile').evaluate((one) => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().top < innerHeight / 2),
        'in sight, though what was pressed stands below');
    await look('settings-changed-meanwhile');
    await save(page, 'person-dialog');
    await byId(page, 'person').filter({ hasText: 'dr. Uji Coba, M.Kes.' }).locator('[data-testid=person-edit]').click();
    assert.equal(await sip(page).inputValue(), 'SIP-BARU/2026');
    await page.keyboard.press('Escape');
});

inspect('an account, a rule, a text', { viewport: DESKTOP }, async (page) => {
    const b = await other('admin', '/pengaturan#accounts');
    const open = (one) => byId(one, 'account').filter({ hasText: 'Dunggio' }).locator('[data-testid=account-edit]').click();
    await enter(page, 'admin', '/pengaturan#accounts');
    await open(page);
    await open(b);
    await b.fill('#name', 'Nur Dunggio');
    await save(b, 'account-change');
    await byId(page, 'active').uncheck();
    await byId(page, 'account-change-save').click();
    await assertNews(page, ['Nama: Nur Dunggio']);
    await save(page, 'account-change');
    await byId(page, 'account').filter({ hasText: 'Nur Dunggio' }).waitFor();

    for (const one of [page, b]) {
        await byId(one, 'tab-rules').click();
        await byId(one, 'rules-form').waitFor();
    }
    await b.fill('#rule-late_minutes', '20');
    await byId(b, 'rules-save').click();
    await byId(b, 'rules-saved').waitFor();
    await page.fill('#rule-late_minutes', '25');
    await byId(page, 'rules-save').click();
    await assertWords(page, 'changed-line', 'Terlambat setelah (menit): 20 (di formulir ini', 'Late after (minutes): 20 (this form keeps');
    assert.equal(await page.inputValue('#rule-late_minutes'), '25');
    await byId(page, 'rules-save').click();
    await byId(page, 'rules-saved').waitFor();
    assert.equal(await byId(page, 'changed-meanwhile').count(), 0);

    for (const one of [page, b]) {
        await byId(one, 'tab-messages').click();
        await byId(one, 'message-booked-id').locator('[data-testid=message-edit]').click();
        await byId(one, 'message-dialog').waitFor();
    }
    await b.fill('#message-text', 'Janji {when} di {facility}. {link}');
    await save(b, 'message-dialog');
    await page.fill('#message-text', 'Anda ditunggu {when}. {link}');
    await byId(page, 'message-dialog-save').click();
    await byId(page, 'changed-line').filter({ hasText: 'Janji {when} di {facility}. {link}' }).waitFor();
    assert.equal(await page.inputValue('#message-text'), 'Anda ditunggu {when}. {link}');
    await save(page, 'message-dialog');
    await byId(page, 'message-saved').waitFor();
});

inspect('hours: a break by somebody else, then other hours from a later day on', { viewport: DESKTOP }, async (page, look) => {
    await enter(page, 'doctor', '/jadwal');
    await byId(page, 'rule-edit').first().click();
    await byId(page, 'rule-dialog').waitFor();
    const b = await other('admin', '/jadwal');
    const name = stage.program.account('doctor').name.split(' ').at(-1);
    await b.selectOption('#doctor', await b.locator('#doctor option', { hasText: name }).first().getAttribute('value'));
    await byId(b, 'rule').first().waitFor();
    await byId(b, 'rule-edit').first().click();
    await byId(b, 'break-add').click();
    await byId(b, 'rule-save').click();
    await byId(b, 'saved').waitFor();
    await page.fill('#to', '11.30');
    await byId(page, 'rule-save').click();
    await assertNews(page, ['Istirahat: 10.00\u2060–\u206010.15']);
    assert.deepEqual([await page.inputValue('#to'), await page.inputValue('#break-0-to')], ['11.30', '10.15']);
    await look('hours-changed-meanwhile');
    await byId(page, 'rule-save').click();
    await byId(page, 'saved').waitFor();
    const first = byId(page, 'rule').first();
    await first.filter({ hasText: '11.30' }).filter({ hasText: 'istirahat' }).waitFor();

    const count = await byId(page, 'rule').count();
    await byId(page, 'rule-edit').first().click();
    const later = new Date(stage.program.now() + WITA_MS + 21 * DAY_MS).toISOString().slice(0, 10);
    await page.fill('[data-testid=valid-from]', later);
    await byId(page, 'earlier').filter({ hasText: 'Hanya tanggalnya yang berubah' }).waitFor();
    await page.fill('#from', '9.00');
    await byId(page, 'earlier').filter({ hasText: 'jam yang lama tetap berlaku' }).waitFor();
    await look('hours-from-a-later-day');
    await byId(page, 'rule-save').click();
    await byId(page, 'saved-earlier').filter({ hasText: 'Jam yang lama tetap berlaku sampai' }).waitFor();
    await byId(page, 'rule').nth(count).waitFor();
    assert.equal(await byId(page, 'rule').count(), count + 1);
    await first.filter({ hasText: /sampai \d/ }).waitFor();
    await byId(page, 'rule').filter({ hasText: /mulai \d/ }).filter({ hasText: '09.00' }).waitFor();
    await look('hours-before-and-after');
});

/** The holiday of that name, in the settings' list. */
async function holiday(page, name) {
    const one = byId(page, 'holiday').filter({ hasText: name });
    await one.waitFor();
    return one;
}

inspect('a holiday that somebody else confirms meanwhile: changed, and removed', { viewport: PHONE }, async (page, look) => {
    await enter(page, 'admin', '/pengaturan#holidays');
    await byId(page, 'holiday-add').click();
    await page.fill('[data-testid=holiday-date]', new Date(stage.program.now() + WITA_MS + 30 * DAY_MS).toISOString().slice(0, 10));
    await page.fill('#holiday-name', 'Hari Patriotik');
    await byId(page, 'holiday-certain').uncheck();
    await save(page, 'holiday-dialog');
    await (await holiday(page, 'Hari Patriotik')).locator('[data-testid=holiday-edit]').click();
    const b = await other('admin', '/pengaturan#holidays');
    await (await holiday(b, 'Hari Patriotik')).locator('[data-testid=holiday-edit]').click();
    await byId(b, 'holiday-certain').check();
    await save(b, 'holiday-dialog');
    await page.fill('#holiday-name', 'Hari Patriotik 23 Januari');
    await byId(page, 'holiday-dialog-save').click();
    await assertNews(page, ['Keadaan: sudah pasti']);
    assert.ok(await byId(page, 'holiday-certain').isChecked());
    assert.equal(await page.inputValue('#holiday-name'), 'Hari Patriotik 23 Januari');
    await look('holiday-changed-meanwhile');
    await save(page, 'holiday-dialog');
    assert.doesNotMatch(await (await holiday(page, '23 Januari')).textContent(), /belum pasti/);

    /* The other one still sees what it was, and would remove that. */
    await (await holiday(b, 'Hari Patriotik')).locator('[data-testid=holiday-remove]').click();
    await byId(b, 'remove-dialog-save').click();
    await assertNews(b, ['Nama hari libur: Hari Patriotik 23 Januari (tadi: Hari Patriotik)']);
    await byId(b, 'remove-dialog').filter({ hasText: 'Hapus Hari Patriotik 23 Januari' }).waitFor();
    await (await holiday(page, '23 Januari')).locator('[data-testid=holiday-remove]').click();
    await save(b, 'remove-dialog');
    await byId(b, 'holiday').filter({ hasText: 'Patriotik' }).waitFor({ state: 'detached' });
    /* It is gone, as was wanted. */
    await save(page, 'remove-dialog');
    await byId(page, 'holiday').filter({ hasText: 'Patriotik' }).waitFor({ state: 'detached' });
});

inspect('weekly hours that somebody else changes while they are to be removed', { viewport: PHONE }, async (page, look) => {
    await enter(page, 'doctor', '/jadwal');
    await byId(page, 'rule').first().waitFor();
    const count = await byId(page, 'rule').count();
    const hoursOf = async (one) => (await byId(one, 'rule').last().locator('strong').first().textContent()).split(' ')[1];
    const before = await hoursOf(page);
    await byId(page, 'rule-remove').last().click();
    await byId(page, 'remove-dialog').waitFor();
    const b = await other('doctor', '/jadwal');
    await byId(b, 'rule').first().waitFor();
    await byId(b, 'rule-edit').last().click();
    await b.fill('#to', '11.45');
    await byId(b, 'rule-save').click();
    await byId(b, 'saved').waitFor();
    await byId(b, 'rule').last().locator('strong').first().filter({ hasText: '11.45' }).waitFor(); // the list comes after the word
    await byId(page, 'remove-dialog-save').click();
    await assertNews(page, [`Jam: ${await hoursOf(b)} (tadi: ${before})`]);
    await look('hours-removed-meanwhile');
    await save(page, 'remove-dialog');
    await byId(page, 'rule').nth(count - 1).waitFor({ state: 'detached' });
});
