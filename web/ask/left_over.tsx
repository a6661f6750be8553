// SPDX-License-Identifier: Apache-2.0
// What the reader was writing when the question was withdrawn, closed or taken from them: it cannot be sent any more, and
// is not thrown away either.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { useCopy } from '../staff/link_dialog';
import { beforeLogOut, dropUnsaved, findUnsaved } from '../staff/unsaved';
import { leftWords } from './ask_state';
import { k } from './words';

/** As write_forms.tsx names the copies. */
const FORMS = ['answer', 'ask_back', 'addition', 'question'] as const;

interface Props {
    readonly user: string;
    readonly consult: string;
    /** What is said where nothing is left. */
    readonly children?: ComponentChildren;
}

export function LeftOver({ user, consult, children }: Props) {
    const [words, setWords] = useState(() => leftWords(FORMS.map((form) => findUnsaved(user, `ask.${consult}.${form}`))));
    const { copied, copy } = useCopy(words);
    useEffect(() => beforeLogOut(async () => words === ''), [words]);
    if (words === '') return <>{children}</>;
    const discard = () => {
        for (const form of FORMS) dropUnsaved(user, `ask.${consult}.${form}`);
        setWords('');
    };
    return (
        <section class="ask-form" data-testid="left-over">
            <Banner tone="warning">{k('left.why')}</Banner>
            <Field id="left-words" label={k('left.label')}>
                {(tie) => <textarea {...tie} rows={6} readOnly value={words} data-testid="left-words" />}
            </Field>
            <div class="ask-actions">
                <Button kind="primary" onClick={copy} testId="left-copy">{k(copied === 'yes' ? 'left.copied' : 'left.copy')}</Button>
                <Button kind="plain" onClick={discard} testId="left-discard">{k('left.discard')}</Button>
            </div>
            {copied === 'failed' && <p class="quiet" role="status">{k('left.copy_failed')}</p>}
        </section>
    );
}
