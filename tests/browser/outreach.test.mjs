// SPDX-License-Identifier: Apache-2.0
// A team's tablet at a post: thirty patients without a network, a reload, a closed tab, an answer that is
// lost; then all thirty are there, once, in order, with what was measured and pictured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PATIENT } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { byId, logIn, untilWelcome } from './support/steps.mjs';

const TABLET = { width: 800, height: 1280 };
const N = 30;
const BAD = 7; // comes with a NIK that cannot be
const BAD_NIK = '7571 0230 0290 0001';
const RIGHT_NIK = '7571 0206 0560 0001';
const LONG_NAME = 'Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya';
const nameOf = (n) => (n === 2 ? LONG_NAME : `Pasien ${String(n).padStart(2, '0')}`);

const stage = useStage({ staff: { party: PATIENT } });

/** Runs before the page: the answer to the next call that matches `window.cut` is lost on its way. */
function loseAnswers() {
    const real = window.fetch;
    window.fetch = async (path, options) => {
        const answer = await real(path, options);
        if (!window.cut || !String(path).endsWith(window.cut)) return answer;
        window.cut = null;
        window.nCut = (window.nCut ?? 0) + 1;
        throw new TypeError('Failed to fetch');
    };
}

/** Resolves when `met` holds in the page, whose policy forbids waitForFunction(). */
const until = (page, met) => page.evaluate(`new Promise((resolve) => {
    const look = () => ((${met})() ? resolve() : setTimeout(look, 50));
    look();
})`);

/** A picture as a camera gives it: larger than what is sent. */
function photograph(page) {
    return page.evaluate(async () => {
        const canvas = document.createElement('canvas');
        canvas.width = 2400;
        canvas.height = 1800;
        const paint = canvas.getContext('2d');
        for (let i = 0; i < 400; i++) {
            paint.fillStyle = `hsl(${i * 37} 60% ${30 + (i % 5) * 10}%)`;
            paint.fillRect((i * 613) % 2400, (i * 337) % 1800, 300, 200);
        }
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
        return Array.from(new Uint8Array(await blob.arrayBuffer()));
    });
}

async function fill(page, n) {
    await byId(page, 'entry-add').click();
    await page.fill('#name', nameOf(n));
    await page.fill('#birth_date', '06-05-1960');
    await byId(page, `sex-${n % 2 ? 'L' : 'P'}`).check();
    if (n === BAD) await page.fill('#nik', BAD_NIK);
    else await byId(page, 'nik_kind-not_at_hand').check();
    await byId(page, 'identity-ktp').check();
    await page.fill('#reason', `Keluhan nomor ${n}`);
    await byId(page, 'vital-systolic_mmhg').fill(String(100 + n));
    await byId(page, 'vital-diastolic_mmhg').fill('70');
    await byId(page, 'consent-given').check();
}

async function save(page, held) {
    await byId(page, 'entry-save').click();
    await page.locator(`[data-testid=send-state][data-unsent="${held}"]`).waitFor();
}

async function makePost(page, look) {
    await byId(page, 'post-list').waitFor();
    assert.equal(await byId(page, 'to-desk').getAttribute('href'), '/loket');
    await look('pos-none');
    await byId(page, 'post-new').click();
    await page.selectOption('#area', { label: 'Telaga Biru (Kab. Gorontalo)' });
    await byId(page, 'post-save').click();
    await page.locator('#village-error').waitFor();
    await look('pos-new-wrong');
    await page.fill('#village', 'Dulamayo Utara');
    await byId(page, 'post-save').click();
    await byId(page, 'entry-add').waitFor();
}

/** What lies in the browser's database, as text. */
const stored = (page) => page.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-pos').onsuccess = (event) => resolve(event.target.result)));
    const all = (name) => new Promise((resolve) => (db.transaction(name).objectStore(name).getAll().onsuccess = (event) => resolve(event.target.result)));
    const text = (one) => new TextDecoder('latin1').decode(one.data ?? new ArrayBuffer(0)) + JSON.stringify(one);
    const [entries, photos, notes, keys] = await Promise.all(['entry', 'photo', 'note', 'key'].map(all));
    const exported = await crypto.subtle.exportKey('raw', keys[0].key).then(() => true, () => false);
    db.close();
    return { n: entries.length, nPhotos: photos.length, text: [...entries, ...photos, ...notes].map(text).join(), exported };
});

