// SPDX-License-Identifier: Apache-2.0
// The texts that patients are sent: each as it would be read, and how many SMS it takes.
import { useState } from 'preact/hooks';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Failure, Loading } from '../staff/parts';
import { useFetched } from '../staff/use_fetched';
import { MessageDialog } from './message_dialog';
import { MESSAGE_KINDS, type Template, type Templates } from './messages_state';
import { ScopeField, useScope } from './scope_field';
import type { Settings } from './types';
import { s } from './words';

export function MessagesPart({ settings }: { readonly settings: Settings }) {
    const scope = useScope();
    const [version, setVersion] = useState(0);
    const [open, setOpen] = useState<Template | null>(null);
    const [saved, setSaved] = useState(false);
    const { value, problem } = useFetched<Templates>(`/api/v1/message-templates${scope.query}`, version);
    const isAsked = value !== null && (!settings.isAdmin || (value.facility ?? '') === scope.facility);
    return (
        <div class="stack messages" data-testid="messages">
            <p>{s('messages_text')}</p>
            <ScopeField settings={settings} facility={scope.facility} onFacility={(facility) => {
                setSaved(false);
                scope.choose(facility);
            }} />
            {saved && <Banner tone="good" testId="message-saved">{s('message_saved')}</Banner>}
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {problem === null && !isAsked && <Loading />}
            {isAsked && value && MESSAGE_KINDS.map((kind) => (
                <section class="card stack tight" key={kind} data-testid={`message-${kind}`}>
                    <h2>{s(`message.${kind}`)}</h2>
                    <ul class="items">
                        {value.templates.filter((one) => one.kind === kind).map((one) => (
                            <MessageItem key={one.lang} template={one} onChange={() => {
                                setSaved(false);
                                setOpen(one);
                            }} />
                        ))}
                    </ul>
                </section>
            ))}
            {open && value && (
                <MessageDialog template={open} templates={value} onClose={() => setOpen(null)} onSaved={() => {
                    setOpen(null);
                    setSaved(true);
                    setVersion(version + 1);
                }} />
            )}
        </div>
    );
}

function MessageItem({ template, onChange }: { readonly template: Template; readonly onChange: () => void }) {
    const lang = s(`lang.${template.lang}`);
    const what = `${s(`message.${template.kind}`)}, ${lang}`;
    return (
        <li class="item" data-testid={`message-${template.kind}-${template.lang}`} data-source={template.source}>
            <div class="item-words">
                <strong>{lang}</strong>
                <span class="sms" lang={template.lang}>{template.preview}</span>
                <span class="quiet">{[s('sms_count', { n: template.segments }), s(`source.${template.source}`)].join(' · ')}</span>
            </div>
            <div class="item-actions">
                <Button kind="plain" label={s('change_label', { what })} onClick={onChange} testId="message-edit">
                    {s('change')}
                </Button>
            </div>
        </li>
    );
}
