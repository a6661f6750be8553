// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyForm, fieldOf, letterBody, whyNot } from './letter_state';
import { lettersEn } from './strings/en';
import { lettersId } from './strings/id';
import { NO_MEDICINE } from './types';

test('only what belongs to the kind is sent, and no empty rows', () => {
    const form = { ...emptyForm('prescription', '2026-11-24', '2026-11-24'), reason: 'lain', items: [
        { ...NO_MEDICINE, name: ' Parasetamol ', quantity: '10', signa: '3 x 1' }, NO_MEDICINE,
        { ...NO_MEDICINE, name: 'Oralit', quantity: 'x' }] };
    assert.deepEqual(letterBody(form, 'k'), { kind: 'prescription', key: 'k', items: [
        { name: 'Parasetamol', strength: '', form: '', quantity: 10, signa: '3 x 1' },
        { name: 'Oralit', strength: '', form: '', quantity: 0, signa: '' }] });
    assert.equal(fieldOf(form, 2, 'signa'), 'items[1].signa', 'the API counts rows that were sent');
    assert.deepEqual(letterBody({ ...form, kind: 'summary' }, 'k'), { kind: 'summary', key: 'k' });
    assert.deepEqual(letterBody({ ...form, kind: 'sick', days: '2' }, 'k'),
        { kind: 'sick', key: 'k', from: '2026-11-24', days: 2, identity_checked: false });
});

test('a sick letter begins today, or where that is too late on the day after the visit', () => {
    const from = (today: string) => emptyForm('sick', today, '2026-11-30').from;
    assert.deepEqual(['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03'].map(from),
        ['2026-11-30', '2026-12-01', '2026-12-01', '2026-12-01']);
    assert.equal(emptyForm('sick', '2026-12-02', '').from, '2026-12-02', 'a visit that the list does not have');
});

test('what a letter still needs is said before its form is filled in', () => {
    const ready = { signed: true, hasDiagnosis: true, permit: 'good', letters: [] } as const;
    const why = (grounds: Partial<Parameters<typeof whyNot>[1]>) =>
        (['summary', 'prescription', 'referral', 'sick'] as const).map((kind) => whyNot(kind, { ...ready, ...grounds }));
    assert.deepEqual(why({}), [null, null, null, null]);
    assert.deepEqual(why({ signed: false, hasDiagnosis: false }), ['signed', null, 'diagnosis', 'diagnosis']);
    for (const permit of ['missing', 'over'] as const)
        assert.deepEqual(why({ permit, hasDiagnosis: false }), [null, 'permit', 'permit', 'permit']);
});

test('a visit has one valid sick letter', () => {
    const why = (revoked_at_ms: number | null) =>
        whyNot('sick', { signed: true, hasDiagnosis: true, permit: 'good', letters: [{ kind: 'sick', revoked_at_ms }] });
    assert.equal(why(null), 'revoked');
    assert.equal(why(1), null);
});

test('both languages say all', () => {
    assert.deepEqual(Object.keys(lettersEn).sort(), Object.keys(lettersId).sort());
});
