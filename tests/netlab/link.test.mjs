// SPDX-License-Identifier: Apache-2.0
// The emulated link with real packets between its namespaces: rate, delay, loss, and both changes of address.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { quantile } from './figures.mjs';
import { Lab, SERVER } from './lab.mjs';

const PEER = fileURLToPath(new URL('link_peer.mjs', import.meta.url));
const PORT = 5004;
const able = process.getuid() === 0 && existsSync('/dev/net/tun');
if (!able) process.exitCode = 77; // ctest's SKIP_RETURN_CODE: left out is not passed
const options = { skip: !able && 'network namespaces and TUN need root', timeout: 60_000 };
let lab;

before(async () => {
    if (able) lab = await Lab.start({ linkem: process.env.LINKEM, seed: 5 });
});
after(() => lab?.close());

/**
 * Packets of `size` bytes of IP from the patient to the server, or the other way. Resolves with those
 * that arrived: {sentMs, ms, from}.
 */
async function sendOver({ size, perSecond, seconds, down = false }) {
    const [from, to] = down ? ['server', 'patient'] : ['patient', 'server'];
    const address = down ? lab.address : SERVER;
    const peer = (side, ...words) => [...lab.inside(side), process.execPath, PEER, ...words];
    const [command, ...words] = peer(to, 'receive', address, String(PORT));
    const receiver = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
    const arrived = [];
    try {
        assert.equal((await lines.next()).value, '"ready"');
        const [program, ...args] = peer(from, 'send', address, String(PORT), String(size), String(perSecond), String(seconds));
        lab.order('mark');
        await promisify(execFile)(program, args);
        for (let left = await untilSettled(down ? 'down' : 'up'); left > 0; left--) {
            const [sent, received, source] = JSON.parse((await lines.next()).value);
            arrived.push({ sentMs: Number(sent) / 1e6, ms: Number(received) / 1e6, from: source });
        }
    } finally {
        receiver.kill();
    }
    return arrived;
}

/** How many packets the link delivered, when none is under way any more. */
async function untilSettled(way) {
    for (;;) {
        const { udp } = (await lab.report())[way];
        if (udp.delivered + udp.dropped + udp.lost + udp.blocked === udp.offered) return udp.delivered;
    }
}

function near(got, want, off) {
    assert.ok(Math.abs(got - want) <= off, `${got}, not ${want} within ${off}`);
}

const delays = (packets) => packets.map((one) => one.ms - one.sentMs);

test('carries its rate within 2 %, and its queue no more than it holds', options, async () => {
    lab.order('both rate 200', 'both delay 100', 'both queue_ms 400', 'both loss 0');
    const packets = await sendOver({ size: 500, perSecond: 100, seconds: 5 });
    const [first, last] = [packets[0], packets.at(-1)];
    near(((packets.length - 1) * 500 * 8) / (last.ms - first.ms), 200, 4);
    near(quantile(delays(packets), 0.9), 500, 25);
});

test('delays by what it was told within 2 ms, either way', options, async () => {
    lab.order('both rate 20000', 'up delay 30', 'down delay 300');
    near(quantile(delays(await sendOver({ size: 100, perSecond: 50, seconds: 2 })), 0.5), 30, 2);
    near(quantile(delays(await sendOver({ size: 100, perSecond: 50, seconds: 2, down: true })), 0.5), 300, 2);
});

test('loses the share it was told', options, async () => {
    lab.order('both rate 20000', 'both delay 5', 'both loss 10', 'both burst 4');
    const n = 3000;
    const packets = await sendOver({ size: 60, perSecond: n / 3, seconds: 3 });
    /* Runs of four: seven times the variance of independent losses. */
    near(1 - packets.length / n, 0.1, 4 * Math.sqrt((7 * 0.1 * 0.9) / n));
});

test('the server sees another address after a NAT has forgotten', options, async () => {
    lab.order('both loss 0', 'nat 10.66.0.9');
    const packets = await sendOver({ size: 60, perSecond: 100, seconds: 0.2 });
    assert.deepEqual(new Set(packets.map((one) => one.from)), new Set(['10.66.0.9']));
});

test('a device gets another address and loses the one before', options, async () => {
    const moved = await Lab.start({ linkem: process.env.LINKEM });
    const kept = lab;
    lab = moved;
    try {
        await moved.move('10.66.0.3');
        const packets = await sendOver({ size: 60, perSecond: 100, seconds: 0.2 });
        assert.deepEqual(new Set(packets.map((one) => one.from)), new Set(['10.66.0.3']));
    } finally {
        lab = kept;
        await moved.close();
    }
});
