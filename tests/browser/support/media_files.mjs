// SPDX-License-Identifier: Apache-2.0
// What the browsers' fake camera and microphone play: beeps of one pitch, and pictures whose 24 black
// or white blocks spell frame number, party and checksum. support/page_probe.js reads them back.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';

const RATE_HZ = 48_000;
const WIDTH = 360;
const HEIGHT = 200;
const COLUMNS = 6;
const ROWS = 4;
const FPS = 20;
export const N_FRAMES = 256;

/** Beeps, not a steady tone: that would be taken for noise and suppressed. */
export function writeTone(file, hz, seconds = 4) {
    const n = RATE_HZ * seconds;
    const wav = Buffer.alloc(44 + 2 * n);
    wav.write('RIFF', 0);
    wav.writeUInt32LE(36 + 2 * n, 4);
    wav.write('WAVEfmt ', 8);
    wav.writeUInt32LE(16, 16);
    wav.writeUInt16LE(1, 20);
    wav.writeUInt16LE(1, 22);
    wav.writeUInt32LE(RATE_HZ, 24);
    wav.writeUInt32LE(2 * RATE_HZ, 28);
    wav.writeUInt16LE(2, 32);
    wav.writeUInt16LE(16, 34);
    wav.write('data', 36);
    wav.writeUInt32LE(2 * n, 40);
    for (let i = 0; i < n; i++) {
        const t = i / RATE_HZ;
        const loud = Math.max(0, Math.sin(2 * Math.PI * 2 * t)) ** 0.3;
        wav.writeInt16LE(Math.round(12_000 * loud * Math.sin(2 * Math.PI * hz * t)), 44 + 2 * i);
    }
    writeFileSync(file, wav);
}

/** The 24 bits of a frame: number (8), party (4), checksum (12). */
export function frameBits(number, party) {
    const checksum = ((number * 16 + party) * 2654435761) >>> 20;
    return ((number << 16) | (party << 12) | checksum) >>> 0;
}

export function writePictures(file, party) {
    const out = openSync(file, 'w');
    writeSync(out, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`);
    const frame = Buffer.alloc(WIDTH * HEIGHT * 1.5, 128);
    for (let number = 0; number < N_FRAMES; number++) {
        drawBits(frame, frameBits(number, party));
        writeSync(out, 'FRAME\n');
        writeSync(out, frame);
    }
    closeSync(out);
}

function drawBits(frame, bits) {
    const blockWidth = WIDTH / COLUMNS;
    const blockHeight = HEIGHT / ROWS;
    for (let row = 0; row < ROWS; row++) {
        const line = Buffer.alloc(WIDTH);
        for (let column = 0; column < COLUMNS; column++) {
            const bit = (bits >>> (ROWS * COLUMNS - 1 - (row * COLUMNS + column))) & 1;
            line.fill(bit ? 235 : 16, column * blockWidth, (column + 1) * blockWidth);
        }
        for (let y = row * blockHeight; y < (row + 1) * blockHeight; y++) line.copy(frame, y * WIDTH);
    }
}
