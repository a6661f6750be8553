// SPDX-License-Identifier: Apache-2.0
// Doctors who are not there: the desk reads beside the choice why not all can be chosen, and who waits for any doctor
// of a clinic in which nobody is left is marked: at the desk, with the doctor, and for who keeps the facility. The desk
// gives who needs another doctor one, today.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PATIENT } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { byId, fillWalkIn, logIn, row, waitAtLink } from './support/steps.mjs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FACILITY = 'Puskesmas Limboto', DOCTOR = 'dr. Rahmat Hasan';
const AWAY = 'dr. Nurhayati Mohamad Lihawa, Sp.PD', OVER = 'dr. Zulkifli Abdurrahmanmuhammadnurhidayatullah';
const stage = useStage({ hour: 10, patients: { party: PATIENT }, staff: {} });

const today = () => new Date(stage.program.now() + 8 * HOUR_MS).toISOString().slice(0, 10);

async function send(path, body) {
    const headers = await stage.program.logIn(stage.program.account('admin'));
    const reply = await stage.program.request('POST', `/api/v1${path}`, { headers, body });
    assert.ok([200, 201].includes(reply.status), reply.text);
    return reply.json();
}

const leaveOf = (doctor) => send(`/hours/${doctor}/leaves?bookings=keep`, { from: today(), until: today(), note: '' });

/** Beside DOCTOR, whose id it gives: one on leave, one whose SIP has run out. */
async function addDoctors() {
    const { facilities } = (await stage.program.request('GET', '/api/v1/facilities')).json();
    const { id: facility, clinics: [{ id: clinic, doctors }] } = facilities.find((one) => one.name === FACILITY);
    const { id: away } = await send('/directory/practitioners', { name: AWAY, clinics: [clinic] });
    await leaveOf(away);
    await send('/directory/practitioners', { name: OVER, clinics: [clinic], permits: [{ facility, number: 'S-1', valid_until: '2020-12-31' }] });
    return doctors.find((one) => one.name === DOCTOR).id;
}

async function openAs(account) {
    const page = await stage.staff.page({ viewport: DESKTOP });
    await logIn(page, stage.program.url, account);
    return page;
}

test('why doctors cannot be chosen; who waits when the last one goes', async () => {
    const { program } = stage;
    const inspector = new Inspector();
    const doctorId = await addDoctors();
    const desk = await openAs(program.account('desk'));
    await byId(desk, 'walk-in').click();
    await byId(desk, 'walk-in-why').waitFor();
    assert.deepEqual(await byId(desk, 'walk-in-why').locator('li').allInnerTexts(), [`${AWAY}: cuti hari ini`, `${OVER}: SIP tidak berlaku`]);
    const options = desk.locator('#walk-in-doctor option');
    assert.deepEqual((await options.allInnerTexts()).slice(1).sort(), [AWAY, DOCTOR, OVER].sort(), 'names alone');
    assert.equal(await desk.locator('#walk-in-doctor option:disabled').count(), 2);
    await byId(desk, 'walk-in-why').filter({ hasText: 'Tidak dapat dipilih hari ini' }).waitFor();
    await inspector.look(desk, 'desk-walk-in-why');
    await fillWalkIn(desk, 'Siti Aminah');
    const taken = desk.waitForResponse((one) => one.url().endsWith('/api/v1/walk-ins'));
    await byId(desk, 'walk-in-submit').click();
    const { visit, number } = await (await taken).json();
    const link = await byId(desk, 'link-value').inputValue();
    await byId(desk, 'link-close').click();
    const patient = await waitAtLink(stage.patients, link);
    await row(desk, visit).and(desk.locator('[data-state=checked_in]')).waitFor();
    assert.equal(await byId(desk, 'mark-other-doctor').count(), 0);

    await leaveOf(doctorId);
    const mark = (page) => row(page, visit).locator('[data-testid=mark-other-doctor][data-why=nobody_works]').filter({ hasText: 'Belum ada dokter yang bertugas' });
    await desk.reload();
    await mark(desk).waitFor();
    await inspector.look(desk, 'desk-nobody-works');
    const doctor = await openAs(program.accounts().find((one) => one.name === DOCTOR));
    await mark(doctor).waitFor();

    for (let n = 1; n <= 2; n++) { // told, then escalated
        const before = program.log.length;
        await program.passTime(11 * MINUTE_MS);
        await program.untilLogged(/unanswered patients/, before);
    }
    const admin = await openAs(program.account('admin'));
    await byId(admin, 'unanswered').filter({ hasText: number }).locator('[data-testid=mark-other-doctor]').waitFor();
    await byId(admin, 'unanswered').getByText('Hubungi loket.').waitFor();
    await inspector.look(admin, 'settings-nobody-works');
    for (const page of [desk, doctor, admin, patient]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    inspector.assertClean();
});

test('who waits for a doctor on leave is given to another one, by name, today', async () => {
    const { program } = stage;
    const inspector = new Inspector();
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const { clinics: [{ id: clinic }] } = facilities.find((one) => one.name === FACILITY);
    const [own, other] = await Promise.all(['dr. Yusuf Dunggio', 'dr. Fatma Lihawa'].map(async (name) => {
        const { id } = await send('/directory/practitioners', { name, clinics: [clinic] });
        await send(`/hours/${id}/rules`, { clinic, weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:45', breaks: [],
            pattern: { mode: 'slots', slot_minutes: 15 }, valid_from: today() });
        return id;
    }));
    const headers = await program.logIn(program.account('desk'));
    const taken = await program.request('POST', '/api/v1/walk-ins', { headers,
        body: { clinic, doctor: own, name: 'Hasan Mootalu', birth_date: '1954-03-02', phone: '0812 7700 1000' } });
    const { visit } = taken.json();
    await leaveOf(own);
    const desk = await openAs(program.account('desk'));
    await row(desk, visit).locator('[data-testid=mark-other-doctor][data-why=doctor_on_leave]').waitFor();
    await row(desk, visit).locator('[data-testid=move-visit]').click();
    await byId(desk, 'slot').first().waitFor();
    const day = new Date(Number(await byId(desk, 'slot').first().getAttribute('data-starts')) + 8 * HOUR_MS);
    assert.equal(day.toISOString().slice(0, 10), today());
    assert.deepEqual([...new Set(await byId(desk, 'slot-doctor').allInnerTexts())].map((name) => name.replace('\u00a0', ' ')), ['dr. Fatma Lihawa']);
    await byId(desk, 'slot').first().click();
    await byId(desk, 'move-chosen').filter({ hasText: 'Fatma Lihawa' }).waitFor();
    await inspector.look(desk, 'desk-move-others');
    await byId(desk, 'day').nth(1).click();
    await desk.locator(`[data-testid=slot][data-doctor="${own}"]`).first().waitFor(); // is back by then
    await byId(desk, 'day').first().click();
    const moved = desk.waitForResponse((one) => one.url().endsWith(`/api/v1/visits/${visit}/move`));
    await byId(desk, 'move-submit').click();
    const reply = await moved;
    assert.equal(reply.request().postDataJSON().doctor, other);
    assert.equal(reply.status(), 200);
    const { visit: next } = await reply.json();
    await row(desk, next).filter({ hasText: 'dr. Fatma Lihawa' }).waitFor();
    assert.equal(await row(desk, next).locator('[data-testid=mark-other-doctor]').count(), 0);
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
    inspector.assertClean();
});
