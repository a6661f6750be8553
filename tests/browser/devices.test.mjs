// SPDX-License-Identifier: Apache-2.0
// In a call: sound off and on, camera off and on, the other camera, taps that come twice. What counts
// is what the other side then hears and sees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCTOR, PATIENT } from './support/browsers.mjs';
import { useStage } from './support/stage.mjs';
import {
    acceptedCall, byId, callScreen, openCall, untilBothMedia, untilMedia, watchMedia,
} from './support/steps.mjs';

const SILENCE_MS = 3000;

const stage = useStage({
    patients: { party: PATIENT },
    twoCameras: { party: PATIENT, media: 'cameras' },
    doctors: { party: DOCTOR },
});

const line = (doctor, name) => doctor.locator(`[data-testid=call-line][data-line=${name}]`);

/** The side that sends: tracks that live, what is sent of each kind. */
function sending(page) {
    return page.evaluate(() => Object.fromEntries(probe.live().getSenders()
        .filter((one) => one.track)
        .map(({ track }) => [track.kind, { state: track.readyState, camera: track.getSettings().deviceId }])));
}

const cameraOf = async (page) => (await sending(page)).video?.camera ?? null;

/** Waits until the page shows `n` more pictures of the other side, whoever is in them. */
async function untilPictures(page, n = 20) {
    const shown = await page.evaluate((wanted) => {
        const count = () =>
            document.querySelector('video[data-testid=remote-video]')?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
        const before = count();
        return probe.until(() => count() >= before + wanted, 45_000);
    }, n);
    assert.ok(shown, 'the other side\'s pictures go on');
}

/** Runs before the page: of Chromium's three cameras the first and the third, whose pictures can be sent. */
function hideSecond() {
    const { mediaDevices } = navigator;
    const native = mediaDevices.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => {
        const all = await native();
        const second = all.filter((one) => one.kind === 'videoinput')[1];
        return all.filter((one) => one !== second);
    };
}

/** Counts from now on how often the page opens a camera: a function that tells. */
async function countOpenings(page) {
    await page.evaluate(() => {
        const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        window.opened = [];
        navigator.mediaDevices.getUserMedia = async (wanted) => {
            const stream = await native(wanted);
            window.opened.push(...stream.getVideoTracks());
            return stream;
        };
    });
    return () => page.evaluate(() => ({
        n: window.opened.length, live: window.opened.filter((one) => one.readyState === 'live').length,
    }));
}

test('sound off and on: the doctor is told, hears nothing, and hears again', async () => {
    const { patient, doctor } = await openCall(stage);
    await byId(patient, 'mute').click();
    await line(doctor, 'audio_off').waitFor();
    await watchMedia(doctor, PATIENT, 1000); // what was under way
    const silent = await watchMedia(doctor, PATIENT, SILENCE_MS);
    assert.equal(silent.near, 0, JSON.stringify(silent));
    assert.ok(silent.rises > 0, 'the picture goes on');
    await byId(patient, 'mute').click();
    await line(doctor, 'audio_off').waitFor({ state: 'detached' });
    await untilMedia(doctor, PATIENT);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

test('camera off and on: its light goes out, the doctor is told, and sees again', async () => {
    const { patient, doctor } = await openCall(stage);
    await byId(patient, 'camera').click();
    await line(doctor, 'video_off').waitFor();
    await byId(patient, 'self-video').waitFor({ state: 'detached' });
    assert.equal((await sending(patient)).video, undefined);
    await watchMedia(doctor, PATIENT, 1000); // what was under way
    const dark = await watchMedia(doctor, PATIENT, SILENCE_MS);
    assert.ok(dark.near > 0, `the sound goes on. ${JSON.stringify(dark)}`);
    assert.equal(dark.rises, 0, JSON.stringify(dark));

    /* On again by two taps at once: one camera is opened. */
    const openings = await countOpenings(patient);
    await patient.evaluate(() => {
        const button = document.querySelector('[data-testid=camera]');
        button.click();
        button.click();
    });
    await byId(patient, 'self-video').waitFor();
    await line(doctor, 'video_off').waitFor({ state: 'detached' });
    await untilBothMedia(patient, doctor);
    assert.deepEqual(await openings(), { n: 1, live: 1 });
    assert.deepEqual(patient.faults, []);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

test('the other camera and back, also by a double tap: one camera at a time, the picture goes on', async () => {
    const { program, twoCameras, doctors } = stage;
    const { patient, doctor } = await acceptedCall({ program, patients: twoCameras, doctors }, { before: hideSecond });
    await callScreen(doctor, 'talking').waitFor();
    await untilPictures(doctor);
    const first = await cameraOf(patient);
    assert.ok(first);

    const openings = await countOpenings(patient);
    await byId(patient, 'switch-camera').click();
    await untilCamera(patient, (camera) => camera !== first);
    const second = await cameraOf(patient);
    await untilPictures(doctor);
    assert.equal((await openings()).live, 1);

    await patient.evaluate(() => {
        const button = document.querySelector('[data-testid=switch-camera]');
        button.click();
        button.click();
    });
    await untilCamera(patient, (camera) => camera !== second);
    assert.equal(await cameraOf(patient), first, 'a double tap switches once');
    await untilPictures(doctor);
    assert.equal((await openings()).live, 1);
    const { video } = await sending(patient);
    assert.equal(video.state, 'live');
    assert.equal(await line(doctor, 'video_off').count(), 0);
    assert.deepEqual(patient.faults, []);
    await Promise.all([patient.context().close(), doctor.context().close()]);
});

/** Waits until a camera for which `is` holds is sent. */
async function untilCamera(page, is) {
    const deadline = Date.now() + 20_000;
    for (;;) {
        const camera = await cameraOf(page);
        if (camera && is(camera)) return;
        assert.ok(Date.now() < deadline, `the camera stays ${camera}`);
    }
}
