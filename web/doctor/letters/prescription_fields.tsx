// SPDX-License-Identifier: Apache-2.0
import { Banner } from '../../shared/widgets/banner';
import { Button } from '../../shared/widgets/button';
import type { FormProps } from './letter_dialog';
import { fieldOf, MAX_ITEMS } from './letter_state';
import { LineField, LongField } from './text_fields';
import { NO_MEDICINE, type Medicine } from './types';
import { l } from './words';

const LIMITS: Readonly<Record<keyof Medicine, number>> = { name: 80, strength: 40, form: 30, quantity: 3, signa: 160 };

export function PrescriptionFields({ form, onForm, faultOf }: FormProps) {
    const { items } = form;
    const change = (at: number, part: Partial<Medicine>) =>
        onForm({ items: items.map((item, i) => (i === at ? { ...item, ...part } : item)) });
    return (
        <>
            {items.map((item, i) => (
                <fieldset class="medicine" key={i}>
                    <legend class="label">{l('item.title', { n: i + 1 })}</legend>
                    {(['name', 'strength', 'form', 'quantity'] as const).map((name) => (
                        <LineField key={name} id={`item-${i}-${name}`} label={l(`item.${name}`)} value={item[name]}
                            max={LIMITS[name]} numeric={name === 'quantity'} error={faultOf(fieldOf(form, i, name))}
                            onValue={(value) => change(i, { [name]: value })} />
                    ))}
                    <LongField id={`item-${i}-signa`} label={l('item.signa')} value={item.signa} max={LIMITS.signa}
                        hint={l('item.signa_hint')} error={faultOf(fieldOf(form, i, 'signa'))}
                        onValue={(signa) => change(i, { signa })} />
                    {items.length > 1 && (
                        <Button kind="plain" onClick={() => onForm({ items: items.filter((_, at) => at !== i) })}>
                            {l('item.remove', { n: i + 1 })}
                        </Button>
                    )}
                </fieldset>
            ))}
            {faultOf('items') && <Banner tone="danger">{l('item.needed')}</Banner>}
            {items.length < MAX_ITEMS && (
                <div>
                    <Button onClick={() => onForm({ items: [...items, NO_MEDICINE] })} testId="item-more">
                        {l('item.more')}
                    </Button>
                </div>
            )}
        </>
    );
}
