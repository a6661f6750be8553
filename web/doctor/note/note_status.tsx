// SPDX-License-Identifier: Apache-2.0
// Whether what stands in the note is saved: always said, in words.
import { timeOfDay } from '../../shared/format';
import { Banner } from '../../shared/widgets/banner';
import { Icon, type IconName } from '../../shared/widgets/icon';
import { failureText } from '../../shared/words';
import { isUnmet, vitalFaults } from './note_state';
import type { NoteModel } from './note_store';
import { n } from './words';

function wordsOf({ status, savedAtMs, signedAtMs, kept }: NoteModel): string {
    switch (status) {
        case 'saved':
            return savedAtMs === null ? n('status.empty') : n('status.saved', { when: timeOfDay(savedAtMs) });
        case 'signed':
            return n('status.signed', { when: timeOfDay(signedAtMs ?? 0) });
        case 'offline':
            return n(kept ? 'status.offline' : 'status.offline_unkept');
        case 'failed':
            return '';
        default:
            return n(`status.${status}`);
    }
}

/** None as long as nothing has been saved. */
function iconOf({ status, savedAtMs }: NoteModel): IconName | null {
    if (status === 'saved' && savedAtMs === null) return null;
    if (status === 'saved' || status === 'signed') return 'check';
    return status === 'offline' || status === 'refused' ? 'warning' : 'clock';
}

export function NoteStatusLine({ model }: { readonly model: NoteModel }) {
    const isPartly = model.status === 'saved' && Object.keys(vitalFaults(model.draft)).length > 0;
    const icon = iconOf(model);
    return (
        <div class="note-status" data-testid="note-status" data-status={model.status}>
            <p class={`note-saved ${model.status}`} role="status">
                {icon && <Icon name={icon} size={20} />}
                <span>
                    {wordsOf(model)} {isPartly && n('status.partly')}
                </span>
            </p>
            {model.restored && <Banner tone="info" testId="note-restored">{n('restored')}</Banner>}
            {model.problem !== null && model.status !== 'offline' && !isUnmet(model.problem) && (
                <Banner tone="danger" testId="note-problem">{failureText(model.problem)}</Banner>
            )}
        </div>
    );
}
