// SPDX-License-Identifier: Apache-2.0
// A Call whose sound goes through red_worker.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HINT, World } from './fake_call';
import { FakeWorker, installRed, removeRed } from './fake_red';
import { FakeTimers, settle } from './fake_timers';

function withRed(name: string, run: (world: World, worker: FakeWorker, timers: FakeTimers) => Promise<void>): void {
    test(name, async () => {
        const timers = new FakeTimers();
        installRed();
        const world = new World();
        try {
            world.send('audio');
            await run(world, FakeWorker.made[0]!, timers);
        } finally {
            world.call.close();
            removeRed();
            timers.restore();
        }
    });
}

const transformOf = (w: World, n: number) =>
    (w.made[n]?.transceivers[0]?.sender as { transform?: { worker: FakeWorker } }).transform;
const reach = (n: number) => ({ ...HINT, audio: { ...HINT.audio, reach: n } });

withRed('sound goes through the worker, and hints say how far', async (w, worker) => {
    await w.connect();
    assert.equal(transformOf(w, 0)?.worker, worker);
    assert.equal((w.connection.transceivers[1]?.sender as { transform?: unknown }).transform, undefined);
    w.call.onHint(reach(8));
    w.call.onHint(reach(8));
    assert.deepEqual(worker.messages, [{ reach: 8 }]);
});

withRed('a failed worker: a new connection without it', async (w, worker, timers) => {
    await w.connect();
    worker.onerror?.();
    await settle();
    assert.equal(w.made.length, 2);
    assert.ok(w.made[0]?.closed);
    assert.equal(transformOf(w, 1), undefined);
    await w.answer();
    w.connection.become('connected');
    assert.equal(w.call.state, 'connected');
    w.call.onHint(reach(8));
    worker.onerror?.();
    await timers.advance(4500);
    assert.equal(w.made.length, 2, 'once');
});

withRed('a worker that failed before the call leaves it alone', async (w, worker) => {
    worker.onerror?.();
    await w.connect();
    assert.equal(w.made.length, 1);
    assert.equal(transformOf(w, 0), undefined);
});

withRed('a new connection begins without reach: its server has not asked for any', async (w, worker) => {
    await w.connect();
    worker.onmessage?.();
    w.call.onHint(reach(8));
    w.call.onSocketOpen(false);
    await settle();
    assert.equal(w.made.length, 2);
    assert.equal(transformOf(w, 1)?.worker, worker);
    assert.deepEqual(worker.messages, [{ reach: 8 }, { reach: 0 }]);
});

withRed('the worker outlives a call, and ends with its owner', async (w, worker) => {
    await w.connect();
    w.call.close();
    assert.equal(worker.terminated, 0);
    w.call.dispose();
    assert.equal(worker.terminated, 1);
});
