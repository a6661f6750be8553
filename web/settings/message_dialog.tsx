// SPDX-License-Identifier: Apache-2.0
// One text of a message: written with placeholders, shown as a patient would read it, back to what is
// inherited with one button.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { useChange } from '../hours/change';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { useOpened } from '../staff/opened';
import { useGuard } from '../staff/shell';
import { FormDialog } from './fields';
import { insertAt, unused, type Placeholder, type Template, type Templates } from './messages_state';
import { s } from './words';

const PAUSE_MS = 500;

interface Tried {
    /** Of the last text that is possible. */
    readonly shown: Template;
    /** Why the present one is not. */
    readonly fault: string | undefined;
}

function bodyOf(templates: Templates, template: Template, text: string | null, trial: boolean): Record<string, unknown> {
    const { kind, lang, version } = template;
    return { kind, lang, version, trial, ...(templates.facility ? { facility: templates.facility } : {}),
        ...(text === null ? {} : { text }) };
}

/** Asks the server what TEXT would look like, when nothing was typed for a moment. */
function useTrial(templates: Templates, template: Template, text: string): Tried {
    const guard = useGuard();
    const [tried, setTried] = useState<Tried>({ shown: template, fault: undefined });
    useEffect(() => {
        if (text === tried.shown.text) {
            setTried({ ...tried, fault: undefined });
            return undefined;
        }
        const stop = new AbortController();
        const timer = setTimeout(() => {
            api.post<Templates>('/api/v1/message-templates', bodyOf(templates, template, text, true), { signal: stop.signal })
                .then(({ templates: [shown] }) => shown && setTried({ shown, fault: undefined }), (error: unknown) => {
                    if (stop.signal.aborted || guard(error)) return;
                    setTried((last) => ({ ...last, fault: error instanceof ApiProblem ? error.field('text') : undefined }));
                });
        }, PAUSE_MS);
        return () => {
            clearTimeout(timer);
            stop.abort();
        };
    }, [text]);
    return tried;
}

interface Props {
    readonly template: Template;
    readonly templates: Templates;
    readonly onClose: () => void;
    readonly onSaved: () => void;
}

export function MessageDialog({ template, templates, onClose, onSaved }: Props) {
    const opened = useOpened<Template, { readonly text: string }>({
        thing: template, draftOf: (one) => ({ text: (one ?? template).text }), linesOf: (one) => [[s('message_field'), one.text]],
        load: async () => {
            const query = templates.facility ? `?facility=${templates.facility}` : '';
            const now = await api.get<Templates>(`/api/v1/message-templates${query}`);
            return now.templates.find((one) => one.kind === template.kind && one.lang === template.lang);
        },
    });
    const { text } = opened.draft;
    const setText = (typed: string) => opened.setDraft({ text: typed });
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved, opened.meet);
    const tried = useTrial(templates, template, text);
    const save = (wanted: string | null) => {
        setAsked(asked + 1);
        const body = bodyOf(templates, opened.base ?? template, wanted, false);
        change.submit(() => api.post('/api/v1/message-templates', body).then(() => ({ kept: 0 })));
    };
    const title = s('message_title', { what: s(`message.${template.kind}`), lang: s(`lang.${template.lang}`) });
    return (
        <FormDialog title={title} testId="message-dialog" change={change} asked={asked} news={opened.news} onClose={onClose}
            onSubmit={() => save(text.trim() === template.inherited ? null : text)}>
            <TextArea template={template} max={templates.max_chars} text={text} error={change.fault('text') ?? tried.fault}
                onText={setText} />
            {tried.fault === undefined && <Preview template={tried.shown} />}
            {text !== template.inherited && (
                <Button kind="plain" testId="message-back" onClick={() => setText(template.inherited)}>
                    {s(templates.facility ? 'message_back_province' : 'message_back')}
                </Button>
            )}
        </FormDialog>
    );
}

interface TextAreaProps {
    readonly template: Template;
    readonly max: number;
    readonly text: string;
    readonly error: string | undefined;
    readonly onText: (text: string) => void;
}

function TextArea({ template, max, text, error, onText }: TextAreaProps) {
    const box = useRef<HTMLTextAreaElement>(null);
    const add = (name: Placeholder) => {
        const at = box.current;
        const placed = insertAt(text, at?.selectionStart ?? text.length, at?.selectionEnd ?? text.length, name);
        onText(placed.text);
        requestAnimationFrame(() => {
            at?.focus();
            at?.setSelectionRange(placed.at, placed.at);
        });
    };
    return (
        <>
            <Field id="message-text" label={s('message_field')} hint={s('message_hint')} error={error}>
                {(tie) => (
                    <textarea {...tie} ref={box} rows={5} maxLength={max} lang={template.lang} value={text}
                        onInput={(event) => onText(event.currentTarget.value.replace(/\s*\n\s*/g, ' '))} />
                )}
            </Field>
            {unused(template, text).length > 0 && (
                <div class="stack tight" role="group" aria-label={s('placeholders')}>
                    <p class="quiet">{s('placeholders')}</p>
                    <div class="placeholders">
                        {unused(template, text).map((name) => (
                            <Button key={name} onClick={() => add(name)} testId={`placeholder-${name}`}
                                label={s('placeholder_label', { name: `{${name}}`, what: s(`placeholder.${name}`) })}>
                                {`{${name}}`} · {s(`placeholder.${name}`)}
                            </Button>
                        ))}
                    </div>
                </div>
            )}
        </>
    );
}

function Preview({ template }: { readonly template: Template }) {
    return (
        <section class="stack tight" aria-live="polite" data-testid="message-preview" data-segments={template.segments}>
            <h3 class="label">{s('preview')}</h3>
            <p class="sms" lang={template.lang}>{template.preview}</p>
            <p class="quiet">
                {s('sms_length', { n: template.segments, units: template.units })}
            </p>
            {template.alphabet === 'ucs2' && <p class="quiet">{s('sms_ucs2')}</p>}
        </section>
    );
}
