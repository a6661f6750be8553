// SPDX-License-Identifier: Apache-2.0
// A visit's note for a component: saved at once when the page goes out of sight, before a log-out, and
// with Ctrl+S.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../shared/api';
import { put } from '../../staff/put';
import { useGuard } from '../../staff/shell';
import { beforeLogOut, dropUnsaved, findUnsaved, keepUnsaved } from '../../staff/unsaved';
import { NoteStore, type NoteModel } from './note_store';

export interface NoteHook {
    readonly store: NoteStore;
    readonly model: NoteModel;
}

function onPage(store: NoteStore): () => void {
    const flush = () => void store.flush();
    const hidden = () => {
        if (document.visibilityState === 'hidden') flush();
    };
    const keys = (event: KeyboardEvent) => {
        if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
        event.preventDefault();
        flush();
    };
    document.addEventListener('visibilitychange', hidden);
    document.addEventListener('keydown', keys);
    window.addEventListener('online', flush);
    const forget = beforeLogOut(() => store.flush());
    return () => {
        document.removeEventListener('visibilitychange', hidden);
        document.removeEventListener('keydown', keys);
        window.removeEventListener('online', flush);
        forget();
        store.close();
    };
}

export function useNote(user: string, visitId: string): NoteHook | null {
    const [hook, setHook] = useState<NoteHook | null>(null);
    const guard = useGuard();
    useEffect(() => {
        const name = `note.${visitId}`;
        const copies = {
            keep: (value: unknown) => keepUnsaved(user, name, value),
            find: () => findUnsaved(user, name),
            drop: () => dropUnsaved(user, name),
        };
        const store: NoteStore = new NoteStore(`/api/v1/visits/${visitId}/note`, { ...api, put }, copies,
            (model) => setHook({ store, model }), guard);
        setHook({ store, model: store.current });
        void store.start();
        return onPage(store);
    }, [user, visitId, guard]);
    return hook;
}
