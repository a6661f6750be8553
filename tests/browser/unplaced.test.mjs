// SPDX-License-Identifier: Apache-2.0
// A booking whose place is gone, by its link: before the waiting room and in it, with a colleague who has time, with
// nobody; where clinic and facility have closed. And one that the facility has not said yes to.
// Layout and axe on each. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { PATIENT, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { assertWords, bookByApi, bookOpenVisit, byId, untilScreen, waitAtLink } from './support/steps.mjs';

const HOUR_MS = 3600_000, DAY_MS = 24 * HOUR_MS;
let admin;
const stage = useStage({ hour: 9, patients: { party: PATIENT }, ready: async ({ program }) => {
    admin = await program.logIn(program.account('admin'));
} });
const inspect = inspectPages(() => stage.patients);

const dateIn = (days) => new Date(stage.program.now() + 8 * HOUR_MS + days * DAY_MS).toISOString().slice(0, 10);

async function send(target, body, status = 201) {
    const reply = await stage.program.request('POST', target, { headers: admin, body });
    assert.equal(reply.status, status, reply.text);
    return reply.json();
}

const place = async (name) => (await stage.program.request('GET', '/api/v1/facilities')).json().facilities.find((one) => one.name === name);

/** A doctor of the clinics who sees patients in the first of them at all hours. */
async function addDoctor(name, facility, clinics) {
    const { id } = await send('/api/v1/directory/practitioners', { name, clinics, permits: [{ facility, number: '503/SIP', valid_until: dateIn(400) }] });
    await send(`/api/v1/hours/${id}/rules`, { clinic: clinics[0], weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00',
        pattern: { mode: 'slots', slot_minutes: 15 }, valid_from: dateIn(0) });
    return id;
}

/** The doctor is away from today on. */
const goAway = (doctor, days) => send(`/api/v1/hours/${doctor}/leaves?bookings=message`, { from: dateIn(0), until: dateIn(days), note: 'cuti' });

/** The patient's page says so above all else, and nothing of a waiting room; its button leads to other times. */
async function expectUnplaced(page, screen) {
    await untilScreen(page, screen);
    await assertWords(page, 'unplaced', 'Dokter tidak bisa melayani Anda pada jadwal ini.', 'The doctor cannot see you at this time.');
    for (const id of ['early', 'countdown', 'ahead']) assert.equal(await byId(page, id).count(), 0, id);
}

async function chooseOther(page) {
    await byId(page, 'unplaced').getByRole('link', { name: 'Pilih waktu lain' }).click();
    await page.waitForURL('**/pindah');
}

inspect('the doctor is away for long: the link says so, and a colleague of the clinic has time', { viewport: PHONE }, async (page, look) => {
    const limboto = await place('Puskesmas Limboto');
    const clinic = limboto.clinics.find((one) => one.name === 'Poli Umum');
    const ticket = await bookByApi(stage.program, 30 * HOUR_MS, limboto.name);
    await addDoctor('dr. Sri Wahyuni Biga', limboto.id, [clinic.id]);
    assert.deepEqual(await goAway(clinic.doctors[0].id, 60).then(({ kept, told }) => [kept, told]), [1, 1]);
    await page.goto(ticket.link);
    await expectUnplaced(page, 'early');
    await look('unplaced-early');
    await chooseOther(page);
    await byId(page, 'slot').first().waitFor();
    await assertWords(page, 'unplaced', 'pada waktu ini. Pilih waktu lain, atau telepon', 'at this time. Choose another time, or call');
    await look('unplaced-move');
    await byId(page, 'day').nth(1).click();
    await byId(page, 'slot').last().click();
    await assertWords(page, 'other-doctor', 'Dengan dr. Sri Wahyuni Biga.', 'With dr. Sri Wahyuni Biga.');
    await byId(page, 'confirm-move').click();
    await byId(page, 'move-done').filter({ hasText: 'dr. Sri Wahyuni Biga' }).waitFor();
    await byId(page, 'open-visit').click();
    await byId(page, 'early').waitFor();
    assert.equal(await byId(page, 'unplaced').count(), 0);
});

inspect('in the waiting room there is a number, and no place nor wait', { viewport: PHONE }, async (page, look) => {
    const { program, patients } = stage;
    const south = await place('Klinik Kota Selatan');
    const ticket = await bookOpenVisit(program, south.name);
    const waiting = await waitAtLink(patients, ticket.link);
    await waiting.context().close();
    await goAway(south.clinics[0].doctors[0].id, 60);
    const again = await patients.page({ viewport: PHONE });
    await again.goto(ticket.link);
    await byId(again, 'unplaced').waitFor();
    await byId(again, 'allow-devices').click();
    await byId(again, 'preview').waitFor();
    await byId(again, 'enter-waiting').click();
    await untilScreen(again, 'waiting');
    await byId(again, 'queue-number').filter({ hasText: ticket.number }).waitFor();
    await expectUnplaced(again, 'waiting');
    assert.equal(await again.getByText('nada saat Anda dipanggil').count(), 0, 'nobody calls');
    await look('unplaced-waiting', again);
    await chooseOther(again);
    /* Nobody else has hours there. Giving it up needs no waiting room. */
    await assertWords(again, 'no-time', 'dalam 14 hari ke depan', 'in the next 14 days');
    await byId(again, 'no-time').locator('a[href^="tel:"]').waitFor();
    await look('unplaced-no-time', again);
    await byId(again, 'cancel-visit').click();
    await byId(again, 'cancel-confirm').click();
    await byId(again, 'move-cancelled').waitFor();
    await again.context().close();
    await page.goto(program.url);
});

