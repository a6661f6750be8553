// SPDX-License-Identifier: Apache-2.0
// The inputs of this page's forms, and the dialog around one of them.
import type { ComponentChildren } from 'preact';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { HitList, useFirstWrong, type Change } from '../hours/change';
import { NewsNote, type NewsWords } from '../staff/opened';
import type { Line } from '../staff/opened_state';
import { Dialog, Failure } from '../staff/parts';
import { s } from './words';

interface TextProps {
    readonly id: string;
    readonly label: string;
    readonly hint?: string;
    readonly error?: string | undefined;
    readonly value: string;
    readonly max: number;
    readonly onValue: (value: string) => void;
    readonly kind?: 'text' | 'tel';
    /** A code rather than words: the keyboard changes nothing of it. */
    readonly plain?: boolean;
}

export function TextField({ id, label, hint, error, value, max, onValue, kind = 'text', plain }: TextProps) {
    return (
        <Field id={id} label={label} {...(hint ? { hint } : {})} error={error}>
            {(tie) => (
                <input {...tie} type={kind as 'text'} autoComplete="off" maxLength={max} value={value}
                    {...(plain ? { autoCapitalize: 'none', spellcheck: false } : {})}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}

interface SelectProps {
    readonly id: string;
    readonly label: string;
    readonly hint?: string;
    readonly error?: string | undefined;
    readonly value: string;
    readonly onValue: (value: string) => void;
    /** Shown until something is chosen; without it there is always a choice. */
    readonly empty?: string;
    readonly children: ComponentChildren;
}

export function SelectField({ id, label, hint, error, value, onValue, empty, children }: SelectProps) {
    return (
        <Field id={id} label={label} {...(hint ? { hint } : {})} error={error}>
            {(tie) => (
                <select {...tie} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
                    {empty !== undefined && <option value="">{empty}</option>}
                    {children}
                </select>
            )}
        </Field>
    );
}

interface FormDialogProps {
    readonly title: string;
    readonly testId: string;
    readonly change: Change;
    /** Counts the tries, so that each leads to the first field that is wrong. */
    readonly asked?: number;
    readonly cancel?: string;
    /** What somebody else changed meanwhile. */
    readonly news?: NewsWords | null;
    readonly onSubmit: () => void;
    readonly onClose: () => void;
    readonly children: ComponentChildren;
}

/** A dialog around one change: its form, or the bookings that it would hit. */
export function FormDialog({ title, testId, change, asked, cancel, news, onSubmit, onClose, children }: FormDialogProps) {
    useFirstWrong(asked, change.problem);
    return (
        <Dialog label={title} onClose={onClose} testId={testId}>
            <h2>{title}</h2>
            {change.hits && <HitList hits={change.hits} change={change} />}
            {!change.hits && (
                <form class="dialog-form" noValidate onSubmit={(event) => {
                    event.preventDefault();
                    onSubmit();
                }}>
                    <NewsNote news={news} />
                    {children}
                    {change.problem !== null && <Failure problem={change.problem} />}
                    <div class="dialog-actions">
                        <Button kind="primary" type="submit" busy={change.busy} testId={`${testId}-save`}>
                            {s('save')}
                        </Button>
                        <Button kind="plain" onClick={onClose}>
                            {cancel ?? s('cancel')}
                        </Button>
                    </div>
                </form>
            )}
        </Dialog>
    );
}

/** Of something that the server lists: which one the form was opened with. */
export function revisionOf(thing: { readonly revision: string } | null): { revision?: string } {
    return thing ? { revision: thing.revision } : {};
}

/** "Dipakai: ya". */
export function activeLine(active: boolean): Line {
    return [s('active'), s(active ? 'active_yes' : 'archived')];
}

/** What a form's own look and the server say of its fields. */
export function faultOf(own: Readonly<Record<string, string>>, asked: number, change: Change) {
    return (field: string): string | undefined => (asked > 0 ? own[field] : undefined) ?? change.fault(field);
}

/** The fields of `draft` that are empty, with the words for it. */
export function missing<T extends object>(draft: T, fields: readonly (keyof T & string)[]): Record<string, string> {
    const faults: Record<string, string> = {};
    for (const field of fields) {
        if (String(draft[field] ?? '').trim() === '') faults[field] = s('required');
    }
    return faults;
}
