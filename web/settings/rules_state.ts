// SPDX-License-Identifier: Apache-2.0
// Rules of province and facility: how the page groups them, and what of a form is sent. Pure.

export interface Rule {
    readonly rule: string;
    readonly kind: 'number' | 'switch' | 'choice';
    readonly value: string;
    readonly inherited: string;
    readonly source: 'server' | 'province' | 'facility';
    readonly changed_at_ms: number | null;
    /** Goes back with a change: another one by now is 409 changed-meanwhile. */
    readonly revision: string;
    readonly min?: number;
    readonly max?: number;
    readonly choices?: string;
}

export interface Rules {
    readonly facility: string | null;
    readonly facility_name: string | null;
    readonly rules: readonly Rule[];
}

export const GROUPS = {
    booking: ['booking_lead_minutes', 'booking_horizon_days', 'staff_horizon_days', 'hold_minutes', 'move_until_minutes', 'cancel_until_minutes',
        'bookings_per_phone', 'bookings_per_address'],
    waiting: ['open_before_minutes', 'open_after_minutes', 'late_minutes', 'no_show_minutes', 'unanswered_minutes',
        'unanswered_alone_minutes', 'day_end_minutes', 'missed_confirm_days'],
    reminders: ['remind_day_before', 'remind_hour_before', 'remind_ten_minutes_before', 'quiet_from_hour', 'quiet_until_hour'],
    sick: ['sick_letters', 'sick_letter_days'],
} as const;
export type Group = keyof typeof GROUPS;
export type RuleName = (typeof GROUPS)[Group][number];
export type NumberRule = Exclude<RuleName, SwitchRule | 'sick_letters'>;
export type SwitchRule = 'remind_day_before' | 'remind_hour_before' | 'remind_ten_minutes_before';

/** What was changed; null: back to what is inherited. */
export type Draft = Readonly<Partial<Record<string, string | null>>>;

/** What the form shows of a rule. */
export function shownValue(rule: Rule, draft: Draft): string {
    const changed = draft[rule.rule];
    if (changed === undefined) return rule.value;
    return changed ?? rule.inherited;
}

/** Is something set here, as the form stands? */
export function isOwn(rule: Rule, draft: Draft): boolean {
    const changed = draft[rule.rule];
    return changed === undefined ? rule.changed_at_ms !== null : changed !== null && changed !== rule.inherited;
}

export interface Change {
    readonly rule: string;
    readonly revision: string;
    /** Absent: as it is inherited. */
    readonly value?: string;
}

/** What is sent: changed to something else than it is. */
export function changesOf(rules: readonly Rule[], draft: Draft): readonly Change[] {
    return rules.flatMap((one): Change[] => {
        const { rule, revision } = one;
        const changed = draft[one.rule];
        if (changed === undefined) return [];
        if (changed === null || (changed.trim() === one.inherited && one.changed_at_ms !== null))
            return one.changed_at_ms === null ? [] : [{ rule, revision }];
        return changed.trim() === one.value ? [] : [{ rule, revision, value: changed.trim() }];
    });
}

/** Names of the rules whose numbers are none that they may be. */
export function wrongRules(rules: readonly Rule[], draft: Draft): readonly string[] {
    return rules.filter((one) => {
        const text = shownValue(one, draft).trim();
        if (one.kind !== 'number') return false;
        return !/^\d{1,5}$/.test(text) || Number(text) < (one.min ?? 0) || Number(text) > (one.max ?? 0);
    }).map((one) => one.rule);
}
