// SPDX-License-Identifier: Apache-2.0
// Dates, times and numbers as people here write them. All of Gorontalo lives in WITA (UTC+8, no
// daylight saving), so times are computed without the browser's zone tables, which old phones lack.
import { fetched } from './english';
import { getLang, type Lang } from './lang';
import { en } from './strings/dates.en';
import { id } from './strings/dates.id';

declare const ENGLISH_URL: string;

const english = ENGLISH_URL ? fetched<typeof en>('dates') : en;

const WITA_OFFSET_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;

/** '' where there is none. */
function nameOf(of: keyof typeof id, at: number, lang: Lang): string {
    return (lang === 'en' ? english : id)[of].split(' ')[at] ?? '';
}

function two(value: number): string {
    return value < 10 ? `0${value}` : String(value);
}

function local(ms: number): Date {
    return new Date(ms + WITA_OFFSET_MS);
}

export function monthName(month: number, lang: Lang = getLang()): string {
    return nameOf('months', month - 1, lang);
}

/** "09.30" */
export function clockTime(ms: number): string {
    const d = local(ms);
    return `${two(d.getUTCHours())}.${two(d.getUTCMinutes())}`;
}

/** A space that does not break the line. */
export const NBSP = '\u00a0';

/** Holds what stands on both sides of it together. */
const JOINER = '\u2060';

/** A queue number within a sentence: "A-12" breaks at its hyphen otherwise. */
export function inOnePiece(number: string): string {
    return number.replace(/-/g, `${JOINER}-${JOINER}`);
}

/** "09.30 WITA", in one piece */
export function timeOfDay(ms: number): string {
    return `${clockTime(ms)}${NBSP}WITA`;
}

/** "08.00–12.00", in one piece */
export function spanWords(from: string, to: string): string {
    return `${from}${JOINER}–${JOINER}${to}`;
}

/** "20.00–22.00 WITA", in one piece */
export function hoursWords(span: { readonly starts_at_ms: number; readonly ends_at_ms: number }): string {
    return spanWords(clockTime(span.starts_at_ms), timeOfDay(span.ends_at_ms));
}

/** "dr. Rahmat" with the title held to the name. */
export function withTitle(name: string): string {
    return name.replace(/^(drg?\.) +/i, `$1${NBSP}`);
}

/** "24 November 2026" */
export function plainDate(ms: number, lang: Lang = getLang()): string {
    const d = local(ms);
    return `${d.getUTCDate()} ${nameOf('months', d.getUTCMonth(), lang)} ${d.getUTCFullYear()}`;
}

/** "Selasa, 24 November 2026" */
export function longDate(ms: number, lang: Lang = getLang()): string {
    return `${nameOf('days', local(ms).getUTCDay(), lang)}, ${plainDate(ms, lang)}`;
}

/** "Selasa, 24 November 2026, 09.30 WITA" */
export function dateAndTime(ms: number, lang: Lang = getLang()): string {
    return `${longDate(ms, lang)}, ${timeOfDay(ms)}`;
}

/** "Sel, 24 Nov" */
export function shortDate(ms: number, lang: Lang = getLang()): string {
    const d = local(ms);
    const short = (of: 'days' | 'months', at: number) => nameOf(of, at, lang).slice(0, 3);
    return `${short('days', d.getUTCDay())}, ${d.getUTCDate()} ${short('months', d.getUTCMonth())}`;
}

/** The local date "2026-11-24" of a moment. */
export function isoDate(ms: number): string {
    const d = local(ms);
    return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
}

/** Midday (WITA) of a local date "2026-11-24", for showing it with longDate(). NaN when malformed. */
export function dateMs(date: string): number {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
    if (!match) return NaN;
    return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]), 12) - WITA_OFFSET_MS;
}

export function addDays(date: string, days: number): string {
    return isoDate(dateMs(date) + days * DAY_MS);
}

/** "00.07.12", a running time. */
export function duration(ms: number): string {
    const s = Math.max(0, Math.floor(ms / 1000));
    return `${two(Math.floor(s / 3600))}.${two(Math.floor(s / 60) % 60)}.${two(s % 60)}`;
}

/** "1 jam 37 menit", "1 menit 19 detik", "45 detik": at most two units, none of them zero. */
export function spokenDuration(ms: number, lang: Lang = getLang()): string {
    const s = Math.max(0, Math.floor(ms / 1000));
    const counts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
    const first = counts.findIndex((count) => count > 0);
    const words = (count: number, unit: number) => `${count}${NBSP}${nameOf('units', 2 * unit + Number(count !== 1), lang)}`;
    if (first < 0) return words(0, 2);
    const parts = counts.slice(first, first + 2).map((count, i) => count > 0 && words(count, first + i));
    return parts.filter(Boolean).join(' ');
}

/** 1234.5 -> "1.234,5" (id) or "1,234.5" (en) */
export function decimal(value: number, digits = 0, lang: Lang = getLang()): string {
    const [whole = '0', part] = Math.abs(value).toFixed(digits).split('.');
    const groups = whole.replace(/\B(?=(\d{3})+$)/g, lang === 'en' ? ',' : '.');
    const tail = part ? `${lang === 'en' ? '.' : ','}${part}` : '';
    const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? '-' : '';
    return `${sign}${groups}${tail}`;
}
