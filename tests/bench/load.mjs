// SPDX-License-Identifier: Apache-2.0
// Runs the load generator, and says what processor time the server took meanwhile.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const TICKS_PER_S = 100; // USER_HZ, the unit of /proc/PID/stat

let nFiles = 0;
/* Addresses that no earlier load came from: each has its full allowance. */
let nextAddress = 0;

/** A request as http_call.h wants it. */
export function requestLine(method, target, { headers = {}, json } = {}) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('||');
    return [method, target, lines, json === undefined ? '' : JSON.stringify(json)].join('\t');
}

/** Processor seconds of a process since its start. */
export function cpuSeconds(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

async function runLoad(server, kind, lines, nAddresses, args) {
    assert.ok(process.env.HUYULA_LOAD, 'HUYULA_LOAD must name the load generator (ctest sets it)');
    const input = path.join(server.root, `load-${nFiles++}`), output = `${input}.out`;
    writeFileSync(input, `${lines.join('\n')}\n`);
    const first = nextAddress;
    nextAddress += nAddresses;
    const before = cpuSeconds(server.child.pid);
    const child = spawn(process.env.HUYULA_LOAD, [kind, '--port', server.port, '--input', input, '--output', output,
        '--first-address', first, ...args].map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '', faults = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (faults += text));
    const [code] = await once(child, 'close');
    assert.equal(code, 0, `the load generator ended with ${code}: ${faults}`);
    return { said, serverCpuS: cpuSeconds(server.child.pid) - before,
        lines: readFileSync(output, 'utf8').trimEnd().split('\n') };
}

/** Sends `requests`, `clients` at once: {answers: [{status, us, kept}], seconds, clientCpuS, serverCpuS}. */
export async function httpLoad(server, requests, { clients, perConnection, keep }) {
    const args = ['--clients', clients, '--per-connection', perConnection, ...(keep ? ['--keep', keep] : [])];
    const nAddresses = clients + Math.ceil(requests.length / perConnection);
    const { said, lines, serverCpuS } = await runLoad(server, 'http', requests, nAddresses, args);
    const { seconds, cpu_seconds: clientCpuS } = JSON.parse(said);
    const answers = lines.map((line) => {
        const [status, us, kept] = line.split('\t');
        return { status: Number(status), us: Number(us), kept };
    });
    return { answers, seconds, clientCpuS, serverCpuS };
}

/** Lets those with `tokens` wait and calls `rounds` of them: [{answerUs, toldUs: [...]}], one for each call. */
export async function queueLoad(server, tokens, { call, putAway, rounds }) {
    const args = ['--call', call, '--put-away', putAway, '--rounds', rounds];
    const { lines, serverCpuS } = await runLoad(server, 'queue', tokens, tokens.length + rounds, args);
    return { serverCpuS, rounds: lines.map((line) => {
        const [answer, told] = line.split('\t');
        return { answerUs: Number(answer), toldUs: told.split(',').map(Number) };
    }) };
}
