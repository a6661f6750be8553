// SPDX-License-Identifier: Apache-2.0
// Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004) of two pictures' luma: means over 8x8
// windows every 4 pixels, with the paper's constants. Pure.

const WINDOW = 8;
const STEP = 4;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

function windowSsim(a, b, width, x0, y0) {
    let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
    for (let y = y0; y < y0 + WINDOW; y++) {
        for (let i = y * width + x0; i < y * width + x0 + WINDOW; i++) {
            sumA += a[i];
            sumB += b[i];
            squareA += a[i] * a[i];
            squareB += b[i] * b[i];
            product += a[i] * b[i];
        }
    }
    const n = WINDOW * WINDOW;
    const [meanA, meanB] = [sumA / n, sumB / n];
    const varA = squareA / n - meanA * meanA;
    const varB = squareB / n - meanB * meanB;
    const both = product / n - meanA * meanB;
    return ((2 * meanA * meanB + C1) * (2 * both + C2)) /
        ((meanA * meanA + meanB * meanB + C1) * (varA + varB + C2));
}

/** Of two pictures of the same size, from row `fromRow` on. */
export function ssim(a, b, width, height, fromRow = 0) {
    let sum = 0;
    let n = 0;
    for (let y = fromRow; y + WINDOW <= height; y += STEP) {
        for (let x = 0; x + WINDOW <= width; x += STEP) {
            sum += windowSsim(a, b, width, x, y);
            n += 1;
        }
    }
    return sum / n;
}

/** A picture at another size, linear between pixels' middles. */
export function scale(from, width, height, toWidth, toHeight) {
    if (width === toWidth && height === toHeight) return from;
    const to = new Float32Array(toWidth * toHeight);
    for (let y = 0; y < toHeight; y++) {
        const v = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / toHeight - 0.5));
        const top = Math.floor(v);
        const low = Math.min(height - 1, top + 1);
        for (let x = 0; x < toWidth; x++) {
            const u = Math.min(width - 1, Math.max(0, ((x + 0.5) * width) / toWidth - 0.5));
            const left = Math.floor(u);
            const right = Math.min(width - 1, left + 1);
            const a = from[top * width + left] + (u - left) * (from[top * width + right] - from[top * width + left]);
            const b = from[low * width + left] + (u - left) * (from[low * width + right] - from[low * width + left]);
            to[y * toWidth + x] = a + (v - top) * (b - a);
        }
    }
    return to;
}
