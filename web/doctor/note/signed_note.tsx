// SPDX-License-Identifier: Apache-2.0
// The note once it is signed: read, and added to.
import { useEffect, useState } from 'preact/hooks';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Field } from '../../shared/widgets/field';
import { useKept } from '../../staff/use_kept';
import { parseVital, type Draft } from './note_state';
import { NoteStatusLine } from './note_status';
import type { NoteModel, NoteStore } from './note_store';
import { Addenda, NoteText } from './note_text';
import { VITAL_KEYS, type ServerNote } from './types';
import { n } from './words';

interface Props {
    readonly store: NoteStore;
    readonly model: NoteModel;
    readonly user: string;
    readonly visitId: string;
}

/** As the server would give it. */
export function readable(draft: Draft): Pick<ServerNote, keyof Draft> {
    const vitals = Object.fromEntries(VITAL_KEYS.map((key) => [key, parseVital(key, draft.vitals[key])]));
    return { ...draft, vitals: vitals as ServerNote['vitals'] };
}

export function SignedNote({ store, model, user, visitId }: Props) {
    const kept = useKept(user, `addendum.${visitId}`);
    const { text = '' } = kept.texts;
    const isThere = kept.restored && model.addenda.some((one) => one.text === text.trim());
    /* It had arrived; only its answer was lost. */
    useEffect(() => {
        if (isThere) kept.drop();
    }, [isThere]);
    const [busy, setBusy] = useState(false);
    const add = async (event: Event) => {
        event.preventDefault();
        if (text.trim() === '' || busy) return;
        setBusy(true);
        if (await store.add(text.trim())) kept.drop();
        setBusy(false);
    };
    return (
        <>
            <NoteStatusLine model={model} />
            <NoteText note={readable(model.draft)} />
            {model.addenda.length > 0 && <h3 class="label">{n('add.title')}</h3>}
            <Addenda addenda={model.addenda} />
            <form class="note-form" onSubmit={(event) => void add(event)}>
                {kept.restored && text !== '' && <Banner tone="info" testId="addendum-restored">{n('add.restored')}</Banner>}
                <Field id="note-addendum" label={n('add.label')}>
                    {(tie) => (
                        <textarea {...tie} rows={3} maxLength={2000} value={text} data-testid="addendum"
                            onInput={(event) => kept.set('text', event.currentTarget.value)} />
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
