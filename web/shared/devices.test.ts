// SPDX-License-Identifier: Apache-2.0
// Devices against pretended cameras: switching between them, double taps, off while it switches.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Devices } from './devices';

class FakeTrack {
    enabled = true;
    stopped = false;
    contentHint = '';
    muted = false;
    onended: (() => void) | null = null;
    onmute: (() => void) | null = null;
    onunmute: (() => void) | null = null;
    constructor(
        readonly kind: string,
        readonly deviceId: string,
    ) {}
    stop(): void {
        this.stopped = true;
    }
    getSettings(): { deviceId: string } {
        return { deviceId: this.deviceId };
    }
}

interface Wanted {
    audio: unknown;
    video: false | { facingMode?: { ideal: string }; deviceId?: { exact: string } };
}

/** Cameras by id, with the facing that they say they have. */
let cameras: { deviceId: string; facing?: string }[];
let opened: FakeTrack[];
let asked: number;
/** Another app has the microphone. */
let microphoneTaken: boolean;

async function getUserMedia(want: Wanted): Promise<{ getTracks(): FakeTrack[] }> {
    asked += 1;
    await Promise.resolve();
    const tracks: FakeTrack[] = [];
    if (want.audio && microphoneTaken) throw Object.assign(new Error(), { name: 'NotReadableError' });
    if (want.audio) tracks.push(new FakeTrack('audio', 'microphone'));
    if (want.video) {
        const { facingMode, deviceId } = want.video;
        const chosen = deviceId
            ? cameras.find((one) => one.deviceId === deviceId.exact)
            : (cameras.find((one) => one.facing === facingMode?.ideal) ?? cameras[0]);
        assert.ok(opened.every((one) => one.kind !== 'video' || one.stopped), 'one camera at a time');
        if (!chosen) throw Object.assign(new Error(), { name: 'NotFoundError' });
        tracks.push(new FakeTrack('video', chosen.deviceId));
    }
    opened.push(...tracks);
    return { getTracks: () => tracks };
}

beforeEach(() => {
    cameras = [
        { deviceId: 'front', facing: 'user' },
        { deviceId: 'back', facing: 'environment' },
    ];
    opened = [];
    asked = 0;
    microphoneTaken = false;
    const enumerateDevices = async () =>
        cameras.map(({ deviceId }) => ({ kind: 'videoinput', deviceId }));
    Object.defineProperty(globalThis, 'navigator', {
        configurable: true,
        value: { mediaDevices: { getUserMedia, enumerateDevices } },
    });
});

const cameraOf = (devices: Devices) => (devices.sent('video') as unknown as FakeTrack | null)?.deviceId;
const live = () => opened.filter((one) => one.kind === 'video' && !one.stopped);

async function started(): Promise<Devices> {
    const devices = new Devices();
    await devices.request();
    assert.equal(devices.view.canSwitch, true);
    return devices;
}

test('switching goes to the other camera and back', async () => {
    const devices = await started();
    assert.equal(cameraOf(devices), 'front');
    await devices.switchCamera();
    assert.deepEqual([cameraOf(devices), devices.view.facing], ['back', 'environment']);
    await devices.switchCamera();
    assert.deepEqual([cameraOf(devices), devices.view.facing], ['front', 'user']);
});

test('two cameras that do not say where they look are told apart all the same', async () => {
    cameras = [{ deviceId: 'one' }, { deviceId: 'two' }];
    const devices = await started();
    for (const camera of ['two', 'one', 'two']) {
        await devices.switchCamera();
        assert.equal(cameraOf(devices), camera);
    }
    await devices.setVideo(false);
    await devices.setVideo(true);
    assert.equal(cameraOf(devices), 'two', 'the chosen one comes back');
});

test('a chosen camera that was pulled out is not asked for again', async () => {
    cameras = [{ deviceId: 'one' }, { deviceId: 'two' }];
    const devices = await started();
    await devices.switchCamera();
    await devices.setVideo(false);
    cameras = [{ deviceId: 'one' }];
    await devices.setVideo(true);
    assert.deepEqual([cameraOf(devices), devices.view.video], ['one', 'on']);
});

test('a double tap on the switch is one tap', async () => {
    const devices = await started();
    const before = asked;
    await Promise.all([devices.switchCamera(), devices.switchCamera()]);
    assert.equal(asked - before, 1);
    assert.equal(cameraOf(devices), 'back');
    assert.equal(live().length, 1);
});

test('a double tap on the camera opens it once', async () => {
    const devices = await started();
    await devices.setVideo(false);
    const before = asked;
    await Promise.all([devices.setVideo(true), devices.setVideo(true)]);
    assert.equal(asked - before, 1);
    assert.equal(live().length, 1);
});

test('off while it switches is off', async () => {
    const devices = await started();
    const switching = devices.switchCamera();
    await devices.setVideo(false);
    await switching;
    assert.equal(devices.view.video, 'off');
    assert.equal(live().length, 0);
});

test('a camera that cannot be opened leaves the old one', async () => {
    const devices = await started();
    cameras = [{ deviceId: 'front', facing: 'user' }];
    await devices.switchCamera();
    assert.deepEqual([cameraOf(devices), devices.view.video, devices.view.facing], ['front', 'on', 'user']);
});

const microphones = () => opened.filter((one) => one.kind === 'audio');
const microphone = () => microphones()[microphones().length - 1] as FakeTrack;

