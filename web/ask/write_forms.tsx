// SPDX-License-Identifier: Apache-2.0
// Writing on: an answer with its three parts, or a text.
import { useRef, useState } from 'preact/hooks';
import { api, ApiProblem, newIdempotencyKey } from '../shared/api';
import { Button } from '../shared/widgets/button';
import { Field, FieldError } from '../shared/widgets/field';
import { Failure } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { FileFields, sendFiles, type Picked } from './files';
import type { PostKind } from './types';
import { useKept } from '../staff/use_kept';
import { k } from './words';

const MIN_TEXT = 3;
const MAX_TEXT = 4000;
const MAX_RECOMMENDATION = 2000;

interface FormProps {
    readonly consult: string;
    readonly user: string;
    readonly onClose: () => void;
    readonly onDone: () => void;
}

/** Sends files, then what was written; the same words again under the same key. */
function useWriting(path: string, files: readonly Picked[], onSent: () => void) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const last = useRef({ said: '', key: '' });
    const guard = useGuard();
    const send = async (words: Readonly<Record<string, unknown>>) => {
        setBusy(true);
        setProblem(null);
        try {
            const body = { ...words, attachments: await sendFiles(files, () => undefined) };
            const said = JSON.stringify(body);
            if (last.current.said !== said) last.current = { said, key: newIdempotencyKey() };
            const { key } = last.current;
            await api.post(path, { ...body, key }, { idempotencyKey: key });
            onSent();
        } catch (error) {
            if (!guard(error)) setProblem(error);
        } finally {
            setBusy(false);
        }
    };
    const field = (name: string) => (problem instanceof ApiProblem ? problem.field(name) : undefined);
    return { busy, problem, field, send: (words: Readonly<Record<string, unknown>>) => void send(words) };
}

interface TextProps {
    readonly id: string;
    readonly label: string;
    readonly hint?: string;
    readonly max: number;
    readonly rows: number;
    readonly text: string;
    readonly error: string | undefined;
    readonly onText: (text: string) => void;
}

function TextArea({ id, label, hint, max, rows, text, error, onText }: TextProps) {
    return (
        <Field id={id} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
            {(tie) => (
                <textarea {...tie} rows={rows} maxLength={max} value={text} data-testid={id}
                    onInput={(event) => onText(event.currentTarget.value)} />
            )}
        </Field>
    );
}

const tooShort = (text: string) => text.trim().length < MIN_TEXT;

interface WriteProps extends FormProps {
    readonly kind: PostKind;
    readonly title: string;
}

export function WriteForm({ consult, user, kind, title, onClose, onDone }: WriteProps) {
    const kept = useKept(user, `ask.${consult}.${kind}`);
    const [files, setFiles] = useState<readonly Picked[]>([]);
    const [asked, setAsked] = useState(false);
    const { text = '' } = kept.texts;
    const writing = useWriting(`/api/v1/consults/${consult}/posts`, files, () => {
        kept.drop();
        onClose();
        onDone();
    });
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (tooShort(text)) document.getElementById('write-text')?.focus();
        else if (!writing.busy) writing.send({ kind, text: text.trim() });
    };
    return (
        <form class="ask-form" onSubmit={submit} noValidate data-testid="write-form">
            <h2>{title}</h2>
            <TextArea id="write-text" label={k('write.text')} rows={4} max={MAX_TEXT} text={text}
                error={asked && tooShort(text) ? k('form.too_short') : writing.field('text')}
                onText={(one) => kept.set('text', one)} />
            <FileFields files={files} onFiles={setFiles} error={writing.field('attachments')} />
            <FormEnd busy={writing.busy} problem={writing.problem} words={k('write.send')} onClose={onClose} />
        </form>
    );
}

export function AnswerForm({ consult, user, onClose, onDone }: FormProps) {
    const kept = useKept(user, `ask.${consult}.answer`);
    const [files, setFiles] = useState<readonly Picked[]>([]);
    const [asked, setAsked] = useState(false);
    const { opinion = '', recommendation = '', refer = '' } = kept.texts;
    const writing = useWriting(`/api/v1/consults/${consult}/answers`, files, () => {
        kept.drop();
        onClose();
        onDone();
    });
    const missing = tooShort(opinion) ? 'answer-opinion' : tooShort(recommendation) ? 'answer-recommendation'
        : refer === '' ? 'answer-refer-yes' : null;
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (missing !== null) document.getElementById(missing)?.focus();
        else if (!writing.busy) {
            writing.send({ opinion: opinion.trim(), recommendation: recommendation.trim(), refer: refer === 'yes' });
        }
    };
    return (
        <form class="ask-form" onSubmit={submit} noValidate data-testid="answer-form">
            <h2>{k('do.answer')}</h2>
            <TextArea id="answer-opinion" label={k('answer.opinion')} rows={4} max={MAX_TEXT} text={opinion}
                error={asked && tooShort(opinion) ? k('form.too_short') : writing.field('opinion')}
                onText={(one) => kept.set('opinion', one)} />
            <TextArea id="answer-recommendation" label={k('answer.recommendation')} hint={k('answer.recommendation_hint')}
                rows={3} max={MAX_RECOMMENDATION} text={recommendation}
                error={asked && tooShort(recommendation) ? k('form.too_short') : writing.field('recommendation')}
                onText={(one) => kept.set('recommendation', one)} />
            <fieldset class="choices">
                <legend class="label">{k('answer.refer')}</legend>
                {(['yes', 'no'] as const).map((one) => (
                    <label class="choice" key={one}>
                        <input id={`answer-refer-${one}`} type="radio" name="refer" value={one} checked={refer === one}
                            data-testid={`refer-${one}`} onChange={() => kept.set('refer', one)} />
                        <span>{k(`answer.refer_${one}`)}</span>
                    </label>
                ))}
                <FieldError id="refer-error" text={asked && refer === '' ? k('answer.choose') : undefined} />
            </fieldset>
            <FileFields files={files} onFiles={setFiles} error={writing.field('attachments')} />
            <FormEnd busy={writing.busy} problem={writing.problem} words={k('answer.send')} onClose={onClose} />
        </form>
    );
}

interface EndProps {
    readonly busy: boolean;
    readonly problem: unknown;
    readonly words: string;
    readonly onClose: () => void;
}

function FormEnd({ busy, problem, words, onClose }: EndProps) {
    return (
        <>
            {problem !== null && <Failure problem={problem} />}
            <div class="ask-actions">
                <Button kind="primary" type="submit" busy={busy} testId="write-send">{words}</Button>
                <Button kind="plain" disabled={busy} onClick={onClose}>{k('form.cancel')}</Button>
            </div>
        </>
    );
}
