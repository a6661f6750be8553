// SPDX-License-Identifier: Apache-2.0
// Two short calls on poor links: what a person would notice, and nothing finer. The measurement is run.mjs.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { measureCall } from './measure.mjs';
import { profile } from './profiles.mjs';
import { writeSources } from './sources.mjs';

const SECONDS = 25;
const able = process.getuid() === 0 && existsSync('/dev/net/tun');
if (!able) process.exitCode = 77; // ctest's SKIP_RETURN_CODE: left out is not passed
const options = { skip: !able && 'network namespaces and TUN need root', timeout: 100_000 };
let dir;
let sources;

before(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'huyula-netlab-'));
    sources = await writeSources(dir);
});
after(() => rmSync(dir, { recursive: true, force: true }));

/* Good seconds of the last fifteen; `weak` is still getting better by then. */
const GOOD_PCT = { '3g': 80, weak: 60 };

for (const [name, leastPct] of Object.entries(GOOD_PCT)) {
    test(`both hear each other on a ${name} link`, options, async () => {
        const { failed, seen, ...call } = await measureCall({ profile: profile(name), sources, seconds: SECONDS });
        assert.equal(failed, undefined);
        assert.deepEqual(call.faults, []);
        for (const side of ['toDoctor', 'toPatient']) {
            const { firstSoundS, goodPct } = call[side];
            const said = `${side}: ${JSON.stringify(call[side])}, processor idle ${call.cpu.idlePct.toFixed(0)} %`;
            assert.ok(firstSoundS !== null && firstSoundS <= 10, `no sound within 10 s. ${said}`);
            assert.ok(goodPct >= leastPct, `the sound is broken. ${said}`);
        }
    });
}
