// SPDX-License-Identifier: Apache-2.0
// What the people do on the pages, and what they then see.
import assert from 'node:assert/strict';
import { DESKTOP, DOCTOR, PATIENT } from './browsers.mjs';

export const byId = (page, id) => page.locator(`[data-testid="${id}"]`);

/** Waits until the patient's page shows one of its screens. */
export async function untilScreen(page, name, options) {
    await byId(page, `screen-${name}`).waitFor(options);
}

/** Fills in the booking form up to the review; returns the slot's start. */
export async function fillBooking(page, url, person) {
    await page.goto(url);
    const startsAtMs = await chooseSlot(page);
    await fillPerson(page, person);
    await byId(page, 'to-review').click();
    await byId(page, 'step-review').waitFor();
    return startsAtMs;
}

/** From the choice of the place to the form, by the first of everything; returns the slot's start. */
export async function chooseSlot(page) {
    await byId(page, 'facility').first().click();
    for (const step of ['clinic', 'service', 'doctor']) {
        const settled = page.locator('[data-testid^=step-]:not([data-testid=step-facility])');
        await settled.waitFor();
        if (await byId(page, `step-${step}`).isVisible()) await byId(page, step).first().click();
    }
    const slot = byId(page, 'slot').first();
    const startsAtMs = Number(await slot.getAttribute('data-starts'));
    await slot.click();
    return startsAtMs;
}

export async function fillPerson(page, person) {
    await page.fill('#name', person.name);
    await page.fill('#birth-day', person.day);
    await page.selectOption('#birth-month', person.month);
    await page.fill('#birth-year', person.year);
    await page.fill('#phone', person.phone);
    if (person.nik) await page.fill('#nik', person.nik);
}

export const SITI = { name: 'Siti Aminah', day: '2', month: '3', year: '1954', phone: '0812 3456 7890' };

/** From the review: books; returns the API's reply. */
export async function book(page) {
    const booked = page.waitForResponse((one) => one.url().endsWith('/api/v1/bookings'));
    await byId(page, 'book').click();
    const reply = await booked;
    assert.equal(reply.status(), 201, await reply.text());
    await byId(page, 'step-ticket').waitFor();
    return reply.json();
}

/** STEP; what failed says what the page showed. */
async function orShow(page, step) {
    try {
        await step;
    } catch (error) {
        const body = await page.locator('body').innerText({ timeout: 5000 }).catch(String);
        error.message += `\nthe page of ${new Date().toISOString()}: ${JSON.stringify(body)}, faults: ${JSON.stringify(page.faults)}`;
        throw error;
    }
}

/** Opens the link and allows camera and microphone. */
export async function allowDevices(page, link) {
    await page.goto(link);
    await orShow(page, byId(page, 'allow-devices').click());
    await byId(page, 'preview').waitFor();
}

/** From the device check into the waiting room, with a place in the queue. */
export async function enterWaitingRoom(page) {
    await byId(page, 'enter-waiting').click();
    await untilScreen(page, 'waiting');
    await byId(page, 'ahead').waitFor();
}

export async function logIn(page, url, account) {
    await page.goto(`${url}/masuk`);
    await page.fill('#login', account.login);
    await page.fill('#password', account.password);
    await byId(page, 'login-submit').click();
    await page.waitForURL((at) => !at.pathname.startsWith('/masuk'));
}

export const row = (page, visit) => page.locator(`li.row[data-visit="${visit}"]`);

/** The desk's form for who has no appointment. */
export async function fillWalkIn(desk, name) {
    await desk.fill('#walk-in-name', name);
    await desk.fill('#walk-in-birth_date', '2-3-1954');
    await desk.fill('#walk-in-phone', '0812 3456 7890');
}

/** A patient's page of its own that has gone from the link to the waiting room. */
export async function waitAtLink(patients, link) {
    const page = await patients.page();
    await allowDevices(page, link);
    await enterWaitingRoom(page);
    return page;
}

/** The doctor's "Panggil" on the day list. */
export async function callPatient(page, visit) {
    const line = row(page, visit);
    await line.and(page.locator('[data-state=checked_in][data-present=true]')).waitFor();
    await line.locator('[data-testid=call]').click();
    await byId(page, 'call-pane').waitFor();
}

export const callScreen = (page, screen) =>
    page.locator(`[data-testid=call-pane][data-screen="${screen}"]`);

export async function acceptCall(page) {
    await untilScreen(page, 'called');
    await byId(page, 'accept').click();
    await untilScreen(page, 'call');
}

/** The doctor ends the visit with the outcome that the dialog proposes. */
export async function endVisit(page) {
    await byId(page, 'end').click();
    await byId(page, 'end-submit').click();
}

/** While the phone rings: what stands folded away. */
export async function openMore(page) {
    await page.locator('.call-more > summary').click();
}

