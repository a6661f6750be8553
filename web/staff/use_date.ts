// SPDX-License-Identifier: Apache-2.0
// The day that a list shows: today until another is chosen, also when midnight has passed.
import { useEffect, useRef, useState } from 'preact/hooks';
import { serverToday } from './server_clock';

const LOOK_EVERY_MS = 10_000;

export function useDate(today: string): [string, (date: string) => void] {
    const [date, setDate] = useState(today);
    const [, render] = useState(today);
    const known = useRef(today);
    useEffect(() => {
        const timer = setInterval(() => render(serverToday()), LOOK_EVERY_MS);
        return () => clearInterval(timer);
    }, []);
    useEffect(() => {
        if (date === known.current) setDate(today);
        known.current = today;
    }, [today]);
    return [date, setDate];
}
