// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneWords } from './phone_words';

test('a number is shown as people here read it out', () => {
    assert.equal(phoneWords('+6281234567890'), '0812-3456-7890');
    assert.equal(phoneWords('+62811430100'), '0811-4301-00');
    assert.equal(phoneWords('+62812345678'), '0812-3456-78');
    assert.equal(phoneWords('+62435821123'), '0435-821123');
    assert.equal(phoneWords('+62215551234'), '021-5551234');
    assert.equal(phoneWords('+6581234567'), '+6581234567');
});
