// SPDX-License-Identifier: Apache-2.0
// What the week is made of: the weekly rules, what differs from them, the holidays ahead.
import type { ComponentChildren } from 'preact';
import { dateMs, isoDate, longDate, NBSP, spanWords } from '../shared/format';
import { Button } from '../shared/widgets/button';
import { Icon } from '../shared/widgets/icon';
import { dateWords, rangeWords } from '../staff/dates';
import { holidayLines, holidayNow, whoseWords } from './exception_dialogs';
import { minutesWords } from './hours_state';
import type { Removal } from './remove_dialog';
import { ruleLines, ruleNow, ruleTitle } from './rule_dialog';
import type { Holiday, Hours, HoursDoctor, Leave, Override, Pattern, Rule } from './types';
import { overrideWords } from './week_view';
import { h } from './words';

interface ItemProps {
    readonly title: string;
    /** Title and date, for who hears the buttons alone. */
    readonly what: string;
    readonly testId: string;
    readonly onEdit?: () => void;
    readonly onRemove?: (() => void) | undefined;
    readonly children: ComponentChildren;
}

function Item({ title, what, testId, onEdit, onRemove, children }: ItemProps) {
    return (
        <li class="item" data-testid={testId}>
            <div class="item-words">
                <strong class="numbers">{title}</strong>
                {children}
            </div>
            <div class="item-actions">
                {onEdit && (
                    <Button kind="plain" label={h('edit_label', { what })} onClick={onEdit} testId={`${testId}-edit`}>
                        {h('edit')}
                    </Button>
                )}
                {onRemove && (
                    <Button kind="plain" label={h('remove_label', { what })} onClick={onRemove}
                        testId={`${testId}-remove`}>
                        {h('remove')}
                    </Button>
                )}
            </div>
        </li>
    );
}

function patternWords(pattern: Pattern): string {
    const extra = pattern.extra_percent > 0 ? [h('extra_words', { n: pattern.extra_percent })] : [];
    if (pattern.mode === 'session') return [h('session_words', { n: pattern.quota ?? 0 }), ...extra].join(', ');
    const buffer = pattern.before_minutes + pattern.after_minutes;
    return [
        h('slots_words', { n: pattern.slot_minutes ?? 0 }),
        ...(buffer > 0 ? [h('buffer_words', { n: buffer })] : []),
        ...extra,
    ].join(', ');
}

function periodWords(rule: Rule, today: string): string {
    const from = dateWords(rule.valid_from);
    const isAhead = rule.valid_from > today;
    if (rule.valid_until === null) return h(isAhead ? 'begins' : 'since', { date: from });
    const until = dateWords(rule.valid_until);
    return isAhead ? h('between', { from, until }) : h('ends', { date: until });
}

function ruleRemoval(rule: Rule, doctor: HoursDoctor): Removal {
    const again = async () => {
        const now = await ruleNow(rule, doctor);
        return now && ruleRemoval(now, doctor);
    };
    return { path: `/api/v1/hours/${doctor.id}/rules/${rule.id}`, what: () => ruleTitle(rule), opens: false,
        seen: { revision: rule.revision, lines: () => ruleLines(rule, doctor), again } };
}

interface RulesProps {
    readonly hours: Hours;
    readonly onEdit: (rule: Rule) => void;
    readonly onRemove: (removal: Removal) => void;
}

export function RuleList({ hours, onEdit, onRemove }: RulesProps) {
    const { doctor, rules } = hours;
    return (
        <section class="stack tight">
            <h2>{h('rules')}</h2>
            <ul class="items">
                {rules.map((rule) => {
                    const title = ruleTitle(rule);
                    const clinic = doctor.clinics.find((one) => one.id === rule.clinic);
                    return (
                        <Item key={rule.id} title={title} what={title} testId="rule" onEdit={() => onEdit(rule)}
                            onRemove={() => onRemove(ruleRemoval(rule, doctor))}>
                            <span>
                                {[patternWords(rule.pattern),
                                    ...rule.breaks.map((one) => h('break_words', { hours: minutesWords(one) })),
                                ].join(' · ')}
                            </span>
                            <span class="quiet">
                                {[doctor.clinics.length > 1 && clinic ? clinic.name : '', periodWords(rule, isoDate(hours.server_ms))]
                                    .filter(Boolean).join(' · ')}
                            </span>
                        </Item>
                    );
                })}
            </ul>
        </section>
    );
}

