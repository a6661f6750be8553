// SPDX-License-Identifier: Apache-2.0
// The network lab's one command: calls over emulated links, one row per profile and direction.
//   node tests/netlab/run.mjs [--profile all|a,b] [--runs N] [--relay huyula|janus] [--cap 512]
//       [--seconds 75] [--seed 1] [--json FILE] [--keep DIR]
//   node tests/netlab/run.mjs --again DIR [--json FILE]     figures anew from what --keep has kept
// HUYULA names the program, LINKEM the emulator; without them those of the release build.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figuresOf, measureCall } from './measure.mjs';
import { profile, TABLE } from './profiles.mjs';
import { writePictures, writeSources } from './sources.mjs';
import { printTable, summarize } from './table.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
process.env.HUYULA ??= path.join(ROOT, 'build/huyula');
process.env.LINKEM ??= path.join(ROOT, 'build/release/tests/netlab/linkem');

const { values: options } = parseArgs({
    options: {
        profile: { type: 'string', default: 'all' },
        runs: { type: 'string', default: '1' },
        relay: { type: 'string', default: 'huyula' },
        cap: { type: 'string', default: '512' },
        seconds: { type: 'string', default: '75' },
        seed: { type: 'string', default: '1' },
        json: { type: 'string' },
        keep: { type: 'string' },
        again: { type: 'string' },
    },
});

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

async function* measure(sources) {
    const profiles = (options.profile === 'all' ? TABLE : options.profile.split(',')).map(profile);
    const relay = options.relay === 'janus' ? `janus ${options.cap}` : options.relay;
    const runs = Number(options.runs);
    for (let run = 0; run < runs; run++) {
        for (const one of profiles) {
            if (stop.signal.aborted) return;
            const { seen, ...figures } = await measureCall({
                profile: one, sources, relay: options.relay, capKbps: Number(options.cap),
                seconds: Number(options.seconds), seed: Number(options.seed) + run, signal: stop.signal,
            });
            const what = { relay, profile: one.name, run };
            if (options.keep && seen) keep(what, seen);
            console.error(`${relay} ${one.name} run ${run + 1} of ${runs}: ${figures.failed ?? 'done'}` +
                `${figures.busy ? ', the machine was busy' : ''}`);
            yield { ...what, ...figures };
        }
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
printTable(summarize(results));
process.exitCode = results.some((one) => one.failed) ? 1 : 0;
