// SPDX-License-Identifier: Apache-2.0
// The notes of the page: the one that is shown, and those that are not on the server yet. Such a one goes on being sent
// when the page shows another patient, and after a reload; none is let go of before the server has it.
import { vitalFaults } from './note_state';
import type { NoteModel, NoteStore } from './note_store';

export interface UnsentNote {
    readonly visit: string;
    /** "": not known. */
    readonly patient: string;
}

type OnModel = (store: NoteStore, model: NoteModel) => void;

interface OpenNote {
    readonly store: NoteStore;
    /** Null: not shown. */
    onModel: OnModel | null;
    started: boolean;
    /** It was tried and is not on the server: said until it is. */
    unsent: boolean;
}

/** Null: still on its way, as before. */
function isUnsent(store: NoteStore, model: NoteModel): boolean | null {
    switch (model.status) {
        case 'offline':
        case 'refused':
        case 'stale':
            return true;
        case 'failed':
            return store.copy !== null;
        case 'saved':
            return Object.keys(vitalFaults(model.draft)).length > 0;
        case 'signed':
            return false;
        default:
            return null;
    }
}

export class OpenNotes {
    private readonly notes = new Map<string, OpenNote>();
    private told: readonly UnsentNote[] = [];

    constructor(
        private readonly make: (visit: string, onModel: (model: NoteModel) => void) => NoteStore,
        /** What was left by pages that are gone is here by then. */
        private readonly ready: Promise<unknown>,
        private readonly onUnsent: (unsent: readonly UnsentNote[]) => void,
    ) {}

    /** The note of VISIT is shown, until the way back is gone. */
    open(visit: string, onModel: OnModel): () => void {
        const one = this.notes.get(visit) ?? this.add(visit);
        one.onModel = onModel;
        onModel(one.store, one.store.current);
        if (one.started) void this.refresh(one);
        return () => {
            one.onModel = null;
            if (one.store.current.status === 'dirty') void one.store.flush();
            this.changed(visit, one.store.current);
        };
    }

    /** There is a copy of VISIT: it is sent. */
    found(visit: string): void {
        const one = this.notes.get(visit);
        if (!one) this.add(visit);
        else if (one.started && ['saved', 'signed', 'failed'].includes(one.store.current.status)) void one.store.start();
    }

    /** All are tried now; false when one is not saved. */
    async flush(): Promise<boolean> {
        const done = await Promise.all([...this.notes.values()].map(({ store }) => store.flush()));
        return done.every(Boolean);
    }

    private add(visit: string): OpenNote {
        const store = this.make(visit, (model) => this.changed(visit, model));
        const one: OpenNote = { store, onModel: null, started: false, unsent: false };
        this.notes.set(visit, one);
        void this.ready.then(() => {
            if (this.notes.get(visit) !== one) return;
            one.started = true;
            void store.start();
        });
        return one;
    }

    /** What was left over is tried at once; what was saved is read again. */
    private async refresh({ store }: OpenNote): Promise<void> {
        const { status } = store.current;
        if (status === 'saved') await store.start();
        else if (status === 'offline' || status === 'failed') await store.flush();
    }

    private changed(visit: string, model: NoteModel): void {
        const one = this.notes.get(visit);
        if (!one) return;
        one.unsent = isUnsent(one.store, model) ?? one.unsent;
        one.onModel?.(one.store, model);
        this.tell();
        if (one.onModel || one.unsent) return;
        const isOnWay = ['dirty', 'saving'].includes(model.status) || (['loading', 'saved'].includes(model.status) && one.store.copy !== null);
        if (isOnWay) return;
        one.store.close();
        this.notes.delete(visit);
    }

    private tell(): void {
        const unsent = [...this.notes].filter(([, one]) => one.unsent).map(([visit, { store }]) => ({ visit, patient: store.who }));
        if (JSON.stringify(unsent) === JSON.stringify(this.told)) return;
        this.told = unsent;
        this.onUnsent(unsent);
    }
}
