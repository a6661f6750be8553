// SPDX-License-Identifier: Apache-2.0
// Issue 3, "Shows" 6: the loss that the patient has is told to the doctor's browser, for its Opus to make spares
// of, and that browser does not take it for the loss of its own link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, FLOW, PATIENT } from './support/browsers.mjs';
import { unable, useFarStage } from './support/far_stage.mjs';
import { personFile } from './support/person.mjs';
import { acceptedCall, callScreen } from './support/steps.mjs';

const WIDE = ['both rate 2000', 'both delay 40', 'both queue_ms 200'];
/* A low estimate is made no lower by loss: libwebrtc bounds it by 75 kbit/s for each share lost beyond a threshold. */
const HIGH_BPS = 600_000;
/* The same time without loss and with it: what the estimate does by itself is no fall. */
const WATCH_MS = 5000;
const SAME = 0.97;
const options = { skip: unable, timeout: 120_000 };
const pictures = personFile(15);
const stage = useFarStage({
    orders: WIDE,
    patients: { side: 'patient', party: PATIENT, pictures },
    doctors: { side: 'server', party: DOCTOR, pictures },
});

/** What the doctor's browser takes its own link for, look by look. */
async function estimates(doctor, sinceMs) {
    return doctor.evaluate((since) => flow.looks.filter((one) => one.at >= since)
        .map(({ pair }) => pair?.availableOutgoingBitrate).filter((bps) => bps > 0), sinceMs);
}

const watch = (page, ms) => page.evaluate((time) => flow.until(() => false, time), ms);

test('loss towards the patient: the doctor\'s browser is told, and does not take it for its own', options, async (t) => {
    const { doctor } = await acceptedCall(stage, { scripts: [FLOW] });
    await callScreen(doctor, 'talking').waitFor();
    const high = await doctor.evaluate(({ bps, ms }) =>
        flow.until(() => flow.looks.at(-1).pair?.availableOutgoingBitrate >= bps, ms), { bps: HIGH_BPS, ms: 60_000 });
    assert.ok(high !== null, `the estimate stays low: ${(await estimates(doctor, 0)).at(-1)}`);
    await watch(doctor, WATCH_MS);
    const before = Math.min(...await estimates(doctor, high));
    const sinceMs = Date.now();
    stage.lab.order('down loss 10');
    assert.ok(await doctor.evaluate((ms) => flow.until(() => flow.looks.at(-1).told?.fractionLost >= 0.05, ms), 10_000),
        'the doctor\'s browser is not told of the loss');
    await watch(doctor, WATCH_MS);
    const least = Math.min(...await estimates(doctor, sinceMs));
    t.diagnostic(`${before} bit/s before, ${least} at the least with loss`);
    assert.ok(least >= SAME * before, `the estimate fell from ${before} to ${least} bit/s`);
});
