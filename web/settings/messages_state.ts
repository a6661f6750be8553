// SPDX-License-Identifier: Apache-2.0
// Texts of messages to patients. Pure.

export const MESSAGE_KINDS = ['booked', 'walk_in', 'moved', 'cancelled', 'missed', 'unseen', 'day_before', 'hour_before', 'soon', 'next',
    'late', 'late_over', 'hours_changed', 'stands', 'converted_phone', 'converted_in_person', 'converted_video', 'letter', 'letter_revoked',
    'wait_listed', 'wait_offer', 'wait_open', 'wait_gone', 'wait_ended'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export type Placeholder = 'facility' | 'phone' | 'address' | 'when' | 'time' | 'until' | 'minutes' | 'early' | 'number' | 'link';

export interface Template {
    readonly kind: MessageKind;
    readonly lang: 'id' | 'en';
    readonly text: string;
    readonly inherited: string;
    readonly source: 'server' | 'province' | 'facility';
    readonly version: number;
    readonly placeholders: readonly Placeholder[];
    readonly required: readonly Placeholder[];
    /** As a patient would read it. */
    readonly preview: string;
    /** SMS that it takes. */
    readonly segments: number;
    readonly alphabet: 'gsm7' | 'ucs2';
    readonly units: number;
}

export interface Templates {
    readonly facility: string | null;
    readonly facility_name: string | null;
    readonly max_chars: number;
    readonly templates: readonly Template[];
}

/** `name` in braces instead of what is marked from `from` to `to`; and where the cursor stands then. */
export function insertAt(text: string, from: number, to: number, name: Placeholder): { readonly text: string; readonly at: number } {
    const placed = `{${name}}`;
    return { text: text.slice(0, from) + placed + text.slice(to), at: from + placed.length };
}

/** Those that the text has not yet. */
export function unused(template: Pick<Template, 'placeholders'>, text: string): readonly Placeholder[] {
    return template.placeholders.filter((name) => !text.includes(`{${name}}`));
}