inspect('clinic and facility closed: what has, where else to go, whom to phone', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    const about = { name: 'Klinik Tilango', kind: 'clinic', area_code: '75.01.02', address: 'Jl. Tilango 1' };
    const facility = (await send('/api/v1/directory/facilities', { ...about, phone: '0435-880001' })).id;
    const clinics = [];
    for (const name of ['Poli Gigi', 'Poli Mata'])
        clinics.push((await send('/api/v1/directory/clinics', { facility, name, wait_mode: 'one_by_one' })).id);
    const doctor = await addDoctor('dr. Zulkifli Rahim', facility, [clinics[0]]);
    const other = await addDoctor('dr. Ramlah Djafar', facility, [clinics[1]]);
    const book = async (clinic, who, phone) => {
        const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic}&doctor=${who}&days=3`)).json();
        return send('/api/v1/bookings', { clinic, doctor: who, starts_at_ms: days.at(-1).slots[0].starts_at_ms, name: 'Yusuf Mohamad',
            birth_date: '1980-07-21', phone, lang: 'id' });
    };
    const [teeth, eyes] = [await book(clinics[0], doctor, '0852 1111 2222'), await book(clinics[1], other, '0852 1111 3333')];
    const { version } = (await program.request('GET', '/api/v1/consent')).json();
    const agreed = await program.request('POST', '/api/v1/join/consent', { headers: { authorization: `Bearer ${eyes.link.split('/').pop()}` },
        body: { how: 'accepted', version, lang: 'id' } });
    assert.equal(agreed.status, 204, agreed.text);
    await send(`/api/v1/directory/clinics/${clinics[0]}?bookings=message`, { name: 'Poli Gigi', wait_mode: 'one_by_one', active: false }, 200);
    await page.goto(teeth.link);
    await expectUnplaced(page, 'early');
    const known = page.waitForResponse('**/api/v1/join/consent');
    await chooseOther(page);
    assert.equal((await (await known).json()).given, false);
    await assertWords(page, 'place-closed', 'Poli Gigi di Klinik Tilango sudah tutup', 'Poli Gigi of Klinik Tilango has closed');
    await assertWords(page, 'place-closed', 'Poli lain di Klinik Tilango: Poli Mata.', 'Other clinics of Klinik Tilango: Poli Mata.');
    for (const id of ['failure', 'slot', 'unplaced']) assert.equal(await byId(page, id).count(), 0, id);
    await page.locator('a[href="tel:0435880001"]').first().waitFor();
    await look('closed-clinic');
    for (const id of ['own-consent', 'to-consent']) assert.equal(await byId(page, id).count(), 0, 'nobody agrees to what will not be');
    assert.equal(await byId(page, 'book-elsewhere').getAttribute('href'), '/');

    await send(`/api/v1/directory/facilities/${facility}?bookings=message`, { ...about, phone: '0435-880001', active: false }, 200);
    await page.goto(eyes.link);
    await expectUnplaced(page, 'early');
    await chooseOther(page);
    await assertWords(page, 'place-closed', 'Klinik Tilango sudah tutup', 'Klinik Tilango has closed');
    await byId(page, 'consent-withdraw').waitFor();
    assert.equal(await page.locator('a[href="tel:0435880001"]').count(), 0, 'nobody is there');
    await look('closed-facility');
    await byId(page, 'consent-withdraw').click();
    await byId(page, 'consent-confirm').click();
    await byId(page, 'consent-state').filter({ hasText: 'Anda menarik persetujuan' }).waitFor();
    assert.equal(await byId(page, 'consent-accept').count(), 0);
    await byId(page, 'cancel-visit').click();
    await byId(page, 'cancel-confirm').click();
    await byId(page, 'move-cancelled').waitFor();
});

inspect('what is only asked for says that it waits for an answer, and until when', { viewport: PHONE }, async (page, look) => {
    const { program } = stage;
    const limboto = await place('Puskesmas Limboto');
    const clinic = limboto.clinics.find((one) => one.name === 'Poli Umum');
    const phone = '0852 4444 5555';
    const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic.id}&days=3`)).json();
    const [first, second] = days.at(-1).slots.filter((one) => one.session === null).slice(-6, -4);
    const book = (slot) => send('/api/v1/bookings', { clinic: clinic.id, doctor: slot.doctor, starts_at_ms: slot.starts_at_ms,
        name: 'Yusuf Mohamad', birth_date: '1980-07-21', phone, lang: 'id' });
    const before = await book(first);
    const desk = await program.logIn(program.account('desk'));
    const blocked = await program.request('POST', `/api/v1/visits/${before.visit}/incidents`, { headers: desk,
        body: { key: '0123456789-patient', kind: 'abuse', text: 'Memaki petugas', who: 'patient', block_days: 30 } });
    assert.equal(blocked.status, 201, blocked.text);
    const ticket = await book(second);
    assert.equal(ticket.needs_confirmation, true);
    await page.goto(ticket.link);
    await untilScreen(page, 'early');
    await assertWords(page, 'asked', 'Puskesmas Limboto perlu mengonfirmasi', 'Puskesmas Limboto has to confirm');
    for (const id of ['early', 'countdown']) assert.equal(await byId(page, id).count(), 0, id);
    await look('asked-early');
});
