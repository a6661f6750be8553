// SPDX-License-Identifier: Apache-2.0
// A visit as a calendar's file (RFC 5545), made in the page: the link in it is the patient's alone. Pure.

export interface Event {
    readonly id: string;
    readonly startsAtMs: number;
    readonly endsAtMs: number;
    readonly title: string;
    readonly place: string;
    readonly text: string;
    readonly link: string;
}

/** Before the start, when one should be reminded. */
const REMINDER = '-PT30M';

function stamp(ms: number): string {
    return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** RFC 5545, 3.3.11. */
function escaped(text: string): string {
    return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
}

/** RFC 5545, 3.1: lines of at most 75 bytes, the next one begins with a space. Characters stay whole. */
function folded(line: string): string {
    let out = '';
    let n = 0;
    for (const character of line) {
        const size = new TextEncoder().encode(character).length;
        if (n + size > 75) {
            out += '\r\n ';
            n = 1;
        }
        out += character;
        n += size;
    }
    return out;
}

/** CRLF lines; `nowMs` is when it was made. */
export function calendarFile(event: Event, nowMs: number): string {
    return [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Huyula//Huyula//ID',
        'BEGIN:VEVENT',
        `UID:${event.id}@huyula`,
        `DTSTAMP:${stamp(nowMs)}`,
        `DTSTART:${stamp(event.startsAtMs)}`,
        `DTEND:${stamp(event.endsAtMs)}`,
        `SUMMARY:${escaped(event.title)}`,
        `LOCATION:${escaped(event.place)}`,
        `DESCRIPTION:${escaped(`${event.text}\n${event.link}`)}`,
        `URL:${event.link}`,
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        `DESCRIPTION:${escaped(event.title)}`,
        `TRIGGER:${REMINDER}`,
        'END:VALARM',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
    ].map(folded).join('\r\n');
}