/** Waits until the other's tone is heard and the other's picture seen. */
export async function untilMedia(page, other, timeoutMs = 60_000) {
    const want = { other, timeoutMs };
    if (await page.evaluate((it) => probe.untilMedia(it.other, it.timeoutMs), want)) return;
    const state = await page.evaluate(() => ({
        pitch: probe.pitch(), picture: probe.picture(), flows: probe.flows,
        connections: probe.connections.map((pc) => [pc.connectionState, pc.iceConnectionState]),
    }));
    assert.fail(`no media of ${JSON.stringify(other)}: ${JSON.stringify(state)}`);
}

/** Watches for `ms` and returns what was seen and heard. */
export function watchMedia(page, other, ms) {
    return page.evaluate((want) => probe.watchFor(want.ms, want.hz), { ms, hz: other.hz });
}

/** The other's tone most of the time, the other's picture and nobody else's, and it moves on. */
export function assertMedia(seen, other, who) {
    const said = `${who}: ${JSON.stringify(seen)}`;
    assert.ok(seen.near > 20, `too little sound of ${other.hz} Hz. ${said}`);
    assert.ok(seen.near >= 0.8 * seen.heard, `not ${other.hz} Hz. ${said}`);
    assert.deepEqual(Object.keys(seen.parties), [String(other.party)], `not the other's picture. ${said}`);
    assert.ok(seen.rises >= seen.ms / 1000, `the picture stands still. ${said}`);
    assert.equal(seen.falls, 0, `the picture goes back. ${said}`);
}

/** A demo visit up to its call: {visit, patient, doctor}. */
export async function acceptedCall({ program, patients, doctors }, { doctorViewport = DESKTOP, ...patientOptions } = {}) {
    const [visit] = await program.visits();
    const patient = await patients.page(patientOptions);
    const doctor = await doctors.page({ viewport: doctorViewport, scripts: patientOptions.scripts });
    await allowDevices(patient, program.patientLink(visit));
    await enterWaitingRoom(patient);
    await logIn(doctor, program.url, program.account('doctor'));
    await callPatient(doctor, visit.visit);
    await acceptCall(patient);
    return { visit, patient, doctor };
}

/** As acceptedCall(), each side having the other's media. */
export async function openCall(stage, patientOptions) {
    const call = await acceptedCall(stage, patientOptions);
    await untilBothMedia(call.patient, call.doctor);
    return call;
}

export async function untilBothMedia(patient, doctor) {
    await Promise.all([untilMedia(patient, DOCTOR), untilMedia(doctor, PATIENT)]);
}

let nBooked = 0; // each by somebody else

/** Books a free slot over the API that starts at least `aheadMs` from now; `facility`: its name. */
export async function bookByApi(program, aheadMs = 0, facility = undefined) {
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const place = facility ? facilities.find((one) => one.name === facility) : facilities[0];
    const clinic = place.clinics[0].id;
    const from = new Date(program.now() + 8 * 3600_000).toISOString().slice(0, 10);
    const { days } = (
        await program.request('GET', `/api/v1/slots?clinic=${clinic}&from=${from}&days=7`)
    ).json();
    const slot = days.flatMap((day) => day.slots)
        .find((one) => one.session === null && one.starts_at_ms >= program.now() + aheadMs);
    const body = { clinic, doctor: slot.doctor, starts_at_ms: slot.starts_at_ms, name: 'Yusuf Mohamad',
        birth_date: '1980-07-21', phone: `0852 1234 ${5678 + nBooked++}`, lang: 'id' };
    const reply = await program.request('POST', '/api/v1/bookings', { body });
    assert.equal(reply.status, 201, reply.text);
    return reply.json();
}

/** A booked visit that may be joined now: the clock is turned on where it must be. */
export async function bookOpenVisit(program, facility = undefined) {
    const ticket = await bookByApi(program, 0, facility);
    const ahead = ticket.opens_at_ms - program.now();
    if (ahead > 0) await program.passTime(ahead + 1000);
    return ticket;
}

/** The words of a part of the page in Indonesian, then in English; it is Indonesian again afterwards. */
export async function assertWords(page, id, indonesian, english) {
    for (const words of [indonesian, english]) {
        await byId(page, id).filter({ hasText: words }).first().waitFor();
        await byId(page, 'lang-switch').first().click();
    }
}

/** Resolves when the page's socket has been let in. To be called before the page opens it. */
export async function untilWelcome(page) {
    const socket = await page.waitForEvent('websocket');
    await socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"welcome"'));
}

/** Whom the doctor of that name has called is done with: the next one can be called. */
export async function freeDoctor(program, name) {
    const headers = await program.logIn(program.accounts().find((one) => one.name === name));
    const { visits } = (await program.request('GET', '/api/v1/day', { headers })).json();
    for (const { id } of visits.filter(({ state }) => state === 'called')) {
        const reply = await program.request('POST', `/api/v1/visits/${id}/end`, { headers, body: { outcome: 'tech_failed' } });
        assert.equal(reply.status, 200, reply.text);
    }
}
