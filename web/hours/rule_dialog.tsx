// SPDX-License-Identifier: Apache-2.0
// Weekly hours: new ones for several weekdays, or a rule that is changed.
import { useMemo, useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { addDays } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { FieldError } from '../shared/widgets/field';
import { dateWords } from '../staff/dates';
import { NewsNote, useOpened } from '../staff/opened';
import { isSame, type Line } from '../staff/opened_state';
import { Dialog, Failure } from '../staff/parts';
import { HitList, useChange, useFirstWrong, type Saved } from './change';
import { Check, ClinicField, DateField, TimeField } from './fields';
import { clashOf, MAX_BREAKS, minutesWords, parseTime, timeWords, turnMinutes, WEEKDAYS, type Weekday } from './hours_state';
import { isNumber, NEW_PATTERN, patternBody, patternDraft, patternFaults, PatternFields, type PatternDraft } from './pattern_fields';
import type { Hours, HoursDoctor, Minutes, Rule } from './types';
import { h } from './words';

interface Draft {
    readonly clinic: string;
    readonly weekdays: readonly number[];
    readonly from: string;
    readonly to: string;
    readonly breaks: readonly Minutes[];
    readonly pattern: PatternDraft;
    readonly validFrom: string;
    readonly validUntil: string;
}

function draftOf(rule: Rule | null, doctor: HoursDoctor, today: string): Draft {
    if (!rule)
        return { clinic: doctor.clinics[0]?.id ?? '', weekdays: [1, 2, 3, 4, 5], from: '08.00', to: '12.00', breaks: [],
            pattern: NEW_PATTERN, validFrom: today, validUntil: '' };
    return {
        clinic: rule.clinic,
        weekdays: [rule.weekday],
        from: timeWords(rule.from),
        to: timeWords(rule.to, true),
        breaks: rule.breaks.map((one) => ({ from: timeWords(one.from), to: timeWords(one.to, true) })),
        pattern: patternDraft(rule.pattern),
        validFrom: rule.valid_from,
        validUntil: rule.valid_until ?? '',
    };
}

/** What is plainly wrong, by the names that the server gives its fields. */
function faultsOf(draft: Draft): Record<string, string> {
    const faults = patternFaults(draft.pattern);
    const check = (field: string, text: string) => {
        if (parseTime(text) === null) faults[field] = h('time_wrong');
    };
    if (draft.weekdays.length === 0) faults.weekdays = h('weekdays_missing');
    check('from', draft.from);
    check('to', draft.to);
    draft.breaks.forEach((one, i) => {
        check(`breaks[${i}].from`, one.from);
        check(`breaks[${i}].to`, one.to);
    });
    return faults;
}

function times({ from, to }: Minutes): Minutes {
    return { from: parseTime(from) ?? '', to: parseTime(to) ?? '' };
}

function bodyOf(draft: Draft): object {
    return {
        clinic: draft.clinic,
        weekdays: draft.weekdays,
        ...times(draft),
        breaks: draft.breaks.map(times),
        pattern: patternBody(draft.pattern),
        valid_from: draft.validFrom,
        ...(draft.validUntil ? { valid_until: draft.validUntil } : {}),
    };
}

function turnOf(draft: Draft): number | null {
    const faults = faultsOf(draft);
    const known = !Object.keys(faults).some((field) => field !== 'weekdays') && isNumber(draft.pattern.quota);
    return known ? turnMinutes(times(draft), draft.breaks.map(times), Number(draft.pattern.quota)) : null;
}

function servicesOf(doctor: HoursDoctor, clinic: string) {
    return doctor.clinics.find((one) => one.id === clinic)?.services ?? [];
}

/** As people read it, to be held against what somebody else saved. */
function linesOf(draft: Draft, doctor: HoursDoctor): readonly Line[] {
    const { pattern } = draft;
    const hoursOf = (one: Minutes) => minutesWords(times(one));
    const isSession = pattern.mode === 'session';
    return [
        [h('clinic'), doctor.clinics.find((one) => one.id === draft.clinic)?.name ?? ''],
        [h('hours'), hoursOf(draft)],
        [h('breaks'), draft.breaks.map(hoursOf).join(', ')],
        [h('mode'), h(isSession ? 'mode_session' : 'mode_slots')],
        ...(isSession ? [[h('quota'), pattern.quota]] as const
            : [[h('slot_minutes'), pattern.slot], [h('before_minutes'), pattern.before], [h('after_minutes'), pattern.after]] as const),
        [h('extra_percent'), pattern.extra],
        [h('valid_from'), dateWords(draft.validFrom)],
        [h('valid_until'), draft.validUntil && dateWords(draft.validUntil)],
    ];
}

export function ruleTitle(rule: Rule): string {
    return `${h(`weekday.${rule.weekday as Weekday}`)} ${minutesWords(rule)}`;
}

export function ruleLines(rule: Rule, doctor: HoursDoctor): readonly Line[] {
    return linesOf(draftOf(rule, doctor, ''), doctor);
}

/** As it is now; undefined: it is gone. */
export async function ruleNow(rule: Rule, doctor: HoursDoctor): Promise<Rule | undefined> {
    const hours = await api.get<Hours>(`/api/v1/hours/${doctor.id}?days=1`);
    return hours.rules.find((one) => one.id === rule.id);
}

/** What becomes of the days before a later begin; null: there are none. */
function earlierWords(draft: Draft, before: Draft | null): string | null {
    if (!before || draft.validFrom <= before.validFrom) return null;
    const isMoved = isSame({ ...draft, validFrom: '', validUntil: '' }, { ...before, validFrom: '', validUntil: '' });
    const last = addDays(draft.validFrom, -1);
    const until = before.validUntil && before.validUntil < last ? before.validUntil : last;
    return isMoved ? h('earlier_none', { date: dateWords(draft.validFrom) }) : h('earlier_stay', { date: dateWords(until) });
}

/** Which of the hours that the page knows those that were refused overlap, in words; null: none of them. */
function useClash(problem: unknown, rules: readonly Rule[], rule: Rule | null, draft: Draft, doctor: HoursDoctor): string | null {
    const met = useMemo(() => {
        const isClash = problem instanceof ApiProblem && problem.errors.some((one) => one.field === 'from' && one.code === 'overlaps');
        if (!isClash) return null;
        const { weekdays, validFrom, validUntil } = draft;
        return clashOf(rules.filter((one) => one.id !== rule?.id), { ...times(draft), weekdays, validFrom, validUntil });
    }, [problem]);
    if (!met) return null;
    const clinic = doctor.clinics.length > 1 ? doctor.clinics.find((one) => one.id === met.clinic)?.name : undefined;
    return h('clash', { hours: [ruleTitle(met), clinic].filter(Boolean).join(', ') });
}

interface Props {
    readonly doctor: HoursDoctor;
    /** The doctor's, as the page has them. */
    readonly rules: readonly Rule[];
    /** null: a new one */
    readonly rule: Rule | null;
    readonly today: string;
    readonly onClose: () => void;
    readonly onSaved: Saved;
}

export function RuleDialog({ doctor, rules, rule, today, onClose, onSaved }: Props) {
    const opened = useOpened<Rule, Draft>({
        thing: rule,
        load: async () => rule && ruleNow(rule, doctor),
        draftOf: (one) => draftOf(one, doctor, today),
        linesOf: (one) => linesOf(one, doctor),
    });
    const { draft, setDraft, base } = opened;
    const [asked, setAsked] = useState(0);
    const change = useChange(onSaved, opened.meet);
    useFirstWrong(asked, change.problem);
    const clash = useClash(change.problem, rules, rule, draft, doctor);
    const own = faultsOf(draft);
    const fault = (field: string) =>
        (asked > 0 ? own[field] : undefined) ?? (field === 'from' ? clash : null) ?? change.fault(field);
    const isClash = clash !== null && fault('from') === clash;
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(asked + 1);
        if (Object.keys(own).length > 0) return;
        const path = `/api/v1/hours/${doctor.id}/rules${rule ? `/${rule.id}` : ''}`;
        change.submit((query) => api.post(`${path}${query}`,
            { ...bodyOf(draft), ...(base ? { revision: base.revision } : {}) }));
    };
    const title = rule ? h('rule_change', { weekday: h(`weekday.${rule.weekday as Weekday}`) }) : h('rule_new');
    return (
        <Dialog label={title} onClose={onClose} testId="rule-dialog">
            <h2>{title}</h2>
            {change.hits && <HitList hits={change.hits} change={change} />}
            {!change.hits && (
                <form class="dialog-form" onSubmit={submit} noValidate>
                    <NewsNote news={opened.news} />
                    <ClinicField clinics={doctor.clinics} value={draft.clinic}
                        onValue={(clinic) => setDraft({ ...draft, clinic })} />
                    {!rule && <Weekdays draft={draft} error={fault('weekdays')} onDraft={setDraft} />}
                    <div class={isClash ? 'pair clash' : 'pair'}>
                        <TimeField id="from" label={h('from')} value={draft.from} error={fault('from')}
                            onValue={(from) => setDraft({ ...draft, from })} />
                        <TimeField id="to" label={h('to')} value={draft.to} error={fault('to')}
                            onValue={(to) => setDraft({ ...draft, to })} />
                    </div>
                    <Breaks draft={draft} fault={fault} onDraft={setDraft} />
                    <PatternFields draft={draft.pattern} turn={turnOf(draft)} fault={fault}
                        services={servicesOf(doctor, draft.clinic)}
                        onDraft={(pattern) => setDraft({ ...draft, pattern })} />
                    <Period draft={draft} earlier={earlierWords(draft, base && draftOf(base, doctor, today))} fault={fault}
                        onDraft={setDraft} />
                    {change.problem !== null && <Failure problem={change.problem} />}
                    <div class="dialog-actions">
                        <Button kind="primary" type="submit" busy={change.busy} testId="rule-save">
                            {h('save')}
                        </Button>
                        <Button kind="plain" onClick={onClose}>
                            {h('cancel')}
                        </Button>
                    </div>
                </form>
            )}
        </Dialog>
    );
}

