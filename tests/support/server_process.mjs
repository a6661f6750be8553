// SPDX-License-Identifier: Apache-2.0
// The real program for a test: a demo clinic in a temporary directory, on free ports, spoken to from
// any loopback address (the rate limits count addresses, as they do with real clients).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync,
    writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasEnded, untilLogged } from './child_log.mjs';
import { freePort } from './free_port.mjs';

const START_TIMEOUT_MS = 120_000;
export const STOP_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;

export function programPath() {
    assert.ok(process.env.HUYULA, 'HUYULA must name the program (ctest sets it)');
    return process.env.HUYULA;
}

/** Runs a command of the program to its end: {code, stdout, stderr}. */
export function run(args, { input = '', env } = {}) {
    return new Promise((resolve) => {
        const options = { env: { ...process.env, ...env } };
        const child = execFile(programPath(), args, options, (error, stdout, stderr) =>
            resolve({ code: error ? error.code : 0, stdout, stderr }));
        child.stdin.on('error', () => undefined); // a command that reads nothing may be gone
        child.stdin.end(input);
    });
}

export class ServerProcess {
    /** `env`: for the program alone; `config`: lines added to the clinic's configuration; `empty`: neither
     * clinic nor accounts. */
    static async start({ env = {}, config, empty = false } = {}) {
        const server = new ServerProcess(env, empty);
        await server.run();
        if (config) {
            await server.stop();
            server.useConfig(config);
            await server.run();
        }
        return server;
    }

    constructor(env, empty = false) {
        this.empty = empty;
        this.root = mkdtempSync(path.join(tmpdir(), 'huyula-system-'));
        this.dir = path.join(this.root, 'demo');
        this.env = env;
        this.port = 0;
        this.mediaPort = 0;
    }

    /** From the next start on: the clinic's configuration with `lines` at its end. */
    useConfig(lines) {
        this.configFile = path.join(this.dir, 'test.ini');
        copyFileSync(path.join(this.dir, 'huyula.ini'), this.configFile);
        appendFileSync(this.configFile, `\n${lines}\n`);
    }

