// SPDX-License-Identifier: Apache-2.0
// One visit's note: what is typed is kept in the browser at once and sent 5 s later, each time as made
// from the revision that was confirmed last. Nothing is overwritten that somebody else saved: then both
// texts are shown and the doctor chooses.
import { ApiProblem, newIdempotencyKey } from '../../shared/api';
import { Timers } from '../../shared/timers';
import { isCopy, passes, whoOf, type Copies, type Copy, type NoteModel, type NoteServer } from './note_model';
import { bodyOf, draftOf, EMPTY, sameDraft, vitalFaults, type Draft } from './note_state';
import type { NoteReply, SavedReply, ServerNote } from './types';

export type { Copies, Copy, NoteModel, NoteServer, NoteStatus } from './note_model';

const SAVE_AFTER_MS = 5000;
const TRY_AGAIN_MS = 5000;
const MAX_UNANSWERED = 20;

function isAmong(note: ServerNote, sent: readonly Draft[]): boolean {
    return sent.some((one) => sameDraft(one, draftOf(note)));
}

export class NoteStore {
    private model: NoteModel = {
        status: 'loading', draft: EMPTY, revision: 0, savedAtMs: null, signedAtMs: null, patient: null, addenda: [], before: null,
        theirs: null, restored: false, kept: true, problem: null,
    };
    private readonly timers = new Timers();
    private sending: Promise<boolean> | null = null;
    private closed = false;
    private unanswered: readonly Draft[] = [];
    /** The next save replaces a text that was chosen against: it is to be put aside. */
    private overTheirs = false;
    /** By what the key was made: the same text sent again is the same addendum. */
    private addition = { text: '', key: '' };

    constructor(
        private readonly path: string,
        private readonly server: NoteServer,
        private readonly copies: Copies,
        private readonly onModel: (model: NoteModel) => void,
        /** True when a failure leads to the log-in page: the copy waits there. */
        private readonly guard: (error: unknown) => boolean = () => false,
    ) {}

    get current(): NoteModel {
        return this.model;
    }

    /** What is kept of it and not confirmed. */
    get copy(): Copy | null {
        const found = this.copies.find();
        return isCopy(found) ? found : null;
    }

    /** The patient's name, as far as it is known; "": not at all. */
    get who(): string {
        const { copy } = this;
        return this.model.patient?.name ?? (copy ? whoOf(copy) : '');
    }

    async start(): Promise<void> {
        this.timers.clear('start');
        this.set({ status: 'loading', problem: null });
        try {
            const reply = await this.server.get<NoteReply>(this.path);
            /* Another page's may have been taken over meanwhile. */
            if (!this.closed) this.take(reply, this.copy);
        } catch (problem) {
            if (this.closed || this.guard(problem)) return;
            const { copy } = this;
            this.set({ status: 'failed', problem, draft: copy?.draft ?? EMPTY, restored: copy !== null });
            if (copy && passes(problem)) this.timers.set('start', TRY_AGAIN_MS, () => void this.start());
        }
    }

    /** What was typed for a note that cannot be read any more is not wanted. */
    discard(): void {
        if (this.model.status !== 'failed') return;
        this.copies.drop();
        const { copy } = this;
        this.set({ draft: copy?.draft ?? EMPTY, restored: copy !== null });
    }

    edit(change: Partial<Draft>): void {
        const { status } = this.model;
        if (status === 'signed' || status === 'loading' || status === 'failed') return;
        const draft = { ...this.model.draft, ...change };
        const kept = this.keep(draft, this.model.revision);
        const waits = status === 'saving' || status === 'offline' || status === 'stale';
        this.set({ draft, kept, status: waits ? status : 'dirty' });
        if (status !== 'stale' && !this.timers.has('save')) this.later(SAVE_AFTER_MS);
    }

    /** Sends what is typed now; false when it could not be saved. */
    async flush(): Promise<boolean> {
        if (this.sending) await this.sending;
        const { status } = this.model;
        if (status === 'dirty' || status === 'offline' || status === 'refused') return this.send();
        if (status === 'failed' && this.copy) {
            await this.start();
            return this.sending ?? this.isConfirmed;
        }
        return status !== 'stale';
    }

    private get isConfirmed(): boolean {
        return this.model.status === 'saved' || this.model.status === 'signed';
    }

    /** Of the two texts: one's own over theirs (which the server puts aside), or theirs. */
    async choose(which: 'mine' | 'theirs'): Promise<void> {
        const { theirs } = this.model;
        if (this.model.status !== 'stale' || theirs === null) return;
        if (which === 'theirs' || theirs.signed_at_ms !== null) {
            this.copies.drop();
            this.set({ ...this.confirmed(theirs), draft: draftOf(theirs), restored: false });
            this.takeNext();
            return;
        }
        this.overTheirs = true;
        this.set({ status: 'dirty', revision: theirs.revision, theirs: null });
        this.unanswered = [];
        this.keep(this.model.draft, theirs.revision);
        await this.flush();
    }

    /** True when the note is signed now. */
    async sign(): Promise<boolean> {
        if (!(await this.flush()) || this.model.status !== 'saved') return false;
        return this.asking(async () => {
            const reply = await this.server.post<SavedReply>(`${this.path}/sign`, { revision: this.model.revision });
            this.set({ status: 'signed', signedAtMs: reply.signed_at_ms, restored: false });
        });
    }

