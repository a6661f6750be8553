// SPDX-License-Identifier: Apache-2.0
// What a browser lets a page notice of its network, of sleep and of devices, in four words.

export interface NetworkHandlers {
    /** Another network (Wi-Fi to mobile), or one again after none. */
    readonly onChanged: () => void;
    /** Something happened that may have cost connections: better ask. */
    readonly onDoubt: () => void;
    /** The person looks at the page again. */
    readonly onSeen: () => void;
    /** A microphone or camera came or went. */
    readonly onDevices: () => void;
}

export interface Surroundings {
    readonly window: EventTarget;
    readonly document: EventTarget & { readonly visibilityState: string };
    readonly devices: EventTarget | undefined;
    /** Network Information API; `type` is known on phones only. */
    readonly connection: (EventTarget & { readonly type?: string }) | undefined;
}

function surroundings(): Surroundings {
    const { connection, mediaDevices } = navigator as Navigator & { connection?: Surroundings['connection'] };
    return { window, document, devices: mediaDevices as MediaDevices | undefined, connection };
}

/** Returns the function that stops watching. */
export function watchNetwork(handlers: NetworkHandlers, around: Surroundings = surroundings()): () => void {
    const undo: (() => void)[] = [];
    const listen = (target: EventTarget | undefined, name: string, handler: () => void) => {
        /* Old Safari has a connection that is no EventTarget. */
        if (typeof target?.addEventListener !== 'function') return;
        target.addEventListener(name, handler);
        undo.push(() => target.removeEventListener(name, handler));
    };
    let type = around.connection?.type;
    listen(around.window, 'online', handlers.onChanged);
    /* Chromium says `change` for each new guess of the rate, too. */
    listen(around.connection, 'change', () => {
        const before = type;
        type = around.connection?.type;
        if (type !== before && type !== 'none') handlers.onChanged();
        else if (type === before) handlers.onDoubt();
    });
    listen(around.document, 'visibilitychange', () => {
        if (around.document.visibilityState !== 'visible') return;
        handlers.onDoubt();
        handlers.onSeen();
    });
    listen(around.document, 'resume', handlers.onDoubt);
    listen(around.devices, 'devicechange', handlers.onDevices);
    return () => {
        for (const one of undo.splice(0)) one();
    };
}
