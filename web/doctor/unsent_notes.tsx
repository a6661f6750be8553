// SPDX-License-Identifier: Apache-2.0
// Whose notes are not saved yet: in the list, above it where it is another day's, and beside another patient where the list is not shown.
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import type { UnsentNote } from './note/open_notes';
import { n } from './note/words';

export function UnsentMark() {
    return (
        <span class="mark mark-urgent" data-testid="mark-unsent">
            <Icon name="warning" size={16} />
            {n('unsent.mark')}
        </span>
    );
}

interface Props {
    readonly unsent: readonly UnsentNote[];
    readonly onChoose: (visit: string) => void;
    readonly testId?: string;
}

export function UnsentNotes({ unsent, onChoose, testId = 'unsent-notes' }: Props) {
    if (unsent.length === 0) return null;
    return (
        <Banner tone="warning" testId={testId}>
            <p>{n('unsent.title')}</p>
            {unsent.map(({ visit, patient }) => (
                <p key={visit}>
                    <Button onClick={() => onChoose(visit)} testId="unsent-open">{n('unsent.open', { name: patient || n('unsent.someone') })}</Button>
                </p>
            ))}
        </Banner>
    );
}
