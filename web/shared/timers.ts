// SPDX-License-Identifier: Apache-2.0
// Named timers: setting one again replaces it, so nothing happens twice.

export class Timers {
    private readonly running = new Map<string, ReturnType<typeof setTimeout>>();

    set(name: string, ms: number, callback: () => void): void {
        this.clear(name);
        const timer = setTimeout(() => {
            this.running.delete(name);
            callback();
        }, ms);
        this.running.set(name, timer);
    }

    has(name: string): boolean {
        return this.running.has(name);
    }

    clear(name: string): void {
        const timer = this.running.get(name);
        if (timer !== undefined) clearTimeout(timer);
        this.running.delete(name);
    }

    clearAll(): void {
        for (const name of [...this.running.keys()]) this.clear(name);
    }
}
