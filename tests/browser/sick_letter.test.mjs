// SPDX-License-Identifier: Apache-2.0
// The sick letter's dialog beside the call, where the policy allows it: what it refuses and why, and the letter.
// Layout and axe on each state. HUYULA_SCREENSHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { acceptCall, allowDevices, bookOpenVisit, byId, callPatient, enterWaitingRoom, logIn, untilBothMedia } from './support/steps.mjs';

const FACILITY = 'Puskesmas Limboto';
const stage = useStage({ hour: 10, patients: { party: PATIENT }, doctors: { party: DOCTOR } });

/** The facility's rule and the doctor's permit, as an administrator sets them. */
async function allowSickLetters(doctor) {
    const { program } = stage;
    const headers = await program.logIn(program.account('admin'));
    const send = async (method, path, body) => {
        const reply = await program.request(method, path, { headers, body });
        assert.equal(reply.status, 200, reply.text);
        return reply.json();
    };
    const { practitioners, facilities } = await send('GET', '/api/v1/directory');
    const { id, name, clinics } = practitioners.find((one) => one.name === doctor);
    const { id: facility } = facilities.find((one) => one.name === FACILITY);
    const until = new Date(program.now() + 900 * 86_400_000).toISOString().slice(0, 10);
    await send('POST', '/api/v1/policies', { facility, rules: [{ rule: 'sick_letters', value: 'on' }] });
    await send('POST', `/api/v1/directory/practitioners/${id}?bookings=keep`, { name, clinics, str_number: '3111100420123456',
        permits: [{ facility, number: '503/SIP-DU/0123/DPMPTSP/2024', valid_until: until }] });
}

/** A call of patient and doctor on the day and hour of the server's clock. */
async function call() {
    const { program } = stage;
    const ticket = await bookOpenVisit(program, FACILITY);
    await allowSickLetters(ticket.doctor);
    const patient = await stage.patients.page();
    await allowDevices(patient, ticket.link);
    await enterWaitingRoom(patient);
    const doctor = await stage.doctors.page({ viewport: DESKTOP });
    await logIn(doctor, program.url, program.accounts().find((one) => one.name === ticket.doctor));
    await callPatient(doctor, ticket.visit);
    await acceptCall(patient);
    await untilBothMedia(patient, doctor);
    return { patient, doctor };
}

test('a sick letter: what it wants, and the letter', async () => {
    const inspector = new Inspector();
    const { patient, doctor: page } = await call();
    const look = (name) => inspector.look(page, name);
    await byId(page, 'note-assessment').fill('ISPA dengan demam tinggi');
    await page.locator('[data-testid=note-pane][data-status=saved]').waitFor();
    await byId(page, 'tab-letters').click();
    await byId(page, 'new-sick').click();
    await look('sick-letter-1-empty');
    await page.locator('#sick-days').fill('4');
    await byId(page, 'letter-submit').click();
    await page.locator('#sick-days-error').waitFor();
    await page.locator('#sick-identity-error').waitFor();
    await byId(page, 'letter-problem').waitFor(); // the call is too short
    await page.setViewportSize(PHONE);
    await page.locator('#sick-days').fill('5');
    await byId(page, 'letter-problem').waitFor({ state: 'detached' });
    await byId(page, 'letter-submit').click();
    await byId(page, 'letter-problem').waitFor();
    const [problem, foot] = await Promise.all([byId(page, 'letter-problem'), page.locator('.dialog-actions')].map((one) => one.boundingBox()));
    assert.ok(problem.y + problem.height <= foot.y, 'not behind the buttons at the foot');
    await look('sick-letter-2-wrong');
    await page.setViewportSize(DESKTOP);
    await page.locator('#sick-days').fill('2');
    await byId(page, 'sick-identity').check();
    await look('sick-letter-3-filled');
    await stage.program.passTime(5 * 60_000);
    await byId(page, 'letter-submit').click();
    await byId(page, 'letter-done').waitFor();
    const letter = page.locator('[data-testid=letter][data-kind=sick]');
    await letter.waitFor();
    assert.ok(await byId(page, 'new-sick').isDisabled(), 'one a visit');
    await look('sick-letter-4-issued');
    await letter.locator('[data-testid=letter-revoke]').click();
    await look('sick-letter-5-revoke');
    assert.ok(await byId(page, 'revoke-kind-mistake').isChecked());
    await Promise.all([patient.context().close(), page.context().close()]);
    inspector.assertClean();
});