test('a phone call takes the microphone away; when it is over it is opened anew', async () => {
    const devices = await started();
    const sent: unknown[] = [];
    devices.on('track', ({ track }) => sent.push(track));
    const before = microphone();
    before.muted = true;
    before.onmute?.();
    assert.equal(devices.view.audio, 'busy');
    assert.equal(devices.sent('audio'), null);
    before.muted = false;
    before.onunmute?.();
    await devices.revive();
    assert.equal(devices.view.audio, 'on');
    assert.notEqual(microphone(), before, 'iOS gives it back silent');
    assert.ok(before.stopped);
    assert.equal(sent[sent.length - 1], microphone());
    assert.equal(microphones().length, 2, 'once');
});

test('without the word that it is back, looking at the page brings it back', async () => {
    const devices = await started();
    microphone().muted = true;
    microphone().onmute?.();
    microphoneTaken = true;
    await devices.revive();
    assert.equal(devices.view.audio, 'busy', 'the call goes on');
    assert.equal(microphone().stopped, false);
    microphoneTaken = false;
    await devices.revive();
    assert.equal(devices.view.audio, 'on');
    assert.equal(microphones().length, 2);
});

test('a microphone that cannot be opened anew but speaks again is kept', async () => {
    const devices = await started();
    microphone().muted = true;
    microphone().onmute?.();
    microphone().muted = false;
    microphoneTaken = true;
    await devices.revive();
    assert.equal(devices.view.audio, 'on');
    assert.equal(devices.sent('audio') as unknown, microphone());
});

test('a microphone that ended is opened at once, or when there is one again', async () => {
    const devices = await started();
    microphone().onended?.();
    await devices.revive();
    assert.equal(devices.view.audio, 'on');
    microphoneTaken = true;
    microphone().onended?.();
    await devices.revive();
    assert.equal(devices.view.audio, 'none');
    microphoneTaken = false;
    await devices.revive();
    assert.equal(devices.view.audio, 'on');
});

test('a camera that ended comes back as well', async () => {
    const devices = await started();
    const before = live()[0];
    assert.ok(before);
    before.stopped = true;
    before.onended?.();
    await devices.revive();
    assert.equal(devices.view.video, 'on');
    assert.equal(live().length, 1);
});

test('what the person switched off stays off', async () => {
    const devices = await started();
    await devices.setAudio(false);
    microphone().muted = true;
    microphone().onmute?.();
    const before = asked;
    await devices.revive();
    assert.deepEqual([devices.view.audio, asked - before], ['off', 0]);
    await devices.setAudio(true);
    assert.deepEqual([devices.view.audio, asked - before], ['on', 1], 'a muted one is of no use');
});

test('a microphone that another app had while it was switched off is opened anew', async () => {
    const devices = await started();
    await devices.setAudio(false);
    microphone().muted = true;
    microphone().onmute?.();
    microphone().muted = false; // hung up; iOS gives it back silent
    const before = asked;
    await devices.setAudio(true);
    assert.deepEqual([devices.view.audio, asked - before], ['on', 1]);
    await devices.setAudio(false);
    await devices.setAudio(true);
    assert.equal(asked - before, 1, 'once');
});

test('switched off while it comes back is off', async () => {
    const devices = await started();
    microphone().muted = true;
    microphone().onmute?.();
    const coming = devices.revive();
    await devices.setAudio(false);
    await coming;
    assert.equal(devices.view.audio, 'off');
    assert.ok(microphone().stopped);
});

test('what was let go is not opened again', async () => {
    const devices = await started();
    microphone().muted = true;
    microphone().onmute?.();
    const before = asked;
    devices.release();
    await devices.revive();
    assert.equal(asked, before);
});

test('camera and microphone taken at once both come back', async () => {
    const devices = await started();
    microphone().onended?.();
    live()[0]?.onended?.();
    await devices.revive();
    assert.deepEqual([devices.view.audio, devices.view.video], ['on', 'on']);
    assert.deepEqual([microphones().length, live().length], [2, 1]);
});

test('what ends again while the other one is opened comes back as well', async () => {
    const devices = await started();
    const before = microphone();
    before.onended?.();
    live()[0]?.onended?.();
    devices.on('track', ({ kind, track }) => {
        if (kind === 'video' && track && microphones().length === 2) microphone().onended?.();
    });
    await devices.revive();
    assert.deepEqual([devices.view.audio, devices.view.video], ['on', 'on']);
    assert.equal(microphones().length, 3);
});

test('of two that were taken the one that cannot be opened is asked for once', async () => {
    const devices = await started();
    microphoneTaken = true;
    const before = asked;
    microphone().onended?.();
    live()[0]?.onended?.();
    await devices.revive();
    assert.deepEqual([devices.view.audio, devices.view.video, asked - before], ['none', 'on', 2]);
});

test('a microphone and a camera that are taken in turn, again and again, are not opened for ever', async () => {
    const devices = await started();
    const before = asked;
    let isTaken = true;
    devices.on('track', ({ kind, track }) => {
        if (!track || !isTaken || asked - before > 20) return;
        if (kind === 'audio') live()[0]?.onended?.();
        else microphone().onended?.();
    });
    microphone().onended?.();
    live()[0]?.onended?.();
    await devices.revive();
    assert.equal(asked - before, 4, 'each twice');
    isTaken = false;
    await devices.revive();
    assert.deepEqual([devices.view.audio, devices.view.video], ['on', 'on'], 'with the next word');
});
