// SPDX-License-Identifier: Apache-2.0
// The doctor's note on the real page: nothing typed is lost by a reload or a dropped link, two tabs do not
// overwrite each other, a signed note stays; and how it looks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { acceptedCall, byId, logIn } from './support/steps.mjs';

const stage = useStage({ patients: { party: PATIENT }, doctors: { party: DOCTOR } });
const status = (page, name) => page.locator(`[data-testid=note-pane][data-status=${name}]`);
/** Resolves when N copies lie in the browser: their bytes, as text. */
const copies = (page, n) => page.evaluate(async (wanted) => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-unsaved').onsuccess = (event) => resolve(event.target.result)));
    for (;;) {
        const rows = await new Promise((resolve) => (db.transaction('copy').objectStore('copy').getAll().onsuccess = (event) => resolve(event.target.result)));
        if (rows.length === wanted) {
            db.close();
            return rows.map((row) => new TextDecoder('latin1').decode(row.data) + JSON.stringify(row)).join() + JSON.stringify({ ...localStorage });
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}, n);
/** Whether a key that lies in the browser, or that of who is logged in, opens a copy there. */
const opensCopies = (page) => page.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-unsaved').onsuccess = (event) => resolve(event.target.result)));
    const all = (store) => new Promise((resolve) => (db.transaction(store).objectStore(store).getAll().onsuccess = (event) => resolve(event.target.result)));
    const { own_key: hex } = await (await fetch('/api/v1/session')).json();
    const own = await crypto.subtle.importKey('raw', Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)), 'AES-GCM', false, ['decrypt']);
    const keys = [own, ...(await all('key')).map((row) => row.key)];
    const rows = await all('copy');
    db.close();
    if (rows.length === 0) throw new Error('no copy');
    const tries = rows.flatMap((row) => keys.map((key) => crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: row.iv, additionalData: new TextEncoder().encode(row.id) }, key, row.data)));
    return (await Promise.allSettled(tries)).some((one) => one.status === 'fulfilled');
});
/** Makes of the copies what they were when one key was all accounts'. */
const sealAsBefore = (page) => page.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-unsaved').onsuccess = (event) => resolve(event.target.result)));
    const rows = await new Promise((resolve) => (db.transaction('copy').objectStore('copy').getAll().onsuccess = (event) => resolve(event.target.result)));
    const { own_key: hex } = await (await fetch('/api/v1/session')).json();
    const own = await crypto.subtle.importKey('raw', Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)), 'AES-GCM', false, ['decrypt']);
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const before = await Promise.all(rows.map(async ({ id, user, at, iv, data }) => {
        const how = { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(id) };
        return { id, user, at, iv, data: await crypto.subtle.encrypt(how, key, await crypto.subtle.decrypt(how, own, data)) };
    }));
    const transaction = db.transaction(['copy', 'key'], 'readwrite');
    transaction.objectStore('key').put({ id: 'key', key });
    for (const row of before) transaction.objectStore('copy').put(row);
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    db.close();
});
/** How many keys lie in the browser. */
const keysLying = (page) => page.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open('huyula-unsaved').onsuccess = (event) => resolve(event.target.result)));
    const n = await new Promise((resolve) => (db.transaction('key').objectStore('key').count().onsuccess = (event) => resolve(event.target.result)));
    db.close();
    return n;
});
const LONG = 'Batuk berdahak kuning sejak sebelas hari, demam naik turun terutama malam hari, keringat dingin, '
    + 'nafsu makan turun. Sudah minum obat batuk warung tiga hari tanpa perbaikan. Suami batuk lama. '.repeat(3);

async function openNote(options = {}) {
    const [visit] = await stage.program.visits();
    const page = await stage.doctors.page({ viewport: DESKTOP, ...options });
    await logIn(page, stage.program.url, stage.program.account('doctor'));
    await page.goto(`${stage.program.url}/dokter/${visit.visit}`);
    await byId(page, 'note-subjective').waitFor();
    return { page, visit };
}

async function choose(page, words, code) {
    await byId(page, 'code-search').fill(words);
    await page.locator(`[data-testid=codes-found] [data-code="${code}"]`).click();
    await page.locator(`[data-testid=diagnoses] [data-code="${code}"]`).waitFor();
}

