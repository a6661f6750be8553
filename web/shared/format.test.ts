// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    addDays, clockTime, dateAndTime, dateMs, decimal, duration, inOnePiece, isoDate, longDate, shortDate,
    spokenDuration, timeOfDay, withTitle,
} from './format';
import { langFromCookie } from './lang';
import { catalogue, fill } from './strings';

const MOMENT = Date.UTC(2026, 10, 24, 1, 30); /* 09.30 WITA */

test('times and dates are those of WITA, whatever the machine', () => {
    assert.equal(clockTime(MOMENT), '09.30');
    assert.equal(timeOfDay(MOMENT), '09.30\u00a0WITA');
    assert.equal(longDate(MOMENT, 'id'), 'Selasa, 24 November 2026');
    assert.equal(longDate(MOMENT, 'en'), 'Tuesday, 24 November 2026');
    assert.equal(shortDate(MOMENT, 'id'), 'Sel, 24 Nov');
    assert.equal(dateAndTime(MOMENT, 'id'), 'Selasa, 24 November 2026, 09.30\u00a0WITA');
    assert.equal(isoDate(Date.UTC(2026, 10, 24, 16, 0)), '2026-11-25');
});

test('a queue number stays in one piece', () => {
    assert.equal(inOnePiece('A-12'), 'A\u2060-\u206012');
});

test('local dates go to moments and back', () => {
    assert.equal(isoDate(dateMs('2026-11-24')), '2026-11-24');
    assert.equal(addDays('2026-12-31', 1), '2027-01-01');
    assert.ok(Number.isNaN(dateMs('24-11-2026')));
});

test('durations and numbers', () => {
    assert.equal(duration(432_000), '00.07.12');
    assert.equal(duration(-5), '00.00.00');
    const said = (ms: number, lang: 'id' | 'en') => spokenDuration(ms, lang).replace(/\u00a0/g, ' ');
    assert.equal(said(5_835_000, 'id'), '1 jam 37 menit');
    assert.equal(said(79_000, 'id'), '1 menit 19 detik');
    assert.equal(said(7_200_000, 'en'), '2 hours');
    assert.equal(said(61_000, 'en'), '1 minute 1 second');
    assert.equal(said(-1, 'id'), '0 detik');
    assert.equal(withTitle('dr. Rahmat Hasan'), 'dr.\u00a0Rahmat Hasan');
    assert.equal(withTitle('Andri'), 'Andri');
    assert.equal(decimal(1234.5, 1, 'id'), '1.234,5');
    assert.equal(decimal(1234.5, 1, 'en'), '1,234.5');
    assert.equal(decimal(-0.2, 0, 'id'), '0');
    assert.equal(decimal(-1234567, 0, 'id'), '-1.234.567');
});

test('words are filled in, in the singular where it is one', () => {
    assert.equal(fill('{n} {n?person:people} ahead', { n: 1 }), '1 person ahead');
    assert.equal(fill('{n} {n?person:people} ahead', { n: 2 }), '2 people ahead');
    assert.equal(fill('{unknown} stays', {}), '{unknown} stays');
    const t = catalogue({ a: 'satu {x}' }, { a: 'one {x}' }, () => 'en');
    assert.equal(t('a', { x: 'y' }), 'one y');
});

test('the language is in the cookie', () => {
    assert.equal(langFromCookie('x=1; lang=en'), 'en');
    assert.equal(langFromCookie('lang=english'), 'id');
    assert.equal(langFromCookie(''), 'id');
});
