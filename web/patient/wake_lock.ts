// SPDX-License-Identifier: Apache-2.0
// Keeps the screen on while the patient waits or talks. The browser drops the lock when the page is
// hidden; it is taken again when the page comes back. Browsers without it work as they always did.

interface Lock {
    release(): Promise<void>;
}

export class WakeLock {
    private wanted = false;
    private lock: Lock | null = null;

    constructor() {
        document.addEventListener('visibilitychange', () => {
            if (this.wanted && document.visibilityState === 'visible') void this.take();
        });
    }

    set(wanted: boolean): void {
        if (wanted === this.wanted) return;
        this.wanted = wanted;
        if (wanted) void this.take();
        else void this.lock?.release().catch(() => undefined);
    }

    private async take(): Promise<void> {
        const wakeLock = (navigator as { wakeLock?: { request(kind: 'screen'): Promise<Lock> } }).wakeLock;
        /* A low battery refuses the lock: the screen then goes off as usual. */
        this.lock = (await wakeLock?.request('screen').catch(() => null)) ?? null;
        if (!this.wanted) await this.lock?.release().catch(() => undefined);
    }
}
