// SPDX-License-Identifier: Apache-2.0
// The path of a page that has more than one, as state.
import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Route {
    readonly path: string;
    readonly go: (path: string) => void;
}

export function useRoute(): Route {
    const [path, setPath] = useState(location.pathname);
    useEffect(() => {
        const back = () => setPath(location.pathname);
        window.addEventListener('popstate', back);
        return () => window.removeEventListener('popstate', back);
    }, []);
    const go = useCallback((to: string) => {
        if (to !== location.pathname) history.pushState(null, '', to);
        setPath(to);
    }, []);
    return { path, go };
}

/** True for a plain click that the page may handle itself instead of the browser. */
export function isPlainClick(event: MouseEvent): boolean {
    return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
