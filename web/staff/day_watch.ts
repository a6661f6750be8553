// SPDX-License-Identifier: Apache-2.0
// Listens on the socket with a day token, and says when something of the caller's day, or a question between doctors,
// has changed; by another path's token when something of that has. A token that is spent is replaced by another one.
import { api, ApiProblem } from '../shared/api';
import { getLang } from '../shared/lang';
import { ProtocolClient, socketUrl, type Status } from '../shared/protocol';

export interface DayNews {
    /** Something has changed, or may have while nobody listened: also before the first welcome. */
    readonly onChange: () => void;
    readonly onOffline: (offline: boolean) => void;
    /** The session is over. */
    readonly onRefused: (problem: unknown) => void;
}

const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 60_000;

/** Pause before the n-th further attempt to get a token (n from 0): 5 s doubling to a minute. */
export function watchPause(n: number): number {
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** n);
}

export class DayWatch {
    private socket: ProtocolClient | null = null;
    private timer: ReturnType<typeof setTimeout> | null = null;
    private stopped = false;
    private failures = 0;

    constructor(
        private readonly news: DayNews,
        private readonly path = '/api/v1/day/watch',
    ) {}

    start(): void {
        void this.watch();
    }

    stop(): void {
        this.stopped = true;
        if (this.timer !== null) clearTimeout(this.timer);
        this.socket?.stop();
    }

    /** The network or the page came back. */
    retryNow(): void {
        if (this.timer !== null) {
            clearTimeout(this.timer);
            this.failures = 0;
            void this.watch();
        } else {
            this.socket?.retryNow();
        }
    }

    private async watch(): Promise<void> {
        this.timer = null;
        try {
            const { token } = await api.post<{ token: string }>(this.path);
            if (!this.stopped) this.connect(token);
        } catch (problem) {
            if (this.stopped) return;
            if (problem instanceof ApiProblem && problem.status === 401) this.news.onRefused(problem);
            this.watchLater();
        }
    }

    private watchLater(): void {
        if (this.stopped) return;
        this.news.onOffline(true);
        this.timer = setTimeout(() => void this.watch(), watchPause(this.failures));
        this.failures += 1;
    }

    private connect(token: string): void {
        const socket = new ProtocolClient({ url: socketUrl(location.host), token, lang: getLang });
        this.socket = socket;
        socket.on('status', (status) => this.onStatus(status));
        socket.on('message', (message) => {
            if (message.type === 'day-changed') this.news.onChange();
        });
        socket.start();
    }

    private onStatus(status: Status): void {
        switch (status) {
            case 'open':
                this.failures = 0;
                this.news.onOffline(false);
                this.news.onChange();
                break;
            case 'lost':
            case 'restarting':
                this.news.onOffline(true);
                break;
            case 'refused':
            case 'occupied':
            case 'replaced':
            case 'ended':
                /* The day token is spent: a new one is a new watch. */
                this.socket?.stop();
                this.watchLater();
                break;
            case 'idle':
            case 'connecting':
                break;
        }
    }
}