async function registerAll(context, first, look) {
    let page = first;
    for (let n = 1; n <= N; n++) {
        await fill(page, n);
        if (n === 3 || n === 4) {
            const buffer = Buffer.from(await photograph(page));
            await byId(page, 'photo-input').setInputFiles({ name: 'luka.jpg', mimeType: 'image/jpeg', buffer });
            await byId(page, 'photo').locator('img').waitFor();
        }
        await save(page, n);
        if (n === 12) {
            await page.reload();
            await page.locator('[data-testid=send-state][data-unsent="12"]').waitFor();
            const { stop, sending } = await byId(page, 'send-state').evaluate((one) => one.dataset);
            assert.deepEqual([stop, sending], ['offline', 'false'], 'what is the matter is said at once');
            await look(page, 'pos-offline');
        }
        if (n === 20) {
            await page.close();
            page = await stage.staff.pageIn(context, loseAnswers);
            await page.goto(`${stage.program.url}/pos`);
            await page.locator('[data-testid=send-state][data-unsent="20"]').waitFor();
        }
    }
    return page;
}

async function mend(page, look) {
    await page.locator('[data-testid=send-state][data-unsent="1"][data-wrong="1"]').waitFor();
    await look('pos-wrong');
    await byId(page, 'held-edit').click();
    await page.locator('#nik-error').waitFor();
    await page.fill('#nik', RIGHT_NIK);
    await byId(page, 'entry-save').click();
    await page.locator('[data-testid=send-state][data-unsent="0"]').waitFor();
}

/** As the doctor finds it. */
async function checkAtDoctor(look) {
    const { program, staff } = stage;
    const doctor = await staff.page({ viewport: DESKTOP });
    await logIn(doctor, program.url, program.account('doctor'));
    const day = await doctor.evaluate(async () => (await (await fetch('/api/v1/day')).json()));
    const waiting = day.visits.filter((one) => one.place !== null).sort((a, b) => a.place - b.place);
    assert.deepEqual(waiting.map((one) => one.patient), Array.from({ length: N }, (_, i) => nameOf(i + 1)));
    assert.ok(waiting.every((one) => one.assisted && one.consent));
    await doctor.goto(`${program.url}/dokter/${waiting[2].id}`);
    const photo = byId(doctor, 'from-post-photo');
    await photo.waitFor();
    await until(doctor, "() => document.querySelector('[data-testid=from-post-photo]').naturalWidth > 300");
    assert.match(await byId(doctor, 'from-post-vitals').innerText(), /103 mmHg/);
    assert.match(await byId(doctor, 'from-post').innerText(), /Dulamayo Utara.*Keluhan nomor 3/s);
    await look(doctor, 'doctor-from-post');
    await byId(doctor, 'take-vitals').click();
    await until(doctor, "() => document.querySelector('[data-testid=vital-systolic_mmhg]').value === '103'");
    await doctor.goto(`${program.url}/dokter/${waiting[0].id}`);
    await doctor.locator('[data-testid=nurse-lines][data-signed=false][data-nurse=false]').waitFor();
    return doctor;
}

/** The nurse puts her name to who the next patient is, and sits with her; the doctor reads it as it happens. */
async function countersign(page, doctor, look) {
    await byId(page, 'countersign').click();
    await byId(page, 'countersign-save').click();
    await page.locator('#seen-error').waitFor();
    await look(page, 'pos-countersign-wrong');
    await byId(page, 'seen-ktp').check();
    await byId(page, 'countersign-save').click();
    await page.locator('[data-testid=nurse][data-countersigned=true]').waitFor();
    await doctor.locator('[data-testid=nurse-lines][data-signed=true]').waitFor();
}

/** One is left on the tablet; its nurse logs out elsewhere, and who logs in next sees and sends nothing of it. */
async function handOver(context, first, look) {
    const { program, staff } = stage;
    const held = N + 1;
    await context.setOffline(true);
    await fill(first, held);
    await save(first, 1);
    await first.close();
    await context.setOffline(false);
    const page = await staff.pageIn(context);
    await page.goto(`${program.url}/loket`);
    await byId(page, 'logout').click();
    await page.waitForURL('**/masuk?keluar=1');
    await logIn(page, program.url, program.account('doctor'));
    await byId(page, 'logout').waitFor();
    await context.setOffline(true);
    await page.goto(`${program.url}/pos`);
    await byId(page, 'locked-retry').waitFor();
    const shown = await page.locator('main').innerText();
    assert.ok(/1 pendaftaran/.test(shown) && !shown.includes(nameOf(held)), shown);
    await look(page, 'pos-locked');
    await context.setOffline(false);
    await page.goto(`${program.url}/dokter`);
    await byId(page, 'logout').click();
    await page.waitForURL('**/masuk?keluar=1');
    await logIn(page, program.url, program.account('desk'));
    await page.goto(`${program.url}/pos`);
    await page.locator('[data-testid=send-state][data-unsent="0"]').waitFor();
    await byId(page, 'sent').nth(N).waitFor();
    /* For a later day there is the desk's page, while there is a network. */
    await byId(page, 'register').click();
    await byId(page, 'register-leave').and(page.locator('[href="/pos"]')).waitFor();
    await byId(page, 'step-clinic').or(byId(page, 'step-doctor')).or(byId(page, 'step-time')).waitFor();
    await byId(page, 'register-leave').click();
    await byId(page, 'sent').nth(N).waitFor();
    return page;
}

