// SPDX-License-Identifier: Apache-2.0
// The program under test: a demo clinic in a temporary directory, on free ports.
import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasEnded, untilLogged } from '../../support/child_log.mjs';

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 15_000;
const WITA_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;
const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: false });

export function programPath() {
    const file = process.env.HUYULA;
    assert.ok(file, 'HUYULA must name the program (ctest sets it)');
    return file;
}

/** Milliseconds from now to `hour` o'clock of the present day in Gorontalo. */
export function offsetToHour(hour, nowMs = Date.now()) {
    const local = nowMs + WITA_MS;
    return local - (local % DAY_MS) + hour * 3600_000 - local;
}

export class Program {
    /**
     * `hour`: what the clock says at the start (WITA, of the present day); the true time without it.
     * `gate`: it runs outside of that, where request() does not reach. `configure(program)` may put a
     * `huyula.ini` into its folder before the first start.
     */
    static async start({ hour, gate, configure } = {}) {
        const program = new Program(hour === undefined ? 0 : offsetToHour(hour), gate);
        configure?.(program);
        await program.run();
        return program;
    }

    constructor(offsetMs, gate) {
        this.gate = gate;
        this.root = mkdtempSync(path.join(tmpdir(), 'huyula-browser-'));
        this.dir = path.join(this.root, 'demo');
        this.clockFile = path.join(this.root, 'clock');
        this.flags = []; // of `serve`; configure() may add some
        this.port = 0;
        this.mediaPort = 0;
        this.log = '';
        this.turnClock(offsetMs);
    }

    get url() {
        return `https://${this.gate?.server ?? 'localhost'}:${this.port}`;
    }

    /** The server's clock now. */
    now() {
        return Date.now() + this.offsetMs;
    }

    /** Sets the clock `offsetMs` from the system's time. */
    turnClock(offsetMs) {
        this.offsetMs = Math.round(offsetMs);
        writeFileSync(`${this.clockFile}.new`, `${this.offsetMs}\n`);
        renameSync(`${this.clockFile}.new`, this.clockFile);
    }

    /** Turns the clock of the running server and waits until it has noticed. */
    async passTime(ms) {
        this.turnClock(this.offsetMs + ms);
        await this.untilLogged(`offset_ms=${this.offsetMs}`);
    }

    /** Starts, the second time on the same ports. */
    async run() {
        this.log = '';
        const args = ['serve', '--demo', this.dir, '--port', String(this.port), '--media-port',
            String(this.mediaPort), '--test-clock', this.clockFile, ...(this.gate ? ['--lan'] : []), ...this.flags];
        const [command, ...words] = [...(this.gate?.enter('outside') ?? []), programPath(), ...args];
        this.child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
        this.ended = once(this.child, 'exit');
        this.output = '';
        this.child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
        this.child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
        const [, port, mediaPort] = await this.untilLogged(/serving http_port=(\d+) media_port=(\d+)/);
        this.port = Number(port);
        this.mediaPort = Number(mediaPort);
    }

    /** `from`: only what is said after so many characters of `log`. */
    untilLogged(what, from = 0) {
        return untilLogged({
            name: 'the program', child: this.child, stream: this.child.stderr, log: () => this.log.slice(from), timeoutMs: START_TIMEOUT_MS,
        }, what);
    }

    /** SIGTERM: must end well and in time. */
    async stop(signal = 'SIGTERM') {
        this.child.kill(signal);
        const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
        const [code, by] = await this.ended;
        clearTimeout(late);
        if (signal === 'SIGTERM') assert.deepEqual([code, by], [0, null], `stopped badly:\n${this.log}`);
    }

    async kill() {
        await this.stop('SIGKILL');
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
        while (!/Setup code +\S+/.test(this.output)) await once(this.child.stdout, 'data');
        return this.output.match(/Setup code +(\S+)/)[1];
    }

    accounts() {
        const lines = readFileSync(path.join(this.dir, 'accounts'), 'utf8').trim().split('\n');
        return lines.map((line) => {
            const [login, password, role, name] = line.split('\t');
            return { login, password, role, name };
        });
    }

    account(role, n = 0) {
        return this.accounts().filter((one) => one.role === role)[n];
    }

    /** Visits that may be joined now (by the true time): {visit, patient, doctor}; the first with the first doctor. */
    async visits(count = 1) {
        const args = ['demo', 'visits', '--demo', this.dir, '--count', String(count), '--json'];
        const { stdout } = await promisify(execFile)(programPath(), args);
        return JSON.parse(stdout);
    }

    patientLink(visit) {
        return `${this.url}/v/${visit.patient}`;
    }

    /** An HTTPS request: {status, headers, text, json()}. */
    request(method, target, { headers = {}, body } = {}) {
        const payload = body === undefined ? undefined : JSON.stringify(body);
        const all = { ...headers, ...(payload ? { 'content-type': 'application/json' } : {}) };
        return new Promise((resolve, reject) => {
            const options = { method, agent, headers: all, timeout: 30_000 };
            const request = https.request(this.url + target, options, (response) => {
                let text = '';
                response.setEncoding('utf8').on('data', (part) => (text += part));
                response.on('end', () =>
                    resolve({ status: response.statusCode, headers: response.headers, text,
                        json: () => JSON.parse(text) }));
            });
            request.on('error', reject).on('timeout', () => request.destroy(new Error('timeout')));
            request.end(payload);
        });
    }

    /** Logs in; the result is what `request` wants as headers. */
    async logIn(account) {
        const { login, password } = account;
        const reply = await this.request('POST', '/api/v1/session', { body: { login, password } });
        assert.equal(reply.status, 200, reply.text);
        const cookie = reply.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
        return { cookie, 'x-csrf-token': reply.json().csrf };
    }

    async metric(name) {
        const { text } = await this.request('GET', '/metrics');
        const found = text.match(new RegExp(`^${name} (\\d+)$`, 'm'));
        assert.ok(found, `no metric ${name}`);
        return Number(found[1]);
    }
}
