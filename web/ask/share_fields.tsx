// SPDX-License-Identifier: Apache-2.0
// What of the patient can be told: each part with what it says, to be ticked.
import { chosenParts, choicesOf, type ShareKey } from './ask_state';
import type { Part } from './types';
import { k, partWords } from './words';

interface Props {
    readonly parts: readonly Part[];
    readonly chosen: readonly ShareKey[];
    readonly onChosen: (chosen: readonly ShareKey[]) => void;
}

/** "Nadi 88 /mnt · Berat 54 kg", "54 th · perempuan", or the text itself. */
function preview(parts: readonly Part[], key: ShareKey): string {
    const words = chosenParts(parts, [key]).map((part) => {
        const { name, value } = partWords(part);
        return key === 'vitals' ? `${name} ${value}` : value;
    });
    const hasNoSex = key === 'person' && !parts.some(({ part }) => part === 'sex');
    return [...words, ...(hasNoSex ? [k('part.sex_none')] : [])].join(' · ');
}

export function ShareFields({ parts, chosen, onChosen }: Props) {
    const choices = choicesOf(parts);
    return (
        <fieldset class="choices" data-testid="share">
            <legend class="label">{k('form.share')}</legend>
            <p class="hint">{k(choices.length > 0 ? 'form.share_hint' : 'form.share_none')}</p>
            {choices.map((key) => (
                <label class="choice" key={key}>
                    <input type="checkbox" checked={chosen.includes(key)} data-testid={`share-${key}`}
                        onChange={(event) => onChosen(event.currentTarget.checked
                            ? [...chosen, key] : chosen.filter((one) => one !== key))} />
                    <span>
                        {k(`part.${key}`)}
                        <span class="choice-hint quiet ask-words">{preview(parts, key)}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

/** Parts as names and values. */
export function Parts({ parts }: { readonly parts: readonly Part[] }) {
    return (
        <dl class="pairs" data-testid="told">
            {parts.map((part, i) => {
                const { name, value } = partWords(part);
                return (
                    <div key={i}>
                        <dt>{name}</dt>
                        <dd class="ask-words" data-part={part.part}>{value}</dd>
                    </div>
                );
            })}
        </dl>
    );
}
