// SPDX-License-Identifier: Apache-2.0
// A QR code drawn from its modules, with the free margin that readers need.

const MARGIN = 4;

/** Rows of '0' and '1' as one path of dark runs. */
export function qrPath(rows: readonly string[]): string {
    let path = '';
    rows.forEach((row, y) => {
        for (const run of row.matchAll(/1+/g)) {
            path += `M${run.index + MARGIN} ${y + MARGIN}h${run[0].length}v1h-${run[0].length}z`;
        }
    });
    return path;
}

export function Qr({ rows, label }: { readonly rows: readonly string[]; readonly label: string }) {
    const size = rows.length + 2 * MARGIN;
    return (
        <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" data-testid="qr">
            <path d={qrPath(rows)} fill="currentColor" />
        </svg>
    );
}
