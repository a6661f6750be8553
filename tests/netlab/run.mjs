// SPDX-License-Identifier: Apache-2.0
// The network lab's one command: calls over emulated links, one row per profile and direction in each of two tables.
//   node tests/netlab/run.mjs [--profile all|steady|a,b] [--runs N] [--relay huyula|janus|all] [--cap 512]
//       [--at-once 1] [--seconds 75] [--seed 1] [--json FILE] [--keep DIR]
//   node tests/netlab/run.mjs --again DIR [--json FILE]     figures anew from what --keep has kept
// HUYULA names the program, LINKEM the emulator; without them those of the release build.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figuresOf, measureCall } from './measure.mjs';
import { profile, profilesOf } from './profiles.mjs';
import { writePictures, writeSources } from './sources.mjs';
import { printTables, summarize } from './table.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
process.env.HUYULA ??= path.join(ROOT, 'build/huyula');
process.env.LINKEM ??= path.join(ROOT, 'build/release/tests/netlab/linkem');

const { values: options } = parseArgs({
    options: {
        profile: { type: 'string', default: 'all' },
        runs: { type: 'string', default: '1' },
        relay: { type: 'string', default: 'huyula' },
        cap: { type: 'string', default: '512' },
        'at-once': { type: 'string', default: '1' },
        seconds: { type: 'string', default: '75' },
        seed: { type: 'string', default: '1' },
        json: { type: 'string' },
        keep: { type: 'string' },
        again: { type: 'string' },
    },
});

/* Where a cap of 128 kbit/s, chosen before the call, is better for janus than 512. */
const CAPPED = ['3g', 'edge', 'vsat'];

/* The first signal ends the call that is measured, and the table is of those before; a second all at once. */
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
        if (stop.signal.aborted) process.exit(1);
        stop.abort();
    });
}

function keep(what, seen) {
    mkdirSync(options.keep, { recursive: true });
    const file = `${what.relay.replace(' ', '-')}-${what.profile}-${what.run}.json`;
    writeFileSync(path.join(options.keep, file), JSON.stringify({ ...what, seen }));
}

/** The calls of one run over one profile. With all, side by side, what is compared: janus as its demo is set up, and
 * with the cap that suits the links on which that is the bar. */
function contestants(profile) {
    const cap = Number(options.cap);
    if (options.relay !== 'all') return [{ relay: options.relay, cap }];
    const both = [{ relay: 'huyula', cap }, { relay: 'janus', cap: 512 }];
    return CAPPED.includes(profile.name) ? [...both, { relay: 'janus', cap: 128 }] : both;
}

function jobs() {
    const profiles = profilesOf(options.profile);
    return Array.from({ length: Number(options.runs) }, (_, run) => profiles.flatMap((one) =>
        contestants(one).map((contestant) => ({ ...contestant, profile: one, run })))).flat();
}

async function measureOne({ relay, cap, profile: one, run }, sources) {
    const { seen, ...figures } = await measureCall({
        profile: one, sources, relay, capKbps: cap, seconds: Number(options.seconds),
        seed: Number(options.seed) + run, signal: stop.signal,
    });
    const name = relay === 'janus' ? `janus ${cap}` : relay;
    const what = { relay: name, profile: one.name, run };
    if (options.keep && seen) keep(what, seen);
    console.error(`${name} ${one.name} run ${run + 1} of ${options.runs}: ${figures.failed ?? 'done'}` +
        `${figures.busy ? ', the machine was busy' : ''}`);
    return { ...what, ...figures };
}

/** Calls in their order, so many at once; each result as it comes. */
async function* measure(sources) {
    const atOnce = Number(options['at-once']);
    if (!Number.isInteger(atOnce) || atOnce < 1) throw new Error(`--at-once is a number from 1 on, not ${options['at-once']}`);
    const waiting = jobs();
    const running = new Set();
    while (running.size > 0 || (waiting.length > 0 && !stop.signal.aborted)) {
        while (running.size < atOnce && waiting.length > 0 && !stop.signal.aborted) {
            const call = measureOne(waiting.shift(), sources).then((result) => ({ call, result }));
            running.add(call);
        }
        const { call, result } = await Promise.race(running);
        running.delete(call);
        yield result;
    }
}

function* measuredBefore(sources) {
    for (const name of readdirSync(options.again).sort()) {
        const { seen, ...what } = JSON.parse(readFileSync(path.join(options.again, name), 'utf8'));
        yield { ...what, ...figuresOf({ profile: profile(what.profile), seen, sources }) };
    }
}

const dir = mkdtempSync(path.join(tmpdir(), 'huyula-netlab-'));
const results = [];
try {
    const pictures = path.join(dir, 'pictures.y4m');
    if (options.again) writePictures(pictures);
    const calls = options.again ? measuredBefore({ pictures }) : measure(await writeSources(dir));
    for await (const result of calls) {
        results.push(result);
        /* Each time: a long measurement that is ended early leaves what it has. */
        if (options.json) writeFileSync(options.json, JSON.stringify({ rows: summarize(results), results }, null, 1));
    }
} finally {
    rmSync(dir, { recursive: true, force: true });
}
printTables(summarize(results));
process.exitCode = results.some((one) => one.failed) ? 1 : 0;
