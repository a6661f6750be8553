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

test('a catalogue is empty until its English has come; what is refused is told and asked again, what came is kept', async () => {
    const words = fetched<{ title: string }>('page');
    answer(503, { page: { title: 'No' } });
    await assert.rejects(englishReady(), /503/);
    assert.deepEqual(words, {});
    answer(200, { page: { title: 'Doctor visit' }, other: { title: 'Desk' } });
    await englishReady();
    assert.deepEqual(words, { title: 'Doctor visit' });
    answer(503, {});
    await englishReady();
});
