// SPDX-License-Identifier: Apache-2.0
// The network lab's one command: calls over emulated links, one row per profile and direction.
//   node tests/netlab/run.mjs [--profile all|a,b] [--runs N] [--relay huyula|janus] [--cap 512]
//       [--seconds 75] [--seed 1] [--json FILE] [--keep DIR]
// HUYULA names the program, LINKEM the emulator; without them those of build/.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureCall } from './measure.mjs';
import { profile, TABLE } from './profiles.mjs';
import { writeSources } from './sources.mjs';
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
    },
});
const names = options.profile === 'all' ? TABLE : options.profile.split(',');
const profiles = names.map(profile);
const runs = Number(options.runs);
const relay = options.relay === 'janus' ? `janus ${options.cap}` : options.relay;

const dir = mkdtempSync(path.join(tmpdir(), 'huyula-netlab-'));
const results = [];
try {
    const sources = await writeSources(dir);
    for (let run = 0; run < runs; run++) {
        for (const one of profiles) {
            const result = await measureCall({
                profile: one, sources, relay: options.relay, capKbps: Number(options.cap),
                seconds: Number(options.seconds), seed: Number(options.seed) + run,
            });
            const { raw, ...figures } = result;
            results.push({ relay, profile: one.name, run, ...figures });
            console.error(`${relay} ${one.name} run ${run + 1} of ${runs}: ${figures.failed ?? 'done'}` +
                `${figures.busy ? ', the machine was busy' : ''}`);
            if (options.keep && raw) {
                mkdirSync(options.keep, { recursive: true });
                const file = `${relay.replace(' ', '-')}-${one.name}-${run}.json`;
                writeFileSync(path.join(options.keep, file), JSON.stringify(raw));
            }
            if (options.json) writeFileSync(options.json, JSON.stringify({ results }, null, 1));
        }
    }
} finally {
    rmSync(dir, { recursive: true, force: true });
}
const rows = summarize(results);
if (options.json) writeFileSync(options.json, JSON.stringify({ rows, results }, null, 1));
printTable(rows);
process.exitCode = results.some((one) => one.failed) ? 1 : 0;
