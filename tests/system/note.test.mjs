// SPDX-License-Identifier: Apache-2.0
// The doctor's note through the API: what is refused and how it is said, that no revision is overwritten
// unseen, and that nothing acknowledged is lost by kill -9.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ServerProcess, run } from '../support/server_process.mjs';

const KEY = '0123456789abcdef0123456789abcdef';
let server, doctor, visits;
before(async () => {
    server = await ServerProcess.start();
    doctor = await server.logInDemo('rahmat');
    visits = (await server.visits(12)).filter((_, i) => i % 3 === 0).map((one) => one.visit);
});
after(() => server.dispose());

const noteOf = (visit) => `/api/v1/visits/${visit}/note`;
const get = async (path) => (await server.request('GET', path, { headers: doctor })).json();
const send = (method, path, json, query = '') =>
    server.request(method, `${path}${query}`, { headers: doctor, json, from: '127.0.13.1' });
const save = (visit, json, query) => send('PUT', noteOf(visit), json, query);
const faults = (reply) => reply.json().errors.map((one) => `${one.field} ${one.code}`).sort();

test('a note is saved revision by revision; a stale one is answered with both texts', async () => {
    const [visit] = visits;
    assert.equal((await get(noteOf(visit))).note.revision, 0);
    const first = await save(visit, { revision: 0, subjective: 'Batuk\ttiga hari\nTidak sesak', vitals: { pulse_per_min: 88 },
        diagnoses: ['J06.9', 'I10'] });
    assert.equal(first.status, 200, first.text);
    assert.equal(first.json().revision, 1);
    const { note, patient } = await get(noteOf(visit));
    assert.equal(note.subjective, 'Batuk\ttiga hari\nTidak sesak');
    assert.deepEqual([note.vitals.pulse_per_min, note.vitals.weight_g], [88, null]);
    assert.deepEqual(note.diagnoses.map((one) => one.code), ['J06.9', 'I10']);
    assert.equal(patient.name, 'Pasien Demo 1');
    const stale = await save(visit, { revision: 0, subjective: 'dari tempat lain' });
    assert.deepEqual([stale.status, stale.problem()], [409, 'note-stale'], stale.text);
    assert.equal(stale.json().current.subjective, note.subjective);
    assert.equal(stale.json().current.revision, 1);
    assert.equal(stale.json().sent.subjective, 'dari tempat lain');
    assert.equal((await get(noteOf(visit))).note.subjective, note.subjective);
});

test('what is wrong with a note is named, in the reader\'s language', async () => {
    const [, visit] = visits;
    const wrong = await save(visit, { revision: 0, subjective: 'x'.repeat(4001), allergies: 'a\u0007b',
        vitals: { temperature_tenth_c: 3850, pulse_per_min: 1, blood: 1 }, diagnoses: ['I10', 'no-such-code-at-all'] });
    assert.deepEqual([wrong.status, wrong.problem()], [422, 'invalid-fields'], wrong.text);
    assert.deepEqual(faults(wrong), ['allergies bad_characters', 'diagnoses[1] too_long', 'subjective too_long',
        'vitals.blood unknown', 'vitals.pulse_per_min too_small', 'vitals.temperature_tenth_c too_large']);
    const unknown = await save(visit, { revision: 0, diagnoses: ['I10', 'X99.9'] });
    assert.deepEqual(faults(unknown), ['diagnoses[1] not_found']);
    const pressure = { revision: 0, vitals: { systolic_mmhg: 80, diastolic_mmhg: 120 } };
    for (const [lang, words] of [['id', /sistolik/], ['en', /systolic/]]) {
        const reply = await save(visit, pressure, `?lang=${lang}`);
        assert.deepEqual(faults(reply), ['vitals.diastolic_mmhg not_below']);
        assert.match(reply.json().errors[0].message, words);
    }
    const large = await save(visit, { revision: 0, subjective: 'x'.repeat(140_000) });
    assert.deepEqual([large.status, large.problem()], [413, 'body-too-large']);
    const longest = 'é'.repeat(4000);
    const whole = await save(visit, { revision: 0, subjective: longest, objective: longest, assessment: longest, plan: longest });
    assert.equal(whole.status, 200, whole.text);
    assert.equal((await get(noteOf(visit))).note.plan, longest);
});

