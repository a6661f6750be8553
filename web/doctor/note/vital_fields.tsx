// SPDX-License-Identifier: Apache-2.0
// Vital signs: small boxes with their units; what nobody can have is said below.
import { FieldError } from '../../shared/widgets/field';
import { decimal } from '../../shared/format';
import { VITALS, vitalFaults, type Draft, type VitalFault } from './note_state';
import { VITAL_KEYS, type VitalKey } from './types';
import { n, unitOf } from './words';

interface Props {
    readonly draft: Pick<Draft, 'vitals'>;
    readonly onVitals: (vitals: Draft['vitals']) => void;
}

function faultWords(key: VitalKey, fault: VitalFault): string {
    if (fault === 'below') return n('vital.fault_below');
    const { min, max } = VITALS[key];
    const digits = Number.isInteger(min) ? 0 : 1;
    return n(`vital.fault_${fault}`, { name: n(`vital.${key}`), min: decimal(min, digits), max: decimal(max), unit: unitOf(key) });
}

export function VitalFields({ draft, onVitals }: Props) {
    const faults = vitalFaults(draft);
    const wrong = VITAL_KEYS.filter((key) => faults[key] !== undefined);
    return (
        <fieldset class="vitals">
            <legend class="label">{n('vitals.title')}</legend>
            <div class="vital-grid">
                {VITAL_KEYS.map((key) => (
                    <label key={key} class={faults[key] ? 'field vital wrong' : 'field vital'}>
                        <span class="vital-name">{n(`vital.${key}`)}</span>
                        <span class="vital-box">
                            <input class="numbers" inputMode="decimal" autoComplete="off" maxLength={7}
                                value={draft.vitals[key]} aria-invalid={faults[key] ? true : undefined}
                                aria-describedby={faults[key] ? `vital-${key}-error` : undefined}
                                data-testid={`vital-${key}`}
                                onInput={(event) => onVitals({ ...draft.vitals, [key]: event.currentTarget.value })} />
                            <span class="vital-unit quiet">{unitOf(key)}</span>
                        </span>
                    </label>
                ))}
            </div>
            {wrong.map((key) => (
                <FieldError key={key} id={`vital-${key}-error`} text={faultWords(key, faults[key] as VitalFault)} />
            ))}
        </fieldset>
    );
}
