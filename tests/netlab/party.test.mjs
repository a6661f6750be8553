// SPDX-License-Identifier: Apache-2.0
// What a page tells of its sockets, without a link and without root.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { measured, Party, socketMade } from './party.mjs';

const NO_DEVICES = { pictures: '/dev/null', sound: '/dev/null' };
const ORIGIN = 'https://page.netlab';
const options = { timeout: 60_000 };
let party;

before(async () => {
    party = await Party.start({ inside: () => ['env'] }, { side: 'patient', ...NO_DEVICES });
});
after(() => party?.close());

/* The browser resolves no name (FLAGS). */
const makeSocket = (page) => page.evaluate(() => void new WebSocket('wss://nowhere.netlab'));

test('a socket that never stands is told when it is made, once for each document', options, async () => {
    const page = await party.page({ width: 360, height: 740 });
    await page.route(`${ORIGIN}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    const told = [];
    page.sockets.on('made', (at) => told.push(at));
    for (let n = 1; n <= 2; n++) {
        await page.goto(`${ORIGIN}/`);
        const at = await socketMade(page, () => makeSocket(page));
        await makeSocket(page);
        assert.equal((await measured(page)).socketAt, at);
        assert.deepEqual([told.length, told.at(-1)], [n, at]);
    }
});
