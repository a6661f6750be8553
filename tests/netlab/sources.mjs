// SPDX-License-Identifier: Apache-2.0
// What the parties' cameras and microphones give. Pictures: 640x360 at 25 a second, somebody who talks
// before a textured wall, with a camera's noise; along the top 20 black or white blocks spell the
// frame's number (8 bits) and a checksum (12). page_meter.js reads them back. Sound: speech without
// pauses.
import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export const WIDTH = 640;
export const HEIGHT = 360;
export const FPS = 25;
export const N_FRAMES = 250;
export const STRIP_HEIGHT = 40;
const N_BLOCKS = 20;
const LUMA_SIZE = WIDTH * HEIGHT;
const FRAME_SIZE = 1.5 * LUMA_SIZE;
const FRAME_MARK = 'FRAME\n';
const HEADER = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FPS}:1 Ip A1:1 C420jpeg\n`;

/** The 20 bits of a frame. page_meter.js has the same. */
export function frameBits(number) {
    return (((number << 12) | ((Math.imul(number + 1, 2654435761) >>> 20) & 0xfff)) >>> 0);
}

/* A small generator with a seed, so that the picture is the same on every machine (Marsaglia 2003). */
function xorshift(seed) {
    let state = seed;
    return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 2 ** 32;
    };
}

/* Value noise: random values on a grid, linear between. */
function addTexture(plane, random, cell, amplitude) {
    const columns = Math.ceil(WIDTH / cell) + 2;
    const grid = Float32Array.from({ length: columns * (Math.ceil(HEIGHT / cell) + 2) }, () => random() - 0.5);
    for (let y = 0; y < HEIGHT; y++) {
        const row = Math.floor(y / cell);
        const v = y / cell - row;
        for (let x = 0; x < WIDTH; x++) {
            const column = Math.floor(x / cell);
            const u = x / cell - column;
            const at = row * columns + column;
            const top = grid[at] + u * (grid[at + 1] - grid[at]);
            const low = grid[at + columns] + u * (grid[at + columns + 1] - grid[at + columns]);
            plane[y * WIDTH + x] += amplitude * (top + v * (low - top));
        }
    }
}

function texture(seed, base, layers) {
    const random = xorshift(seed);
    const plane = new Float32Array(LUMA_SIZE).fill(base);
    for (const [cell, amplitude] of layers) addTexture(plane, random, cell, amplitude);
    return plane;
}

function noisePlane(seed) {
    const random = xorshift(seed);
    return Int8Array.from({ length: LUMA_SIZE }, () => Math.round(2.2 * (random() + random() - 1)));
}

const inEllipse = (x, y, cx, cy, rx, ry) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;

/* Everything moves in whole periods of the loop's ten seconds. */
function pose(number) {
    const turn = (2 * Math.PI * number) / N_FRAMES;
    return {
        x: Math.round(320 + 18 * Math.sin(2 * turn) + 5 * Math.sin(7 * turn)),
        y: Math.round(200 + 5 * Math.sin(3 * turn) + 3 * Math.sin(11 * turn)),
        mouth: 4 + 9 * Math.abs(Math.sin(33 * turn) * Math.sin(5 * turn)),
        blink: number % 80 < 4,
    };
}

function lumaOfPerson(x, y, { x: cx, y: cy, mouth, blink }, skin) {
    if (inEllipse(x, y, cx, cy + 210, 190, 110)) return 70 + 0.3 * skin;
    if (!inEllipse(x, y, cx, cy, 82, 112)) return null;
    if (y < cy - 62 - ((x - cx) / 20) ** 2 * 0.6) return 30 + 0.25 * skin;
    const eye = inEllipse(x, y, cx - 32, cy - 22, 13, blink ? 2 : 7) ||
        inEllipse(x, y, cx + 32, cy - 22, 13, blink ? 2 : 7);
    if (eye) return 40;
    if (inEllipse(x, y, cx, cy + 58, 28, mouth)) return 55;
    return skin - 35 * ((x - cx) / 82) ** 2 - 12 * ((y - cy) / 112) ** 2;
}

function drawPerson(frame, at, skin) {
    for (let y = STRIP_HEIGHT; y < HEIGHT; y++) {
        for (let x = at.x - 192; x < at.x + 192; x++) {
            /* The skin's texture moves with the person. */
            const own = skin[Math.min(HEIGHT - 1, Math.abs(y - at.y + 160)) * WIDTH + (x - at.x + 320)];
            const luma = lumaOfPerson(x, y, at, own);
            if (luma !== null) frame[y * WIDTH + x] = luma;
        }
    }
    const half = WIDTH / 2;
    const u = LUMA_SIZE;
    const v = LUMA_SIZE * 1.25;
    for (let y = STRIP_HEIGHT / 2; y < HEIGHT / 2; y++) {
        for (let x = (at.x >> 1) - 96; x < (at.x >> 1) + 96; x++) {
            if (inEllipse(2 * x, 2 * y, at.x, at.y, 82, 112)) {
                frame[u + y * half + x] = 108;
                frame[v + y * half + x] = 152;
            }
        }
    }
}

function drawBits(frame, number) {
    const bits = frameBits(number);
    const line = Buffer.alloc(WIDTH);
    for (let i = 0; i < N_BLOCKS; i++) {
        const width = WIDTH / N_BLOCKS;
        line.fill((bits >>> (N_BLOCKS - 1 - i)) & 1 ? 235 : 16, i * width, (i + 1) * width);
    }
    for (let y = 0; y < STRIP_HEIGHT; y++) line.copy(frame, y * WIDTH);
}

export function writePictures(file) {
    const wall = texture(11, 128, [[160, 60], [37, 26], [9, 12], [3, 8]]);
    const skin = texture(12, 165, [[50, 16], [11, 10], [4, 8]]);
    const noises = [1, 2, 3, 4, 5].map((n) => noisePlane(100 + n));
    const frame = Buffer.alloc(FRAME_SIZE, 128);
    const out = openSync(file, 'w');
    writeSync(out, HEADER);
    for (let number = 0; number < N_FRAMES; number++) {
        frame.fill(128, LUMA_SIZE);
        for (let i = 0; i < LUMA_SIZE; i++) frame[i] = wall[i];
        drawPerson(frame, pose(number), skin);
        const noise = noises[number % noises.length];
        for (let i = 0; i < LUMA_SIZE; i++) frame[i] = Math.max(0, Math.min(255, frame[i] + noise[i]));
        drawBits(frame, number);
        writeSync(out, FRAME_MARK);
        writeSync(out, frame);
    }
    closeSync(out);
}

/** The luma of frame `number` of a file of writePictures(). */
export function readLuma(file, number) {
    const luma = Buffer.alloc(LUMA_SIZE);
    const from = HEADER.length + number * (FRAME_MARK.length + FRAME_SIZE) + FRAME_MARK.length;
    const input = openSync(file, 'r');
    readSync(input, luma, 0, LUMA_SIZE, from);
    closeSync(input);
    return luma;
}

const run = promisify(execFile);
const TEXT = `Selamat pagi. Saya sudah tiga hari demam, dan kepala saya sakit terutama pada malam hari. Batuknya
kering, tidak ada dahak, tetapi dada terasa berat kalau saya naik tangga. Saya minum obat dari puskesmas dua
kali sehari sesudah makan, dan banyak minum air putih. Baik, sejak kapan demamnya mulai, dan berapa suhunya
kemarin sore? Apakah ada alergi obat, atau penyakit lain seperti gula atau tekanan darah tinggi? Tolong
tarik napas panjang, lalu hembuskan pelan pelan. Kalau sesak bertambah, segera datang ke rumah sakit
terdekat, jangan menunggu sampai besok. Terima kasih, semoga lekas sembuh, salam untuk keluarga di rumah.`;

/** Speech without pauses, as Chromium's microphone plays it over and over. */
export async function writeSpeech(file, { pitch, speed }) {
    const raw = `${file}.raw.wav`;
    await run('espeak-ng', ['-v', 'id', '-p', String(pitch), '-s', String(speed), '-w', raw, TEXT]);
    await run('sox', [raw, '-r', '48000', '-c', '1', '-b', '16', file, 'silence', '1', '0.05', '0.5%',
        '-1', '0.05', '0.5%', 'norm', '-6']);
}

/** Files in `dir`: {pictures, sounds: {patient, doctor}}. */
export async function writeSources(dir) {
    const pictures = path.join(dir, 'pictures.y4m');
    writePictures(pictures);
    const sounds = { patient: path.join(dir, 'patient.wav'), doctor: path.join(dir, 'doctor.wav') };
    await writeSpeech(sounds.patient, { pitch: 35, speed: 160 });
    await writeSpeech(sounds.doctor, { pitch: 70, speed: 150 });
    return { pictures, sounds };
}
