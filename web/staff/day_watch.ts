// SPDX-License-Identifier: Apache-2.0
// Listens on the socket with a day token, and says when something of the caller's day, or a question between doctors,
// has changed. A token that is spent is replaced by another one.
import { api, ApiProblem } from '../shared/api';
import { getLang } from '../shared/lang';
import { ProtocolClient, socketUrl, type Status } from '../shared/protocol';

export interface DayNews {
    /** Something has changed, or may have while nobody listened. */
    readonly onChange: () => void;
    readonly onOffline: (offline: boolean) => void;
    /** The session is over. */
    readonly onRefused: (problem: unknown) => void;
}

const WATCH_RETRY_MS = 5000;

export class DayWatch {
    private socket: ProtocolClient | null = null;
    private timer: ReturnType<typeof setTimeout> | null = null;
    private stopped = false;
    private opened = false;

    constructor(private readonly news: DayNews) {}

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
        this.socket?.retryNow();
    }

    private async watch(): Promise<void> {
        this.timer = null;
        try {
            const { token } = await api.post<{ token: string }>('/api/v1/day/watch');
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
        this.timer = setTimeout(() => void this.watch(), WATCH_RETRY_MS);
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
                this.news.onOffline(false);
                if (this.opened) this.news.onChange();
                this.opened = true;
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
