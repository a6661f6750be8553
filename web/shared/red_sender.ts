// SPDX-License-Identifier: Apache-2.0
// The page's side of red_worker.ts. Where a browser knows no such worker, or it does not start, sound goes out as
// the browser makes it.

/** Where the build has put the worker; not there in unit tests. */
declare const RED_WORKER_URL: string | undefined;

type Transform = new (worker: Worker, options: object) => unknown;
const START_MS = 4000;

export interface RedSender {
    /** Before anything is sent: later a browser does not take it. */
    attach(sender: RTCRtpSender): void;
    /** How many packets later the farthest copy goes out; 0: as the browser does it. */
    setReach(reach: number): void;
    /** No connection needs it any more. */
    stop(): void;
}

function transformOf(): Transform | null {
    const { RTCRtpScriptTransform } = globalThis as { RTCRtpScriptTransform?: Transform };
    const codecs = typeof RTCRtpSender === 'undefined' ? [] : RTCRtpSender.getCapabilities('audio')?.codecs ?? [];
    const sendsRed = codecs.some((codec) => codec.mimeType.toLowerCase() === 'audio/red');
    return sendsRed && RTCRtpScriptTransform ? RTCRtpScriptTransform : null;
}

function startWorker(): Worker | null {
    try {
        return typeof Worker === 'undefined' || typeof RED_WORKER_URL === 'undefined' ? null : new Worker(RED_WORKER_URL);
    } catch {
        return null;
    }
}

/** `onFailed`: what was attached sends nothing; connections are to be made anew, without it. */
export function redSender(onFailed: () => void): RedSender | null {
    const Transform = transformOf();
    let worker = Transform && startWorker();
    if (!Transform || !worker) return null;
    let attached = false;
    let last = 0;
    const stop = () => {
        clearTimeout(timer);
        worker?.terminate();
        worker = null;
    };
    const fail = () => {
        if (!worker) return;
        stop();
        if (attached) onFailed();
    };
    const timer = setTimeout(fail, START_MS);
    worker.onmessage = () => clearTimeout(timer);
    worker.onerror = fail;
    return {
        attach(sender) {
            if (!worker) return;
            try {
                (sender as { transform?: unknown }).transform = new Transform(worker, {});
                attached = true;
            } catch {
                /* Sound goes out as the browser makes it. */
            }
        },
        setReach(reach) {
            if (reach === last) return;
            last = reach;
            worker?.postMessage({ reach });
        },
        stop,
    };
}
