// SPDX-License-Identifier: Apache-2.0
// How hours are given to patients: a time for each, or numbers up to a quota.
import { NumberField, Radios } from './fields';
import { extraPlaces, MAX_EXTRA, MIN_TURN } from './hours_state';
import { Field } from '../shared/widgets/field';
import type { HoursService, Pattern } from './types';
import { h } from './words';

/** As typed. */
export interface PatternDraft {
    readonly mode: Pattern['mode'];
    readonly slot: string;
    readonly before: string;
    readonly after: string;
    readonly quota: string;
    readonly extra: string;
}

export const NEW_PATTERN: PatternDraft = { mode: 'slots', slot: '15', before: '0', after: '0', quota: '30', extra: '0' };

export function patternDraft(pattern: Pattern): PatternDraft {
    return {
        mode: pattern.mode,
        slot: String(pattern.slot_minutes ?? NEW_PATTERN.slot),
        before: String(pattern.before_minutes),
        after: String(pattern.after_minutes),
        quota: String(pattern.quota ?? NEW_PATTERN.quota),
        extra: String(pattern.extra_percent),
    };
}

export function isNumber(text: string): boolean {
    return /^\d{1,3}$/.test(text.trim());
}

/** What is plainly wrong, by field. */
export function patternFaults(draft: PatternDraft): Record<string, string> {
    const faults: Record<string, string> = {};
    const check = (field: string, text: string) => {
        if (!isNumber(text)) faults[field] = h('number_wrong');
    };
    if (draft.mode === 'session') check('pattern.quota', draft.quota);
    else {
        check('pattern.slot_minutes', draft.slot);
        check('pattern.before_minutes', draft.before);
        check('pattern.after_minutes', draft.after);
    }
    if (!isNumber(draft.extra) || Number(draft.extra) > MAX_EXTRA) faults['pattern.extra_percent'] = h('extra_wrong');
    return faults;
}

export function patternBody(draft: PatternDraft): object {
    const extra_percent = Number(draft.extra);
    if (draft.mode === 'session') return { mode: 'session', quota: Number(draft.quota), extra_percent };
    return {
        mode: 'slots',
        extra_percent,
        slot_minutes: Number(draft.slot),
        before_minutes: Number(draft.before),
        after_minutes: Number(draft.after),
    };
}

interface Props {
    readonly draft: PatternDraft;
    /** Minutes of one turn when the quota is shared out; null: not known yet. */
    readonly turn: number | null;
    /** Of the clinic: their lengths are proposed. */
    readonly services: readonly HoursService[];
    readonly fault: (field: string) => string | undefined;
    readonly onDraft: (draft: PatternDraft) => void;
}

function lengthsOf(service: HoursService): Pick<PatternDraft, 'slot' | 'before' | 'after'> {
    return { slot: String(service.duration_minutes), before: String(service.before_minutes),
        after: String(service.after_minutes) };
}

/** Takes length and buffers over from a service; afterwards they may be changed. */
function ServicePick({ draft, services, onDraft }: Pick<Props, 'draft' | 'services' | 'onDraft'>) {
    const same = (service: HoursService) => {
        const { slot, before, after } = lengthsOf(service);
        return slot === draft.slot.trim() && before === draft.before.trim() && after === draft.after.trim();
    };
    const take = (name: string) => {
        const service = services.find((one) => one.name === name);
        if (service) onDraft({ ...draft, ...lengthsOf(service) });
    };
    return (
        <Field id="service" label={h('service')}>
            {(tie) => (
                <select {...tie} value={services.find(same)?.name ?? ''} onChange={(event) => take(event.currentTarget.value)}>
                    <option value="">{h('service_own')}</option>
                    {services.map((one) => (
                        <option key={one.name} value={one.name}>
                            {one.name}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}

export function PatternFields({ draft, turn, services, fault, onDraft }: Props) {
    return (
        <>
            <Radios name="mode" legend={h('mode')} value={draft.mode} onValue={(mode) => onDraft({ ...draft, mode })}
                options={[
                    { value: 'slots', words: h('mode_slots'), hint: h('mode_slots_hint') },
                    { value: 'session', words: h('mode_session'), hint: h('mode_session_hint') },
                ]} />
            {draft.mode === 'slots' && services.length > 0 && (
                <ServicePick draft={draft} services={services} onDraft={onDraft} />
            )}
            {draft.mode === 'slots' ? (
                <div class="trio">
                    <NumberField id="slot-minutes" label={h('slot_minutes')} value={draft.slot}
                        error={fault('pattern.slot_minutes')} onValue={(slot) => onDraft({ ...draft, slot })} />
                    <NumberField id="before-minutes" label={h('before_minutes')} value={draft.before}
                        error={fault('pattern.before_minutes')} onValue={(before) => onDraft({ ...draft, before })} />
                    <NumberField id="after-minutes" label={h('after_minutes')} value={draft.after}
                        error={fault('pattern.after_minutes')} onValue={(after) => onDraft({ ...draft, after })} />
                </div>
            ) : (
                <div class="stack">
                    <NumberField id="quota" label={h('quota')} value={draft.quota} error={fault('pattern.quota')}
                        onValue={(quota) => onDraft({ ...draft, quota })} />
                    {turn !== null && (
                        <p class="quiet" role="status">
                            {turn >= MIN_TURN ? h('turn', { n: turn }) : h('turn_short', { min: MIN_TURN })}
                        </p>
                    )}
                </div>
            )}
            <ExtraField draft={draft} fault={fault} onDraft={onDraft} />
        </>
    );
}

/** How many more staff may take; of a quota said in patients, too. */
function ExtraField({ draft, fault, onDraft }: Pick<Props, 'draft' | 'fault' | 'onDraft'>) {
    const known = draft.mode === 'session' && isNumber(draft.quota) && isNumber(draft.extra);
    const n = known ? extraPlaces(Number(draft.quota), Number(draft.extra)) : 0;
    return (
        <div class="stack tight">
            <NumberField id="extra-percent" label={h('extra_percent')} hint={h('extra_percent_hint')} value={draft.extra}
                error={fault('pattern.extra_percent')} onValue={(extra) => onDraft({ ...draft, extra })} />
            {known && n > 0 && <p class="quiet" role="status">{h('extra_patients', { n })}</p>}
        </div>
    );
}
