// SPDX-License-Identifier: Apache-2.0
// Pure: what a letter's form holds and what of it is sent.
import { addDays } from '../../shared/format';
import { NO_MEDICINE, type Letter, type LetterForm, type LetterKind, type Medicine, type Permit } from './types';

export const MAX_ITEMS = 10;
export const URGENCIES = ['routine', 'urgent', 'emergency'] as const;

/** What of the note and of the doctor letters need. */
export interface Grounds {
    readonly signed: boolean;
    readonly hasDiagnosis: boolean;
    readonly permit: Permit['state'];
    /** What was issued for the visit. */
    readonly letters: readonly Pick<Letter, 'kind' | 'revoked_at_ms'>[];
}

/** Why a kind cannot be issued yet; null when it can. */
export function whyNot(kind: LetterKind, { signed, hasDiagnosis, permit, letters }: Grounds): 'signed' | 'diagnosis' | 'permit' | 'revoked' | null {
    if (kind === 'summary') return signed ? null : 'signed';
    if (permit !== 'good') return 'permit';
    /* One is all that a visit has. */
    if (kind === 'sick' && letters.some((one) => one.kind === 'sick' && one.revoked_at_ms === null)) return 'revoked';
    return kind !== 'prescription' && !hasDiagnosis ? 'diagnosis' : null;
}

/** `visited`: the visit's day. A sick letter begins on it or the next one, whenever it is written. */
export function emptyForm(kind: LetterKind, today: string, visited: string): LetterForm {
    const latest = visited && addDays(visited, 1);
    return {
        kind, items: [NO_MEDICINE], toFacility: '', toClinic: '', urgency: 'routine', reason: '', therapy: '',
        from: latest && latest < today ? latest : today, days: '1', identityChecked: false,
    };
}

/** What was typed and not issued yet, and under which key it was sent last. */
export interface KeptLetter {
    readonly form: LetterForm;
    readonly text: string;
    readonly key: string;
}

/** As emptyForm() has it: of its kind, each field of the same type. */
export function isKeptLetter(value: unknown, kind: LetterKind): value is KeptLetter {
    const kept = value as Partial<KeptLetter> | null;
    if (typeof kept?.text !== 'string' || typeof kept.key !== 'string' || typeof kept.form !== 'object') return false;
    const empty: Readonly<Record<string, unknown>> = { ...emptyForm(kind, '', '') };
    const form: Readonly<Record<string, unknown>> = { ...kept.form };
    const isSame = Object.keys(empty).every((name) => typeof form[name] === typeof empty[name]);
    const items: unknown = form.items;
    return isSame && form.kind === kind && Array.isArray(items)
        && items.every((item) => Object.keys(NO_MEDICINE).every((name) => typeof (item as Medicine | null)?.[name as keyof Medicine] === 'string'));
}

function isBlank(item: Medicine): boolean {
    return Object.values(item).every((value: string) => value.trim() === '');
}

/** Rows that say anything; a last empty row is only room to write. */
export function writtenItems(form: LetterForm): readonly Medicine[] {
    return form.items.filter((item) => !isBlank(item));
}

export function letterBody(form: LetterForm, key: string): Record<string, unknown> {
    const base = { kind: form.kind, key };
    switch (form.kind) {
        case 'summary':
            return base;
        case 'prescription':
            return {
                ...base,
                items: writtenItems(form).map((item) => ({
                    name: item.name.trim(), strength: item.strength.trim(), form: item.form.trim(),
                    quantity: Number(item.quantity) || 0, signa: item.signa.trim(),
                })),
            };
        case 'referral':
            return {
                ...base, to_facility: form.toFacility.trim(), to_clinic: form.toClinic.trim(), urgency: form.urgency,
                reason: form.reason.trim(), therapy: form.therapy.trim(),
            };
        case 'sick':
            return { ...base, from: form.from, days: Number(form.days) || 0, identity_checked: form.identityChecked };
    }
}

/** Of the form's own names and the API's. */
export function fieldOf(form: LetterForm, index: number, name: keyof Medicine): string {
    const item = form.items[index];
    const at = item ? writtenItems(form).indexOf(item) : -1;
    return `items[${Math.max(at, 0)}].${name}`;
}
