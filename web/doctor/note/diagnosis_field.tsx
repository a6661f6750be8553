// SPDX-License-Identifier: Apache-2.0
// Diagnoses: found by code or word, the first one is the main one. Arrow keys go through what was found.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../../shared/api';
import { Banner } from '../../shared/widgets/banner';
import { Field } from '../../shared/widgets/field';
import { failureText } from '../../shared/words';
import { useGuard } from '../../staff/shell';
import { MAX_DIAGNOSES, withMain } from './note_state';
import type { CodeRow, Diagnosis } from './types';
import { n } from './words';

interface Props {
    readonly diagnoses: readonly Diagnosis[];
    readonly onDiagnoses: (diagnoses: readonly Diagnosis[]) => void;
}

const WAIT_MS = 250;
/** More are not read while a patient waits. */
const SHOWN = 6;

function useCodes(text: string): { rows: readonly CodeRow[] | null; problem: unknown } {
    const [rows, setRows] = useState<readonly CodeRow[] | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    const guard = useGuard();
    useEffect(() => {
        setProblem(null);
        if (text.trim().length < 2) {
            setRows(null);
            return undefined;
        }
        const abort = new AbortController();
        const timer = setTimeout(() => {
            const path = `/api/v1/icd10?q=${encodeURIComponent(text.trim())}`;
            api.get<{ codes: CodeRow[] }>(path, { signal: abort.signal }).then(
                (reply) => setRows(reply.codes),
                (error: unknown) => {
                    if (!abort.signal.aborted && !guard(error)) setProblem(error);
                },
            );
        }, WAIT_MS);
        return () => {
            clearTimeout(timer);
            abort.abort();
        };
    }, [text, guard]);
    return { rows, problem };
}

export function DiagnosisField({ diagnoses, onDiagnoses }: Props) {
    const full = diagnoses.length >= MAX_DIAGNOSES;
    return (
        <fieldset class="codes">
            <legend class="label">{n('codes.title')}</legend>
            {diagnoses.length > 0 && (
                <ol class="code-list" data-testid="diagnoses">
                    {diagnoses.map((one, i) => (
                        <ChosenCode key={one.code} code={one} isMain={i === 0}
                            onMain={() => onDiagnoses(withMain(diagnoses, one.code))}
                            onRemove={() => onDiagnoses(diagnoses.filter(({ code }) => code !== one.code))} />
                    ))}
                </ol>
            )}
            {full ? <p class="quiet">{n('codes.full')}</p> : (
                <CodeSearch chosen={diagnoses} onChoose={({ code, name }) => onDiagnoses([...diagnoses, { code, name }])} />
            )}
        </fieldset>
    );
}

interface ChosenProps {
    readonly code: Diagnosis;
    readonly isMain: boolean;
    readonly onMain: () => void;
    readonly onRemove: () => void;
}

function ChosenCode({ code: { code, name }, isMain, onMain, onRemove }: ChosenProps) {
    return (
        <li class="code" data-code={code}>
            <span class="code-words">
                <strong class="numbers">{code}</strong> {name}
                {isMain && <span class="code-main"> · {n('codes.main')}</span>}
            </span>
            <span class="code-actions">
                {!isMain && (
                    <button type="button" class="link-button" onClick={onMain} aria-label={n('codes.make_main_name', { code })}>
                        {n('codes.make_main')}
                    </button>
                )}
                <button type="button" class="link-button" onClick={onRemove} aria-label={n('codes.remove_name', { code, name })}>
                    {n('codes.remove')}
                </button>
            </span>
        </li>
    );
}

interface SearchProps {
    readonly chosen: readonly Diagnosis[];
    readonly onChoose: (code: CodeRow) => void;
}

function CodeSearch({ chosen, onChoose }: SearchProps) {
    const [text, setText] = useState('');
    const { rows, problem } = useCodes(text);
    const input = useRef<HTMLInputElement>(null);
    const list = useRef<HTMLUListElement>(null);
    const free = rows?.filter((row) => !chosen.some((one) => one.code === row.code)).slice(0, SHOWN) ?? null;
    const choose = (row: CodeRow) => {
        onChoose(row);
        setText('');
        input.current?.focus();
    };
    const move = (step: 1 | -1) => {
        const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
        const at = buttons.findIndex((one) => one === document.activeElement);
        const next = at + step;
        if (next < 0) input.current?.focus();
        else buttons[Math.min(next, buttons.length - 1)]?.focus();
    };
    const keys = (event: KeyboardEvent) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event.key === 'ArrowDown' ? 1 : -1);
        else if (event.key === 'Escape') setText('');
        else if (event.key === 'Enter' && event.target === input.current && free?.[0]) choose(free[0]);
        else return;
        event.preventDefault();
    };
    return (
        <div class="code-search" onKeyDown={keys}>
            <Field id="code-search" label={n('codes.search')}>
                {(tie) => (
                    <input {...tie} ref={input} autoComplete="off" maxLength={60} value={text} placeholder={n('codes.hint')}
                        onInput={(event) => setText(event.currentTarget.value)} data-testid="code-search" />
                )}
            </Field>
            {problem !== null && <Banner tone="danger">{failureText(problem)}</Banner>}
            <p class={free && free.length === 0 ? 'quiet' : 'hidden-words'} role="status">
                {free && (free.length === 0 ? n('codes.none') : n('codes.found', { n: free.length }))}
            </p>
            {free && free.length > 0 && (
                <ul class="code-found" ref={list} data-testid="codes-found">
                    {free.map((row) => (
                        <li key={row.code}>
                            <button type="button" class="code-row" onClick={() => choose(row)} data-code={row.code}>
                                <strong class="numbers">{row.code}</strong>
                                <span>{row.name}</span>
                            </button>
                        </li>
                    ))}
                </ul>
            )}
        </div>
    );
}
