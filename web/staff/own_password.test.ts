// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_PASSWORDS, passwordFaults } from './own_password_state';

test('the own password: what is wrong is said field by field before it is sent', () => {
    const good = { current: 'yang lama', password: 'empat kata biasa', again: 'empat kata biasa' };
    assert.deepEqual(passwordFaults(good), {});
    assert.deepEqual(passwordFaults(NO_PASSWORDS), { current: 'required', password: 'required', again: 'required' });
    assert.deepEqual(passwordFaults({ ...good, again: 'empat kata biasa ' }), { again: 'differs' });
    assert.deepEqual(passwordFaults({ ...good, password: 'pendek', again: 'pendek' }), { password: 'too_short' });
    /* Signs, not bytes or halves of one. */
    assert.deepEqual(passwordFaults({ ...good, password: '\u{1F33E}'.repeat(9), again: '\u{1F33E}'.repeat(9) }),
        { password: 'too_short' });
});
