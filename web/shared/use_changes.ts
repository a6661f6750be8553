// SPDX-License-Identifier: Apache-2.0
// A component that shows what a store holds.
import { useLayoutEffect, useState } from 'preact/hooks';

interface Changing {
    on(event: 'change', handler: () => void): () => void;
}

/**
 * Renders anew with each change. An effect would listen only after the first frame: an answer that is there before it,
 * from a near server on a busy phone, was never shown, and the page stayed at "loading" for good.
 */
export function useChanges(store: Changing): void {
    const [, update] = useState(0);
    useLayoutEffect(() => {
        const again = () => update((n) => n + 1);
        again();
        return store.on('change', again);
    }, [store]);
}
