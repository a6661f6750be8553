// SPDX-License-Identifier: Apache-2.0
// For tests: what a browser has for red_sender.ts, put into the global scope.
interface Globals {
    RTCRtpScriptTransform?: unknown;
    RTCRtpSender?: unknown;
    Worker?: unknown;
    RED_WORKER_URL?: string;
}

export class FakeWorker {
    messages: unknown[] = [];
    terminated = 0;
    onmessage: (() => void) | null = null;
    onerror: (() => void) | null = null;
    constructor(readonly url: string) {
        FakeWorker.made.push(this);
    }
    postMessage(message: unknown): void {
        this.messages.push(message);
    }
    terminate(): void {
        this.terminated += 1;
    }
    static made: FakeWorker[] = [];
}

export class FakeTransform {
    constructor(readonly worker: FakeWorker) {}
}

const scope = globalThis as unknown as Globals;

/** A browser that can; `without` is what it lacks. Worker is then `worker`. */
export function installRed(without: (keyof Globals | 'red')[] = [], worker: unknown = FakeWorker): void {
    FakeWorker.made = [];
    const codecs = [{ mimeType: 'audio/opus' }, ...(without.includes('red') ? [] : [{ mimeType: 'audio/red' }])];
    const all: Globals = {
        RTCRtpScriptTransform: FakeTransform,
        RTCRtpSender: { getCapabilities: () => ({ codecs }) },
        Worker: worker,
        RED_WORKER_URL: '/assets/red-HASH.js',
    };
    for (const name of Object.keys(all) as (keyof Globals)[]) {
        if (!without.includes(name)) Object.assign(scope, { [name]: all[name] });
    }
}

export function removeRed(): void {
    for (const name of ['RTCRtpScriptTransform', 'RTCRtpSender', 'Worker', 'RED_WORKER_URL'] as const) {
        delete scope[name];
    }
}
