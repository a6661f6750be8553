// SPDX-License-Identifier: Apache-2.0
// What is wanted of our calls on the table's links, and which rows miss it. Medians of five differ from run to run, so a
// miss is said and fails nothing.

const BOTH = ['P->D', 'D->P'];
/* Figure of a row: what the table calls it. */
const COLUMNS = {
    firstSoundS: 'first sound s', concealedPct: 'concealed %', goodPct: 'good s %', mouthToEarMs: 'mouth-ear ms',
    fps: 'fps', height: 'lines', longestStillS: 'longest s',
    soundBackS: 'back s sound', pictureBackS: 'back s picture', fullBackS: 'back s full',
};
/* Of these more is better. */
const LEAST = ['goodPct', 'fps', 'height'];

const good = { firstSoundS: 1.5, concealedPct: 0.5, goodPct: 98, mouthToEarMs: 220, fps: 20, height: 360, longestStillS: 0.5 };

/** One number for both directions, or [from the patient, to the patient]. */
const WANTED = {
    good,
    '4g': good,
    '3g': { firstSoundS: 2.5, concealedPct: 1, goodPct: 98, mouthToEarMs: 300, fps: [12, 20], longestStillS: 1 },
    edge: { firstSoundS: 4.5, concealedPct: 2, goodPct: 95, mouthToEarMs: 550, fps: 5 },
    weak: { firstSoundS: 5, concealedPct: 2, goodPct: 93, mouthToEarMs: 600, longestStillS: 10 },
    lossy: { firstSoundS: 2, concealedPct: 2, goodPct: 95, mouthToEarMs: 350, fps: 15 },
    vsat: { firstSoundS: 5, concealedPct: 1, goodPct: 97, mouthToEarMs: 550, fps: [8, 15] },
    drop: { soundBackS: 1.5, pictureBackS: 4, fullBackS: 8 },
    outage: { soundBackS: 0.8, pictureBackS: 2 },
    outage_long: { soundBackS: 0.8, pictureBackS: 2 },
    handover: { soundBackS: 3 },
    handover_slow: { soundBackS: 3 },
    rebind: { soundBackS: 0.5 },
};

/** null did not happen, or nobody knows it; what is equal to the last digit that is shown is reached. */
function isReached(figure, value, wanted) {
    if (value === null || value === undefined) return false;
    const shown = Number(value.toFixed(figure.endsWith('S') || figure === 'concealedPct' ? 1 : 0));
    return LEAST.includes(figure) ? shown >= wanted : shown <= wanted;
}

/** Of a row: [{figure, column, value, wanted}]; none of another relay's. */
export function missedOf(row) {
    if (row.relay !== 'huyula') return [];
    return Object.entries(WANTED[row.profile] ?? {}).map(([figure, wanted]) => ({
        figure, column: COLUMNS[figure], value: row[figure],
        wanted: Array.isArray(wanted) ? wanted[BOTH.indexOf(row.dir)] : wanted,
    })).filter(({ figure, value, wanted }) => !isReached(figure, value, wanted));
}

/** A line for each: profile, what, measured, wanted. */
export function missedLines(rows) {
    return rows.flatMap((row) => missedOf(row).map(({ figure, column, value, wanted }) => {
        const measured = value === null || value === undefined ? 'never' : String(Math.round(value * 10) / 10);
        return `missed: ${row.profile} ${row.dir}, ${column}, ${measured}, ${LEAST.includes(figure) ? 'at least' : 'at most'} ${wanted}`;
    }));
}
