// SPDX-License-Identifier: Apache-2.0
// Issue 3, "Shows" 2: an interpreter comes into a visit of two, the doctor shows the screen and takes it back,
// the interpreter goes. The patient sits behind 300 kbit/s all the while. Each has everybody's picture and voice,
// the layer that fits, and no picture is paused. With FLUENT=1, on a machine that does nothing else: no picture
// stands for a second, no voice has holes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, FLOW, PATIENT, PHONE } from './support/browsers.mjs';
import { unable, useFarStage } from './support/far_stage.mjs';
import { personFile } from './support/person.mjs';
import { acceptedCall, allowDevices, byId, callScreen, untilScreen } from './support/steps.mjs';

const GUEST = { hz: 830, party: 3 };
const THIN = ['both rate 300', 'both delay 40', 'both queue_ms 300'];
const WAIT_MS = 30_000;
const WATCH_MS = 6000;
const STILL_MS = 1000;
const CONCEALED = 0.05;
const isFluent = process.env.FLUENT === '1';
const options = { skip: unable, timeout: 120_000 };
const pictures = personFile();
const stage = useFarStage({
    orders: THIN,
    patients: { side: 'patient', party: PATIENT, pictures },
    doctors: { side: 'server', party: DOCTOR, pictures },
    guests: { side: 'server', party: GUEST, pictures },
});
/** Pages by who looks at them. */
const pages = {};

const said = async (page) => JSON.stringify(await page.evaluate(() => flow.summary()));

/** Waits for CHECK, which runs in the page with a time-out (and `given`) and ends with null when it did not come. */
async function until(page, what, check, given = {}) {
    const at = await page.evaluate(check, { ms: WAIT_MS, ...given });
    assert.ok(at !== null, `${what}: not within ${WAIT_MS} ms. ${await said(page)}`);
}

const untilPictures = (page, n) => until(page, `${n} pictures`,
    ({ ms, want }) => flow.until(() => flow.nPictures() === want, ms), { want: n });

/** What the page was told of pictures that had moved and were then paused, as a link has no room for them. */
const pauses = (page) => page.evaluate(() => {
    const moved = new Set();
    return flow.said.filter(({ type, mid, state }) => {
        if (type === 'picture' && state === 'moving') moved.add(mid);
        return type === 'picture' && moved.has(mid) && state.endsWith('-link');
    });
});

/** From now on each page comes to have N pictures that move, none of which was paused, and N voices. */
async function assertThere(what, n) {
    const sinceMs = Date.now();
    for (const [who, page] of Object.entries(pages)) {
        await until(page, `${what}, ${who}: ${n} pictures and voices`, ({ ms, want, since }) =>
            flow.until(() => flow.nPictures(since) === want && flow.nVoices(since) === want, ms), { want: n, since: sinceMs });
        assert.deepEqual(await pauses(page), [], `${what}, ${who}: a picture was paused`);
    }
}

/**
 * assertThere(); where nothing else takes the machine, since SINCE and for a while more the pictures that were there
 * before have moved on all the time, and voices are without holes.
 */
async function assertFluent(t, what, n, sinceMs = Date.now()) {
    await assertThere(what, n);
    if (!isFluent) return;
    await pages.doctor.evaluate((time) => flow.until(() => false, time), WATCH_MS);
    for (const [who, page] of Object.entries(pages)) {
        const figures = Object.values(await page.evaluate((since) => flow.figures(since), sinceMs));
        const seen = `${what}, ${who}: ${JSON.stringify(figures)} ${await said(page)}`;
        t.diagnostic(seen);
        const ofKind = (kind) => figures.filter((one) => one.kind === kind && one.isLive);
        const [pictures, sounds] = [ofKind('video'), ofKind('audio')];
        assert.equal(pictures.length, n, `not ${n} pictures. ${seen}`);
        assert.ok(pictures.every((one) => one.isNew || one.stillMs <= STILL_MS), `a picture stands still. ${seen}`);
        assert.equal(sounds.length, n, `not ${n} voices. ${seen}`);
        assert.ok(sounds.every((one) => one.isNew || one.concealed <= CONCEALED), `broken sound. ${seen}`);
    }
}

/** The lines of the doctor's picture, which is the large one, as this page has it. */
const linesOfDoctor = (page) => page.locator('video[data-testid=remote-video]').evaluate((main) => main.videoHeight);

/** Waits until the guest has more lines of the doctor than the patient, whose link has no room for them. */
async function untilLayersDiffer() {
    const { doctor, guest, patient } = pages;
    const deadline = Date.now() + 40_000;
    for (;;) {
        const [more, less] = [await linesOfDoctor(guest), await linesOfDoctor(patient)];
        if (more > less) return;
        assert.ok(Date.now() < deadline, `${more} lines for both. ${await said(doctor)}`);
        await doctor.evaluate(() => flow.until(() => true, 1000));
    }
}

test('two parties', options, async () => {
    const call = await acceptedCall(stage, { scripts: [FLOW], doctorViewport: PHONE });
    Object.assign(pages, { patient: call.patient, doctor: call.doctor });
    await callScreen(pages.doctor, 'talking').waitFor();
    await untilPictures(pages.patient, 1);
    await untilPictures(pages.doctor, 1);
    const full = ({ ms }) => flow.until(() => flow.picturesKbps() >= 120, ms);
    await Promise.all([pages.patient, pages.doctor].map((page) => until(page, 'the link is used', full)));
});

test('an interpreter comes in by the doctor\'s link: two layers, each gets the fitting one', options, async (t) => {
    const { doctor, patient } = pages;
    await byId(doctor, 'invite').click();
    await byId(doctor, 'guest-interpreter').check();
    await byId(doctor, 'guest-make').click();
    const link = await byId(doctor, 'link-value').inputValue();
    await byId(doctor, 'link-close').click();

    const guest = await stage.guests.page({ scripts: [FLOW] });
    await allowDevices(guest, link);
    const sinceMs = Date.now();
    await byId(guest, 'enter-waiting').click();
    await untilScreen(guest, 'call');
    await Promise.all([guest, doctor, patient].map((page) => untilPictures(page, 2)));
    pages.guest = guest;
    await until(doctor, 'the small layer', ({ ms }) => flow.until(() => flow.sends('video l'), ms));
    await assertFluent(t, 'a third', 2, sinceMs);
    const thereMs = Date.now();
    await untilLayersDiffer();
    await assertFluent(t, 'three', 2, thereMs);
});

test('the doctor shows the screen, and the camera again', options, async (t) => {
    for (const what of ['screen', 'camera']) {
        const sinceMs = Date.now();
        await byId(pages.doctor, 'share-screen').click();
        await until(pages.doctor, `the ${what} is sent`, what === 'screen'
            ? ({ ms }) => flow.until(() => flow.sendsScreen(), ms) : ({ ms }) => flow.until(() => !flow.sendsScreen(), ms));
        await assertFluent(t, what, 2, sinceMs);
    }
});

test('the interpreter goes: one layer again', options, async (t) => {
    const { guest, doctor } = pages;
    delete pages.guest;
    const sinceMs = Date.now();
    await byId(guest, 'hang-up').click();
    await byId(guest, 'confirm-hang-up').click();
    await until(doctor, 'one layer', ({ ms }) => flow.until(() => !flow.sends('video l'), ms));
    await assertFluent(t, 'two again', 1, sinceMs);
    for (const page of Object.values(pages)) assert.deepEqual(page.faults, []);
});
