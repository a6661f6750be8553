// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTransform, FakeWorker, installRed, removeRed } from './fake_red';
import { FakeTimers } from './fake_timers';
import { redSender, type RedSender } from './red_sender';

interface Made {
    red: RedSender;
    worker: FakeWorker;
    failures: () => number;
    timers: FakeTimers;
}

function withRed(name: string, run: (made: Made) => Promise<void> | void): void {
    test(name, async () => {
        const timers = new FakeTimers();
        installRed();
        try {
            let failures = 0;
            const red = redSender(() => (failures += 1));
            assert.ok(red);
            assert.equal(FakeWorker.made.length, 1);
            await run({ red, worker: FakeWorker.made[0]!, failures: () => failures, timers });
        } finally {
            removeRed();
            timers.restore();
        }
    });
}

const attach = (red: RedSender) => {
    const sender: { transform?: FakeTransform } = {};
    red.attach(sender as unknown as RTCRtpSender);
    return sender;
};

test('browsers that lack something send sound as they make it', () => {
    class Refused {
        constructor() {
            throw new Error('not allowed here');
        }
    }
    try {
        for (const lack of ['RTCRtpScriptTransform', 'RTCRtpSender', 'Worker', 'RED_WORKER_URL', 'red'] as const) {
            installRed([lack]);
            assert.equal(redSender(() => assert.fail()), null, lack);
            assert.equal(FakeWorker.made.length, 0);
            removeRed();
        }
        installRed([], Refused);
        assert.equal(redSender(() => assert.fail()), null);
    } finally {
        removeRed();
    }
});

withRed('a sender goes through the worker, those of later connections too', ({ red, worker }) => {
    assert.equal(worker.url, '/assets/red-HASH.js');
    assert.equal(attach(red).transform?.worker, worker);
    assert.equal(attach(red).transform?.worker, worker);
});

withRed('the worker is told of another reach only', ({ red, worker }) => {
    for (const reach of [0, 8, 8, 4, 4, 0, 0]) red.setReach(reach);
    assert.deepEqual(worker.messages, [{ reach: 8 }, { reach: 4 }, { reach: 0 }]);
});

withRed('one that says nothing for 4 s has failed, once', async ({ red, worker, failures, timers }) => {
    attach(red);
    await timers.advance(3900);
    assert.equal(failures(), 0);
    await timers.advance(200);
    assert.equal(failures(), 1);
    worker.onerror?.();
    assert.equal(failures(), 1);
    assert.equal(worker.terminated, 1);
    assert.equal(attach(red).transform, undefined, 'nothing goes through it any more');
    red.setReach(8);
    assert.deepEqual(worker.messages, []);
});

withRed('one that is ready may take its time', async ({ red, worker, failures, timers }) => {
    attach(red);
    worker.onmessage?.();
    await timers.advance(60_000);
    assert.equal(failures(), 0);
    worker.onerror?.();
    worker.onerror?.();
    assert.equal(failures(), 1, 'and fails once');
    await timers.advance(60_000);
    assert.equal(failures(), 1);
});

withRed('where nothing was attached no failure is told', async ({ red, worker, failures, timers }) => {
    worker.onerror?.();
    await timers.advance(10_000);
    assert.equal(failures(), 0);
    assert.equal(attach(red).transform, undefined);
});

withRed('a sender that takes no transform goes without', async ({ red, failures, timers }) => {
    const sender = Object.freeze({});
    red.attach(sender as unknown as RTCRtpSender);
    await timers.advance(10_000);
    assert.equal(failures(), 0);
});

withRed('stopped it says nothing', async ({ red, worker, failures, timers }) => {
    attach(red);
    red.stop();
    red.stop();
    assert.equal(worker.terminated, 1);
    await timers.advance(10_000);
    assert.equal(failures(), 0);
    assert.equal(attach(red).transform, undefined);
});