interface PartProps {
    readonly draft: Draft;
    readonly onDraft: (draft: Draft) => void;
}

function Weekdays({ draft, error, onDraft }: PartProps & { readonly error: string | undefined }) {
    const toggle = (day: number) => {
        const rest = draft.weekdays.filter((one) => one !== day);
        const weekdays = rest.length < draft.weekdays.length ? rest : [...rest, day].sort((a, b) => a - b);
        onDraft({ ...draft, weekdays });
    };
    return (
        <fieldset class="choices" aria-describedby={error ? 'weekdays-error' : undefined}>
            <legend class="label">{h('weekdays')}</legend>
            <div class="weekdays">
                {WEEKDAYS.map((day) => (
                    <label class="weekday-choice" key={day}>
                        <input type="checkbox" checked={draft.weekdays.includes(day)} onChange={() => toggle(day)}
                            data-testid={`weekday-${day}`} />
                        <span>{h(`weekday.${day}`)}</span>
                    </label>
                ))}
            </div>
            <FieldError id="weekdays-error" text={error} />
        </fieldset>
    );
}

type FaultProps = PartProps & { readonly fault: (field: string) => string | undefined };

function Breaks({ draft, fault, onDraft }: FaultProps) {
    const set = (breaks: readonly Minutes[]) => onDraft({ ...draft, breaks });
    const put = (i: number, change: Partial<Minutes>) =>
        set(draft.breaks.map((one, n) => (n === i ? { ...one, ...change } : one)));
    return (
        <div class="stack tight">
            {draft.breaks.map((one, i) => (
                <fieldset class="choices" key={i}>
                    <legend class="label">{h('break_n', { n: i + 1 })}</legend>
                    <div class="break">
                        <TimeField id={`break-${i}-from`} label={h('from')} value={one.from}
                            error={fault(`breaks[${i}].from`)} onValue={(from) => put(i, { from })} />
                        <TimeField id={`break-${i}-to`} label={h('to')} value={one.to}
                            error={fault(`breaks[${i}].to`)} onValue={(to) => put(i, { to })} />
                        <Button kind="plain" icon="close" label={h('break_remove', { n: i + 1 })}
                            onClick={() => set(draft.breaks.filter((_, n) => n !== i))}>
                            {h('remove')}
                        </Button>
                    </div>
                </fieldset>
            ))}
            {draft.breaks.length < MAX_BREAKS && (
                <div class="break-add">
                    <Button kind="plain" testId="break-add"
                        onClick={() => set([...draft.breaks, { from: '10.00', to: '10.15' }])}>
                        {h('break_add')}
                    </Button>
                </div>
            )}
        </div>
    );
}

function Period({ draft, earlier, fault, onDraft }: FaultProps & { readonly earlier: string | null }) {
    const endless = draft.validUntil === '';
    return (
        <div class="stack tight">
            <DateField id="valid-from" label={h('valid_from')} value={draft.validFrom} error={fault('valid_from')}
                onValue={(validFrom) => onDraft({ ...draft, validFrom })} />
            {earlier !== null && <p class="hint" role="status" data-testid="earlier">{earlier}</p>}
            <Check label={h('no_end')} checked={endless} testId="no-end"
                onChecked={(checked) => onDraft({ ...draft, validUntil: checked ? '' : draft.validFrom })} />
            {!endless && (
                <DateField id="valid-until" label={h('valid_until')} value={draft.validUntil}
                    error={fault('valid_until')} onValue={(validUntil) => onDraft({ ...draft, validUntil })} />
            )}
        </div>
    );
}
