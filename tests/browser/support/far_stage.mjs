// SPDX-License-Identifier: Apache-2.0
// As stage.mjs, with the emulated link of tests/netlab between the patient and everything else.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import { FarProgram } from '../../netlab/huyula_call.mjs';
import { Lab } from '../../netlab/lab.mjs';
import { Browser } from './browsers.mjs';
import { LEFT_OUT } from './gate.mjs';

/** Namespaces and TUN need root; why the tests are left out otherwise. */
export const unable = (process.getuid() !== 0 || !existsSync('/dev/net/tun')) &&
    'network namespaces and TUN need root';
if (unable) process.exitCode = LEFT_OUT;

/**
 * `orders`: the link at the start (link_script.h). `parties`: options of Browser.start() by name, with `side`
 * ("patient" or "server"). The result has `lab`, `program` and the browsers from the first test on.
 */
export function useFarStage({ orders, ...parties }) {
    const stage = {};
    before(async () => {
        if (unable) return;
        const { LINKEM } = process.env;
        assert.ok(LINKEM, 'LINKEM must name the emulator (ctest sets it)');
        stage.lab = await Lab.start({ linkem: LINKEM, seed: 3 });
        stage.lab.order(...orders);
        stage.program = new FarProgram(stage.lab);
        const starts = { program: stage.program.run() };
        for (const [name, { side, ...options }] of Object.entries(parties)) {
            starts[name] = Browser.start({ ...options, words: stage.lab.inside(side) })
                .then((browser) => (stage[name] = browser));
        }
        const failed = (await Promise.allSettled(Object.values(starts))).find((one) => one.status === 'rejected');
        if (failed) throw failed.reason;
    });
    after(async () => {
        await Promise.all(Object.keys(parties).map((name) => stage[name]?.close()));
        await stage.program?.dispose();
        await stage.lab?.close();
    });
    return stage;
}
