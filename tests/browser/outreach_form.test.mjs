// SPDX-License-Identifier: Apache-2.0
// One patient's form at a post: typed without a network and lost by nobody, corrected after it was sent, sent again
// in another language, taken down twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENT } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, byId, logIn } from './support/steps.mjs';

const PHONE = { width: 360, height: 740 };
const NIK = '7571 0246 0560 0001';
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/* Without it setOffline() leaves a service worker its network. */
process.env.PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS = '1';
const stage = useStage({ staff: { party: PATIENT } });

const unsent = (page, n, more = '') => page.locator(`[data-testid=send-state][data-unsent="${n}"]${more}`).waitFor();

/** Resolves when `met` holds in the page, whose policy forbids waitForFunction(). */
const until = (page, met) => page.evaluate(`new Promise((resolve) => {
    const look = async () => ((await (${met})()) ? resolve() : setTimeout(look, 50));
    look();
})`);

/** So many photos, and whether a draft, lie in the browser's database. */
const STORED = `async () => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-pos').onsuccess = (event) => resolve(event.target.result)));
    const all = (name) => new Promise((resolve) => (db.transaction(name).objectStore(name).getAllKeys().onsuccess = (event) => resolve(event.target.result)));
    const [notes, photos] = await Promise.all(['note', 'photo'].map(all));
    db.close();
    return [notes.filter((id) => id.startsWith('draft:')).length, photos.length];
}`;

async function openPost(page, village) {
    await logIn(page, stage.program.url, stage.program.account('desk'));
    await page.goto(`${stage.program.url}/pos`);
    await byId(page, 'post-new').click();
    await page.selectOption('#area', { label: 'Telaga Biru (Kab. Gorontalo)' });
    await page.fill('#village', village);
    await byId(page, 'post-save').click();
    await byId(page, 'entry-add').waitFor();
}

async function fill(page, name, more = {}) {
    await byId(page, 'entry-add').click();
    await page.fill('#name', name);
    await page.fill('#birth_date', '06-05-1960');
    await byId(page, 'sex-P').check();
    if (more.nik) await page.fill('#nik', more.nik);
    else await byId(page, 'nik_kind-not_at_hand').check();
    await byId(page, 'identity-ktp').check();
    await page.fill('#reason', `Keluhan ${name}`);
    await byId(page, 'consent-given').check();
}

const photograph = (page) => byId(page, 'photo-input').setInputFiles({ name: 'luka.png', mimeType: 'image/png', buffer: Buffer.from(PICTURE, 'base64') });

/** Runs before the page: as long as `window.cut` is set, the answers to calls that match it are lost on their way. */
function loseAnswers() {
    const real = window.fetch;
    window.fetch = async (path, options) => {
        const answer = await real(path, options);
        if (!window.cut || !String(path).endsWith(window.cut)) return answer;
        window.nCut = (window.nCut ?? 0) + 1;
        throw new TypeError('Failed to fetch');
    };
}

test('a patient who was sent is corrected until the doctor calls, and one whose answer was lost goes as it was', async () => {
    const inspector = new Inspector();
    const { program, staff } = stage;
    const page = await staff.page({ viewport: PHONE, before: loseAnswers });
    await openPost(page, 'Dulamayo Selatan');
    await fill(page, 'Salah Tulis');
    await byId(page, 'entry-save').click();
    await unsent(page, 0);
    await byId(page, 'sent-edit').waitFor();
    await inspector.look(page, 'pos-sent-edit');
    await byId(page, 'sent-edit').click();
    assert.equal(await page.inputValue('#reason'), 'Keluhan Salah Tulis');
    await inspector.look(page, 'pos-form-correct');
    await page.fill('#name', 'Benar Tulis');
    await byId(page, 'vital-systolic_mmhg').fill('155');
    await photograph(page);
    await byId(page, 'photo').locator('img').waitFor();
    await byId(page, 'entry-save').click();
    await byId(page, 'sent').filter({ hasText: 'Benar Tulis' }).filter({ hasText: '1 foto' }).waitFor();
    await unsent(page, 0);
    assert.equal(await byId(page, 'sent').count(), 1);
    await byId(page, 'sent-edit').click();
    await byId(page, 'photos-sent').waitFor();
    await byId(page, 'entry-cancel').click();

    await page.evaluate(() => (window.cut = '/entries'));
    await fill(page, 'Jawaban Hilang');
    await byId(page, 'entry-save').click();
    await until(page, '() => window.nCut > 0');
    await unsent(page, 1, '[data-stop=offline]');
    await byId(page, 'lang-switch').click();
    await page.locator('html[lang=en]').waitFor();
    await page.evaluate(() => {
        window.cut = null;
        window.dispatchEvent(new Event('online'));
    });
    await unsent(page, 0, '[data-wrong="0"]');
    await byId(page, 'sent').nth(1).waitFor();
    assert.equal(await byId(page, 'sent').count(), 2);
    await byId(page, 'lang-switch').click();

    const doctor = await program.logIn(program.account('doctor'));
    const next = await program.request('POST', '/api/v1/queue/next', { headers: doctor, body: {} });
    assert.equal(next.status, 200, next.text);
    await byId(page, 'sent').and(page.locator('[data-state=called]')).waitFor();
    assert.equal(await byId(page, 'sent-edit').count(), 1, 'whom the doctor has called is not corrected here');
    inspector.assertClean();
    await page.context().close();
});

