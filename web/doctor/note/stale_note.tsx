// SPDX-License-Identifier: Apache-2.0
// Two versions of one note: both are shown, the doctor chooses.
import { useState } from 'preact/hooks';
import { dateAndTime } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { failureText } from '../../shared/words';
import type { NoteModel, NoteStore } from './note_store';
import { NoteText } from './note_text';
import { readable } from './signed_note';
import { n } from './words';

interface Props {
    readonly store: NoteStore;
    readonly model: NoteModel;
}

export function StaleNote({ store, model }: Props) {
    const [busy, setBusy] = useState(false);
    const { theirs } = model;
    if (theirs === null) return null;
    const isSigned = theirs.signed_at_ms !== null;
    const choose = async (which: 'mine' | 'theirs') => {
        setBusy(true);
        await store.choose(which);
        setBusy(false);
    };
    return (
        <div class="note-stale" data-testid="note-stale">
            <Banner tone="warning">
                <p class="label">{n('stale.title')}</p>
                <p>{n(isSigned ? 'stale.signed' : 'stale.text')}</p>
            </Banner>
            {model.problem !== null && <Banner tone="danger">{failureText(model.problem)}</Banner>}
            <section class="version" data-testid="version-mine">
                <h3>{n('stale.mine')}</h3>
                <NoteText note={readable(model.draft)} />
                {!isSigned && (
                    <Button busy={busy} onClick={() => void choose('mine')} testId="use-mine">
                        {n('stale.use_mine')}
                    </Button>
                )}
            </section>
            <section class="version" data-testid="version-theirs">
                <h3>{n('stale.theirs', { when: dateAndTime(theirs.signed_at_ms ?? theirs.saved_at_ms ?? 0) })}</h3>
                <NoteText note={theirs} />
                <Button busy={busy} onClick={() => void choose('theirs')} testId="use-theirs">
                    {n(isSigned ? 'stale.close_signed' : 'stale.use_theirs')}
                </Button>
            </section>
        </div>
    );
}
