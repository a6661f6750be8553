// SPDX-License-Identifier: Apache-2.0
// A child whom the booking names nobody with: who is along, and agrees, is asked where the consent is noted, at the
// desk, in the call and in a class; not where it is known. Layout and axe on each state, as the layout tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, DOCTOR, PATIENT, PHONE } from './support/browsers.mjs';
import { Inspector } from './support/inspector.mjs';
import { LONG } from './support/replies.mjs';
import { useStage } from './support/stage.mjs';
import { acceptCall, allowDevices, byId, callPatient, callScreen, endVisit, fillWalkIn, logIn, untilScreen, waitAtLink } from './support/steps.mjs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CHILD_YEARS = 6;
const PATIENCE_MS = 10_000;
const RELATION = '#consent-along-relation';
const stage = useStage({ hour: 10, patients: { party: PATIENT }, staff: { party: DOCTOR } });

async function logInAs(account) {
    const page = await stage.staff.page({ viewport: DESKTOP });
    await logIn(page, stage.program.url, account);
    return page;
}

const born = (years) => `2-3-${new Date(stage.program.now() + 8 * HOUR_MS).getUTCFullYear() - years}`;

/** The desk takes somebody down without a consent: {visit, link}. `along`: the name of the parent who is there. */
async function takeDown(desk, name, years, along) {
    await byId(desk, 'walk-in').click();
    await fillWalkIn(desk, name);
    await desk.fill('#walk-in-birth_date', born(years));
    if (along) {
        await desk.selectOption('#walk-in-relation', 'parent');
        await desk.fill('#walk-in-contact_name', along);
    }
    const taken = desk.waitForResponse((one) => one.url().endsWith('/api/v1/walk-ins'));
    await byId(desk, 'walk-in-submit').click();
    const { visit } = await (await taken).json();
    const link = await byId(desk, 'link-value').inputValue();
    await byId(desk, 'link-close').click();
    return { visit, link };
}

const rowOf = (page, { visit }) => page.locator(`li[data-visit="${visit}"]`);
const nameOf = (page) => page.locator('#consent-along-name');

async function openConsent(page, ticket) {
    await rowOf(page, ticket).locator('[data-testid=manage-queue]').click();
    await noteConsent(page);
}

async function noteConsent(page) {
    await page.locator('input[value=consent]').click();
    await byId(page, 'consent-text').waitFor();
    assert.ok(await byId(page, 'consent-text').evaluate((text) => text.open), 'what is read aloud lies open');
}

async function save(page) {
    await byId(page, 'queue-submit').click();
    await byId(page, 'queue-dialog').waitFor({ state: 'detached' });
}

/** Waits until WHAT is above the dialog's actions, which on a phone cover what is further down. */
const untilInSight = (page, what) => page.evaluate(async ([one, endMs]) => {
    const boxOf = (selector) => document.querySelector(selector).getBoundingClientRect();
    const isSeen = () => boxOf(one).top >= 0 && boxOf(one).bottom <= boxOf('[data-testid=queue-dialog] .dialog-actions').top;
    while (!isSeen()) {
        if (Date.now() > endMs) throw new Error(`${one} is out of sight`);
        await new Promise(requestAnimationFrame);
    }
}, [what, Date.now() + PATIENCE_MS]);

/** What is wrong is said at the field, which has the focus; both are in sight. */
async function assertNameMissing(page) {
    await byId(page, 'queue-submit').click();
    await page.locator('#consent-along-name:focus').waitFor();
    const fault = page.locator('#consent-along-name-error', { hasText: 'Tulis nama pendamping' });
    await fault.waitFor();
    assert.equal(await nameOf(page).getAttribute('aria-invalid'), 'true');
    assert.equal(await nameOf(page).getAttribute('aria-describedby'), 'consent-along-name-error');
    await untilInSight(page, '#consent-along-name-error');
}

