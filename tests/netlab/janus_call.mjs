// SPDX-License-Identifier: Apache-2.0
// The same call over Debian's janus and its videoroom, with the bitrate cap that its room has. The doctor
// is in the room and publishes; the patient's page is loaded and may use the microphone.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { DESKTOP, PHONE } from '../browser/support/browsers.mjs';
import { hasEnded, untilLogged } from '../support/child_log.mjs';
import { SERVER } from './lab.mjs';
import { JANUS_PORT, socketMade, untilConnected } from './party.mjs';

const START_TIMEOUT_MS = 20_000;
const LIBRARIES = '/usr/lib/x86_64-linux-gnu/janus';
const ORIGIN = 'https://page.netlab';
const PAGE = `<!doctype html><meta charset="utf-8"><title>netlab</title><video autoplay playsinline></video>
<script>${readFileSync(new URL('janus_page.js', import.meta.url), 'utf8')}</script>`;

function configuration(dir, capKbps) {
    const file = (name, text) => writeFileSync(path.join(dir, name), text);
    file('janus.jcfg', `general: {
        configs_folder = "${dir}"
        plugins_folder = "${LIBRARIES}/plugins"
        transports_folder = "${LIBRARIES}/transports"
        events_folder = "${LIBRARIES}/events"
        loggers_folder = "${LIBRARIES}/loggers"
        debug_level = 4
        debug_colors = false
    }
    certificates: { cert_pem = "${dir}/cert.pem", cert_key = "${dir}/key.pem" }
    media: {}
    nat: {}
    plugins: { disable = "${OTHER_PLUGINS}" }
    transports: { disable = "${OTHER_TRANSPORTS}" }
    `);
    file('janus.transport.websockets.jcfg', `general: { ws = false, wss = true, wss_port = ${JANUS_PORT}, wss_ip = "${SERVER}" }
    admin: { admin_ws = false, admin_wss = false }
    certificates: { cert_pem = "${dir}/cert.pem", cert_key = "${dir}/key.pem" }
    `);
    /* As in the package's demo room but for the cap. */
    file('janus.plugin.videoroom.jcfg', `general: {}
    room-1: { description = "netlab", publishers = 6, bitrate = ${1000 * capKbps}, fir_freq = 10, record = false }
    `);
}

const OTHER_PLUGINS = ['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'streaming',
    'textroom', 'videocall', 'voicemail'].map((name) => `libjanus_${name}.so`).join(',');
const OTHER_TRANSPORTS = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'].map((name) => `libjanus_${name}.so`).join(',');

class Janus {
    async start(lab, capKbps) {
        this.dir = mkdtempSync(path.join(tmpdir(), 'huyula-janus-'));
        await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2',
            '-subj', `/CN=${SERVER}`, '-keyout', path.join(this.dir, 'key.pem'), '-out', path.join(this.dir, 'cert.pem')]);
        configuration(this.dir, capKbps);
        const [command, ...words] = lab.inside('server');
        const args = [...words, 'janus', '-C', path.join(this.dir, 'janus.jcfg'), '-F', this.dir, '-i', SERVER];
        this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        this.ended = once(this.child, 'exit');
        this.log = '';
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.setEncoding('utf8').on('data', (text) => (this.log += text));
        }
        await untilLogged({
            name: 'janus', child: this.child, stream: this.child.stdout, log: () => this.log, timeoutMs: START_TIMEOUT_MS,
        }, /WebSockets thread started/);
    }

    async stop() {
        if (this.child && !hasEnded(this.child)) {
            this.child.kill('SIGTERM');
            const hard = setTimeout(() => this.child.kill('SIGKILL'), 5000);
            await this.ended;
            clearTimeout(hard);
        }
        if (this.dir) rmSync(this.dir, { recursive: true, force: true });
    }
}

async function openPage(party, viewport) {
    const page = await party.page(viewport);
    await page.route(`${ORIGIN}/**`, (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
    await page.goto(`${ORIGIN}/`);
    await page.evaluate(() => janusCall.prepare());
    return page;
}

export class JanusCall {
    static async prepare(lab, { patient, doctor }, capKbps) {
        const call = new JanusCall();
        call.janus = new Janus();
        try {
            await call.janus.start(lab, capKbps);
            call.patient = await openPage(patient, PHONE);
            call.doctor = await openPage(doctor, DESKTOP);
            await call.doctor.evaluate((url) => janusCall.join(url), call.url);
            await untilConnected(call.doctor);
        } catch (error) {
            await call.close();
            throw new Error(`${error.message}\n${call.janus.log}`);
        }
        return call;
    }

    get url() {
        return `wss://${SERVER}:${JANUS_PORT}`;
    }

    /** When the patient's page made its socket. Does not wait for the call: on a slow link that takes long, or never comes about. */
    async join() {
        return socketMade(this.patient, () => this.patient.evaluate((url) => {
            janusCall.join(url).catch((error) => setTimeout(() => { throw error; }));
        }, this.url));
    }

    faults() {
        return [...this.patient.faults, ...this.doctor.faults];
    }

    async close() {
        await this.janus.stop();
    }
}
