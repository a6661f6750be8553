// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { englishReady, fetched } from './english';

const own = globalThis.fetch;
afterEach(() => {
    globalThis.fetch = own;
});

function answer(status: number, body: object): void {
    globalThis.fetch = () => Promise.resolve(new Response(JSON.stringify(body), { status }));
}

test('a catalogue is empty until its English has come, and takes its own words alone', async () => {
    const words = fetched<{ title: string }>('page');
    assert.deepEqual(words, {});
    answer(200, { page: { title: 'Doctor visit' }, other: { title: 'Desk' } });
    await englishReady();
    assert.deepEqual(words, { title: 'Doctor visit' });
});

test('what the server refuses is told, and may be asked again', async () => {
    const words = fetched<{ title: string }>('late');
    answer(503, { late: { title: 'No' } });
    await assert.rejects(englishReady(), /503/);
    assert.deepEqual(words, {});
    answer(200, { late: { title: 'Yes' } });
    await englishReady();
    assert.deepEqual(words, { title: 'Yes' });
});