    async add(text: string): Promise<boolean> {
        if (this.addition.text !== text) this.addition = { text, key: newIdempotencyKey() };
        const { key } = this.addition;
        return this.asking(async () => {
            await this.server.post(`${this.path}/addenda`, { key, text }, { idempotencyKey: key });
            const { addenda } = await this.server.get<NoteReply>(this.path);
            this.set({ addenda });
        });
    }

    /** The page lets go of it: nothing is sent any more, and the copy is there if something is left. */
    close(): void {
        this.timers.clearAll();
        this.closed = true;
    }

    private set(change: Partial<NoteModel>): void {
        this.model = { ...this.model, ...change };
        if (!this.closed) this.onModel(this.model);
    }

    private keep(draft: Draft, revision: number): boolean {
        return this.copies.keep({ revision, draft, who: this.who, unanswered: this.unanswered });
    }

    /** After the own copy: what another page left of the same note. */
    private takeNext(): void {
        if (this.copy) void this.start();
    }

    private confirmed(note: ServerNote): Partial<NoteModel> {
        return {
            status: note.signed_at_ms === null ? 'saved' : 'signed',
            revision: note.revision,
            savedAtMs: note.saved_at_ms,
            signedAtMs: note.signed_at_ms,
            theirs: null,
            problem: null,
        };
    }

    private take({ note, addenda, patient, before }: NoteReply, copy: Copy | null): void {
        const theirs = draftOf(note);
        const read = { ...this.confirmed(note), draft: theirs, addenda, patient, before: before ?? null };
        if (copy === null || sameDraft(copy.draft, theirs)) {
            if (copy !== null) this.copies.drop();
            this.set(read);
            this.takeNext();
            return;
        }
        const unanswered = Array.isArray(copy.unanswered) ? copy.unanswered : [];
        if (note.signed_at_ms !== null || (copy.revision !== note.revision && !isAmong(note, unanswered))) {
            this.set({ ...read, status: 'stale', draft: copy.draft, theirs: note, restored: true });
            return;
        }
        this.unanswered = copy.revision === note.revision ? unanswered : [];
        this.set({ ...read, status: 'dirty', draft: copy.draft, restored: true });
        void this.send();
    }

    private later(ms: number): void {
        this.timers.set('save', ms, () => void this.flush());
    }

    private send(): Promise<boolean> {
        this.timers.clear('save');
        this.sending = this.sendNow().finally(() => {
            this.sending = null;
        });
        return this.sending;
    }

    private async sendNow(): Promise<boolean> {
        const { draft, revision } = this.model;
        this.set({ status: 'saving' });
        this.unanswered = [...this.unanswered.filter((one) => !sameDraft(one, draft)), draft].slice(-MAX_UNANSWERED);
        this.keep(draft, revision);
        try {
            const reply = await this.server.put<SavedReply>(this.path, { ...bodyOf(draft, revision), keep_current: this.overTheirs }, {
                onRetry: () => this.set({ status: 'offline' }),
            });
            this.onSent(draft, reply);
            return true;
        } catch (problem) {
            if (this.takesOver(problem)) return this.sendNow();
            this.onRefused(problem);
            return false;
        }
    }

    /** The other revision is one's own: it had arrived, and its answer was lost. True: send what is typed over it. */
    private takesOver(problem: unknown): boolean {
        if (!(problem instanceof ApiProblem) || problem.type !== 'note-stale') return false;
        const current = problem.body.current as ServerNote;
        if (current.signed_at_ms !== null || !isAmong(current, this.unanswered)) return false;
        this.unanswered = [];
        this.set({ revision: current.revision, savedAtMs: current.saved_at_ms, problem: null });
        return true;
    }

    private onSent(sent: Draft, reply: SavedReply): void {
        const isSame = sameDraft(sent, this.model.draft);
        this.overTheirs = false;
        this.unanswered = [];
        const isWhole = Object.keys(vitalFaults(this.model.draft)).length === 0;
        const isDone = isSame && isWhole;
        if (isDone) this.copies.drop();
        else this.keep(this.model.draft, reply.revision);
        this.set({ status: isSame ? 'saved' : 'dirty', revision: reply.revision, savedAtMs: reply.saved_at_ms,
            problem: null });
        if (!isSame) this.later(SAVE_AFTER_MS);
        else if (isDone) this.takeNext();
    }

    private onRefused(problem: unknown): void {
        if (this.guard(problem)) return;
        if (problem instanceof ApiProblem && problem.type === 'note-stale') {
            this.set({ status: 'stale', theirs: problem.body.current as ServerNote, problem: null });
            return;
        }
        if (problem instanceof ApiProblem && problem.type === 'note-signed') {
            void this.start();
            return;
        }
        const isLink = passes(problem);
        this.set({ status: isLink ? 'offline' : 'refused', problem });
        if (isLink) this.later(TRY_AGAIN_MS);
    }

    private async asking(action: () => Promise<void>): Promise<boolean> {
        this.set({ problem: null });
        try {
            await action();
            return true;
        } catch (problem) {
            if (problem instanceof ApiProblem && problem.type === 'note-stale') this.onRefused(problem);
            else if (!this.guard(problem)) this.set({ problem });
            return false;
        }
    }
}
