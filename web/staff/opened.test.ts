// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merged, newsOf, type Line } from './opened_state';

const BASE = { name: 'dr. Satu', permits: { a: { number: '1', until: '2026-12-31' } }, clinics: ['x'] };

test('what was not typed over becomes what is there now, the rest stays', () => {
    const mine = { ...BASE, name: 'dr. Satu Hasan' };
    const now = { ...BASE, permits: { a: { number: '2', until: '2031-12-31' } } };
    assert.deepEqual(merged(BASE, mine, now), { name: 'dr. Satu Hasan', permits: now.permits, clinics: ['x'] });
    assert.deepEqual(merged(BASE, BASE, now), now);
    assert.deepEqual(merged(BASE, mine, BASE), mine);
});

test('within one thing, too; a list is one thing', () => {
    const mine = { ...BASE, permits: { a: { number: '1', until: '2030-01-01' } }, clinics: ['x', 'y'] };
    const now = { ...BASE, permits: { a: { number: '2', until: '2026-12-31' }, b: { number: '7', until: '2027-01-01' } },
        clinics: [] };
    assert.deepEqual(merged(BASE, mine, now), { name: 'dr. Satu', clinics: ['x', 'y'],
        permits: { a: { number: '2', until: '2030-01-01' }, b: { number: '7', until: '2027-01-01' } } });
    const without: typeof BASE = { ...BASE, permits: {} as typeof BASE.permits };
    assert.deepEqual(merged(BASE, mine, without).permits, mine.permits);
    assert.deepEqual(merged(BASE, { ...BASE, name: 'B' }, without).permits, {});
});

test('what somebody else changed is named, and whether the form stands against it', () => {
    const [base, now]: Line[][] = [[['Nama', 'A'], ['SIP', '1'], ['Alamat', 'x']], [['Nama', 'B'], ['SIP', '2'], ['Alamat', 'x']]];
    assert.deepEqual(newsOf(base ?? [], now ?? [], [['Nama', 'C'], ['SIP', '2'], ['Alamat', 'y']]), [
        { label: 'Nama', was: 'A', now: 'B', isKept: true }, { label: 'SIP', was: '1', now: '2', isKept: false }]);
    assert.deepEqual(newsOf([['SIP', '1']], [], []), [{ label: 'SIP', was: '1', now: '', isKept: false }]);
});
