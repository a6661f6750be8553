// SPDX-License-Identifier: Apache-2.0
// A day's list that keeps itself up to date: reads GET /api/v1/day, listens on the socket with a day
// token, reads again (many changes as one) when something changed or the connection came back.
import { api, ApiProblem } from '../shared/api';
import { getLang } from '../shared/lang';
import { ProtocolClient, socketUrl, type Status } from '../shared/protocol';
import { Coalescer } from './coalesce';
import type { Day } from './types';

export interface FeedState {
    readonly day: Day | null;
    /** Why the list could not be read; null when it could. */
    readonly problem: unknown;
    /** True while changes do not reach us. */
    readonly offline: boolean;
    /** The server's clock minus the page's. */
    readonly offsetMs: number;
}

export const NO_FEED: FeedState = { day: null, problem: null, offline: false, offsetMs: 0 };

const COALESCE_MS = 250;
const WATCH_RETRY_MS = 5000;

export class DayFeed {
    private state: FeedState = NO_FEED;
    private socket: ProtocolClient | null = null;
    private watchTimer: ReturnType<typeof setTimeout> | null = null;
    private stopped = false;
    private opened = false;
    private readonly reader = new Coalescer(() => this.read(), COALESCE_MS);

    constructor(
        private date: string,
        private readonly onState: (state: FeedState) => void,
    ) {}

    start(): void {
        void this.reader.now();
        void this.watch();
    }

    stop(): void {
        this.stopped = true;
        this.reader.stop();
        if (this.watchTimer !== null) clearTimeout(this.watchTimer);
        this.socket?.stop();
    }

    show(date: string): void {
        if (date === this.date) return;
        this.date = date;
        this.set({ day: null, problem: null });
        void this.reader.now();
    }

    /** After a change of our own, and when the person asks. */
    reload(): void {
        void this.reader.now();
    }

    /** The network or the page came back. */
    retryNow(): void {
        this.socket?.retryNow();
        this.reader.poke();
    }

    private set(change: Partial<FeedState>): void {
        if (this.stopped) return;
        this.state = { ...this.state, ...change };
        this.onState(this.state);
    }

    private async read(): Promise<void> {
        const date = this.date;
        try {
            const day = await api.get<Day>(`/api/v1/day?date=${date}`);
            if (date === this.date) {
                this.set({ day, problem: null, offsetMs: day.server_ms - Date.now() });
            }
        } catch (problem) {
            if (date === this.date) this.set({ problem });
        }
    }

    private async watch(): Promise<void> {
        this.watchTimer = null;
        try {
            const { token } = await api.post<{ token: string }>('/api/v1/day/watch');
            if (!this.stopped) this.connect(token);
        } catch (problem) {
            if (problem instanceof ApiProblem && problem.status === 401) this.set({ problem });
            this.watchLater();
        }
    }

    private watchLater(): void {
        if (this.stopped) return;
        this.set({ offline: true });
        this.watchTimer = setTimeout(() => void this.watch(), WATCH_RETRY_MS);
    }

    private connect(token: string): void {
        const socket = new ProtocolClient({ url: socketUrl(location.host), token, lang: getLang });
        this.socket = socket;
        socket.on('status', (status) => this.onStatus(status));
        socket.on('message', (message) => {
            if (message.type === 'day-changed') this.reader.poke();
        });
        socket.start();
    }

    private onStatus(status: Status): void {
        switch (status) {
            case 'open':
                this.set({ offline: false });
                if (this.opened) this.reader.poke();
                this.opened = true;
                break;
            case 'lost':
            case 'restarting':
                this.set({ offline: true });
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
