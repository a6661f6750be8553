// SPDX-License-Identifier: Apache-2.0
// Medians over runs, and the tables: what people hear and see, as in the README, what the link was made of, and from
// what to what the runs went. Pure but for printing.

import { missedLines, missedOf } from './wanted.mjs';

/* Of these the worst run, and the sum of all runs, too: `gapMsWorst`, `freezesSum`. */
const WORST = ['gapMs'];
const SUMS = ['freezes', 'pauses', 'resumes', 'watchedS'];
/* Of these the least and the most, too: `spread.fps` is [least, most]. */
const SPREAD = ['firstSoundS', 'firstFrameS', 'concealedPct', 'goodPct', 'mouthToEarMs', 'fps', 'height', 'longestStillS', 'ssim',
    'soundBackS', 'pictureBackS', 'fullBackS'];

/** One row per relay, profile and direction: medians of every figure over the runs that came about. */
export function summarize(results) {
    const rows = [];
    for (const key of new Set(results.map((one) => `${one.relay}\n${one.profile}`))) {
        const [relay, profile] = key.split('\n');
        const mine = results.filter((one) => one.relay === relay && one.profile === profile);
        const calls = mine.filter((one) => !one.failed);
        for (const [field, name] of [['toDoctor', 'P->D'], ['toPatient', 'D->P']]) {
            const row = { relay, profile, dir: name, runs: mine.length, failed: mine.length - calls.length,
                busy: calls.filter((one) => one.busy).length };
            for (const figure of Object.keys(calls[0]?.[field] ?? {})) {
                row[figure] = medianOrNever(calls.map((one) => one[field][figure]));
            }
            for (const figure of WORST) row[`${figure}Worst`] = over(calls, field, figure, (values) => Math.max(...values));
            row.spread = Object.fromEntries(SPREAD.map((figure) => [figure, spreadOf(calls.map((one) => one[field][figure]))]));
            for (const figure of SUMS) row[`${figure}Sum`] = over(calls, field, figure, sumOf);
            rows.push(row);
        }
    }
    return rows;
}

const sumOf = (values) => values.reduce((sum, one) => sum + one, 0);

/* null where a run does not know it. */
function over(calls, field, figure, combine) {
    const values = calls.map((one) => one[field][figure]);
    return values.length && values.every(Number.isFinite) ? combine(values) : null;
}

/* What did not happen counts as later than everything. */
function medianOrNever(values) {
    const sorted = values.map((one) => one ?? Infinity).sort((a, b) => a - b);
    const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
    return Number.isFinite(middle) ? middle : null;
}

/* What did not happen is the most of all: null. */
function spreadOf(values) {
    const sorted = values.map((one) => one ?? Infinity).sort((a, b) => a - b);
    return [sorted[0], sorted.at(-1)].map((one) => (Number.isFinite(one) ? one : null));
}

const number = (digits) => (value) => (value === null || value === undefined ? '-' : value.toFixed(digits));
const never = (value) => (value === null ? 'never' : number(1)(value));
const some = (...shown) => shown.join(' / ');
const back = (value) => (value === undefined ? '' : never(value));

const WHOSE = [
    ['relay', (row) => row.relay],
    ['profile', (row) => row.profile],
    ['dir', (row) => row.dir],
];
const RUNS = ['runs', (row) => `${row.runs}${row.failed ? `, ${row.failed} failed` : ''}${row.busy ? `, ${row.busy} busy` : ''}`];

