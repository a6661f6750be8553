// SPDX-License-Identifier: Apache-2.0
// Throws away what the tablet holds of one patient, in two steps.
import { useState } from 'preact/hooks';
import { Button } from '../shared/widgets/button';
import type { Entry } from './entry';
import { o } from './words';

interface Props {
    readonly entry: Entry;
    readonly onRemove: () => void;
}

/** Of what the server has, only the change goes: that stays as it is there. */
export function RemoveEntry({ entry, onRemove }: Props) {
    const [sure, setSure] = useState(false);
    const isChange = (entry.there ?? 0) > 0;
    return sure ? (
        <Button kind="danger" onClick={onRemove} testId="entry-remove-sure">{o(isChange ? 'form.drop_change_sure' : 'form.remove_sure')}</Button>
    ) : (
        <Button kind="plain" onClick={() => setSure(true)} testId="entry-remove">{o(isChange ? 'form.drop_change' : 'form.remove')}</Button>
    );
}
