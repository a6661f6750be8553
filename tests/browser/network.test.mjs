// SPDX-License-Identifier: Apache-2.0
// What a call outlives, over the emulated link: four seconds without a packet, another address behind a NAT,
// another address of the device.
// How fast exactly is tests/netlab's table; here a time-out is what a person would notice, and what flow.hasSound()
// itself needs: four looks after the event, 0.4 to 0.5 s, so that nothing is told sooner.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, FLOW, PATIENT } from './support/browsers.mjs';
import { unable, useFarStage } from './support/far_stage.mjs';
import { acceptedCall, callScreen } from './support/steps.mjs';

const CALL_MS = 30_000;
// Sound is wanted 0.5 s after a rebinding and 0.8 s after an outage; the looks come on top. With them 0.45 to 0.5 s were
// seen for both on two cores, also beside other work: what is over it is the margin.
const LOOKS_MS = 500;
/* 2.6 to 2.9 s were seen; a busy machine's page looks later. */
const HANDOVER_MS = 3000 + 3 * LOOKS_MS;
const REBIND_MS = 500 + LOOKS_MS;
const OUTAGE_MS = 800 + LOOKS_MS;
const MOVED = '10.66.0.3';
const NAT = '10.66.0.9';
const WIDE = ['both rate 2000', 'both delay 40', 'both queue_ms 200'];
const options = { skip: unable, timeout: 60_000 };

const stage = useFarStage({
    orders: WIDE,
    patients: { side: 'patient', party: PATIENT },
    doctors: { side: 'server', party: DOCTOR },
});
let call;

/** When the page has it (sound, picture, ...), in ms after `sinceMs`. */
async function untilFlow(page, what, timeoutMs, sinceMs) {
    const at = await page.evaluate(({ name, ms, since }) => flow.until(() => flow[name](since), ms),
        { name: what, ms: timeoutMs, since: sinceMs });
    assert.ok(at !== null, `${what}: not within ${timeoutMs} ms`);
    return at - sinceMs;
}

const both = (action) => Promise.all([action(call.patient, 'patient'), action(call.doctor, 'doctor')]);

/** Both have sound, then picture, within these times of `sinceMs`. */
async function assertBack(t, sinceMs, soundMs, pictureMs) {
    await both(async (page, who) => {
        const left = (ms) => Math.max(1, sinceMs + ms - Date.now());
        const sound = await untilFlow(page, 'hasSound', left(soundMs), sinceMs);
        const picture = await untilFlow(page, 'hasPicture', left(pictureMs), sinceMs);
        t.diagnostic(`${who}: sound after ${sound} ms, picture after ${picture} ms`);
    });
}

/** Both have sound and picture, as before the next trouble. */
const untilSettled = () => both(async (page) => {
    const sinceMs = Date.now();
    await untilFlow(page, 'hasSound', CALL_MS, sinceMs);
    await untilFlow(page, 'hasPicture', CALL_MS, sinceMs);
});

const untilCut = () => both((page) => untilFlow(page, 'isCut', 10_000, 0));

test('a call over the link', options, async (t) => {
    call = await acceptedCall(stage, { scripts: [FLOW] });
    await callScreen(call.doctor, 'talking').waitFor();
    await assertBack(t, Date.now(), CALL_MS, CALL_MS);
});

test('handover: the device has another address, and the call goes on', options, async (t) => {
    await untilSettled();
    await stage.lab.move(MOVED);
    const sinceMs = Date.now();
    await untilCut();
    await assertBack(t, sinceMs, HANDOVER_MS, 10_000);
});

test('rebind: the server sees another address of a device that notices nothing', options, async (t) => {
    await untilSettled();
    stage.lab.order('mark', `nat ${NAT}`);
    const sinceMs = Date.now();
    await assertBack(t, sinceMs, REBIND_MS, 10_000);
});

test('outage: four seconds without a packet, then sound and picture are there', options, async (t) => {
    await untilSettled();
    stage.lab.order('at 0 both loss 100', 'at 4000 both loss 0', 'start');
    const backMs = Date.now() + 4000;
    await untilCut();
    await assertBack(t, backMs, OUTAGE_MS, 10_000);
});
