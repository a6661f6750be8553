// SPDX-License-Identifier: Apache-2.0
// For tests: the process's setTimeout, turned by hand (node 18 has no mock timers).
import { mock } from 'node:test';

export class FakeTimers {
    private nowMs = 0;
    private waiting = new Map<number, { at: number; run: () => void }>();
    private last = 0;
    private readonly set = mock.method(globalThis, 'setTimeout', ((run: () => void, ms = 0) => {
        this.last += 1;
        this.waiting.set(this.last, { at: this.nowMs + ms, run });
        return this.last;
    }) as never);
    private readonly unset = mock.method(globalThis, 'clearTimeout', ((id: number) => {
        this.waiting.delete(id);
    }) as never);

    async advance(ms: number): Promise<void> {
        await settle();
        const until = this.nowMs + ms;
        for (;;) {
            const due = [...this.waiting].filter(([, t]) => t.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
            if (!due) break;
            this.nowMs = due[1].at;
            this.waiting.delete(due[0]);
            due[1].run();
            await settle();
        }
        this.nowMs = until;
    }

    restore(): void {
        this.set.mock.restore();
        this.unset.mock.restore();
    }
}

/** Lets what promises do happen. */
export async function settle(): Promise<void> {
    for (let n = 0; n < 60; n++) await Promise.resolve();
}
