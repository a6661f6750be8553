// SPDX-License-Identifier: Apache-2.0
// Beside the note: earlier visits of the patient, and allergies that were noted in them. In the morning, as two visits
// of one day are wanted: charts are open around the visit alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { byId, logIn } from './support/steps.mjs';

const stage = useStage({ hour: 9, doctors: { party: DOCTOR } });

/** Two visits of one person with the same doctor: [{visit, doctor}]. */
async function twoVisits(program) {
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const clinic = facilities[0].clinics[0].id;
    const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic}&days=3`)).json();
    const all = days.flatMap((day) => day.slots).filter((one) => one.session === null);
    const slots = all.filter((one) => one.doctor === all[0].doctor).slice(0, 2);
    const booked = [];
    for (const slot of slots) {
        const body = { clinic, doctor: slot.doctor, starts_at_ms: slot.starts_at_ms, birth_date: '1957-08-25', phone: '0812 4455 6677',
            name: 'Abdurrahmanmuhammadnurhidayatullahsyarif Pakaya', nik: '7571026508570003', lang: 'id' };
        const reply = await program.request('POST', '/api/v1/bookings', { body });
        assert.equal(reply.status, 201, reply.text);
        booked.push(reply.json());
    }
    return booked;
}

test('earlier visits of the same patient, and what was known of allergies', async () => {
    const inspector = new Inspector();
    const { program } = stage;
    const [first, second] = await twoVisits(program);
    const page = await stage.doctors.page({ viewport: DESKTOP });
    await logIn(page, program.url, program.accounts().find((one) => one.name === first.doctor));
    await page.goto(`${program.url}/dokter/${first.visit}`);
    await byId(page, 'note-subjective').fill('Batuk berdahak kuning sejak sebelas hari, demam naik turun terutama malam hari. '.repeat(3));
    await byId(page, 'note-allergies').fill('Amoksisilin');
    await byId(page, 'code-search').fill('darah tinggi');
    await page.locator('[data-testid=codes-found] [data-code="I10"]').click();
    await page.locator('[data-testid=note-pane][data-status=saved]').waitFor();
    await page.goto(`${program.url}/dokter/${second.visit}`);
    await byId(page, 'patient-allergies').filter({ hasText: 'Amoksisilin (dicatat' }).waitFor();
    await byId(page, 'note-allergies').fill('tidak ada');
    await byId(page, 'patient-allergies').filter({ hasText: 'tidak ada (kunjungan ini)' }).waitFor();
    const lines = await byId(page, 'patient-allergies').locator('li').allInnerTexts();
    assert.match(lines.join(), /^Amoksisilin \(dicatat .*tidak ada \(kunjungan ini\)$/, 'what is typed hides nothing');
    await inspector.look(page, 'note-6-allergies');
    await byId(page, 'tab-earlier').click();
    await byId(page, 'earlier').waitFor();
    await inspector.look(page, 'note-6-earlier-closed');
    await page.locator('.earlier-visit summary').first().click();
    await inspector.look(page, 'note-6-earlier');
    await page.context().close();
    inspector.assertClean();
});
