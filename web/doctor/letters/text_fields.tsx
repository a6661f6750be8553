// SPDX-License-Identifier: Apache-2.0
// The inputs of letters' forms.
import { Field } from '../../shared/widgets/field';

interface Props {
    readonly id: string;
    readonly label: string;
    readonly value: string;
    readonly max: number;
    readonly hint?: string;
    readonly error: string | undefined;
    readonly numeric?: boolean;
    readonly onValue: (value: string) => void;
}

export function LineField({ id, label, value, max, hint, error, numeric, onValue }: Props) {
    return (
        <Field id={id} label={label} error={error}>
            {(tie) => (
                <input {...tie} autoComplete="off" maxLength={max} value={value} data-testid={id} placeholder={hint}
                    inputMode={numeric ? 'numeric' : 'text'} class={numeric ? 'numbers' : undefined}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}

/** Room for more than a line shows; the text itself has no line ends. */
export function LongField({ id, label, value, max, hint, error, onValue }: Props) {
    return (
        <Field id={id} label={label} error={error}>
            {(tie) => (
                <textarea {...tie} rows={2} maxLength={max} value={value} data-testid={id} placeholder={hint}
                    onInput={(event) => onValue(event.currentTarget.value.replace(/\n/g, ' '))} />
            )}
        </Field>
    );
}

export function LinesField({ id, label, value, max, error, onValue }: Props) {
    return (
        <Field id={id} label={label} error={error}>
            {(tie) => (
                <textarea {...tie} rows={3} maxLength={max} value={value} data-testid={id}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}
