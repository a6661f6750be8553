// SPDX-License-Identifier: Apache-2.0
// Two network namespaces, the patient's and the one of server and doctor, joined by the emulated link.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { INNER } from './profiles.mjs';

export const SERVER = '10.66.1.1';
const NET = '10.66.0.0/24';
const run = promisify(execFile);
let nLabs = 0;

const ip = (...args) => run('ip', args);
const enter = (space) => `--net=/run/netns/${space}`;
/** Not `ip -n`: that mounts /sys anew, which a chroot whose root is no mount point refuses. */
const ipIn = (space, ...args) => run('nsenter', [enter(space), 'ip', ...args]);

export class Lab {
    /** `linkem`: the program's path; `seed` decides which packets are lost. */
    static async start({ linkem, seed = 1 }) {
        const lab = new Lab();
        try {
            await lab.open(linkem, seed);
        } catch (error) {
            await lab.clear();
            throw error;
        }
        return lab;
    }

    constructor() {
        nLabs += 1;
        this.spaces = { patient: `hlp${process.pid}x${nLabs}`, server: `hls${process.pid}x${nLabs}` };
        this.made = [];
        this.address = INNER;
        this.faults = '';
    }

    async open(linkem, seed) {
        if (process.getuid() !== 0) throw new Error('the network lab makes network namespaces: run it as root');
        for (const name of Object.values(this.spaces)) {
            await ip('netns', 'add', name);
            this.made.push(name);
            await ipIn(name, 'link', 'set', 'lo', 'up');
            const off = 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6';
            await run('nsenter', [enter(name), 'sh', '-c', off]);
        }
        await this.startLink(linkem, seed);
        const { patient, server } = this.spaces;
        await ipIn(patient, 'addr', 'add', `${INNER}/32`, 'dev', 'link0');
        await ipIn(server, 'addr', 'add', `${SERVER}/32`, 'dev', 'link0');
        for (const name of this.made) await ipIn(name, 'link', 'set', 'link0', 'up', 'mtu', '1500');
        await ipIn(patient, 'route', 'add', 'default', 'dev', 'link0');
        await ipIn(server, 'route', 'add', NET, 'dev', 'link0');
    }

    async startLink(linkem, seed) {
        const args = [this.spaces.patient, this.spaces.server, String(seed)];
        this.link = spawn(linkem, args, { stdio: ['pipe', 'pipe', 'pipe'] });
        this.ended = once(this.link, 'exit');
        this.ended.catch(() => undefined);
        this.link.stdin.on('error', () => undefined); // told by line()
        this.link.stderr.setEncoding('utf8').on('data', (text) => (this.faults += text));
        this.lines = createInterface({ input: this.link.stdout })[Symbol.asyncIterator]();
        await this.line();
    }

    /** The emulator's next line of JSON. */
    async line() {
        const { value, done } = await this.lines.next();
        if (done) throw new Error(`the link ended: ${this.faults}`);
        return JSON.parse(value);
    }

    /** Orders to the emulator (link_script.h). */
    order(...orders) {
        this.link.stdin.write(orders.map((one) => `${one}\n`).join(''));
    }

    /** Counts since the last `mark`. */
    report() {
        this.order('report');
        return this.line();
    }

    /** Words before a command that make it run on that side. */
    inside(side) {
        return ['nsenter', enter(this.spaces[side])];
    }

    /** The patient's device gets `address`, and the one before it is gone. */
    async move(address) {
        const before = this.address;
        this.address = address;
        await ipIn(this.spaces.patient, 'addr', 'add', `${address}/32`, 'dev', 'link0');
        await ipIn(this.spaces.patient, 'addr', 'del', `${before}/32`, 'dev', 'link0');
    }

    /** Ends the link, which must end well. */
    async close() {
        const code = await this.clear();
        if (code !== 0) throw new Error(`the link ended with ${code}: ${this.faults}`);
    }

    /** Leaves nothing behind; the emulator's exit code. */
    async clear() {
        this.link?.stdin.end();
        const [code] = this.link ? await this.ended : [null];
        for (const name of this.made) await ip('netns', 'del', name);
        return code;
    }
}