async function recordOf({ visit }) {
    const headers = await stage.program.logIn(stage.program.account('desk'));
    const reply = await stage.program.request('GET', `/api/v1/visits/${visit}`, { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply.json();
}

/** Read aloud by WHO and agreed to once, by the contact, who is the visit's from then on. */
async function assertAgreed(ticket, who, giver) {
    const { consents, visit } = await recordOf(ticket);
    assert.deepEqual(consents.map((one) => [one.how, one.by, one.giver]), [['read_aloud', who, giver]]);
    assert.deepEqual(visit.contact, giver);
}

async function close(...pages) {
    for (const page of pages) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
}

test('at the desk: who is along is asked, and is in the record as who agreed', async () => {
    const inspector = new Inspector();
    const desk = await logInAs(stage.program.account('desk'));
    const ticket = await takeDown(desk, 'Aisyah Pakaya', CHILD_YEARS);
    await desk.setViewportSize(PHONE);
    await openConsent(desk, ticket);
    for (const what of ['#consent-along-name', RELATION]) await untilInSight(desk, what);
    await assertNameMissing(desk);
    await desk.setViewportSize(DESKTOP);
    await nameOf(desk).fill(' R ');
    await assertNameMissing(desk);
    await inspector.look(desk, 'desk-along-wrong', RELATION);
    assert.deepEqual((await recordOf(ticket)).consents, []);

    await nameOf(desk).fill(` ${LONG.name} `);
    await desk.selectOption(RELATION, 'other');
    await inspector.look(desk, 'desk-along', RELATION);
    await save(desk);
    await rowOf(desk, ticket).locator('[data-testid=contact]').filter({ hasText: LONG.name }).waitFor();
    await assertAgreed(ticket, 'desk', { name: LONG.name, relation: 'other' });
    await inspector.look(desk, 'desk-along-noted');

    await rowOf(desk, ticket).locator('[data-testid=manage-queue]').click();
    await desk.locator('input[value=withdraw]').waitFor();
    assert.equal(await desk.locator('input[value=consent]').count(), 0, 'agreed to already');
    await close(desk);
    inspector.assertClean();
});

test('two at the desk: what one has noted the other does not note over it', async () => {
    const inspector = new Inspector();
    const [one, two] = [await logInAs(stage.program.account('desk')), await logInAs(stage.program.account('desk'))];
    const ticket = await takeDown(one, 'Yusuf Pakaya', CHILD_YEARS);
    for (const [page, name] of [[one, 'Rina Hasan'], [two, 'Rini Hasan']]) {
        await openConsent(page, ticket);
        await nameOf(page).fill(name);
    }
    await save(one);
    await byId(two, 'queue-submit').click();
    await byId(two, 'along-twice').filter({ hasText: 'Pendamping pasien ini sudah dicatat' }).waitFor();
    assert.equal(await nameOf(two).getAttribute('aria-invalid'), null, 'what was typed is not wrong');
    await inspector.look(two, 'desk-along-twice', RELATION);
    await byId(two, 'reload-list').click();
    await byId(two, 'queue-dialog').waitFor({ state: 'detached' });
    await rowOf(two, ticket).locator('[data-testid=contact]').filter({ hasText: 'Rina Hasan' }).waitFor();
    await assertAgreed(ticket, 'desk', { name: 'Rina Hasan', relation: 'parent' });
    await close(one, two);
    inspector.assertClean();
});

test('who is along is known: nobody asks, and that one agrees; who is old enough needs nobody', async () => {
    const inspector = new Inspector();
    const desk = await logInAs(stage.program.account('desk'));
    const [child, grown] = [await takeDown(desk, 'Fatimah Hasan', CHILD_YEARS, 'Rina Hasan'), await takeDown(desk, 'Umar Hasan', 15)];
    await openConsent(desk, child);
    await byId(desk, 'queue-dialog').filter({ hasText: 'Rina Hasan yang menyetujui' }).waitFor();
    assert.equal(await nameOf(desk).count(), 0);
    await inspector.look(desk, 'desk-along-known');
    await save(desk);
    await assertAgreed(child, 'desk', { name: 'Rina Hasan', relation: 'parent' });

    await openConsent(desk, grown);
    assert.equal(await nameOf(desk).count(), 0);
    await save(desk);
    await assertAgreed(grown, 'desk', null);
    await close(desk);
    inspector.assertClean();
});

test('in the call: the patient\'s page sends to the doctor, who asks, reads aloud and notes who agrees', async () => {
    const { program, patients } = stage;
    const inspector = new Inspector();
    const desk = await logInAs(program.account('desk'));
    const ticket = await takeDown(desk, 'Zahra Mohamad', CHILD_YEARS);
    await close(desk);
    const patient = await waitAtLink(patients, ticket.link);
    await byId(patient, 'consent-accept').click();
    for (const [lang, words] of [['id', 'siapa yang mendampingi'], ['en', 'who is with the child']]) {
        await byId(patient, 'consent-child').filter({ hasText: words }).waitFor();
        assert.equal(await byId(patient, 'consent-accept').count(), 0, 'of no use here');
        for (const size of [PHONE, DESKTOP]) {
            await patient.setViewportSize(size);
            await inspector.lookOnce(patient, `patient-along-${size.width}-${lang}`, true);
        }
        await byId(patient, 'lang-switch').first().click();
    }
    assert.deepEqual((await recordOf(ticket)).consents, []);

    const doctor = await logInAs(program.account('doctor'));
    await callPatient(doctor, ticket.visit);
    await acceptCall(patient);
    await callScreen(doctor, 'talking').waitFor();
    await byId(doctor, 'consent-alone').waitFor();
    await inspector.look(doctor, 'doctor-along-asked');
    await byId(doctor, 'consent-note').click();
    await noteConsent(doctor);
    await assertNameMissing(doctor);
    await inspector.look(doctor, 'doctor-along-wrong', RELATION);
    await nameOf(doctor).fill('Rina Mohamad');
    await inspector.look(doctor, 'doctor-along', RELATION);
    await save(doctor);
    await byId(doctor, 'consent-alone').waitFor({ state: 'detached' });
    await byId(doctor, 'call-pane').locator('[data-testid=contact]').filter({ hasText: 'Rina Mohamad (orang tua)' }).waitFor();
    await assertAgreed(ticket, 'doctor', { name: 'Rina Mohamad', relation: 'parent' });
    await endVisit(doctor);
    await untilScreen(patient, 'ended');
    await close(doctor, patient);
    inspector.assertClean();
});

/** A class in a quarter of an hour with a child in it whom nobody came with: {group, visit, link}. */
async function openClass(name) {
    const { program } = stage;
    const headers = await program.logIn(program.account('doctor'));
    const ask = async (path, body) => {
        const reply = await program.request('POST', path, { headers, body });
        assert.equal(reply.status, 201, reply.text);
        return reply.json();
    };
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const clinic = facilities.flatMap((one) => one.clinics).find(({ doctors }) => doctors.some((one) => one.name === 'dr. Rahmat Hasan'));
    const { id } = await ask('/api/v1/groups', {
        clinic: clinic.id, title: 'Kelas asma', starts_at_ms: program.now() + 15 * MINUTE_MS, minutes: 60, places: 2 });
    const born = `${new Date(program.now() + 8 * HOUR_MS).getUTCFullYear() - CHILD_YEARS}-03-02`;
    return { ...(await ask(`/api/v1/groups/${id}/bookings`, { name, birth_date: born, phone: '0812 3456 7890' })), group: id };
}

test('in a class: the doctor is told beside whom it is, asks, and the notice goes once it is noted', async () => {
    const { program, patients } = stage;
    const inspector = new Inspector();
    const ticket = await openClass('Hana Mohamad');
    const patient = await patients.page();
    await allowDevices(patient, ticket.link);
    await byId(patient, 'enter-waiting').click();
    await untilScreen(patient, 'waiting');
    await byId(patient, 'consent-accept').click();
    await byId(patient, 'consent-child').waitFor();

    const doctor = await logInAs(program.account('doctor'));
    await doctor.goto(`${program.url}/kelompok/${ticket.group}`);
    await byId(doctor, 'enter-room').click();
    const person = byId(doctor, 'person').filter({ hasText: 'Hana Mohamad' });
    await person.locator('[data-testid=admit]').click();
    await acceptCall(patient);
    await person.and(doctor.locator('[data-standing=in]')).waitFor();
    await person.locator('[data-testid=consent-alone]').waitFor();
    await inspector.look(doctor, 'group-along-asked', '[data-testid=consent-alone]');
    await byId(doctor, 'consent-note').click();
    await noteConsent(doctor);
    await assertNameMissing(doctor);
    await inspector.look(doctor, 'group-along', RELATION);
    await nameOf(doctor).fill('Rina Mohamad');
    await save(doctor);
    await byId(doctor, 'consent-alone').waitFor({ state: 'detached' });
    await assertAgreed(ticket, 'doctor', { name: 'Rina Mohamad', relation: 'parent' });
    await byId(doctor, 'end-group').click();
    await byId(doctor, 'end-group-yes').click();
    await untilScreen(patient, 'ended');
    await close(doctor, patient);
    inspector.assertClean();
});
