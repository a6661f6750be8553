// SPDX-License-Identifier: Apache-2.0
// Ten changes in a second are one reading of the list: at most one reading runs, and one more is
// remembered while it does.

export interface Timers {
    set(run: () => void, ms: number): unknown;
    clear(timer: unknown): void;
}

export const pageTimers: Timers = {
    set: (run, ms) => setTimeout(run, ms),
    clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

export class Coalescer {
    private timer: unknown = null;
    private running = false;
    private wanted = false;
    private stopped = false;

    /** `read` must not throw: it reports its own failures. */
    constructor(
        private readonly read: () => Promise<void>,
        private readonly delayMs: number,
        private readonly timers: Timers = pageTimers,
    ) {}

    /** Reads soon; further calls until then change nothing. */
    poke(): void {
        if (this.stopped) {
            return;
        }
        if (this.running) {
            this.wanted = true;
        } else if (this.timer === null) {
            this.timer = this.timers.set(() => void this.now(), this.delayMs);
        }
    }

    /** Reads at once, unless a reading is under way: then once more after it. */
    async now(): Promise<void> {
        if (this.timer !== null) {
            this.timers.clear(this.timer);
            this.timer = null;
        }
        if (this.stopped) {
            return;
        }
        if (this.running) {
            this.wanted = true;
            return;
        }
        this.running = true;
        try {
            await this.read();
        } finally {
            this.running = false;
        }
        if (this.wanted) {
            this.wanted = false;
            this.poke();
        }
    }

    stop(): void {
        this.stopped = true;
        if (this.timer !== null) {
            this.timers.clear(this.timer);
            this.timer = null;
        }
    }
}
