// SPDX-License-Identifier: Apache-2.0
// A number that rises when what a page shows may have changed: the server says so, or the network came back. While no
// socket can be opened it rises now and then.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Coalescer } from './coalesce';
import { DayWatch } from './day_watch';
import { useGuard } from './shell';

const COALESCE_MS = 250;
const WITHOUT_SOCKET_MS = 120_000;

export interface News {
    readonly version: number;
    /** Changes do not reach us. */
    readonly offline: boolean;
    /** After a change of our own. */
    readonly reload: () => void;
}

/** `path` gives the token of what is listened to; without it: the day. */
export function useNews(path?: string): News {
    const [version, setVersion] = useState(0);
    const [offline, setOffline] = useState(false);
    const guard = useGuard();
    const rise = useRef(() => setVersion((n) => n + 1));
    const deaf = useRef(false);
    deaf.current = offline;
    useEffect(() => {
        const reader = new Coalescer(async () => rise.current(), COALESCE_MS);
        const watch = new DayWatch({ onChange: () => reader.poke(), onOffline: setOffline, onRefused: guard }, path);
        const retry = () => {
            if (document.visibilityState !== 'visible') return;
            watch.retryNow();
            reader.poke();
        };
        watch.start();
        window.addEventListener('online', retry);
        document.addEventListener('visibilitychange', retry);
        const timer = setInterval(() => deaf.current && retry(), WITHOUT_SOCKET_MS);
        return () => {
            clearInterval(timer);
            window.removeEventListener('online', retry);
            document.removeEventListener('visibilitychange', retry);
            reader.stop();
            watch.stop();
        };
    }, []);
    return { version, offline, reload: rise.current };
}
