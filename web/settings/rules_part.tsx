// SPDX-License-Identifier: Apache-2.0
// The rules that a province and its facilities set for themselves, as one form.
import { useState } from 'preact/hooks';
import { api, ApiProblem } from '../shared/api';
import { Check, Radios } from '../hours/fields';
import { Banner } from '../shared/widgets/banner';
import { Button } from '../shared/widgets/button';
import { Field } from '../shared/widgets/field';
import { NewsNote, type NewsWords } from '../staff/opened';
import { newsOf, type Line } from '../staff/opened_state';
import { Failure, Loading } from '../staff/parts';
import { useGuard } from '../staff/shell';
import { useFetched } from '../staff/use_fetched';
import { changesOf, GROUPS, isOwn, shownValue, wrongRules, type Draft, type Group, type NumberRule, type Rule, type Rules,
    type SwitchRule } from './rules_state';
import { ScopeField, useScope } from './scope_field';
import type { Settings } from './types';
import { s } from './words';

export function RulesPart({ settings }: { readonly settings: Settings }) {
    const scope = useScope();
    const path = `/api/v1/policies${scope.query}`;
    const [version, setVersion] = useState(0);
    const { value, problem } = useFetched<Rules>(path, version);
    const isAsked = value !== null && (value.facility ?? '') === (settings.isAdmin ? scope.facility : value.facility ?? '');
    return (
        <div class="stack" data-testid="rules">
            <p>{s('rules_text')}</p>
            <ScopeField settings={settings} facility={scope.facility} onFacility={scope.choose} />
            {problem !== null && <Failure problem={problem} onRetry={() => setVersion(version + 1)} />}
            {problem === null && !isAsked && <Loading />}
            {isAsked && value && <RulesForm key={value.facility} rules={value} />}
        </div>
    );
}

interface Saving {
    readonly busy: boolean;
    readonly problem: unknown;
    readonly done: boolean;
    /** What somebody else set meanwhile. */
    readonly news: NewsWords | null;
    readonly send: () => void;
}

function linesOf(rules: Rules, draft: Draft): readonly Line[] {
    return rules.rules.map((one) => [s(`rule.${one.rule as 'late_minutes'}`), valueWords(one, shownValue(one, draft).trim())]);
}

/** The form as it is after a change was saved or refused; `onChanged`: as somebody else left the rules. */
function useSaving(rules: Rules, draft: Draft, onSaved: (rules: Rules) => void, onChanged: (rules: Rules) => void): Saving & { readonly change: () => void } {
    const guard = useGuard();
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<unknown>(null);
    const [done, setDone] = useState(false);
    const [news, setNews] = useState<NewsWords | null>(null);
    const send = () => {
        if (busy) return;
        setBusy(true);
        setProblem(null);
        const body = { ...(rules.facility ? { facility: rules.facility } : {}), rules: changesOf(rules.rules, draft) };
        api.post<Rules>('/api/v1/policies', body).then((saved) => {
            setDone(true);
            setNews(null);
            onSaved(saved);
        }, async (error: unknown) => {
            if (!(error instanceof ApiProblem) || error.type !== 'changed-meanwhile') throw error;
            const now = await api.get<Rules>(`/api/v1/policies${rules.facility ? `?facility=${rules.facility}` : ''}`);
            setNews(() => () => newsOf(linesOf(rules, {}), linesOf(now, {}), linesOf(now, draft)));
            onChanged(now);
        }).catch((error: unknown) => {
            if (!guard(error)) setProblem(error);
        }).finally(() => setBusy(false));
    };
    const change = () => {
        setDone(false);
        setProblem(null);
    };
    return { busy, problem, done, news, send, change };
}

