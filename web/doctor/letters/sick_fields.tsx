// SPDX-License-Identifier: Apache-2.0
import { FieldError } from '../../shared/widgets/field';
import { DatePick } from '../../staff/date_pick';
import { dateWords } from '../../staff/dates';
import type { FormProps } from './letter_dialog';
import { LineField } from './text_fields';
import { l } from './words';

export function SickFields({ form, onForm, faultOf, sickDays }: FormProps & { readonly sickDays: number }) {
    const unchecked = faultOf('identity_checked') !== undefined;
    return (
        <>
            <p class="quiet">{l('sick.rule')}</p>
            <div class={faultOf('from') ? 'field wrong' : 'field'}>
                <DatePick label={l('sick.from')} labelled value={form.from} words={dateWords(form.from)} testId="sick-from"
                    invalid={faultOf('from') !== undefined} describedBy={faultOf('from') && 'sick-from-error'} onValue={(from) => onForm({ from })} />
                <FieldError id="sick-from-error" text={faultOf('from')} />
            </div>
            <LineField id="sick-days" label={l('sick.days', { n: sickDays })} value={form.days} max={1} numeric error={faultOf('days')}
                onValue={(days) => onForm({ days })} />
            <label class="choice">
                <input type="checkbox" checked={form.identityChecked} data-testid="sick-identity" aria-invalid={unchecked || undefined}
                    aria-describedby={unchecked ? 'sick-identity-error' : undefined}
                    onChange={(event) => onForm({ identityChecked: event.currentTarget.checked })} />
                <span>{l('sick.identity')}</span>
            </label>
            <FieldError id="sick-identity-error" text={unchecked ? l('sick.identity_missing') : undefined} />
        </>
    );
}
