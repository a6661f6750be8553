// SPDX-License-Identifier: Apache-2.0
// Two dates and the four ranges that are asked for most.
import { useEffect, useState } from 'preact/hooks';
import { DatePick } from '../staff/date_pick';
import { dateWords, isDate } from '../staff/dates';
import { t } from '../staff/words';
import { MAX_DAYS, presetRange, PRESETS, rangeFault, type Range } from './figures';

interface Props {
    readonly range: Range;
    readonly today: string;
    readonly onRange: (range: Range) => void;
}

export function RangeForm({ range, today, onRange }: Props) {
    const [draft, setDraft] = useState<Range>(range);
    const [asked, setAsked] = useState(false);
    useEffect(() => setDraft(range), [range]);
    const fault = rangeFault(draft);
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (fault === null) onRange(draft);
    };
    const shown = asked ? fault : null;
    return (
        <form class="range" aria-label={t('office.range')} onSubmit={submit} noValidate>
            <div class="chips">
                {PRESETS.map((preset) => {
                    const preRange = presetRange(preset, today);
                    const chosen = preRange.from === range.from && preRange.to === range.to;
                    return (
                        <button
                            type="button"
                            class="chip"
                            key={preset}
                            aria-pressed={chosen}
                            data-testid={`preset-${preset}`}
                            onClick={() => onRange(preRange)}
                        >
                            {t(`office.preset.${preset}`)}
                        </button>
                    );
                })}
            </div>
            <div class="range-dates">
                <DateField id="from" label={t('office.from')} value={draft.from} fault={shown !== null}
                    onValue={(from) => setDraft({ ...draft, from })} />
                <DateField id="to" label={t('office.to')} value={draft.to} fault={shown !== null}
                    onValue={(to) => setDraft({ ...draft, to })} />
                <button type="submit" class="button" data-testid="show-range">
                    {t('office.show')}
                </button>
            </div>
            <p class="field-error" id="range-error" role="alert">
                {shown !== null && t(`office.${shown}`, { n: MAX_DAYS })}
            </p>
        </form>
    );
}

interface DateFieldProps {
    readonly id: string;
    readonly label: string;
    readonly value: string;
    readonly fault: boolean;
    readonly onValue: (value: string) => void;
}

function DateField({ id, label, value, fault, onValue }: DateFieldProps) {
    return (
        <DatePick label={label} labelled name={id} value={value} words={isDate(value) ? dateWords(value) : ''}
            invalid={fault} describedBy={fault ? 'range-error' : undefined} onValue={onValue} />
    );
}
