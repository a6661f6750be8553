// SPDX-License-Identifier: Apache-2.0
// What a program that a test has started says, and whether it still runs.
import { once } from 'node:events';

/** Also of one that a signal ended, whose exit code stays null. */
export const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

/**
 * Waits until `log()`, to which the child's `stream` adds, has `what` (a RegExp); returns the match.
 * Throws when the child `name` has ended, or says nothing of it in `timeoutMs`.
 */
export async function untilLogged({ name, child, stream, log, timeoutMs }, what) {
    const late = AbortSignal.timeout(timeoutMs);
    for (;;) {
        const found = log().match(what);
        if (found) return found;
        if (late.aborted || hasEnded(child)) throw new Error(`${name} did not say ${what}:\n${log()}`);
        const stop = new AbortController();
        const signal = AbortSignal.any([late, stop.signal]);
        await Promise.race([once(stream, 'data', { signal }), once(child, 'exit', { signal })]).catch(() => undefined);
        stop.abort();
    }
}
