// SPDX-License-Identifier: Apache-2.0
// A slot is kept for who fills in the form: for one of a hundred, over a kill -9, and five minutes long.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServerProcess, clientAddress, freeSlots, person } from '../support/server_process.mjs';

const N_RACERS = 100;
const HOLD_MS = 5 * 60_000;

let server, slot;
before(async () => {
    server = await ServerProcess.start();
    [slot] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
});
after(() => server.dispose());

const hold = (n, more) => server.request('POST', '/api/v1/holds', { json: { ...slot, ...more }, from: clientAddress(n) });
const book = (n, more) => server.request('POST', '/api/v1/bookings', { json: { ...slot, ...person(n), ...more }, from: clientAddress(n) });

test('of a hundred who want to keep one slot one may, also over a kill, and nobody else books it', async () => {
    const replies = await Promise.all(Array.from({ length: N_RACERS }, (_, n) => hold(n)));
    const won = replies.filter((reply) => reply.status === 201);
    assert.equal(won.length, 1);
    for (const reply of replies.filter((one) => one.status !== 201)) {
        assert.deepEqual([reply.status, reply.problem()], [409, 'slot-taken'], reply.text);
        assert.ok(reply.json().nearest.every((one) => one.starts_at_ms !== slot.starts_at_ms));
    }
    await server.stop('SIGKILL');
    await server.run();
    const refused = await book(200);
    assert.deepEqual([refused.status, refused.problem()], [409, 'slot-taken']);
    const other = await book(201, { hold: 'AAAAAAAAAAAAAAAAAAAAAAAA' });
    assert.deepEqual([other.status, other.problem()], [409, 'slot-taken']);
    const booked = await book(202, { hold: won[0].json().hold });
    assert.equal(booked.status, 201, booked.text);
});

test('a page names its hold itself, and can book with it although the answer was lost', async () => {
    const slots = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const own = 'PageOfTheCaller1234567';
    const [first, again, other] = [await hold(250, { ...slots[0], hold: own }), await hold(250, { ...slots[0], hold: own }),
        await hold(250, { ...slots[1], hold: own })];
    assert.deepEqual([first, again, other].map((one) => [one.status, one.json().hold]), Array(3).fill([201, own]));
    assert.equal((await hold(251, slots[0])).status, 201, 'what it kept before is let go');
    assert.equal((await hold(252, slots[1])).status, 409);
    const booked = await book(253, { ...slots[1], hold: own });
    assert.equal(booked.status, 201, booked.text);
    for (const wrong of ['short', 'with_other-characters!', 'x'.repeat(23)]) {
        const refused = await hold(254, { ...slots[2], hold: wrong });
        assert.equal(refused.status, 422, refused.text);
        assert.deepEqual(refused.json().errors.map((one) => one.field), ['hold']);
    }
});

test('after five minutes it is anybody\'s; an address keeps eight at a time', async () => {
    const slots = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const kept = [];
    for (let n = 0; n < 9; n++) kept.push(await hold(300, slots[n]));
    assert.deepEqual(kept.map((one) => one.status), [...Array(8).fill(201), 429]);
    assert.equal((await book(301, slots[0])).status, 409);
    await server.turnClock(HOLD_MS);
    const booked = await book(302, slots[0]);
    assert.equal(booked.status, 201, booked.text);
    const late = await book(303, { ...slots[0], hold: kept[0].json().hold });
    assert.deepEqual([late.status, late.problem()], [409, 'slot-taken']);
});

test('what was kept in time stays kept while it comes near; others are told from when on they can book', async () => {
    const MINUTE_MS = 60_000, WITA_MS = 8 * 3600_000;
    const [near] = await freeSlots(server, 'dr. Rahmat Hasan', 3);
    const turnTo = (ms) => server.turnClock(ms - Date.now());
    await turnTo(near.starts_at_ms - 16 * MINUTE_MS);
    const kept = await hold(400, near);
    assert.equal(kept.status, 201, kept.text);
    await turnTo(near.starts_at_ms - 13 * MINUTE_MS);
    const refused = await book(401, near);
    assert.deepEqual([refused.status, refused.problem()], [409, 'too-soon'], refused.text);
    const { earliest_at_ms: earliest, detail, also } = refused.json();
    assert.ok(earliest > near.starts_at_ms && earliest <= near.starts_at_ms + 3 * MINUTE_MS, refused.text);
    const time = `${new Date(earliest + WITA_MS).toISOString().slice(11, 16).replace(':', '.')} WITA`;
    assert.ok(detail.includes(time) && also.detail.includes(time), refused.text);
    const booked = await book(402, { ...near, hold: kept.json().hold });
    assert.equal(booked.status, 201, booked.text);
});
