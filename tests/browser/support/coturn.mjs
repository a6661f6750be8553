// SPDX-License-Identifier: Apache-2.0
// Debian's coturn with the operator's example (server/coturn.conf), outside of a gate, and credentials for it.
import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { untilLogged } from '../../support/child_log.mjs';

const EXAMPLE = new URL('../../../server/coturn.conf', import.meta.url);
const START_TIMEOUT_MS = 30_000;
const CLIENT_TIMEOUT_MS = 60_000;

/** User name and password for `id`, good until `seconds` from now. */
export function credentials(secret, id, seconds) {
    const username = `${Math.floor(Date.now() / 1000) + seconds}:${id}`;
    return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

/** The example with other values: each key must stand there once. */
function settings(changed) {
    let text = readFileSync(EXAMPLE, 'utf8');
    for (const [key, value] of Object.entries(changed)) {
        const line = new RegExp(`^${key}=.*$`, 'mg');
        if (text.match(line)?.length !== 1) throw new Error(`${key} is not once in server/coturn.conf`);
        text = text.replace(line, `${key}=${value}`);
    }
    return text;
}

export class Coturn {
    /** Relays to the gate's server alone; `certificate` and `key` are files. */
    static async start({ gate, secret, certificate, key }) {
        const coturn = new Coturn(gate);
        const at = gate.server;
        const text = settings({ 'listening-ip': at, 'relay-ip': at, 'allowed-peer-ip': at, cert: certificate,
            pkey: key, 'static-auth-secret': secret });
        const own = [`userdb=${coturn.dir}/db`, `pidfile=${coturn.dir}/pid`, 'log-file=stdout', 'verbose'];
        writeFileSync(coturn.file, text.replace(/^syslog$/m, own.join('\n')));
        await coturn.run();
        return coturn;
    }

    constructor(gate) {
        this.gate = gate;
        this.dir = mkdtempSync(path.join(tmpdir(), 'huyula-coturn-'));
        this.file = path.join(this.dir, 'turnserver.conf');
    }

    /** Starts, the second time with nothing known of the first. */
    async run() {
        this.log = '';
        const [command, ...words] = [...this.gate.enter('outside'), 'turnserver', '-c', this.file];
        this.child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
        this.ended = once(this.child, 'exit');
        for (const pipe of [this.child.stdout, this.child.stderr]) {
            pipe.setEncoding('utf8').on('data', (text) => (this.log += text));
        }
        await this.untilLogged(/TLS listener opened on/);
    }

    untilLogged(what) {
        return untilLogged({
            name: 'coturn', child: this.child, stream: this.child.stdout, log: () => this.log, timeoutMs: START_TIMEOUT_MS,
        }, what);
    }

    /** Who was given a path. */
    users() {
        const given = this.log.matchAll(/user <([^>]*)>: incoming packet ALLOCATE processed, success/g);
        return [...new Set([...given].map(([, user]) => user))];
    }

    /** Asks from inside for `count` paths to `peer`, over TLS on 443, by coturn's own client: what it prints. */
    ask({ username, password }, peer, count = 1) {
        const [command, ...words] = [...this.gate.enter('inside'), 'turnutils_uclient', '-S', '-t', '-v',
            '-p', '443', '-u', username, '-w', password, '-e', peer, '-n', '1', '-c', '-m', String(count),
            this.gate.server];
        return new Promise((resolve, reject) => {
            execFile(command, words, { timeout: CLIENT_TIMEOUT_MS }, (error, stdout, stderr) => {
                if (error?.killed) reject(new Error(`turnutils_uclient does not end:\n${stdout}${stderr}`));
                else resolve(stdout + stderr);
            });
        });
    }

    async stop() {
        this.child.kill('SIGKILL');
        await this.ended;
    }

    async dispose() {
        await this.stop();
        rmSync(this.dir, { recursive: true, force: true });
    }
}
