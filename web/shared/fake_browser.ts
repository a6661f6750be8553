// SPDX-License-Identifier: Apache-2.0
// For tests: what a page with a visit's session needs of a browser, pretended. No clock of its own.

export class FakeSocket {
    readyState = 0;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    onerror: (() => void) | null = null;
    send(): void {}
    close(): void {}
    say(message: object): void {
        this.readyState = 1;
        this.onmessage?.({ data: JSON.stringify(message) });
    }
}

class FakeTrack {
    enabled = true;
    muted = false;
    stopped = false;
    contentHint = '';
    onended: (() => void) | null = null;
    constructor(readonly kind: string) {}
    stop(): void {
        this.stopped = true;
    }
}

function define(name: string, value: unknown): void {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
}

/** The page of a moment's browser, at PATH: takes the place of the one before. */
export class FakeBrowser {
    readonly sockets: FakeSocket[] = [];
    /** Devices that were opened. */
    private readonly tracks: FakeTrack[] = [];
    nFetched = 0;

    /** REPLY: what each request is answered. */
    constructor(path: string, reply: () => object) {
        const { sockets } = this;
        const kept = new Map<string, string>();
        define('sessionStorage', {
            getItem: (key: string) => kept.get(key) ?? null,
            setItem: (key: string, value: string) => kept.set(key, value),
            removeItem: (key: string) => kept.delete(key),
        });
        define('location', { host: 'h', origin: 'https://h', pathname: path });
        define('history', { replaceState: () => undefined });
        define('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
        define('window', new EventTarget());
        const getUserMedia = (want: { audio: unknown; video: unknown }) => this.getUserMedia(want);
        const mediaDevices = Object.assign(new EventTarget(), { getUserMedia, enumerateDevices: async () => [] });
        define('navigator', { mediaDevices });
        define('RTCPeerConnection', class {});
        define('setInterval', () => 0);
        define('WebSocket', class extends FakeSocket {
            constructor() {
                super();
                sockets.push(this);
            }
        });
        define('fetch', async () => {
            this.nFetched += 1;
            return new Response(JSON.stringify(reply()));
        });
    }

    /** The newest one. */
    get socket(): FakeSocket {
        return this.sockets[this.sockets.length - 1] as FakeSocket;
    }

    /** Kinds of the devices that are open. */
    get open(): string[] {
        return this.tracks.filter((one) => !one.stopped).map((one) => one.kind).sort();
    }

    private async getUserMedia(want: { audio: unknown; video: unknown }) {
        await Promise.resolve();
        const got = (['audio', 'video'] as const).filter((kind) => want[kind]).map((kind) => new FakeTrack(kind));
        this.tracks.push(...got);
        return { getTracks: () => got };
    }
}