test('a signed note stays, and takes addenda once', async () => {
    const [visit] = visits;
    const early = await send('POST', `${noteOf(visit)}/addenda`, { key: KEY, text: 'susulan' });
    assert.deepEqual([early.status, early.problem()], [409, 'wrong-state'], early.text);
    const tooEarly = await send('POST', `${noteOf(visit)}/sign`, { revision: 1 });
    assert.deepEqual([tooEarly.status, tooEarly.problem()], [409, 'wrong-state'], tooEarly.text);
    for (const [step, json] of [['convert', { to: 'in_person', reason: 'Sinyal lemah' }], ['end', { outcome: 'done' }]]) {
        const reply = await send('POST', `/api/v1/visits/${visit}/${step}`, json);
        assert.equal(reply.status, 200, reply.text);
    }
    const signed = await send('POST', `${noteOf(visit)}/sign`, { revision: 1 });
    assert.equal(signed.status, 200, signed.text);
    for (const reply of [await save(visit, { revision: 1, subjective: 'lain' }),
        await send('POST', `${noteOf(visit)}/sign`, { revision: 1 })]) {
        assert.deepEqual([reply.status, reply.problem()], [409, 'note-signed'], reply.text);
    }
    for (let i = 0; i < 2; i++)
        assert.equal((await send('POST', `${noteOf(visit)}/addenda`, { key: KEY, text: 'Hasil datang' })).status, 201);
    const other = await send('POST', `${noteOf(visit)}/addenda`, { key: KEY, text: 'Lain' });
    assert.deepEqual([other.status, other.problem()], [409, 'idempotency-mismatch']);
    const { addenda } = await get(noteOf(visit));
    assert.deepEqual(addenda.map((one) => [one.text, one.author]), [['Hasil datang', 'dr. Rahmat Hasan']]);
});

test('diagnoses are found by code and by the words that people use', async () => {
    const search = async (q, lang = 'id') => (await get(`/api/v1/icd10?q=${encodeURIComponent(q)}&lang=${lang}`)).codes;
    assert.equal((await search('darah tinggi'))[0].code, 'I10');
    assert.deepEqual((await search('e119')).map((one) => one.code), ['E11.9']);
    assert.equal((await search('I10', 'en'))[0].name, 'Essential hypertension');
    assert.match((await search('I10'))[0].chapter, /sirkulasi/);
    assert.deepEqual(await search('" (*'), []);
    for (const q of ['', 'a', 'x'.repeat(61)]) {
        const reply = await server.request('GET', `/api/v1/icd10?q=${q}`, { headers: doctor });
        assert.equal(reply.status, 422, q);
    }
});

test('what was acknowledged is there after kill -9, and the audit trail is whole', async () => {
    const [, , visit] = visits;
    let revision = 0;
    let last = '';
    const typing = (async () => {
        for (;;) {
            const text = `${last}kata `;
            const reply = await save(visit, { revision, subjective: text }).catch(() => null);
            if (reply === null) return;
            assert.equal(reply.status, 200, reply.text);
            [revision, last] = [reply.json().revision, text];
            if (revision === 15) void server.stop('SIGKILL');
        }
    })();
    await typing;
    assert.ok(revision >= 15);
    await server.run();
    doctor = await server.logInDemo('rahmat', '127.0.13.2');
    const { note } = await get(noteOf(visit));
    assert.ok(note.revision === revision || note.revision === revision + 1, `${note.revision} for ${revision}`);
    assert.ok(note.subjective.startsWith(last.trimEnd()));
    const verified = await run(['audit', 'verify', '--demo', server.dir]);
    assert.equal(verified.code, 0, verified.stderr);
});

test('the whole list of diagnoses is read beside the running server', async () => {
    const file = `${server.root}/list.csv`;
    const read = (text) => {
        writeFileSync(file, text);
        return run(['icd10', 'import', file, '--demo', server.dir]);
    };
    const wrong = await read('code;en;id\nA00.0;Cholera;Kolera asiatika\nrubbish\n');
    assert.deepEqual([wrong.code, wrong.stderr.includes('line 3')], [1, true], wrong.stderr);
    assert.deepEqual((await get('/api/v1/icd10?q=asiatika')).codes, []);
    const done = await read('code;en;id\nA00.0;Cholera;Kolera asiatika\n');
    assert.deepEqual([done.code, done.stdout], [0, '1 diagnoses read\n'], done.stderr);
    assert.equal((await get('/api/v1/icd10?q=asiatika')).codes[0].code, 'A00.0');
    assert.equal((await run(['icd10', 'import', `${file}.none`, '--demo', server.dir])).code, 1);
});
