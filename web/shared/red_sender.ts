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
}

function transformOf(): Transform | null {
    const { RTCRtpScriptTransform } = globalThis as { RTCRtpScriptTransform?: Transform };
    const codecs = typeof RTCRtpSender === 'undefined' ? [] : RTCRtpSender.getCapabilities('audio')?.codecs ?? [];
    const sendsRed = codecs.some((codec) => codec.mimeType.toLowerCase() === 'audio/red');
    return sendsRed && RTCRtpScriptTransform ? RTCRtpScriptTransform : null;
}

/** `onFailed`: what was attached sends nothing; connections are to be made anew, without it. */
export function redSender(onFailed: () => void): RedSender | null {
    const Transform = transformOf();
    if (!Transform || typeof Worker === 'undefined' || typeof RED_WORKER_URL === 'undefined') return null;
    let worker: Worker | null = new Worker(RED_WORKER_URL);
    let attached = false;
    const fail = () => {
        clearTimeout(timer);
        worker?.terminate();
        worker = null;
        if (attached) onFailed();
    };
    const timer = setTimeout(fail, START_MS);
    worker.onmessage = () => clearTimeout(timer);
    worker.onerror = fail;
    let last = 0;
    return {
        attach(sender) {
            if (!worker) return;
            (sender as { transform?: unknown }).transform = new Transform(worker, {});
            attached = true;
        },
        setReach(reach) {
            if (reach === last) return;
            last = reach;
            worker?.postMessage({ reach });
        },
    };
}
