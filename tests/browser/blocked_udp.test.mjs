// SPDX-License-Identifier: Apache-2.0
// Issue 3, "Shows" 4: the patient's network drops all UDP, as those of offices and hotels do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, PATIENT } from './support/browsers.mjs';
import { LEFT_OUT, mayOpenGates } from './support/gate.mjs';
import { useStage } from './support/stage.mjs';
import { acceptedCall, assertMedia, untilBothMedia, watchMedia } from './support/steps.mjs';

const WATCH_MS = 5000;
if (!mayOpenGates) process.exitCode = LEFT_OUT;
const options = { skip: !mayOpenGates && 'network namespaces need root', timeout: 120_000 };

const stage = mayOpenGates && useStage({
    gated: true,
    patients: { party: PATIENT, side: 'inside' },
    doctors: { party: DOCTOR, side: 'outside' },
});

let call;

/** The protocol of the page's selected pair, local and remote. */
async function protocols(page) {
    const { local, protocol } = await page.evaluate(() => probe.path());
    return [local, protocol];
}

async function assertBothMedia({ patient, doctor }) {
    const [patientSaw, doctorSaw] = await Promise.all([
        watchMedia(patient, DOCTOR, WATCH_MS),
        watchMedia(doctor, PATIENT, WATCH_MS),
    ]);
    assertMedia(patientSaw, DOCTOR, 'patient');
    assertMedia(doctorSaw, PATIENT, 'doctor');
}

test('without UDP the call runs over TCP', options, async () => {
    await stage.gate.block('ipproto udp');
    call = await acceptedCall(stage);
    await untilBothMedia(call.patient, call.doctor);
    await assertBothMedia(call);
    assert.deepEqual(await protocols(call.patient), ['tcp', 'tcp']);
    assert.deepEqual(await protocols(call.doctor), ['udp', 'udp']);
});

test('UDP is taken where it works, and given up when it is blocked in the call', options, async () => {
    const { patient, doctor } = call;
    await stage.gate.unblock();
    await patient.reload();
    await untilBothMedia(patient, doctor);
    assert.deepEqual(await protocols(patient), ['udp', 'udp']);
    await stage.gate.block('ipproto udp');
    assert.ok(await patient.evaluate(() => probe.untilPath('tcp', 20_000)), 'the media stays on UDP');
    await untilBothMedia(patient, doctor);
    assert.deepEqual([...patient.faults, ...doctor.faults], []);
});
