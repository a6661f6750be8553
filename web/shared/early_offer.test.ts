// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { EarlyOffer } from './early_offer';
import { settle } from './fake_timers';

/* Node 18 has none of a browser's. */
globalThis.crypto ??= webcrypto as Crypto;

function world(answer: () => Promise<{ sdp: string }>) {
    const posted: object[] = [];
    const answers: string[] = [];
    const failed: number[] = [];
    const early = new EarlyOffer(
        (id, sdp) => answers.push(`${id} ${sdp}`),
        (id) => failed.push(id),
        (path, body) => {
            posted.push({ path, ...body });
            return answer();
        },
    );
    return { early, posted, answers, failed };
}

test('one offer goes out by HTTP, under a key that nobody guesses, and its answer comes back', async () => {
    const { early, posted, answers } = world(async () => ({ sdp: 'answer' }));
    assert.deepEqual([early.canOffer, early.isUnderWay], [true, false]);
    assert.equal(early.send(1, 'offer', true), true);
    assert.deepEqual(posted, [{ path: 'offer', key: early.key, sdp: 'offer', hold: true }]);
    assert.match(early.key, /^[0-9a-f]{32}$/);
    assert.deepEqual([early.canOffer, early.isUnderWay], [false, true]);
    await settle();
    assert.deepEqual(answers, ['1 answer']);
    assert.deepEqual([early.canOffer, early.isUnderWay], [false, false]);
    assert.equal(early.send(2, 'another', false), false);
    assert.equal(posted.length, 1);
});

test('a refused or lost one is told', async () => {
    const { early, answers, failed } = world(() => Promise.reject(new Error('409')));
    early.send(1, 'offer', true);
    await settle();
    assert.deepEqual([answers, failed], [[], [1]]);
    assert.deepEqual([early.canOffer, early.isUnderWay], [false, false]);
});

test('that the call is taken is said once the server knows the offer, and once', async () => {
    const { early, posted } = world(async () => ({ sdp: 'answer' }));
    early.accept('place');
    early.send(1, 'offer', false);
    assert.equal(posted.length, 1);
    await settle();
    early.accept('place');
    await settle();
    assert.deepEqual(posted.slice(1), [{ path: 'accept', key: early.key, resume: 'place' }]);
});

test('taken after the answer it is said at once, and a page without a place names none', async () => {
    const { early, posted } = world(async () => ({ sdp: 'answer' }));
    early.send(1, 'offer', true);
    await settle();
    assert.equal(posted.length, 1);
    early.accept(null);
    assert.deepEqual(posted.slice(1), [{ path: 'accept', key: early.key }]);
});

test('of an offer that was refused nothing more is said', async () => {
    const { early, posted } = world(() => Promise.reject(new Error('409')));
    early.accept(null);
    early.send(1, 'offer', false);
    await settle();
    assert.equal(posted.length, 1);
});