interface ExceptionsProps {
    readonly hours: Hours;
    readonly onRemove: (removal: Removal) => void;
}

/** By the first day, whatever they are. */
export function ExceptionList({ hours, onRemove }: ExceptionsProps) {
    const { doctor, overrides, leaves } = hours;
    const base = `/api/v1/hours/${doctor.id}`;
    const items = [
        ...leaves.map((one) => ({ from: one.from, item: (
            <LeaveItem key={one.id} leave={one} path={`${base}/leaves/${one.id}`} onRemove={onRemove} />
        ) })),
        ...overrides.map((one) => ({ from: one.date, item: (
            <OverrideItem key={one.id} override={one} path={`${base}/overrides/${one.id}`} onRemove={onRemove} />
        ) })),
    ];
    return (
        <section class="stack tight">
            <h2>{h('exceptions')}</h2>
            {items.length === 0 && <p class="quiet">{h('exceptions_none')}</p>}
            <ul class="items">
                {items.sort((a, b) => a.from.localeCompare(b.from)).map((one) => one.item)}
            </ul>
        </section>
    );
}

interface ExceptionProps {
    readonly path: string;
    readonly onRemove: (removal: Removal) => void;
}

/** Within a sentence: "9–11 Desember 2026" is one piece, of two dates each. */
function heldTogether(dates: string): string {
    return dates.replace(/(\d)–(\d)/, spanWords('$1', '$2')).split('– ').map((one) => one.replace(/ /g, NBSP)).join('– ');
}

function LeaveItem({ leave, path, onRemove }: ExceptionProps & { readonly leave: Leave }) {
    const { from, until, note } = leave;
    const title = () => (from === until ? dateWords(from) : rangeWords(from, until));
    const what = () => h('leave_of', { dates: heldTogether(title()) });
    return (
        <Item title={title()} what={what()} testId="leave" onRemove={() => onRemove({ path, what, opens: true })}>
            <span>{note ? h('leave_note', { note }) : h('leave')}</span>
        </Item>
    );
}

function OverrideItem({ override, path, onRemove }: ExceptionProps & { readonly override: Override }) {
    const title = () => longDate(dateMs(override.date));
    const what = () => `${overrideWords(override)}, ${title()}`;
    return (
        <Item title={title()} what={what()} testId="override"
            onRemove={() => onRemove({ path, what, opens: override.kind === 'closed' })}>
            <span>
                {[overrideWords(override), override.pattern ? patternWords(override.pattern) : '', override.note]
                    .filter(Boolean).join(' · ')}
            </span>
        </Item>
    );
}

const holidayTitle = (one: Holiday) => `${one.name}, ${dateWords(one.date)}`;

function holidayRemoval(holiday: Holiday): Removal {
    const again = async () => {
        const now = await holidayNow(holiday);
        return now && holidayRemoval(now);
    };
    return { path: `/api/v1/holidays/${holiday.id}`, what: () => holidayTitle(holiday), opens: true,
        seen: { revision: holiday.revision, lines: () => holidayLines(holiday), again } };
}

interface HolidaysProps {
    /** null: what stands above says it. */
    readonly title: string | null;
    readonly holidays: readonly Holiday[];
    /** Whose this reader may change and take away. */
    readonly mayKeep: (holiday: Holiday) => boolean;
    readonly onEdit: (holiday: Holiday) => void;
    readonly onRemove: (removal: Removal) => void;
}

export function HolidayList({ title, holidays, mayKeep, onEdit, onRemove }: HolidaysProps) {
    return (
        <section class="stack tight">
            {title !== null && <h2>{title}</h2>}
            {holidays.length === 0 && <p class="quiet">{h('holidays_none')}</p>}
            <ul class="items roomy">
                {holidays.map((one) => {
                    const what = holidayTitle(one);
                    const ways = mayKeep(one) ? { onEdit: () => onEdit(one),
                        onRemove: () => onRemove(holidayRemoval(one)) } : {};
                    return (
                        <Item key={one.id} title={longDate(dateMs(one.date))} testId="holiday" what={what} {...ways}>
                            <span>{one.name}</span>
                            <span class="quiet">{whoseWords(one)}</span>
                            {!one.certain && (
                                <span class="note">
                                    <Icon name="info" size={18} />
                                    <span>{h('unsure')}</span>
                                </span>
                            )}
                        </Item>
                    );
                })}
            </ul>
        </section>
    );
}
