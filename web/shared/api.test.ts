// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemFrom, told } from './api';
import { setLang } from './lang';
import { failureText } from './words';

test('what the server said is read in the language that the page has now', () => {
    Object.assign(globalThis, { document: { cookie: '', documentElement: {} } });
    const problem = problemFrom(422, {
        type: '/masalah/invalid-fields', title: 'Belum benar', detail: 'Perbaiki.', also: { lang: 'en', title: 'Not right', detail: 'Correct it.' },
        errors: [{ field: 'name', code: 'required', lang: 'id', message: 'Wajib diisi.', also: 'Required.' }],
    }, null);
    const old = problemFrom(409, { type: 'x', title: 'Bentrok', detail: 'Sudah.' }, null);
    const said = () => [problem.title, problem.message, problem.field('name'), failureText(problem), old.message];
    const inIndonesian = ['Belum benar', 'Perbaiki.', 'Wajib diisi.', 'Perbaiki.', 'Sudah.'];
    assert.deepEqual(said(), inIndonesian);
    setLang('en');
    assert.deepEqual(said(), ['Not right', 'Correct it.', 'Required.', 'Correct it.', 'Sudah.']);
    setLang('id');
    assert.deepEqual(said(), inIndonesian);
});

test('what was kept on a tablet is read in the language that the page has then, too', () => {
    Object.assign(globalThis, { document: { cookie: '', documentElement: {} } });
    const kept = JSON.parse(JSON.stringify({ field: 'nik', code: 'x', lang: 'en', message: 'Wrong.', also: 'Salah.' }));
    const older = JSON.parse(JSON.stringify({ field: 'nik', code: 'x', message: 'Periksa.' }));
    assert.deepEqual([told(kept), told(older)], ['Salah.', 'Periksa.']);
    setLang('en');
    assert.deepEqual([told(kept), told(older)], ['Wrong.', 'Periksa.']);
    setLang('id');
});