function RulesForm({ rules: loaded }: { readonly rules: Rules }) {
    const [rules, setRules] = useState(loaded);
    const [draft, setDraft] = useState<Draft>({});
    const [asked, setAsked] = useState(false);
    const saving = useSaving(rules, draft, (saved) => {
        setRules(saved);
        setDraft({});
    }, setRules);
    const wrong = wrongRules(rules.rules, draft);
    const put = (name: string, value: string | null) => {
        saving.change();
        setDraft({ ...draft, [name]: value });
    };
    const faultOf = (rule: Rule) => {
        if (asked && wrong.includes(rule.rule)) return s('number_wrong', { from: rule.min ?? 0, to: rule.max ?? 0 });
        return saving.problem instanceof ApiProblem ? saving.problem.field(rule.rule) : undefined;
    };
    const submit = (event: Event) => {
        event.preventDefault();
        setAsked(true);
        if (wrong.length === 0) saving.send();
        else document.getElementById(`rule-${wrong[0]}`)?.focus();
    };
    return (
        <form class="stack" noValidate onSubmit={submit} data-testid="rules-form">
            {(Object.keys(GROUPS) as Group[]).map((group) => (
                <section class="card stack" key={group}>
                    <h2>{s(`rules.${group}`)}</h2>
                    <div class="rules">
                        {rules.rules.filter((one) => (GROUPS[group] as readonly string[]).includes(one.rule)).map((rule) => (
                            <RuleField key={rule.rule} rule={rule} draft={draft} fault={faultOf(rule)}
                                isProvince={rules.facility === null} onValue={(value) => put(rule.rule, value)} />
                        ))}
                    </div>
                </section>
            ))}
            <section class="card stack tight" data-testid="rules-recording">
                <h2>{s('rules.recording')}</h2>
                <p>{s('recording_text')}</p>
                <p>{s('recording_kept')}</p>
            </section>
            <NewsNote news={saving.news} />
            {saving.done && <Banner tone="good" testId="rules-saved">{s('rules_saved')}</Banner>}
            {saving.problem !== null && <Failure problem={saving.problem} />}
            <div class="hours-tools">
                <Button kind="primary" type="submit" busy={saving.busy} testId="rules-save"
                    disabled={changesOf(rules.rules, draft).length === 0 && wrong.length === 0}>
                    {s('rules_save')}
                </Button>
            </div>
        </form>
    );
}

interface RuleProps {
    readonly rule: Rule;
    readonly draft: Draft;
    readonly fault: string | undefined;
    readonly isProvince: boolean;
    readonly onValue: (value: string | null) => void;
}

function RuleField(props: RuleProps) {
    const { rule, draft } = props;
    const inherited = valueWords(rule, rule.inherited);
    return (
        <div class={rule.kind === 'switch' ? 'rule whole' : 'rule'} data-testid={`rule-${rule.rule}-box`}>
            <RuleInput {...props} />
            {isOwn(rule, draft) && (
                <p class="rule-own">
                    <span class="quiet">{s(props.isProvince ? 'rule_own_province' : 'rule_own_facility',
                        { value: inherited })}</span>
                    <Button kind="plain" onClick={() => props.onValue(null)} testId={`rule-${rule.rule}-back`}
                        label={s('rule_back_label', { value: inherited, what: s(`rule.${rule.rule as 'late_minutes'}`) })}>
                        {s('rule_back', { value: inherited })}
                    </Button>
                </p>
            )}
        </div>
    );
}

function valueWords(rule: Rule, value: string): string {
    if (rule.kind === 'switch') return s(value === 'on' ? 'switch_on' : 'switch_off');
    if (rule.kind === 'choice') return s(`sick.${value as 'off'}`);
    return value;
}

function RuleInput({ rule, draft, fault, onValue }: RuleProps) {
    const value = shownValue(rule, draft);
    if (rule.kind === 'switch') {
        return (
            <Check label={s(`rule.${rule.rule as SwitchRule}`)} checked={value === 'on'} testId={`rule-${rule.rule}`}
                onChecked={(on) => onValue(on ? 'on' : 'off')} />
        );
    }
    if (rule.kind === 'choice') {
        return (
            <Radios name="sick" legend={s('rule.sick_letters')} value={value as 'off'} onValue={onValue}
                options={(['off', 'assisted', 'on'] as const).map((one) => ({ value: one, words: s(`sick.${one}`), hint: s(`sick_hint.${one}`) }))} />
        );
    }
    return (
        <Field id={`rule-${rule.rule}`} label={s(`rule.${rule.rule as NumberRule}`)} hint={s(`rule_hint.${rule.rule as NumberRule}`)}
            error={fault}>
            {(tie) => (
                <input {...tie} class="numbers rule-number" inputMode="numeric" autoComplete="off" maxLength={5} value={value}
                    onInput={(event) => onValue(event.currentTarget.value)} />
            )}
        </Field>
    );
}
