// SPDX-License-Identifier: Apache-2.0
// One call over a long path. A patient who mutes for a moment keeps the picture: while a sender has no track the media
// time of its sound stands still, which looks like a second of queue (media/rate/uplink.h).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, FLOW, PATIENT } from './support/browsers.mjs';
import { unable, useFarStage } from './support/far_stage.mjs';
import { acceptedCall, callScreen } from './support/steps.mjs';

/* The picture was gone four seconds later. */
const WATCH_MS = 8000;
const options = { skip: unable, timeout: 120_000 };
const stage = useFarStage({
    orders: ['both rate 2000', 'both delay 150', 'both queue_ms 200'],
    patients: { side: 'patient', party: PATIENT },
    doctors: { side: 'server', party: DOCTOR },
});

const isAsked = (page) => page.evaluate((ms) => flow.until(() => {
    const video = flow.said.filter((one) => one.type === 'hint').at(-1)?.video;
    return video?.bitrate > 0 && !video.stills;
}, ms), 60_000);

test('a second of mute on a long path leaves the picture', options, async (t) => {
    const { patient, doctor } = await acceptedCall(stage, { scripts: [FLOW] });
    await callScreen(doctor, 'talking').waitFor();
    assert.ok(await isAsked(patient) !== null, 'no moving picture in the first place');
    assert.ok(await doctor.evaluate((ms) => flow.until(() => flow.hasPicture(), ms), 30_000) !== null);
    for (const ms of [400, 1000, 2000]) {
        await patient.getByTestId('mute').click();
        await patient.evaluate((time) => flow.until(() => false, time), ms);
        const sinceMs = Date.now();
        await patient.getByTestId('mute').click();
        assert.ok(await doctor.evaluate(([since, time]) => flow.until(() => flow.hasSound(since), time),
            [sinceMs, 10_000]) !== null, 'no sound after the mute');
        await doctor.evaluate((time) => flow.until(() => false, time), WATCH_MS);
        const said = await doctor.evaluate((since) => flow.said.filter((one) => one.type === 'picture' && one.at >= since),
            sinceMs);
        const hint = await patient.evaluate(() => flow.said.filter((one) => one.type === 'hint').at(-1));
        t.diagnostic(`after ${ms} ms: ${JSON.stringify(hint.video)} ${JSON.stringify(said)}`);
        assert.ok(hint.video.bitrate > 0 && !hint.video.stills, JSON.stringify(hint));
        assert.ok(await doctor.evaluate((time) => flow.until(() => flow.hasPicture(), time), 5000) !== null);
    }
});
