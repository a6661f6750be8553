// SPDX-License-Identifier: Apache-2.0
// The page's notes for its components: saved at once when the page goes out of sight, before a log-out, and with Ctrl+S.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../../shared/api';
import { keptIds, NOTE, pageCopies, takeOver } from '../../staff/page_copies';
import { put } from '../../staff/put';
import { useGuard } from '../../staff/shell';
import { beforeLogOut } from '../../staff/unsaved';
import { NoteStore, type NoteModel } from './note_store';
import { OpenNotes, type UnsentNote } from './open_notes';

export interface NoteHook {
    readonly store: NoteStore;
    readonly model: NoteModel;
}

function onPage(notes: OpenNotes, lookAround: () => void): () => void {
    const flush = () => void notes.flush();
    const hidden = () => {
        if (document.visibilityState === 'hidden') flush();
        else lookAround();
    };
    const keys = (event: KeyboardEvent) => {
        if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
        event.preventDefault();
        flush();
    };
    document.addEventListener('visibilitychange', hidden);
    document.addEventListener('keydown', keys);
    window.addEventListener('online', flush);
    const forget = beforeLogOut(() => notes.flush());
    return () => {
        document.removeEventListener('visibilitychange', hidden);
        document.removeEventListener('keydown', keys);
        window.removeEventListener('online', flush);
        forget();
    };
}

export interface OpenNotesHook {
    readonly notes: OpenNotes;
    /** Tried, and not on the server. */
    readonly unsent: readonly UnsentNote[];
}

/** One for the page. What an earlier page left unsent is sent from the start, whatever the page shows. */
export function useOpenNotes(user: string): OpenNotesHook {
    const [unsent, setUnsent] = useState<readonly UnsentNote[]>([]);
    const guard = useGuard();
    const made = useRef<OpenNotes | null>(null);
    const take = () => takeOver(user, NOTE, (visit) => made.current?.found(visit)).catch(() => undefined);
    if (made.current === null) {
        const taken = take();
        made.current = new OpenNotes((visit, onModel) => new NoteStore(`/api/v1/visits/${visit}/note`, { ...api, put },
            pageCopies(user, NOTE, visit), onModel, guard), taken, setUnsent);
    }
    const notes = made.current;
    useEffect(() => {
        for (const visit of keptIds(user, NOTE)) notes.found(visit);
        return onPage(notes, () => void take());
    }, [user, notes]);
    return { notes, unsent };
}

export function useNote(notes: OpenNotes, visitId: string): NoteHook | null {
    const [hook, setHook] = useState<NoteHook | null>(null);
    useEffect(() => notes.open(visitId, (store, model) => setHook({ store, model })), [notes, visitId]);
    return hook;
}
