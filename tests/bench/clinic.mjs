// SPDX-License-Identifier: Apache-2.0
// The database that everything is measured on: years of a service beside the demo clinic, made by clinic.sql, with
// accounts of some of its doctors and desks.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ServerProcess, run } from '../support/server_process.mjs';

const ZONE_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;
const BUSY_MS = 20_000;
const PASSWORD = 'kata sandi yang panjang';
const BIG = ['visit', 'visit_course', 'participant', 'join_token', 'audit', 'patient', 'consent'];

/** What the issue asks for: five years, a hundred doctors, 100,000 patients. */
export const FULL = { pastDays: 5 * 365, aheadDays: 30, doctors: 100, patients: 100_000 };

/** The answer of a statement, as rows of texts. */
export async function ask(file, sql) {
    const args = ['-batch', '-readonly', '-cmd', `.timeout ${BUSY_MS}`, '-separator', '\t', file, sql];
    const { stdout } = await promisify(execFile)('sqlite3', args, { maxBuffer: 1 << 28 });
    return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

async function feed(file, script) {
    const child = spawn('sqlite3', ['-batch', '-bail', file], { stdio: ['pipe', 'ignore', 'pipe'] });
    let faults = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (faults += text));
    child.stdin.on('error', () => undefined); // sqlite3 ends at the first fault and says which
    child.stdin.end(script);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`sqlite3 ended with ${code}: ${faults}`);
}

/* Gigabytes that the system still has to write would be in the way of every commit that is measured. */
function writeOut(file) {
    const fd = openSync(file, 'r+');
    fsyncSync(fd);
    closeSync(fd);
}

/* Rows go in several times as fast without the indexes, which are then made whole; their text and order (which decides between two
 * that would do) stay the migrations'. */
async function fillTables(file, size) {
    const names = BIG.map((name) => `'${name}'`).join(', ');
    const indexes = await ask(file, 'SELECT name, replace(sql, char(10), \' \') FROM sqlite_schema'
        + ` WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${names}) ORDER BY rowid`);
    assert.ok(indexes.length > 0);
    const now = Date.now();
    const values = { now_ms: now, midnight_ms: Math.floor((now + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS,
        past_days: size.pastDays, ahead_days: size.aheadDays, doctors: size.doctors, patients: size.patients };
    await feed(file, [
        'PRAGMA temp_store = MEMORY;', // first: a change of it drops what is bound
        ...Object.entries(values).map(([name, value]) => `.parameter set :${name} ${value}`),
        ...indexes.map(([name]) => `DROP INDEX ${name};`),
        readFileSync(new URL('clinic.sql', import.meta.url), 'utf8'),
        ...indexes.map(([, sql]) => `${sql};`),
        'PRAGMA journal_mode = WAL;',
    ].join('\n'));
    writeOut(file);
    return values.now_ms;
}

async function addAccount(server, login, more) {
    const added = await run(['user', 'add', login, '--demo', server.dir, '--name', login, ...more], { input: `${PASSWORD}\n` });
    assert.equal(added.code, 0, added.stderr);
    return { login, password: PASSWORD };
}

const id = (letter, n) => `01${letter}${String(n).padStart(23, '0')}`;

/** `count` of the doctors, evenly, and as many desks. */
async function addAccounts(server, size, count) {
    const doctors = [], desks = [];
    for (let i = 0; i < count; i++) {
        const nth = Math.floor((i * size.doctors) / count);
        doctors.push(await addAccount(server, `dokter-${i}`, ['--role', 'doctor', '--practitioner', id('d', nth)]));
        desks.push(await addAccount(server, `loket-${i}`, ['--role', 'desk', '--facility', id('f', Math.floor(nth / 5))]));
    }
    return { doctors, desks };
}

/** A running server on such a database: {server, file, size, nowMs, seconds, doctors, desks, clinics}. */
export async function startClinic(size = FULL, accounts = 4) {
    const server = await ServerProcess.start();
    try {
        await server.stop();
        const file = path.join(server.dir, 'huyula.db');
        const from = Date.now();
        const nowMs = await fillTables(file, size);
        const seconds = (Date.now() - from) / 1000;
        const people = await addAccounts(server, size, accounts);
        const clinics = Array.from({ length: Math.ceil(size.doctors / 5) }, (_, n) => id('c', n));
        const doctorIds = Array.from({ length: size.doctors }, (_, n) => id('d', n));
        await server.run();
        return { server, file, size, nowMs, seconds, clinics, doctorIds, ...people };
    } catch (error) {
        await server.dispose();
        throw error;
    }
}

/** How much there is: {visits, patients, bytes}. */
export async function measureSize(clinic) {
    const [[visits, patients]] = await ask(clinic.file, 'SELECT (SELECT count(*) FROM visit), (SELECT count(*) FROM patient)');
    return { visits: Number(visits), patients: Number(patients), bytes: statSync(clinic.file).size };
}

/** Local dates, YYYY-MM-DD, of `ahead` days from the day of `nowMs`. */
export const localDate = (nowMs, ahead) => new Date(nowMs + ZONE_MS + ahead * DAY_MS).toISOString().slice(0, 10);