test('what is typed is saved by itself, survives a reload at any moment and a dropped link', async () => {
    /* As if the power went: the page does not hear that it goes. */
    const deaf = () => addEventListener('visibilitychange', (event) => event.stopImmediatePropagation(), true);
    const { page } = await openNote({ before: deaf });
    const cut = (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue());
    await byId(page, 'note-subjective').fill('Batuk tiga hari');
    await status(page, 'dirty').waitFor();
    assert.ok(!(await copies(page, 1)).includes('Batuk'), 'nobody reads it off the disk');
    await page.reload(); // before the five seconds are over
    await byId(page, 'note-restored').waitFor();
    assert.equal(await byId(page, 'note-subjective').inputValue(), 'Batuk tiga hari');
    await status(page, 'saved').waitFor();
    await copies(page, 0); // what is confirmed is kept nowhere else

    await page.route('**/note', cut);
    await byId(page, 'note-plan').fill('Kontrol bila sesak');
    await status(page, 'offline').waitFor();
    await copies(page, 1);
    await page.unroute('**/note', cut);
    await status(page, 'saved').waitFor();
    await page.reload();
    await byId(page, 'note-plan').waitFor();
    assert.equal(await byId(page, 'note-plan').inputValue(), 'Kontrol bila sesak');
    /* The visit has not begun: there is nothing to sign. */
    const inspector = new Inspector();
    await byId(page, 'sign-later').scrollIntoViewIfNeeded();
    assert.equal(await byId(page, 'note-sign').count(), 0);
    await inspector.look(page, 'note-8-later');
    await page.context().close();
    inspector.assertClean();
});

test('a save whose answer was lost is one\'s own text: it is typed on, and nothing is asked', async () => {
    const { program } = stage;
    const { page, visit: { visit } } = await openNote();
    /* The first time it arrives, and its answer is lost; then there is no link. */
    let nArrived = 0;
    const lose = async (route) => {
        if (route.request().method() === 'PUT' && nArrived++ === 0) await route.fetch();
        await (route.request().method() === 'PUT' ? route.abort() : route.continue());
    };
    await page.route('**/note', lose);
    await byId(page, 'note-subjective').fill('Batuk tiga hari');
    await status(page, 'offline').waitFor();
    await byId(page, 'note-subjective').fill('Batuk tiga hari, sesak bila malam');
    await page.unroute('**/note', lose);
    await page.locator('[data-testid=note-pane][data-status=saved], [data-testid=note-pane][data-status=stale]').waitFor();
    assert.equal(await byId(page, 'note-stale').count(), 0);
    const { note } = (await program.request('GET', `/api/v1/visits/${visit}/note`, { headers: await program.logIn(program.account('doctor')) })).json();
    assert.equal(note.subjective, 'Batuk tiga hari, sesak bila malam');
    await page.context().close();
});

test('two tabs: the later one is shown both texts', async () => {
    const { page, visit } = await openNote();
    const other = await stage.doctors.pageIn(page.context());
    await other.goto(`${stage.program.url}/dokter/${visit.visit}`);
    await byId(other, 'note-subjective').fill('dari tab kedua');
    await status(other, 'saved').waitFor();
    await byId(page, 'note-subjective').fill('dari tab pertama');
    await byId(page, 'note-stale').waitFor();
    await byId(page, 'version-mine').filter({ hasText: 'dari tab pertama' }).waitFor();
    await byId(page, 'version-theirs').filter({ hasText: 'dari tab kedua' }).waitFor();
    const inspector = new Inspector();
    await page.bringToFront();
    await inspector.look(page, 'note-7-stale');
    await byId(page, 'use-mine').click();
    await status(page, 'saved').waitFor();
    await other.reload();
    await byId(other, 'note-subjective').waitFor();
    assert.equal(await byId(other, 'note-subjective').inputValue(), 'dari tab pertama');
    await page.context().close();
    inspector.assertClean();
});

test('who logs in next reads nothing of what another one typed, and does not throw it away', async () => {
    const { page, visit } = await openNote();
    const { program } = stage;
    const cut = (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue());
    await page.route('**/note', cut);
    await byId(page, 'note-subjective').fill('Gatal di tangan');
    await status(page, 'offline').waitFor();
    await copies(page, 1);
    assert.ok(await opensCopies(page), 'its own account has the key');
    await page.context().clearCookies(); // the session ended meanwhile
    await logIn(page, program.url, program.account('desk'));
    assert.ok(!(await opensCopies(page)), 'and no other');
    await byId(page, 'logout').click();
    await page.waitForURL('**/masuk*');
    assert.ok(!(await copies(page, 1)).includes('Gatal'));
    await logIn(page, program.url, program.account('doctor'));
    await page.goto(`${program.url}/dokter/${visit.visit}`);
    await byId(page, 'note-restored').waitFor();
    assert.equal(await byId(page, 'note-subjective').inputValue(), 'Gatal di tangan');
    await page.unroute('**/note', cut);
    await status(page, 'saved').waitFor();
    await page.context().close();
});

