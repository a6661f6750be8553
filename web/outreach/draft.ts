// SPDX-License-Identifier: Apache-2.0
// Keeps what is typed into a form, as it is typed: a browser may throw the page away while the camera is open. One
// write after the other, and always the newest.
import type { Draft, Vault } from './vault';

/** A photo of the form. */
export interface Picture {
    readonly id: string;
    readonly blob: Blob;
    /** Not of the entry that was opened. */
    readonly isNew: boolean;
}

export class DraftKeeper {
    private next: { readonly draft: Draft; readonly pictures: readonly Picture[] } | null = null;
    private writing: Promise<void> | null = null;
    private isOver = false;

    /** STORED: the new photos that a draft has on the disk already. */
    constructor(private readonly vault: Pick<Vault, 'setDraft' | 'endDraft'>, private readonly stored: Set<string>,
        private readonly onFailed: () => void) {}

    keep(draft: Draft, pictures: readonly Picture[]): void {
        if (this.isOver) return; // a photo that came too late
        this.next = { draft, pictures };
        this.writing ??= this.write();
    }

    /** Nothing is written any more from now on, unless it goes on. */
    async stop(): Promise<void> {
        this.isOver = true;
        this.next = null;
        await this.writing;
    }

    goOn(): void {
        this.isOver = false;
    }

    /** Throws the draft away, with photos that were taken for it. */
    async end(post: string): Promise<void> {
        await this.stop();
        await this.vault.endDraft(post, [...this.stored]);
    }

    /** Nothing lies between the last look and the end of it. */
    private async write(): Promise<void> {
        try {
            for (let step = this.next; step !== null; step = this.next) {
                this.next = null;
                await this.writeOne(step.draft, step.pictures);
            }
        } catch {
            this.onFailed();
        }
        this.writing = null;
    }

    private async writeOne(draft: Draft, pictures: readonly Picture[]): Promise<void> {
        const added = new Map<string, ArrayBuffer>();
        for (const one of pictures) if (one.isNew && !this.stored.has(one.id)) added.set(one.id, await one.blob.arrayBuffer());
        const gone = [...this.stored].filter((id) => !draft.photos.includes(id));
        await this.vault.setDraft(draft, added, gone);
        for (const id of added.keys()) this.stored.add(id);
        for (const id of gone) this.stored.delete(id);
    }
}
