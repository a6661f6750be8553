// SPDX-License-Identifier: Apache-2.0
// The doctor enters leave on one page, and takes it back: pages that are open elsewhere change by themselves. The patient's
// in the waiting room, before its time and at the device check; the desk's list.
import assert from 'node:assert/strict';
import { DESKTOP, PATIENT, PHONE } from './support/browsers.mjs';
import { inspectPages } from './support/inspector.mjs';
import { useStage } from './support/stage.mjs';
import { bookByApi, bookOpenVisit, byId, logIn, row, untilScreen, waitAtLink } from './support/steps.mjs';

const HOUR_MS = 3600_000;
const FACILITY = 'Puskesmas Limboto';
const stage = useStage({ hour: 9, patients: { party: PATIENT }, staff: {} });
const inspect = inspectPages(() => stage.staff);

/** Where nothing is loaded again from now on, but by the page itself. */
function keepsItsDocument(page) {
    let loads = 0;
    page.on('load', () => (loads += 1));
    return () => assert.equal(loads, 0, 'the page was not loaded again');
}

async function openAt(link, screen) {
    const page = await stage.patients.page({ viewport: PHONE });
    await page.goto(link);
    await untilScreen(page, screen);
    return page;
}

async function openAs(account, path = '') {
    const page = await stage.staff.page({ viewport: DESKTOP });
    await logIn(page, stage.program.url, account);
    if (path) await page.goto(`${stage.program.url}${path}`);
    return page;
}

inspect('the doctor\'s leave reaches the pages that are open, and so does its end', { viewport: DESKTOP }, async (doctor, look) => {
    const { program, patients } = stage;
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const [known] = facilities.find((one) => one.name === FACILITY).clinics[0].doctors;
    const [soon, next] = [await bookOpenVisit(program, FACILITY), await bookOpenVisit(program, FACILITY)];
    const waiting = await waitAtLink(patients, soon.link);
    const checking = await openAt(next.link, 'check');
    const early = await openAt((await bookByApi(program, 4 * HOUR_MS, FACILITY)).link, 'early');
    await byId(early, 'countdown').waitFor();
    const desk = await openAs(program.account('desk'));
    const mark = row(desk, soon.visit).locator('[data-testid=mark-unplaced], [data-testid=mark-other-doctor]').first();
    await row(desk, soon.visit).waitFor();
    assert.equal(await mark.count(), 0);
    const pages = [waiting, checking, early];
    const assertKept = [...pages, desk].map(keepsItsDocument);

    await logIn(doctor, program.url, program.accounts().find((one) => one.name === known.name));
    await byId(doctor, 'to-hours').click();
    await byId(doctor, 'add-leave').click();
    await doctor.fill('#note', 'Sakit');
    await byId(doctor, 'leave-dialog-save').click();
    await byId(doctor, 'hits').waitFor();
    for (const page of pages) assert.equal(await byId(page, 'unplaced').count(), 0, 'nothing is said before it is saved');
    await byId(doctor, 'hits-keep').click();
    await byId(doctor, 'hits-save').click();
    for (const page of pages) await byId(page, 'unplaced').filter({ hasText: 'Dokter tidak bisa melayani Anda pada jadwal ini.' }).waitFor();
    for (const id of ['ahead', 'countdown', 'early']) for (const page of pages) assert.equal(await byId(page, id).count(), 0, id);
    await mark.waitFor();
    for (const [page, name] of [[waiting, 'waiting'], [checking, 'check'], [early, 'early']]) await look(`push-${name}`, page);
    await look('push-desk', desk);

    await byId(doctor, 'leave-remove').click();
    await byId(doctor, 'remove-dialog-save').click();
    for (const page of pages) await byId(page, 'unplaced').waitFor({ state: 'detached' });
    await byId(waiting, 'ahead').waitFor();
    await byId(early, 'countdown').waitFor();
    await mark.waitFor({ state: 'detached' });
    for (const assertOne of assertKept) assertOne();
});

inspect('a page before its time hears what the desk does: moved, then cancelled', { viewport: DESKTOP }, async (page) => {
    const { program } = stage;
    const ticket = await bookByApi(program, 26 * HOUR_MS, FACILITY);
    const early = await openAt(ticket.link, 'early');
    const assertKept = keepsItsDocument(early);
    const headers = await program.logIn(program.account('desk'));
    const post = async (visit, step, body) => {
        const reply = await program.request('POST', `/api/v1/visits/${visit}/${step}`, { headers, body });
        assert.equal(reply.status, 200, reply.text);
        return reply.json();
    };
    const { facilities } = (await program.request('GET', '/api/v1/facilities')).json();
    const [clinic] = facilities.find((one) => one.name === FACILITY).clinics;
    const { days } = (await program.request('GET', `/api/v1/slots?clinic=${clinic.id}&days=7`)).json();
    const slot = days.at(-1).slots.find((one) => one.session === null);
    const clock = new Date(slot.starts_at_ms + 8 * HOUR_MS).toISOString().slice(11, 16).replace(':', '.');
    const moved = await post(ticket.visit, 'move', { doctor: slot.doctor, starts_at_ms: slot.starts_at_ms });
    await early.locator('[data-testid=screen-early]').filter({ hasText: `${clock} WITA` }).waitFor();
    await post(moved.visit, 'cancel', { reason: 'dokter berhalangan' });
    await untilScreen(early, 'cancelled');
    assertKept();
    await page.goto(program.url);
});
