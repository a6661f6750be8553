// SPDX-License-Identifier: Apache-2.0
// A day's list that keeps itself up to date: reads GET /api/v1/day, listens on the socket with a day
// token, reads again (many changes as one) when something changed or the connection came back.
import { api } from '../shared/api';
import { Coalescer } from './coalesce';
import { DayWatch } from './day_watch';
import { noteServerTime } from './server_clock';
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

export class DayFeed {
    private state: FeedState = NO_FEED;
    private stopped = false;
    private readonly reader = new Coalescer(() => this.read(), COALESCE_MS);
    private readonly watch = new DayWatch({
        onChange: () => this.reader.poke(),
        onOffline: (offline) => this.set({ offline }),
        onRefused: (problem) => this.set({ problem }),
    });

    constructor(
        private date: string,
        private readonly onState: (state: FeedState) => void,
    ) {}

    start(): void {
        void this.reader.now();
        this.watch.start();
    }

    stop(): void {
        this.stopped = true;
        this.reader.stop();
        this.watch.stop();
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
        this.watch.retryNow();
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
                noteServerTime(day.server_ms);
                this.set({ day, problem: null, offsetMs: day.server_ms - Date.now() });
            }
        } catch (problem) {
            if (date === this.date) this.set({ problem });
        }
    }
}
