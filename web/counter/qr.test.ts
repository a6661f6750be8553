// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qrPath } from './qr';

test('dark runs become rectangles inside the margin', () => {
    assert.equal(qrPath(['110', '001']), 'M4 4h2v1h-2zM6 5h1v1h-1z');
    assert.equal(qrPath(['000']), '');
});