    /** Starts, from the second time on with the same ports: they stand in people's links. */
    async run() {
        this.port ||= await freePort();
        this.mediaPort ||= await freePort();
        const which = this.configFile ? ['--config', this.configFile]
            : ['--demo', this.dir, '--port', String(this.port),
                '--media-port', String(this.mediaPort), '--test-clock', path.join(this.root, 'clock'),
                ...(this.empty ? ['--empty'] : [])];
        this.log = '';
        this.output = '';
        this.child = spawn(programPath(), ['serve', ...which],
            { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.env } });
        this.ended = once(this.child, 'exit');
        this.child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
        this.child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
        const [, port, mediaPort] = await this.untilLogged(/serving http_port=(\d+) media_port=(\d+)/);
        this.port = Number(port);
        this.mediaPort = Number(mediaPort);
    }

    untilLogged(what) {
        return untilLogged({
            name: 'the program', child: this.child, stream: this.child.stderr, log: () => this.log, timeoutMs: START_TIMEOUT_MS,
        }, what);
    }

    /** Ends the program by `signal`; SIGTERM must end it well and in time. */
    async stop(signal = 'SIGTERM') {
        const from = Date.now();
        this.child.kill(signal);
        const late = setTimeout(() => this.child.kill('SIGKILL'), 4 * STOP_TIMEOUT_MS);
        const [code, by] = await this.ended;
        clearTimeout(late);
        if (signal === 'SIGTERM') assert.deepEqual([code, by], [0, null], `ended badly:\n${this.log}`);
        return Date.now() - from;
    }

    async dispose() {
        try {
            if (!hasEnded(this.child)) await this.stop();
        } finally {
            rmSync(this.root, { recursive: true, force: true });
        }
    }

    /** The setup code on an empty server's terminal. */
    async setupCode() {
        const deadline = Date.now() + START_TIMEOUT_MS;
        for (;;) {
            const found = this.output.match(/Setup code +(\S+)/);
            if (found) return found[1];
            assert.ok(Date.now() < deadline, `no setup code:\n${this.output}`);
            await once(this.child.stdout, 'data');
        }
    }

    /** What the driver in an operator's place was handed: whole lines alone, as it may be in the middle of one. */
    messages(log = 'outbox.log') {
        const file = path.join(this.dir, log);
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        return text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    }

    /** {login: {login, password, role, name}} of the demo clinic. */
    accounts() {
        const lines = readFileSync(path.join(this.dir, 'accounts'), 'utf8').trim().split('\n');
        return Object.fromEntries(lines.map((line) => {
            const [login, password, role, name] = line.split('\t');
            return [login, { login, password, role, name }];
        }));
    }

    /** Visits that may be joined now, `isTurned`: by the turned clock: [{visit, patient, doctor}], doctors taking
     * turns, rahmat first. */
    async visits(count, { isTurned = false } = {}) {
        const clock = isTurned ? ['--test-clock', path.join(this.root, 'clock')] : [];
        const done = await run(['demo', 'visits', '--demo', this.dir, '--count', String(count), '--json', ...clock]);
        assert.equal(done.code, 0, done.stderr);
        return JSON.parse(done.stdout);
    }

    /** `json` or `body` (with `type`) is what is sent, `from` the address that it comes from. */
    request(method, target, { headers = {}, json, body, type, from = '127.0.0.1', agent = false } = {}) {
        const payload = json === undefined ? body : JSON.stringify(json);
        const contentType = type ?? (json === undefined ? undefined : 'application/json');
        const all = { ...headers };
        if (contentType) all['content-type'] = contentType;
        if (payload !== undefined) all['content-length'] = Buffer.byteLength(payload);
        return new Promise((resolve, reject) => {
            const request = https.request({
                host: '127.0.0.1', port: this.port, path: target, method, headers: all, agent,
                localAddress: from, rejectUnauthorized: false, timeout: REQUEST_TIMEOUT_MS,
            }, (response) => {
                let text = '';
                response.setEncoding('utf8').on('data', (part) => (text += part));
                response.on('error', reject).on('end', () => resolve({
                    status: response.statusCode, headers: response.headers, text,
                    json: () => JSON.parse(text),
                    problem: () => JSON.parse(text).type?.split('/').pop(),
                }));
            });
            request.on('error', reject).on('timeout', () => request.destroy(new Error('time-out')));
            request.end(payload);
        });
    }

    /** Logs in; the result is what `request` wants as headers. */
    async logIn(login, password, from) {
        const reply = await this.request('POST', '/api/v1/session', { json: { login, password }, from });
        assert.equal(reply.status, 200, reply.text);
        const cookie = reply.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
        return { cookie, 'x-csrf-token': reply.json().csrf };
    }

    /** The demo account `login`. */
    logInDemo(login, from) {
        return this.logIn(login, this.accounts()[login].password, from);
    }

    async metric(name) {
        const { text } = await this.request('GET', '/metrics');
        const found = text.match(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm'));
        assert.ok(found, `no metric ${name}`);
        return Number(found[1]);
    }

    /** Turns the wall clock of the running demo server to `ms` ahead of the system's. */
    async turnClock(ms) {
        const file = path.join(this.root, 'clock');
        writeFileSync(`${file}.new`, String(ms));
        renameSync(`${file}.new`, file);
        await this.untilLogged(new RegExp(`the clock was turned offset_ms=${ms}\\b`));
    }

    /** Asks until the metric is `value`: the media threads count on their own. */
    async untilMetric(name, value) {
        const deadline = Date.now() + STOP_TIMEOUT_MS;
        while (await this.metric(name) !== value)
            assert.ok(Date.now() < deadline, `${name} does not become ${value}`);
    }
}

/** An address of the loopback net for the nth client. */
export function clientAddress(n) {
    return `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`;
}

/** Free slots, or sessions, of a clinic's doctor: [{clinic, doctor, starts_at_ms}], from tomorrow on. */
export async function freeSlots(server, doctorName, days = 20, session = false) {
    const { facilities } = (await server.request('GET', '/api/v1/facilities')).json();
    for (const facility of facilities) {
        for (const clinic of facility.clinics) {
            const doctor = clinic.doctors.find((one) => one.name === doctorName);
            if (!doctor) continue;
            const target = `/api/v1/slots?clinic=${clinic.id}&doctor=${doctor.id}&days=${days}`;
            const reply = await server.request('GET', target);
            assert.equal(reply.status, 200, reply.text);
            return reply.json().days.slice(1).flatMap((day) => day.slots)
                .filter((slot) => (slot.session !== null) === session)
                .map((slot) => ({ clinic: clinic.id, doctor: doctor.id, starts_at_ms: slot.starts_at_ms }));
        }
    }
    throw new Error(`no doctor ${doctorName}`);
}

/** A booking's fields for the nth person. */
export function person(n) {
    return { name: `Pasien Nomor ${n}`, birth_date: '1984-03-02',
        phone: `0812${String(10_000_000 + n)}`, lang: 'id' };
}
