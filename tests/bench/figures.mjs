// SPDX-License-Identifier: Apache-2.0
// What is printed of many measurements. Pure.

/** The smallest value that `share` of all do not exceed (nearest rank). */
export function percentile(values, share) {
    if (values.length === 0) throw new Error('no values');
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(Math.ceil(share * sorted.length), 1) - 1];
}

/** {n, p50, p99, max} in milliseconds, of microseconds. */
export function spread(us) {
    return { n: us.length, p50: percentile(us, 0.5) / 1000, p99: percentile(us, 0.99) / 1000, max: percentile(us, 1) / 1000 };
}

/** One decimal below ten, none above. */
export const short = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

/** A table of Markdown: `rows` are arrays of texts. */
export function table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
