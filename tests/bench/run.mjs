// SPDX-License-Identifier: Apache-2.0
// The benchmarks' one command: makes the database, measures, prints tables.
//   node tests/bench/run.mjs [--only bookings,queue,reads] [--past-days 1825] [--bookings 20000] [--patients 1000] [--reads 2000]
// HUYULA names the program, HUYULA_LOAD the load generator; without them those of the release build.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpus } from 'node:os';
import { measureBookings } from './bookings.mjs';
import { FULL, measureSize, startClinic } from './clinic.mjs';
import { short, table } from './figures.mjs';
import { measureQueue } from './queue.mjs';
import { measureReads, readKinds } from './reads.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
process.env.HUYULA ??= path.join(ROOT, 'build/huyula');
process.env.HUYULA_LOAD ??= path.join(ROOT, 'build/release/tests/bench/huyula_load');

const { values: options } = parseArgs({
    options: {
        only: { type: 'string', default: 'reads,bookings,queue' },
        'past-days': { type: 'string', default: String(FULL.pastDays) },
        bookings: { type: 'string', default: '10000' },
        clients: { type: 'string', default: '64' },
        patients: { type: 'string', default: '1000' },
        calls: { type: 'string', default: '20' },
        reads: { type: 'string', default: '2000' },
    },
});
const wanted = options.only.split(',');
const say = (text) => console.log(text);

async function bookings(clinic) {
    const count = Number(options.bookings), clients = Number(options.clients);
    const ways = [{ count, clients, perConnection: 25 }, { count: Math.ceil(count / 4), clients, perConnection: 1 }];
    const rows = [];
    for (const way of ways) {
        const one = await measureBookings(clinic, way);
        const milli = (seconds) => short((seconds * 1000) / one.booked);
        rows.push([String(one.clients), String(one.perConnection), String(one.booked), String(one.refused), one.rate.toFixed(0),
            ...['p50', 'p99', 'max'].map((name) => short(one.times[name])), milli(one.serverCpuS), milli(one.clientCpuS)]);
    }
    say(`\n${table(['at once', 'a connection', 'booked', 'refused', 'a second', 'p50 ms', 'p99 ms', 'max ms',
        'server CPU ms each', 'client CPU ms each'], rows)}`);
}

async function queue(clinic) {
    const one = await measureQueue(clinic, { count: Number(options.patients), rounds: Number(options.calls) });
    const row = (name, times) => [name, String(times.n), short(times.p50), short(times.p99), short(times.max)];
    say(`\n${one.count} patients wait, ${one.rounds} are called; server CPU ${one.serverCpuS.toFixed(1)} s with their coming in\n`);
    say(table(['from the call to', 'n', 'p50 ms', 'p99 ms', 'max ms'], [row('its answer', one.answers),
        row('each patient\'s new place', one.told), row('the last patient\'s', one.last)]));
}

async function reads(clinic) {
    const rows = [];
    for (const [name, kind] of Object.entries(await readKinds(clinic))) {
        for (const clients of [1, 4]) {
            const { times, rate } = await measureReads(clinic, kind, { count: Number(options.reads), clients });
            rows.push([name, String(clients), String(times.n), ...[times.p50, times.p99, times.max].map(short), rate.toFixed(0)]);
        }
    }
    say(`\n${table(['what', 'at once', 'n', 'p50 ms', 'p99 ms', 'max ms', 'a second'], rows)}`);
}

const clinic = await startClinic({ ...FULL, pastDays: Number(options['past-days']) });
try {
    const { visits, patients, bytes } = await measureSize(clinic);
    say(`${visits} visits of ${clinic.size.doctors} doctors and ${patients} patients, ${(bytes / 1e9).toFixed(2)} GB, made in `
        + `${clinic.seconds.toFixed(0)} s; ${cpus().length} cores, which the load generator shares`);
    const steps = { reads, bookings, queue };
    for (const name of wanted) await steps[name](clinic);
} finally {
    await clinic.server.dispose();
}