test('thirty patients without a network are there afterwards, once and in order', async () => {
    const { program, staff } = stage;
    const inspector = new Inspector();
    const look = (page, state) => inspector.look(page, state);
    let page = await staff.page({ viewport: TABLET, before: loseAnswers });
    const context = page.context();
    await logIn(page, program.url, program.account('desk'));
    await byId(page, 'to-post').click();
    await makePost(page, (state) => look(page, state));
    await until(page, '() => navigator.serviceWorker.controller !== null');
    await context.setOffline(true);
    await byId(page, 'entry-add').click();
    await byId(page, 'entry-save').click();
    for (const field of ['name', 'consent']) await page.locator(`#${field}-error`).waitFor();
    await look(page, 'pos-form-wrong');
    await byId(page, 'entry-cancel').click();

    page = await registerAll(context, page, look);
    const before = await stored(page);
    assert.deepEqual([before.n, before.nPhotos, before.exported], [N, 2, false]);
    assert.ok(!/Pasien|Keluhan|Pakaya|NIK|7571/.test(before.text), 'what the tablet holds cannot be read off it');

    await page.evaluate(() => (window.cut = '/entries'));
    await context.setOffline(false);
    await until(page, '() => window.nCut === 1');
    await byId(page, 'send-now').click(); // by itself it would go, too, after a while
    await mend(page, (state) => look(page, state));

    await byId(page, 'sent').nth(N - 1).waitFor();
    const names = await byId(page, 'sent').locator('.row-name').allInnerTexts();
    assert.deepEqual(names, Array.from({ length: N }, (_, i) => nameOf(i + 1)));
    /* What the server has is held to be corrected, until the doctor calls. */
    const after = await stored(page);
    assert.deepEqual([after.n, after.nPhotos], [N, 0]);
    assert.ok(!/Pasien|Keluhan|Pakaya|NIK|7571/.test(after.text));
    await look(page, 'pos-sent');
    const doctor = await checkAtDoctor(look);
    /* A second tablet at the post: by itself it would ask after two minutes. */
    const other = await staff.page({ viewport: TABLET });
    await logIn(other, program.url, program.account('desk'));
    await byId(other, 'to-post').click();
    await byId(other, 'post-open').waitFor();
    const hears = untilWelcome(other);
    await byId(other, 'post-open').click();
    await hears;
    await other.locator('[data-testid=nurse][data-countersigned=false]').first().waitFor();
    await countersign(page, doctor, look);
    await other.locator('[data-testid=nurse][data-countersigned=true]').waitFor();
    /* The same at the desk's own page. */
    await other.goto(`${program.url}/loket`);
    await other.locator('li.row', { hasText: nameOf(1) }).locator('[data-testid=manage-queue]').click();
    await byId(other, 'nurse-open').click();
    await other.locator('[data-testid=nurse-dialog] [data-testid=nurse]').waitFor();
    await look(other, 'desk-nurse');
    assert.deepEqual(other.faults, []);
    await other.context().close();

    const [visit] = await Promise.all([page.waitForEvent('popup'), byId(page, 'call-next').click()]);
    await byId(visit, 'allow-devices').waitFor();
    await doctor.locator('[data-testid=nurse-lines][data-nurse=true]').waitFor();
    await look(doctor, 'doctor-nurse');
    await byId(page, 'nurse-leave').click();
    await doctor.locator('[data-testid=nurse-lines][data-nurse=false]').waitFor();
    const kept = await page.evaluate(async () => Promise.all((await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname))));
    assert.ok(kept.flat().every((path) => path === '/pos' || path.startsWith('/assets/')), String(kept));
    assert.deepEqual(page.faults, []);
    page = await handOver(context, page, look);
    await byId(page, 'logout').click();
    await page.waitForURL('**/masuk?keluar=1');
    assert.deepEqual(page.faults, []);
    inspector.assertClean();
});