test('what is typed at a post comes back without a network, and is gone when it is cancelled or saved', async () => {
    const inspector = new Inspector();
    const page = await stage.staff.page({ viewport: PHONE });
    const context = page.context();
    await openPost(page, 'Dulamayo Barat');
    await until(page, '() => navigator.serviceWorker.controller !== null');
    await context.setOffline(true);
    await fill(page, 'Fatmawati Lihawa');
    await byId(page, 'vital-systolic_mmhg').fill('150');
    await photograph(page);
    await byId(page, 'photo').locator('img').waitFor();
    await page.fill('#reason', 'Batuk lama, demam tinggi');
    await until(page, `async () => String(await (${STORED})()) === '1,1'`);
    await page.reload();
    await byId(page, 'draft-back').waitFor();
    await byId(page, 'photo').locator('img').waitFor();
    assert.equal(await page.inputValue('#name'), 'Fatmawati Lihawa');
    assert.equal(await page.inputValue('#reason'), 'Batuk lama, demam tinggi');
    assert.equal(await byId(page, 'vital-systolic_mmhg').inputValue(), '150');
    await inspector.look(page, 'pos-form-again');
    /* The Back button leads to a page that needs a network: it says so, and the way back. */
    await page.goBack();
    await page.getByRole('heading', { name: 'Tidak ada jaringan' }).waitFor();
    await inspector.lookOnce(page, 'pos-elsewhere-offline', true);
    await page.locator('a[href="/pos"]').click();
    await byId(page, 'draft-back').waitFor();
    await byId(page, 'photo').locator('img').waitFor();
    await byId(page, 'entry-save').click();
    await unsent(page, 1);
    assert.deepEqual(await page.evaluate(`(${STORED})()`), [0, 1]);
    await page.reload();
    await unsent(page, 1);
    await fill(page, 'Ani Lama');
    await photograph(page);
    await byId(page, 'photo').locator('img').waitFor();
    await until(page, `async () => String(await (${STORED})()) === '1,2'`);
    await byId(page, 'entry-cancel').click();
    await unsent(page, 1);
    assert.deepEqual(await page.evaluate(`(${STORED})()`), [0, 1]);
    /* Another log-in neither sees it nor throws it away. */
    await fill(page, 'Belum Selesai');
    await until(page, `async () => (await (${STORED})())[0] === 1`);
    await context.setOffline(false);
    await page.goto(`${stage.program.url}/loket`);
    await byId(page, 'logout').click();
    await page.waitForURL('**/masuk?keluar=1');
    await context.setOffline(true);
    await page.goto(`${stage.program.url}/pos`);
    await byId(page, 'locked').waitFor();
    assert.ok(!(await page.locator('body').innerText()).includes('Belum Selesai'));
    await context.setOffline(false);
    await logIn(page, stage.program.url, stage.program.account('desk'));
    await page.goto(`${stage.program.url}/pos`);
    await byId(page, 'draft-back').waitFor();
    assert.equal(await page.inputValue('#name'), 'Belum Selesai');
    inspector.assertClean();
    await context.close();
});

test('the same NIK twice at a post: said at once on one tablet, and when it is sent on two', async () => {
    const inspector = new Inspector();
    const { program, staff } = stage;
    const page = await staff.page({ viewport: PHONE });
    await openPost(page, 'Dulamayo Utara');
    await fill(page, 'Siti Aminah', { nik: NIK });
    await byId(page, 'entry-save').click();
    await unsent(page, 0);
    await byId(page, 'sent-edit').waitFor();
    await fill(page, 'Siti Aminah', { nik: NIK });
    await page.locator('.field:has(#nik) + [data-testid=same-nik]').waitFor();
    await inspector.look(page, 'pos-same-nik');
    await byId(page, 'same-nik-open').click();
    await byId(page, 'same-nik').waitFor({ state: 'detached' });
    assert.equal(await page.inputValue('#reason'), 'Keluhan Siti Aminah');
    await byId(page, 'entry-cancel').click();
    const other = await staff.page({ viewport: PHONE });
    await logIn(other, program.url, program.account('desk'));
    await other.goto(`${program.url}/pos`);
    await byId(other, 'post').filter({ hasText: 'Dulamayo Utara' }).locator('[data-testid=post-open]').click();
    await byId(other, 'entry-add').waitFor();
    await fill(other, 'Siti Amina', { nik: NIK });
    await byId(other, 'entry-save').click();
    await unsent(other, 1, '[data-wrong="1"]');
    const number = await byId(other, 'sent').locator('.row-number').innerText();
    await assertWords(other, 'held', `sudah didaftarkan di pos ini dengan nomor ${number}`, `registered at this post, number ${number}`);
    await inspector.look(other, 'pos-same-nik-sent');
    await other.reload(); // as the tablet keeps it
    await assertWords(other, 'held', `sudah didaftarkan di pos ini dengan nomor ${number}`, `registered at this post, number ${number}`);
    await byId(other, 'held-edit').click();
    await byId(other, 'entry-form').filter({ hasText: 'hapus pendaftaran ini' }).locator('[data-testid=entry-remove]').waitFor();
    await inspector.look(other, 'pos-same-nik-form');
    await byId(other, 'entry-cancel').click();
    await byId(other, 'entry-remove').click();
    await byId(other, 'entry-remove-sure').click();
    await unsent(other, 0);
    assert.equal(await byId(other, 'sent').count(), 1);
    inspector.assertClean();
    await other.context().close();
    await page.context().close();
});
