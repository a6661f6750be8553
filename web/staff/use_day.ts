// SPDX-License-Identifier: Apache-2.0
// The live day list for a component, and the server's clock ticking.
import { useEffect, useRef, useState } from 'preact/hooks';
import { DayFeed, NO_FEED, type FeedState } from './day_feed';
import { useGuard } from './shell';

export interface DayHook extends FeedState {
    readonly reload: () => void;
}

export function useDay(date: string): DayHook {
    const [state, setState] = useState<FeedState>(NO_FEED);
    const feed = useRef<DayFeed | null>(null);
    const guard = useGuard();
    useEffect(() => {
        const started = new DayFeed(date, setState);
        feed.current = started;
        started.start();
        const retry = () => {
            if (document.visibilityState === 'visible') started.retryNow();
        };
        window.addEventListener('online', retry);
        document.addEventListener('visibilitychange', retry);
        return () => {
            window.removeEventListener('online', retry);
            document.removeEventListener('visibilitychange', retry);
            started.stop();
        };
    }, []);
    useEffect(() => feed.current?.show(date), [date]);
    useEffect(() => {
        if (state.problem !== null) guard(state.problem);
    }, [state.problem, guard]);
    return { ...state, reload: () => feed.current?.reload() };
}

/** Renders again every `everyMs`; gives the page's clock. */
export function useNow(everyMs: number): number {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), everyMs);
        return () => clearInterval(timer);
    }, [everyMs]);
    return now;
}
