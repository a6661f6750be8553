// SPDX-License-Identifier: Apache-2.0
// Typed events without a DOM.

export class Emitter<Events extends object> {
    private readonly handlers = new Map<keyof Events, Set<(value: never) => void>>();

    /** Returns the function that takes the handler away again. */
    on<K extends keyof Events>(event: K, handler: (value: Events[K]) => void): () => void {
        const set = this.handlers.get(event) ?? new Set();
        this.handlers.set(event, set);
        set.add(handler as (value: never) => void);
        return () => {
            set.delete(handler as (value: never) => void);
        };
    }

    protected emit<K extends keyof Events>(event: K, value: Events[K]): void {
        for (const handler of new Set(this.handlers.get(event))) {
            (handler as (value: Events[K]) => void)(value);
        }
    }
}
