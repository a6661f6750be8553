// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byPart, partOf } from './day_parts';

/** At hour.minute WITA of one day. */
const at = (hour: number, minute = 0) => Date.UTC(2026, 10, 30, hour - 8, minute);

test('the parts of a day begin at 11, 15 and 18 here', () => {
    const parts = [[0, 'morning'], [10.99, 'morning'], [11, 'midday'], [14.99, 'midday'], [15, 'afternoon'],
        [17.99, 'afternoon'], [18, 'evening'], [23.99, 'evening']] as const;
    for (const [hour, part] of parts) assert.equal(partOf(at(0) + hour * 3600_000), part, String(hour));
});

test('times stand under their part, parts without one are left out', () => {
    const slots = [at(8), at(10, 45), at(15), at(19, 30)].map((starts_at_ms) => ({ starts_at_ms }));
    const found = byPart(slots).map(({ part, slots: own }) => [part, own.length]);
    assert.deepEqual(found, [['morning', 2], ['afternoon', 1], ['evening', 1]]);
    assert.deepEqual(byPart([]), []);
});
