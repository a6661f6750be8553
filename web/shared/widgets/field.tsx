// SPDX-License-Identifier: Apache-2.0
// A labelled input with a hint and the error beside it, tied together for screen readers.
import type { ComponentChildren } from 'preact';
import { Icon } from './icon';

export interface FieldProps {
    readonly id: string;
    readonly label: string;
    readonly hint?: string;
    readonly error?: string | undefined;
    /** Gets the attributes that tie the input to hint and error. */
    readonly children: (tie: FieldTie) => ComponentChildren;
}

export interface FieldTie {
    readonly id: string;
    readonly 'aria-invalid': boolean | undefined;
    readonly 'aria-describedby': string | undefined;
}

export function Field({ id, label, hint, error, children }: FieldProps) {
    const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
    return (
        <div class={error ? 'field wrong' : 'field'}>
            <label for={id}>{label}</label>
            {hint && (
                <p class="hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
            {children({
                id,
                'aria-invalid': error ? true : undefined,
                'aria-describedby': described || undefined,
            })}
            <FieldError id={`${id}-error`} text={error} />
        </div>
    );
}

export function FieldError({ id, text }: { id: string; text: string | undefined }) {
    if (!text) return null;
    return (
        <p class="field-error" id={id}>
            <Icon name="warning" size={20} />
            <span>{text}</span>
        </p>
    );
}
