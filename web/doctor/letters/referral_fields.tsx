// SPDX-License-Identifier: Apache-2.0
import type { FormProps } from './letter_dialog';
import { URGENCIES } from './letter_state';
import { LineField, LinesField } from './text_fields';
import { l } from './words';

export function ReferralFields({ form, onForm, faultOf }: FormProps) {
    return (
        <>
            <LineField id="referral-facility" label={l('referral.to_facility')} value={form.toFacility} max={120}
                error={faultOf('to_facility')} onValue={(toFacility) => onForm({ toFacility })} />
            <LineField id="referral-clinic" label={l('referral.to_clinic')} value={form.toClinic} max={80}
                error={faultOf('to_clinic')} onValue={(toClinic) => onForm({ toClinic })} />
            <fieldset class="choices">
                <legend class="label">{l('referral.urgency')}</legend>
                {URGENCIES.map((one) => (
                    <label class="choice" key={one}>
                        <input type="radio" name="urgency" value={one} checked={form.urgency === one}
                            onChange={() => onForm({ urgency: one })} />
                        <span>{l(`urgency.${one}`)}</span>
                    </label>
                ))}
            </fieldset>
            <LinesField id="referral-reason" label={l('referral.reason')} value={form.reason} max={500}
                error={faultOf('reason')} onValue={(reason) => onForm({ reason })} />
            <LinesField id="referral-therapy" label={l('referral.therapy')} value={form.therapy} max={1000}
                error={faultOf('therapy')} onValue={(therapy) => onForm({ therapy })} />
        </>
    );
}
