// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FREE_JITTER, nextJitter, type Jitter } from './jitter';

function targets(steps: [rttMs: number | null, asked: number, nowMs: number][]): (number | null)[] {
    let jitter: Jitter = FREE_JITTER;
    return steps.map(([rttMs, asked, nowMs]) => {
        jitter = nextJitter(jitter, rttMs, asked, nowMs);
        return jitter.targetMs;
    });
}

test('a link with loss and a short way is given the time of a repair', () => {
    assert.deepEqual(targets([[100, 0, 0], [100, 0.02, 2000], [100, 0, 4000]]), [null, 160, 160]);
    assert.deepEqual(targets([[101, 0.02, 0]]), [180], 'in steps');
});

test('without loss the browser decides again after ten seconds', () => {
    assert.deepEqual(targets([[100, 0.02, 0], [100, 0, 9999], [100, 0, 10_000]]), [160, 160, null]);
    assert.deepEqual(targets([[100, 0.02, 0], [60, 0.02, 9000], [60, 0, 18_000]]), [160, 160, 160]);
});

test('a long way, or one that is not known, changes nothing for repairs that nobody sends', () => {
    assert.deepEqual(targets([[250, 0.2, 0], [null, 0.2, 1]]), [null, null]);
    assert.deepEqual(targets([[100, 0.2, 0], [600, 0.2, 1]]), [160, null]);
});
