// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORTCUTS, shortcutOf } from './shortcuts';

const NONE = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false };

test('Alt and a letter, alone and once', () => {
    const alt = { ...NONE, altKey: true };
    for (const one of SHORTCUTS) {
        assert.equal(shortcutOf({ ...alt, code: one.code })?.name, one.name);
        for (const other of ['ctrlKey', 'metaKey', 'shiftKey', 'repeat'] as const)
            assert.equal(shortcutOf({ ...alt, code: one.code, [other]: true }), null, `${one.name} with ${other}`);
        assert.equal(shortcutOf({ ...NONE, code: one.code }), null, 'what is typed into the note is typed');
    }
    assert.equal(shortcutOf({ ...alt, code: 'KeyQ' }), null);
});

test('each key is one button', () => {
    for (const key of ['code', 'letter', 'testId'] as const)
        assert.equal(new Set(SHORTCUTS.map((one) => one[key])).size, SHORTCUTS.length);
});
