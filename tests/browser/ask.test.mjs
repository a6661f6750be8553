// SPDX-License-Identifier: Apache-2.0
// A doctor asks another one about a visit, with a photo; the other one takes it and answers; who asked is told at once. And how
// the pages of it look, for who keeps the facility and for the health office, too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, byId, logIn } from './support/steps.mjs';

const HOUR_MS = 3600_000;
const stage = useStage({ doctors: { party: DOCTOR } });

/** Looks around in a page of its own; all faults are told at once. */
function inspect(name, tour) {
    test(name, async () => {
        const inspector = new Inspector();
        const page = await stage.doctors.page({ viewport: DESKTOP });
        await tour(page, (state) => inspector.look(page, state), inspector);
        await page.context().close();
        inspector.assertClean();
    });
}

/** A picture as a camera gives it, with where it was taken. */
const photograph = (page) => page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [2400, 1800];
    const paint = canvas.getContext('2d');
    for (let i = 0; i < 200; i++) {
        paint.fillStyle = `hsl(${(i * 37) % 60} 60% ${50 + (i % 5) * 8}%)`;
        paint.fillRect((i * 613) % 2400, (i * 337) % 1800, 500, 400);
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const exif = [0xff, 0xe1, 0, 14, ...new TextEncoder().encode('Exif\0\0GPS 12')];
    return [...bytes.slice(0, 2), ...exif, ...bytes.slice(2)];
});

const QUESTION = 'Ruam merah gatal di kedua lengan sejak tiga hari sesudah bekerja di kebun. Sudah diberi CTM, belum membaik. '
    + 'Apakah ini dermatitis kontak, dan perlukah dirujuk?';

