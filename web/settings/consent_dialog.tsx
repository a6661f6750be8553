// SPDX-License-Identifier: Apache-2.0
// A further version of the consent: both languages, begun from the last one, and from when it holds.
import { useState } from 'preact/hooks';
import { useChange } from '../hours/change';
import { DateField } from '../hours/fields';
import { api } from '../shared/api';
import { Banner } from '../shared/widgets/banner';
import { Field } from '../shared/widgets/field';
import { faultOf, FormDialog, missing } from './fields';
import type { ConsentVersion } from './types';
import { s } from './words';

const MAX_CHARS = 8000;

interface Props {
    readonly last: ConsentVersion;
    readonly today: string;
    readonly onClose: () => void;
    readonly onSaved: () => void;
}

export function ConsentDialog({ last, today, onClose, onSaved }: Props) {
    const [draft, setDraft] = useState({ text_id: last.text.id, text_en: last.text.en, from: today });
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved);
    const own = missing(draft, ['text_id', 'text_en', 'from']);
    const fault = faultOf(own, asked, change);
    const submit = () => {
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        change.submit(() => api.post('/api/v1/consent-texts', draft).then(() => ({ kept: 0 })));
    };
    return (
        <FormDialog title={s('consent_write')} testId="consent-dialog" change={change} asked={asked} onClose={onClose}
            onSubmit={submit}>
            <Banner tone="warning">{s('consent_warning')}</Banner>
            {(['id', 'en'] as const).map((lang) => (
                <Field key={lang} id={`consent-${lang}`} label={s(`lang.${lang}`)} hint={s('consent_hint')}
                    error={fault(`text_${lang}`)}>
                    {(tie) => (
                        <textarea {...tie} rows={9} maxLength={MAX_CHARS} lang={lang} value={draft[`text_${lang}`]}
                            onInput={(event) => setDraft({ ...draft, [`text_${lang}`]: event.currentTarget.value })} />
                    )}
                </Field>
            ))}
            <DateField id="consent-from" label={s('consent_from')} value={draft.from} error={fault('from')}
                onValue={(from) => setDraft({ ...draft, from })} />
        </FormDialog>
    );
}
