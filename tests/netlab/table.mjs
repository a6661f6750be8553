// SPDX-License-Identifier: Apache-2.0
// Medians over runs, and the table of the README. Pure but for printing.

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
            rows.push(row);
        }
    }
    return rows;
}

/* What did not happen counts as later than everything. */
function medianOrNever(values) {
    const sorted = values.map((one) => one ?? Infinity).sort((a, b) => a - b);
    const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
    return Number.isFinite(middle) ? middle : null;
}

const number = (digits) => (value) => (value === null || value === undefined ? '-' : value.toFixed(digits));
const never = (value) => (value === null ? 'never' : number(1)(value));
const back = (value) => (value === undefined ? '' : never(value));

const COLUMNS = [
    ['relay', (row) => row.relay],
    ['profile', (row) => row.profile],
    ['dir', (row) => row.dir],
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
    ['runs', (row) => `${row.runs}${row.failed ? `, ${row.failed} failed` : ''}${row.busy ? `, ${row.busy} busy` : ''}`],
];

export function printTable(rows) {
    const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, show]) => show(row)))];
    const widths = COLUMNS.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
    cells.forEach((line, i) => {
        console.log(`| ${line.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`);
        if (i === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
    });
}