inspect('a doctor asks another one with a photo and is answered', async (page, look, inspector) => {
    const { program } = stage;
    const [visit] = await program.visits();
    const [asking, answering] = ['rahmat', 'yusuf'].map((login) => program.accounts().find((one) => one.login === login));
    const saved = await program.request('PUT', `/api/v1/visits/${visit.visit}/note`, { headers: await program.logIn(asking),
        body: { revision: 0, subjective: 'Gatal di kedua lengan.', plan: 'CTM 4 mg 3 kali sehari.',
            vitals: { pulse_per_min: 88, temperature_tenth_c: 368 } } });
    assert.equal(saved.status, 200, saved.text);
    await logIn(page, program.url, asking);
    await page.goto(`${program.url}/dokter/${visit.visit}`);
    await byId(page, 'ask-about').waitFor();
    await page.goto(new URL(await byId(page, 'ask-about').getAttribute('href'), program.url).href);
    await byId(page, 'ask-next').click();
    await page.locator('#ask-facility-error').waitFor();
    await page.locator('#ask-text-error').waitFor();
    await look('ask-new-wrong');
    await page.selectOption('#ask-facility', { label: 'Klinik Kota Selatan' });
    await byId(page, 'urgency-soon').check();
    await byId(page, 'ask-text').fill(QUESTION);
    await byId(page, 'share-note.subjective').check();
    await byId(page, 'file-input').setInputFiles({ name: 'lengan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('bukan foto') });
    await page.locator('#files-error').waitFor();
    await byId(page, 'file-input').setInputFiles({ name: 'lengan.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await photograph(page)) });
    await byId(page, 'picked').locator('img').waitFor();
    await look('ask-new');
    await page.reload();
    assert.equal(await byId(page, 'ask-text').inputValue(), QUESTION, 'what was typed is still there');
    await byId(page, 'restored').filter({ hasText: 'Lampiran perlu dipilih lagi.' }).waitFor();
    await byId(page, 'share-note.subjective').check();
    await byId(page, 'file-input').setInputFiles({ name: 'lengan.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await photograph(page)) });
    await byId(page, 'picked').locator('img').waitFor();
    assert.equal(await byId(page, 'restored').innerText(), 'Yang Anda ketik tadi masih ada.', 'chosen again already');
    await byId(page, 'ask-next').click();
    const told = byId(page, 'told').locator('[data-part]');
    await told.first().waitFor();
    assert.deepEqual(await told.evaluateAll((all) => all.map((one) => one.dataset.part)),
        ['age', 'pulse_per_min', 'temperature_tenth_c', 'note.subjective']);
    await look('ask-confirm');
    await byId(page, 'ask-send').click();
    await page.locator('[data-testid=thread][data-state=open]').waitFor();
    await look('ask-open');

    const expert = await stage.doctors.page({ viewport: DESKTOP });
    await logIn(expert, program.url, answering);
    await expert.locator('[data-testid=to-ask][data-waiting="1"]').click();
    await byId(expert, 'box-open').locator('[data-testid=consult]').waitFor();
    await inspector.look(expert, 'ask-list');
    await byId(expert, 'consult-open').click();
    await byId(expert, 'post-photo').waitFor();
    const width = await byId(expert, 'post-photo').evaluate((image) => image.decode().then(() => image.naturalWidth));
    assert.equal(width, 1920);
    await byId(expert, 'do-take').click();
    await byId(expert, 'do-answer').click();
    await byId(expert, 'write-send').click();
    await expert.locator('#answer-opinion-error').waitFor();
    await inspector.look(expert, 'ask-answer-wrong');
    await byId(expert, 'answer-opinion').fill('Dermatitis kontak iritan; tidak ada tanda infeksi.');
    await byId(expert, 'answer-recommendation').fill('Salep hidrokortison 1 % dua kali sehari selama 7 hari.\nKontrol bila ada demam.');
    await byId(expert, 'refer-no').check();
    await byId(expert, 'write-send').click();
    /* Who asked is told by the socket. */
    await page.locator('[data-testid=thread][data-state=answered] [data-kind=answer]').waitFor();
    await look('ask-answered');
    await byId(page, 'do-close').click();
    await expert.locator('[data-testid=thread][data-state=closed]').waitFor();
    await expert.context().close();
});

inspect('questions that are late, for who keeps the facility', async (page, look) => {
    const { program } = stage;
    const now = program.now();
    const one = (id, state, expert) => ({ id, visit: null, urgency: id === 'a' ? 'emergency' : 'soon', state, expert, asked_at_ms: now - 3 * HOUR_MS,
        due_at_ms: now - HOUR_MS, changed_at_ms: now, first_answer_at_ms: null, escalated_at_ms: now, attachments: 0, mine: false,
        taken_by_me: false, from: { doctor: 'dr. Rahmat Hasan', facility: 'Puskesmas Limboto' },
        to: { facility: 'Klinik Kota Selatan', phone: '0435-821567', clinic: 'Poli Kesehatan Ibu dan Anak', doctor: null } });
    await page.route('**/api/v1/consults?*', (route) => route.fulfill({ json: { more: false, server_ms: now,
        consults: [one('a', 'open', null), one('b', 'taken', 'dr. Nurhayati Mohamad Abdurrahman, Sp.A')] } }));
    await logIn(page, program.url, program.account('admin'));
    await page.goto(`${program.url}/tanya`);
    await byId(page, 'release').waitFor();
    assert.deepEqual(await byId(page, 'late-phone').evaluateAll((all) => all.map((one) => one.getAttribute('href'))),
        ['tel:0435821567', 'tel:0435821567']);
    await assertWords(page, 'late-questions', 'Pertanyaan antarfaskes', 'Questions between facilities');
    await look('ask-late');
});

inspect('the office sees how many were answered', async (page, look) => {
    await logIn(page, stage.program.url, stage.program.account('office'));
    await byId(page, 'questions-table').waitFor();
    assert.deepEqual(await byId(page, 'questions-table').locator('tbody td').allTextContents(), ['1', '1', '1', '0', '0', '–']);
    await look('office-questions');
});

inspect('a question that is withdrawn while it is answered leaves what was written', async (page, look) => {
    const { program } = stage;
    const [asking, answering] = ['rahmat', 'yusuf'].map((login) => program.accounts().find((one) => one.login === login));
    const headers = await program.logIn(asking);
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const facility = facilities.find((one) => one.name === 'Klinik Kota Selatan').id;
    const asked = await program.request('POST', '/api/v1/consults', { headers,
        body: { facility, urgency: 'soon', text: QUESTION, attachments: [], key: 'withdrawn-while-it-is-answered' } });
    assert.equal(asked.status, 201, asked.text);
    const { consult } = asked.json();
    await logIn(page, program.url, answering);
    await page.goto(`${program.url}/tanya/${consult}`);
    await byId(page, 'do-take').click();
    await byId(page, 'do-answer').click();
    await byId(page, 'answer-opinion').fill('Kemungkinan tinea korporis.');
    await byId(page, 'answer-recommendation').fill('Kerokan kulit dan KOH.');
    const step = await program.request('POST', `/api/v1/consults/${consult}/steps`, { headers, body: { step: 'withdraw' } });
    assert.equal(step.status, 200, step.text);
    await byId(page, 'left-over').waitFor();
    assert.equal(await page.locator('.banner').count(), 1, 'said once');
    assert.equal(await byId(page, 'left-words').inputValue(), 'Kemungkinan tinea korporis.\n\nKerokan kulit dan KOH.');
    await look('ask-left-over');
    await page.reload();
    await byId(page, 'left-discard').click();
    await byId(page, 'left-over').waitFor({ state: 'detached' });
    await byId(page, 'thread-gone').waitFor();
});
