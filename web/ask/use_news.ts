// SPDX-License-Identifier: Apache-2.0
// A number that rises when a question may have changed: the server says so, or the network came back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Coalescer } from '../staff/coalesce';
import { DayWatch } from '../staff/day_watch';
import { useGuard } from '../staff/shell';

const COALESCE_MS = 250;

export interface News {
    readonly version: number;
    /** Changes do not reach us. */
    readonly offline: boolean;
    /** After a change of our own. */
    readonly reload: () => void;
}

export function useNews(): News {
    const [version, setVersion] = useState(0);
    const [offline, setOffline] = useState(false);
    const guard = useGuard();
    const rise = useRef(() => setVersion((n) => n + 1));
    useEffect(() => {
        const reader = new Coalescer(async () => rise.current(), COALESCE_MS);
        const watch = new DayWatch({ onChange: () => reader.poke(), onOffline: setOffline, onRefused: guard });
        const retry = () => {
            if (document.visibilityState !== 'visible') return;
            watch.retryNow();
            reader.poke();
        };
        watch.start();
        window.addEventListener('online', retry);
        document.addEventListener('visibilitychange', retry);
        return () => {
            window.removeEventListener('online', retry);
            document.removeEventListener('visibilitychange', retry);
            reader.stop();
            watch.stop();
        };
    }, []);
    return { version, offline, reload: rise.current };
}
