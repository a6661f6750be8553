// SPDX-License-Identifier: Apache-2.0
// Short calls on poor links: what a person would notice, and nothing finer. The measurement is run.mjs.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { threeSecondsKb } from './link_figures.mjs';
import { measureCall } from './measure.mjs';
import { profile } from './profiles.mjs';
import { writeSources } from './sources.mjs';

const FIRST_S = 3; // of firstKb
/* Half of what TCP and TLS take on the thin links before a socket stands. */
const LATE_S = 0.5;
const able = process.getuid() === 0 && existsSync('/dev/net/tun');
if (!able) process.exitCode = 77; // ctest's SKIP_RETURN_CODE: left out is not passed
const options = { skip: !able && 'network namespaces and TUN need root', timeout: 180_000 };
let dir;
let sources;

before(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'huyula-netlab-'));
    sources = await writeSources(dir);
});
after(() => rmSync(dir, { recursive: true, force: true }));

/* Good seconds from the tenth on; one of fifteen is 7 %. `kbps`: what the link carries from and to the patient. `calls`:
 * that so many fail one after another, each with other losses, is no bad luck. */
const MIDDLING = { name: '3g', seconds: 25, leastPct: 80, kbps: { toDoctor: 200, toPatient: 400 } };
const THIN = [
    { name: 'weak', seconds: 25, leastPct: 67, kbps: { toDoctor: 60, toPatient: 60 }, calls: 2 },
    { name: 'edge', seconds: 8, leastPct: 0, kbps: { toDoctor: 100, toPatient: 100 } }, // how it begins
];

const socketOpenAt = (seen) => seen.patient.marks.find(([, what]) => what === 'socket open')?.[0];

const lateness = (seen) => `the link's clock began ${seen.linkLateS} s after the page made its socket`;

async function assertOne(t, { name, seconds, leastPct, kbps }, seed) {
    const { failed, seen, ...call } = await measureCall({ profile: profile(name), sources, seconds, seed });
    assert.equal(failed, undefined);
    assert.deepEqual(call.faults, []);
    if (seen.linkLateS > LATE_S) throw new Error(lateness(seen));
    const openedS = (socketOpenAt(seen) - seen.startMs) / 1000 - seen.linkLateS;
    for (const side of ['toDoctor', 'toPatient']) {
        const { firstSoundS, goodPct, firstKb } = call[side];
        const said = `${side}: ${JSON.stringify(call[side])}, processor idle ${call.cpu.idlePct.toFixed(0)} %, the clock ${1000 * seen.linkLateS} ms late`;
        t.diagnostic(said);
        assert.ok(firstSoundS !== null && firstSoundS <= Math.min(10, seconds), `no sound in time. ${said}`);
        assert.ok(goodPct >= leastPct, `the sound is broken. ${said}`);
        /* Of no losses, and so of no luck: no second call for it. */
        const openedKb = threeSecondsKb(seen.link[side === 'toDoctor' ? 'up' : 'down'], openedS);
        if (Math.max(firstKb, openedKb) > (kbps[side] * FIRST_S) / 8) throw new Error(`more than the link takes in ${FIRST_S} s. ${said}`);
    }
}

async function assertCall(t, call) {
    for (let n = 1; ; n++) {
        try {
            return await assertOne(t, call, n);
        } catch (error) {
            if (n >= (call.calls ?? 1) || !(error instanceof assert.AssertionError)) throw error;
            t.diagnostic(`once more, as ${error.message}`);
        }
    }
}

const titled = (call) => `both hear each other on a ${call.name} link`;

test(titled(MIDDLING), options, (t) => assertCall(t, MIDDLING));

test('a call whose socket never stands is measured, too', options, async () => {
    const dead = { name: 'dead', orders: [...profile('edge').orders, 'at 0 both loss 100'], delayMs: 250 };
    const { failed, seen, ...call } = await measureCall({ profile: dead, sources, seconds: 5 });
    assert.equal(failed, undefined);
    assert.deepEqual([seen.startMs, socketOpenAt(seen)], [seen.patient.socketAt, undefined]);
    assert.ok(seen.linkLateS <= LATE_S, lateness(seen));
    assert.deepEqual([call.toDoctor.firstSoundS, call.toPatient.firstFrameS], [null, null]);
});

/* Their pictures are small: the machine has room for both at once. */
test('thin links', { ...options, concurrency: 2 }, (t) => Promise.all(THIN
    .map((call) => t.test(titled(call), options, (one) => assertCall(one, call)))));
