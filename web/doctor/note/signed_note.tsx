// SPDX-License-Identifier: Apache-2.0
// The note once it is signed: read, and added to.
import { useState } from 'preact/hooks';
import { Button } from '../../shared/widgets/button';
import { Field } from '../../shared/widgets/field';
import { parseVital, type Draft } from './note_state';
import { NoteStatusLine } from './note_status';
import type { NoteModel, NoteStore } from './note_store';
import { Addenda, NoteText } from './note_text';
import { VITAL_KEYS, type ServerNote } from './types';
import { n } from './words';

interface Props {
    readonly store: NoteStore;
    readonly model: NoteModel;
}

/** As the server would give it. */
export function readable(draft: Draft): Pick<ServerNote, keyof Draft> {
    const vitals = Object.fromEntries(VITAL_KEYS.map((key) => [key, parseVital(key, draft.vitals[key])]));
    return { ...draft, vitals: vitals as ServerNote['vitals'] };
}

export function SignedNote({ store, model }: Props) {
    const [text, setText] = useState('');
    const [busy, setBusy] = useState(false);
    const add = async (event: Event) => {
        event.preventDefault();
        if (text.trim() === '' || busy) return;
        setBusy(true);
        if (await store.add(text.trim())) setText('');
        setBusy(false);
    };
    return (
        <>
            <NoteStatusLine model={model} />
            <NoteText note={readable(model.draft)} />
            {model.addenda.length > 0 && <h3 class="label">{n('add.title')}</h3>}
            <Addenda addenda={model.addenda} />
            <form class="note-form" onSubmit={(event) => void add(event)}>
                <Field id="note-addendum" label={n('add.label')}>
                    {(tie) => (
                        <textarea {...tie} rows={3} maxLength={2000} value={text} data-testid="addendum"
                            onInput={(event) => setText(event.currentTarget.value)} />
                    )}
                </Field>
                <div>
                    <Button type="submit" busy={busy} disabled={text.trim() === ''} testId="addendum-submit">
                        {n('add.submit')}
                    </Button>
                </div>
            </form>
        </>
    );
}
