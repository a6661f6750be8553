// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { NO_DETAILS } from './details';
import { keep, kept, NOTHING_KEPT } from './kept';
import type { Ticket } from './store';

const KEY = 'huyula.booking.kept';
const MINUTE = 60_000, DAY = 24 * 60 * MINUTE;
const T0 = Date.UTC(2026, 10, 30, 1);
const TYPED = { details: { ...NO_DETAILS, name: 'Siti' }, sentBody: '{"name":"Siti"}', key: 'k', ticket: null };
const BOOKED = { ...NOTHING_KEPT, ticket: { visit: 'v' } as Ticket };

const storage = new Map<string, string>();

beforeEach(() => {
    storage.clear();
    Object.defineProperty(globalThis, 'sessionStorage', {
        configurable: true,
        value: { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => storage.set(key, value) },
    });
});

test('what was typed and sent is there after a reload, for half an hour from when it was', () => {
    keep(TYPED, T0);
    assert.deepEqual(kept(false, T0 + 30 * MINUTE - 1), TYPED);
    keep(TYPED, T0 + 20 * MINUTE); // as a reload does
    assert.deepEqual(kept(false, T0 + 30 * MINUTE), NOTHING_KEPT);
    const more = { ...TYPED, details: { ...TYPED.details, phone: '08' } };
    keep(more, T0 + 25 * MINUTE);
    assert.deepEqual(kept(false, T0 + 54 * MINUTE), more);
    assert.deepEqual(kept(true, T0 + 25 * MINUTE), NOTHING_KEPT, 'opened anew');
});

test('the ticket outlives what was typed; opened anew it is there for a day', () => {
    keep({ ...TYPED, ...{ ticket: BOOKED.ticket } }, T0);
    assert.deepEqual(kept(false, T0 + 3 * DAY), BOOKED);
    assert.deepEqual(kept(true, T0 + DAY - 1), BOOKED);
    keep(BOOKED, T0 + DAY - 1);
    assert.deepEqual(kept(true, T0 + DAY), NOTHING_KEPT);
    keep({ ...BOOKED, ticket: { visit: 'w' } as Ticket }, T0 + DAY);
    assert.equal(kept(true, T0 + DAY + MINUTE).ticket?.visit, 'w');
});

test('what another build left has all fields', () => {
    storage.set(KEY, JSON.stringify({ details: { name: 'Siti' }, typedMs: T0 }));
    assert.deepEqual(kept(false, T0), { ...NOTHING_KEPT, details: { ...NO_DETAILS, name: 'Siti' } });
    for (const broken of ['null', '{']) {
        storage.set(KEY, broken);
        assert.deepEqual(kept(false, T0), NOTHING_KEPT);
    }
    keep(TYPED, T0);
    assert.deepEqual(kept(false, T0), TYPED);
});
