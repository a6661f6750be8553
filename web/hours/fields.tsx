// SPDX-License-Identifier: Apache-2.0
// The inputs of this page's forms.
import { Field, FieldError } from '../shared/widgets/field';
import { DatePick } from '../staff/date_pick';
import { dateWords } from '../staff/dates';
import type { HoursClinic } from './types';
import { h } from './words';

interface TextProps {
    readonly id: string;
    readonly label: string;
    readonly value: string;
    readonly error?: string | undefined;
    readonly onValue: (value: string) => void;
}

/** A time of day as people write it: the browser's own field would show the order of its language. */
export function TimeField({ id, label, value, error, onValue }: TextProps) {
    return (
        <Field id={id} label={label} error={error}>
            {(tie) => (
                <input {...tie} class="numbers" inputMode="decimal" autoComplete="off" maxLength={5} value={value}
                    placeholder="08.00" onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}

export function NumberField({ id, label, hint, value, error, onValue }: TextProps & { readonly hint?: string }) {
    return (
        <Field id={id} label={label} {...(hint ? { hint } : {})} error={error}>
            {(tie) => (
                <input {...tie} class="numbers" inputMode="numeric" autoComplete="off" maxLength={3} value={value}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}

export function NoteField({ id, label, value, error, onValue }: TextProps) {
    return (
        <Field id={id} label={label} error={error}>
            {(tie) => (
                <input {...tie} autoComplete="off" maxLength={120} value={value}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}

export function DateField({ id, label, value, error, onValue }: TextProps) {
    return (
        <div class={error ? 'field wrong' : 'field'}>
            <DatePick label={label} labelled value={value} words={value && dateWords(value)} testId={id}
                invalid={error !== undefined} describedBy={error ? `${id}-error` : undefined} onValue={onValue} />
            <FieldError id={`${id}-error`} text={error} />
        </div>
    );
}

interface ClinicProps {
    readonly clinics: readonly HoursClinic[];
    readonly value: string;
    readonly onValue: (value: string) => void;
}

/** Asked only where there is something to choose. */
export function ClinicField({ clinics, value, onValue }: ClinicProps) {
    if (clinics.length < 2) return null;
    return (
        <Field id="clinic" label={h('clinic')}>
            {(tie) => (
                <select {...tie} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
                    {clinics.map((one) => (
                        <option key={one.id} value={one.id}>
                            {one.name}, {one.facility}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}

export interface RadioOption<T extends string> {
    readonly value: T;
    readonly words: string;
    readonly hint: string;
}

interface RadioProps<T extends string> {
    readonly name: string;
    readonly legend: string;
    readonly options: readonly RadioOption<T>[];
    readonly value: T;
    readonly onValue: (value: T) => void;
}

export function Radios<T extends string>({ name, legend, options, value, onValue }: RadioProps<T>) {
    return (
        <fieldset class="choices">
            <legend class="label">{legend}</legend>
            {options.map((one) => (
                <label class="choice" key={one.value}>
                    <input type="radio" name={name} value={one.value} checked={value === one.value}
                        onChange={() => onValue(one.value)} data-testid={`${name}-${one.value}`} />
                    <span>
                        {one.words}
                        <span class="choice-hint quiet">{one.hint}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

interface CheckProps {
    readonly label: string;
    readonly hint?: string;
    readonly checked: boolean;
    readonly onChecked: (checked: boolean) => void;
    readonly testId?: string;
}

export function Check({ label, hint, checked, onChecked, testId }: CheckProps) {
    return (
        <label class="choice">
            <input type="checkbox" checked={checked} data-testid={testId}
                onChange={(event) => onChecked(event.currentTarget.checked)} />
            <span>
                {label}
                {hint && <span class="choice-hint quiet">{hint}</span>}
            </span>
        </label>
    );
}