const HEARD_AND_SEEN = [
    ...WHOSE,
    ['first sound s', (row) => never(row.firstSoundS)],
    ['concealed %', (row) => number(1)(row.concealedPct)],
    ['good s %', (row) => number(0)(row.goodPct)],
    ['hole s', (row) => number(1)(row.holeS)],
    ['mouth-ear ms', (row) => number(0)(row.mouthToEarMs)],
    ['fps', (row) => number(0)(row.fps)],
    ['still s', (row) => number(0)(row.stillS)],
    ['longest s', (row) => number(1)(row.longestStillS)],
    ['first frame s', (row) => never(row.firstFrameS)],
    ['lines', (row) => number(0)(row.height)],
    ['SSIM', (row) => number(2)(row.ssim)],
    ['glass ms', (row) => number(0)(row.glassMs)],
    ['link kbit/s', (row) => number(0)(row.linkKbps)],
    ['link drop %', (row) => number(1)(row.linkDropPct)],
    ['back s sound/picture/full', (row) => (row.soundBackS === undefined ? ''
        : [row.soundBackS, row.pictureBackS, row.fullBackS].map(back).join(' / '))],
    RUNS,
];

const OF_THE_LINK = [
    ...WHOSE,
    ['sent kbit/s', (row) => number(0)(row.carriedKbps)],
    ['used %', (row) => number(0)(row.usedPct)],
    ['own loss %', (row) => number(1)(row.linkDropPct)],
    ['queue p50 / p95 ms', (row) => some(number(0)(row.linkQueueP50Ms), number(0)(row.linkQueueP95Ms))],
    ['RTCP %', (row) => number(1)(row.rtcpPct)],
    ['first 3 s %', (row) => number(0)(row.firstPct)],
    ['concealed %', (row) => number(1)(row.concealedPct)],
    ['gap, worst ms', (row) => some(number(0)(row.gapMs), number(0)(row.gapMsWorst))],
    ['freezes', (row) => number(0)(row.freezesSum)],
    ['paused / back', (row) => some(number(0)(row.pausesSum), number(0)(row.resumesSum))],
    ['in s', (row) => number(0)(row.watchedSSum)],
    ['fall: 95 % s / queue p95 ms', (row) => (row.fallenS === undefined ? ''
        : some(never(row.fallenS), number(0)(row.fallenQueueP95Ms)))],
    ['rise: 80 % s / used %', (row) => (row.risenS === undefined ? ''
        : some(never(row.risenS), number(0)(row.risenUsedPct)))],
    RUNS,
];

const fromTo = (figure, digits, show = number(digits)) => (row) => (row.spread ? row.spread[figure].map(show).join(' to ') : '-');

const FROM_TO = [
    ...WHOSE,
    ['first sound s', fromTo('firstSoundS', 1, never)],
    ['first frame s', fromTo('firstFrameS', 1, never)],
    ['concealed %', fromTo('concealedPct', 1)],
    ['good s %', fromTo('goodPct', 0)],
    ['mouth-ear ms', fromTo('mouthToEarMs', 0)],
    ['fps', fromTo('fps', 0)],
    ['lines', fromTo('height', 0)],
    ['longest s', fromTo('longestStillS', 1)],
    ['SSIM', fromTo('ssim', 2)],
    ['back s sound/picture/full', (row) => (row.soundBackS === undefined ? ''
        : ['soundBackS', 'pictureBackS', 'fullBackS'].map((figure) => row.spread[figure].map(never).join(' to ')).join(' / '))],
    RUNS,
];

/** What misses what is wanted has a star. */
function cellOf([title, show], row) {
    const text = show(row);
    const isMissed = missedOf(row).some(({ column }) => title === column || title === 'back s sound/picture/full' && column.startsWith('back s'));
    return isMissed && text !== '' ? `${text} *` : text;
}

/** The lines of a Markdown table: `columns` are [title, text of a row]. */
function linesOf(columns, rows) {
    const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map((column) => cellOf(column, row)))];
    const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
    const lines = cells.map((line) => `| ${line.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`);
    return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)];
}

/** The tables as lines; that of the spread where there is more than one run; what is missed of what is wanted. */
export function tables(rows) {
    const spread = rows.some((row) => row.runs > 1) ? ['', ...linesOf(FROM_TO, rows)] : [];
    const missed = missedLines(rows);
    return [...linesOf(HEARD_AND_SEEN, rows), '', ...linesOf(OF_THE_LINK, rows), ...spread, ...(missed.length ? ['', ...missed] : [])];
}

export function printTables(rows) {
    for (const line of tables(rows)) console.log(line);
}
