// SPDX-License-Identifier: Apache-2.0
// Two network namespaces, `inside` (the patient) and `outside` (the server and the doctor), and between
// them a third, the gate, that passes packets on, or drops without a word those that it is told to, as
// the firewalls of offices and hotels do. For root; what crosses it is dropped by routing rules, which
// need nothing but iproute2.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const NETS = { inside: '10.67.1', outside: '10.67.2' };
const FIRST_PRIORITY = 100; // before the rules of the tables
const run = promisify(execFile);
let nGates = 0;

/** A test file that is left out ends with this (ctest's SKIP_RETURN_CODE): it has not passed. */
export const LEFT_OUT = 77;

/** Whether this process may make namespaces. */
export const mayOpenGates = process.getuid() === 0;

export class Gate {
    static async open() {
        const gate = new Gate();
        try {
            await gate.make();
        } catch (error) {
            await gate.close();
            throw error;
        }
        return gate;
    }

    constructor() {
        nGates += 1;
        this.name = `hg${process.pid}x${nGates}`;
        this.made = [];
        this.blocked = [];
        this.allowed = 0;
        /** The server's address, as the patient sees it. */
        this.server = `${NETS.outside}.2`;
    }

    async make() {
        const middle = await this.space('gate');
        await run(...middle('sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'));
        for (const [side, net] of Object.entries(NETS)) {
            const there = await this.space(side);
            await run('ip', ['link', 'add', side, 'netns', `${this.name}gate`, 'type', 'veth',
                'peer', 'name', 'out', 'netns', `${this.name}${side}`]);
            await run(...middle('ip', 'addr', 'add', `${net}.1/24`, 'dev', side));
            await run(...middle('ip', 'link', 'set', side, 'up'));
            await run(...there('ip', 'addr', 'add', `${net}.2/24`, 'dev', 'out'));
            await run(...there('ip', 'link', 'set', 'out', 'up'));
            await run(...there('ip', 'route', 'add', 'default', 'via', `${net}.1`));
        }
    }

    /** A new namespace; a command in it, for run(). */
    async space(side) {
        await run('ip', ['netns', 'add', this.name + side]);
        this.made.push(this.name + side);
        const inIt = (...words) => {
            const [command, ...rest] = [...this.enter(side), ...words];
            return [command, rest];
        };
        /* An address of IPv6's that comes after a second is another network to a browser: it breaks off what it loads. */
        await run(...inIt('sh', '-c', 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'));
        await run(...inIt('ip', 'link', 'set', 'lo', 'up'));
        return inIt;
    }

    /** Words before a command that make it run on that side: `inside`, `outside` (or in the `gate`). */
    enter(side) {
        return ['nsenter', `--net=/run/netns/${this.name}${side}`];
    }

    /** Drops what fits `what`, a selector of ip-rule(8) such as 'ipproto udp', from now on. */
    async block(what) {
        await this.rule('add', FIRST_PRIORITY + this.blocked.length, ...what.split(' '), 'blackhole');
        this.blocked.push(what);
    }

    /** Lets what fits pass, whatever else is blocked. */
    async allow(what) {
        this.allowed += 1;
        await this.rule('add', FIRST_PRIORITY - this.allowed, ...what.split(' '), 'lookup', 'main');
    }

    /** Lets pass what was blocked. */
    async unblock() {
        while (this.blocked.length > 0) {
            this.blocked.pop();
            await this.rule('del', FIRST_PRIORITY + this.blocked.length);
        }
    }

    rule(verb, priority, ...rest) {
        const [command, ...words] = this.enter('gate');
        return run(command, [...words, 'ip', 'rule', verb, 'priority', String(priority), ...rest]);
    }

    /** Leaves nothing behind. */
    async close() {
        for (const name of this.made.splice(0)) await run('ip', ['netns', 'del', name]);
    }
}