test('a copy from when one key was all accounts\' is opened by its own account, and that key goes', async () => {
    const { page, visit } = await openNote();
    const cut = (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue());
    await page.route('**/note', cut);
    await byId(page, 'note-subjective').fill('Telinga berdenging');
    await status(page, 'offline').waitFor();
    await copies(page, 1);
    await page.goto(`${stage.program.url}/`);
    await sealAsBefore(page);
    await page.context().clearCookies();
    await logIn(page, stage.program.url, stage.program.account('desk')); // another account leaves both alone
    assert.equal(await keysLying(page), 1);
    await page.context().clearCookies();
    await logIn(page, stage.program.url, stage.program.account('doctor'));
    assert.equal(await keysLying(page), 0);
    await page.goto(`${stage.program.url}/dokter/${visit.visit}`);
    await byId(page, 'note-restored').waitFor();
    assert.equal(await byId(page, 'note-subjective').inputValue(), 'Telinga berdenging');
    await page.unroute('**/note', cut);
    await status(page, 'saved').waitFor();
    await page.context().close();
});

test('logging out saves, and leaves nothing in the browser', async () => {
    const { page, visit } = await openNote();
    await byId(page, 'note-subjective').fill('Pusing');
    /* What the page asks meanwhile is refused before it hears that it has been logged out. */
    await page.route('**/api/v1/session', async (route) => {
        if (route.request().method() !== 'DELETE') return route.fallback();
        const response = await route.fetch();
        const refused = page.waitForResponse((one) => one.status() === 401);
        await page.evaluate(() => window.dispatchEvent(new Event('online')));
        await (await refused).finished();
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
        return route.fulfill({ response });
    });
    await byId(page, 'logout').click();
    await page.waitForURL('**/masuk?keluar=1');
    await copies(page, 0);
    await logIn(page, stage.program.url, stage.program.account('doctor'));
    await page.goto(`${stage.program.url}/dokter/${visit.visit}`);
    await byId(page, 'note-subjective').waitFor();
    assert.equal(await byId(page, 'note-subjective').inputValue(), 'Pusing');
    await page.context().close();
});

test('the note beside a call, wrong and whole, signed, and added to', async () => {
    const inspector = new Inspector();
    const look = (page, name) => inspector.look(page, name);
    const { patient, doctor: page } = await acceptedCall(stage);
    await byId(page, 'note-subjective').waitFor();
    await look(page, 'note-1-empty');
    await byId(page, 'note-subjective').fill(LONG);
    await byId(page, 'note-allergies').fill('Amoksisilin: gatal seluruh badan; udang');
    await byId(page, 'vital-temperature_tenth_c').fill('3,85');
    await byId(page, 'vital-systolic_mmhg').fill('80');
    await byId(page, 'vital-diastolic_mmhg').fill('120');
    await byId(page, 'code-search').fill('batuk');
    await byId(page, 'codes-found').waitFor();
    await look(page, 'note-2-wrong');
    await byId(page, 'vital-temperature_tenth_c').fill('38,5');
    await byId(page, 'vital-systolic_mmhg').fill('120');
    await byId(page, 'vital-diastolic_mmhg').fill('80');
    await choose(page, 'tbc', 'A16.2');
    await choose(page, 'E114', 'E11.4');
    await byId(page, 'note-template').selectOption('cough');
    await status(page, 'saved').waitFor();
    await look(page, 'note-3-saved');
    await byId(page, 'tab-earlier').click();
    await byId(page, 'earlier-none').waitFor();
    await byId(page, 'tab-note').click();
    await byId(page, 'note-sign').click();
    await look(page, 'note-4-sign');
    await byId(page, 'sign-submit').click();
    await status(page, 'signed').waitFor();
    await byId(page, 'addendum').fill('Hasil dahak datang: BTA positif.');
    await copies(page, 1);
    await page.reload();
    await byId(page, 'addendum-restored').waitFor();
    assert.equal(await byId(page, 'addendum').inputValue(), 'Hasil dahak datang: BTA positif.', 'a reload loses nothing');
    await look(page, 'note-5-addendum');
    await byId(page, 'addendum-submit').click();
    await byId(page, 'addenda').filter({ hasText: 'BTA positif' }).waitFor();
    await look(page, 'note-5-signed');
    await Promise.all([patient.context().close(), page.context().close()]);
    inspector.assertClean();
});
