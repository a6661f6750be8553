// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarFile } from './calendar';

const EVENT = {
    id: '5H6SMS', startsAtMs: Date.UTC(2026, 10, 30, 11, 30), endsAtMs: Date.UTC(2026, 10, 30, 11, 45),
    title: 'Kunjungan dokter, Klinik Kota Selatan', place: 'Poli Umum; lantai 2',
    text: 'Nomor A-2', link: 'https://huyula.example/v/0uDcd7AAAAAAAAAAAAAAAA',
};

test('times are UTC, text is escaped, the link stays as it is', () => {
    const lines = calendarFile(EVENT, Date.UTC(2026, 10, 29, 14)).split('\r\n');
    for (const line of ['DTSTAMP:20261129T140000Z', 'DTSTART:20261130T113000Z', 'DTEND:20261130T114500Z', 'UID:5H6SMS@huyula',
        'SUMMARY:Kunjungan dokter\\, Klinik Kota Selatan', 'LOCATION:Poli Umum\\; lantai 2', `URL:${EVENT.link}`]) {
        assert.ok(lines.includes(line), line);
    }
    assert.equal(lines[0], 'BEGIN:VCALENDAR');
    assert.deepEqual(lines.slice(-2), ['END:VCALENDAR', '']);
});

test('no line is longer than 75 bytes, and what was folded unfolds', () => {
    const place = 'Pusat Kesehatan Masyarakat Bongomeme “Sehat” '.repeat(4);
    const file = calendarFile({ ...EVENT, place }, 0);
    for (const line of file.split('\r\n')) assert.ok(new TextEncoder().encode(line).length <= 75, line);
    assert.ok(file.replace(/\r\n /g, '').includes(`LOCATION:${place}\r\n`));
});
