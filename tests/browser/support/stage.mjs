// SPDX-License-Identifier: Apache-2.0
// A program and browsers that live as long as one test file, and end with it whatever happens.
import { after, before } from 'node:test';
import { Browser } from './browsers.mjs';
import { Gate } from './gate.mjs';
import { Program } from './program.mjs';

/**
 * `parties`: options of Browser.start() by name. The result has `program` and, by their names, the
 * browsers, from the first test on. `gated`: a gate stands between (`stage.gate`), the program outside
 * and each party on the `side` of its options. `configure`: as of Program.start(); `ready(stage)`: when
 * all of them have started.
 */
export function useStage({ hour, gated = false, configure, ready, ...parties }) {
    const stage = {};
    before(async () => {
        if (gated) stage.gate = await Gate.open();
        const starts = { program: Program.start({ hour, gate: stage.gate, configure }) };
        for (const [name, { side, ...options }] of Object.entries(parties)) {
            starts[name] = Browser.start({ ...options, words: stage.gate?.enter(side) });
        }
        const settled = await Promise.allSettled(Object.values(starts));
        Object.keys(starts).forEach((name, i) => (stage[name] = settled[i].value));
        const failed = settled.find((one) => one.status === 'rejected');
        if (failed) throw failed.reason;
        await ready?.(stage);
    });
    after(async () => {
        await Promise.all(Object.keys(parties).map((name) => stage[name]?.close()));
        await stage.program?.dispose();
        await stage.gate?.close();
    });
    return stage;
}
