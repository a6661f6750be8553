// SPDX-License-Identifier: Apache-2.0
// A program and browsers that live as long as one test file, and end with it whatever happens.
import { after, before } from 'node:test';
import { Browser } from './browsers.mjs';
import { Program } from './program.mjs';

/**
 * `parties`: options of Browser.start() by name. The result has `program` and, by their names, the
 * browsers, from the first test on.
 */
export function useStage({ hour, ...parties }) {
    const stage = {};
    before(async () => {
        const starts = { program: Program.start({ hour }) };
        for (const [name, options] of Object.entries(parties)) starts[name] = Browser.start(options);
        const settled = await Promise.allSettled(Object.values(starts));
        Object.keys(starts).forEach((name, i) => (stage[name] = settled[i].value));
        const failed = settled.find((one) => one.status === 'rejected');
        if (failed) throw failed.reason;
    });
    after(async () => {
        await Promise.all(Object.keys(parties).map((name) => stage[name]?.close()));
        await stage.program?.dispose();
    });
    return stage;
}
