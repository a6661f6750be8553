// SPDX-License-Identifier: Apache-2.0
// A note that cannot be read from the server; what was typed for it and is not there can be read all the same.
import { ApiProblem } from '../../shared/api';
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import { Failure } from '../../staff/parts';
import type { NoteModel, NoteStore } from './note_store';
import { NoteText } from './note_text';
import { readable } from './signed_note';
import { n } from './words';

interface Props {
    readonly store: NoteStore;
    readonly model: NoteModel;
}

export function FailedNote({ store, model: { problem, restored, draft } }: Props) {
    /* Not one's visit any more, or none: it will not be saved by trying. */
    const isOver = problem instanceof ApiProblem && (problem.status === 403 || problem.status === 404);
    return (
        <>
            <Failure problem={problem} onRetry={() => void store.start()} />
            {restored && (
                <section class="version" data-testid="note-left">
                    <Banner tone="warning">{n(isOver ? 'left.over' : 'left.waits')}</Banner>
                    <NoteText note={readable(draft)} />
                    {isOver && <Button onClick={() => store.discard()} testId="note-discard">{n('left.discard')}</Button>}
                </section>
            )}
        </>
    );
}
