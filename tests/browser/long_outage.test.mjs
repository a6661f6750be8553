// SPDX-License-Identifier: Apache-2.0
// A call that is cut off for longer than a path may go unchecked (RFC 7675: 30 s), as in a lift, behind a hill or asleep:
// it goes on by itself once the link is back, over the connection that both browsers still hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, FLOW, PATIENT } from './support/browsers.mjs';
import { unable, useFarStage } from './support/far_stage.mjs';
import { acceptedCall, callScreen } from './support/steps.mjs';

const AWAY_MS = 38_000;
const FIRST_MS = 30_000;
const BACK_MS = 15_000;
const options = { skip: unable, timeout: 150_000 };

const stage = useFarStage({
    orders: ['both rate 2000', 'both delay 40', 'both queue_ms 200'],
    patients: { side: 'patient', party: PATIENT },
    doctors: { side: 'server', party: DOCTOR },
});

/** Sound and picture come within so long, counted from `sinceMs`. */
async function assertFlows(page, who, sinceMs, withinMs) {
    for (const name of ['hasSound', 'hasPicture']) {
        const ms = withinMs - (Date.now() - sinceMs);
        const at = await page.evaluate((it) => flow.until(() => flow[it.name](it.sinceMs), it.ms), { name, sinceMs, ms });
        assert.ok(at !== null, `${who}: ${name} not within ${withinMs} ms`);
    }
}

test('a call goes on after forty seconds without a packet', options, async () => {
    const { patient, doctor } = await acceptedCall(stage, { scripts: [FLOW] });
    const both = (action) => Promise.all([action(patient, 'patient'), action(doctor, 'doctor')]);
    await callScreen(doctor, 'talking').waitFor();
    await both((page, who) => assertFlows(page, who, Date.now(), FIRST_MS));
    const startMs = Date.now();
    stage.lab.order('at 0 both loss 100', `at ${AWAY_MS} both loss 0`, 'start');
    await both((page) => page.evaluate(() => flow.until(() => flow.isCut(0), 10_000)));
    const backMs = startMs + AWAY_MS;
    await both((page, who) => assertFlows(page, who, backMs, BACK_MS));
    assert.deepEqual([...patient.faults, ...doctor.faults], []);
});
