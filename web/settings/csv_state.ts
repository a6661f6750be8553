// SPDX-License-Identifier: Apache-2.0
// What the page knows of tables. Pure.
import type { FieldError } from '../shared/api';
import type { Lang } from '../shared/lang';
import type { Hit } from '../hours/types';

export type CsvKind = 'facility' | 'clinic' | 'practitioner' | 'service' | 'holiday' | 'account' | 'policy' | 'template' | 'icd10';

/** As scheduling/clinic/directory_table.c, holiday_table.c, scheduling/policy/policy_table.c,
 * scheduling/outbox/message_table.c, scheduling/note/icd10_table.c and server/staff_table_row.c have them. */
export const CSV_COLUMNS: Readonly<Record<CsvKind, readonly string[]>> = {
    facility: ['id', 'name', 'kind', 'area_code', 'address', 'phone', 'active'],
    clinic: ['id', 'facility', 'name', 'letter', 'wait_mode', 'active'],
    practitioner: ['id', 'name', 'str_number', 'str_valid_until', 'clinics', 'permits', 'active'],
    service: ['id', 'facility', 'clinic', 'name', 'mode', 'duration_minutes', 'before_minutes', 'after_minutes',
        'price_rupiah', 'active'],
    holiday: ['date', 'name', 'certain', 'facility'],
    account: ['login', 'name', 'role', 'facility', 'practitioner', 'active', 'area'],
    policy: ['facility', 'rule', 'value'],
    template: ['facility', 'kind', 'lang', 'text'],
    icd10: ['code', 'term_id', 'term_en'],
};

/** What columns may be called besides, as scheduling/clinic/table.c has it. */
const INDONESIAN: Readonly<Record<string, string>> = {
    name: 'nama', kind: 'jenis', area_code: 'kode_wilayah', address: 'alamat', phone: 'telepon', active: 'aktif', facility: 'faskes',
    letter: 'huruf', wait_mode: 'daftar_tunggu', str_number: 'nomor_str', str_valid_until: 'str_sampai', clinic: 'poli', clinics: 'poli',
    permits: 'sip', mode: 'cara', duration_minutes: 'lama_menit', before_minutes: 'jeda_sebelum', after_minutes: 'jeda_sesudah',
    price_rupiah: 'biaya_rupiah', date: 'tanggal', certain: 'pasti', login: 'nama_pengguna', role: 'peran', practitioner: 'dokter',
    area: 'wilayah', rule: 'aturan', value: 'nilai', lang: 'bahasa', text: 'teks', code: 'kode', term_id: 'istilah_id', term_en: 'istilah_en',
};

/** "name (nama)", "nama (name)": both names under which a column is taken in, the reader's first. */
export function columnWords(column: string, lang: Lang): string {
    const other = INDONESIAN[column];
    if (!other) return column;
    return lang === 'id' ? `${other} (${column})` : `${column} (${other})`;
}

/** The diagnosis list is longer than all others. */
export function maxBytes(kind: CsvKind): number {
    return kind === 'icd10' ? 3 * 1024 * 1024 : 200 * 1024;
}

export function sizeWords(kind: CsvKind): string {
    return kind === 'icd10' ? '3 MB' : '200 kB';
}

/** Where the table is taken in; and out, by a query. */
export function tablePath(kind: CsvKind): string {
    return kind === 'icd10' ? '/api/v1/icd10/table' : '/api/v1/directory/table';
}

export function exportPath(kind: CsvKind): string {
    return kind === 'icd10' ? tablePath(kind) : `${tablePath(kind)}?kind=${kind}`;
}

/** How long the diagnosis list is, and what was taken in last. */
export interface DiagnosisList {
    readonly codes: number;
    readonly last: { readonly at_ms: number; readonly by: string; readonly added: number; readonly changed: number } | null;
}

export type CsvFault = FieldError & { readonly line: number };

/** The server names no more, as scheduling/clinic/table.h has it. */
const MAX_FAULTS = 100;

export interface CsvRowFaults {
    readonly line: number;
    readonly faults: readonly CsvFault[];
}

/** Row by row, each in the order of its columns; what is said of the whole row first. */
export function faultRows(errors: readonly CsvFault[], columns: readonly string[]): CsvRowFaults[] {
    const rows = new Map<number, CsvFault[]>();
    for (const one of errors) rows.set(one.line, [...(rows.get(one.line) ?? []), one]);
    const place = ({ field }: CsvFault) => columns.indexOf(field);
    return [...rows].sort(([a], [b]) => a - b)
        .map(([line, faults]) => ({ line, faults: [...faults].sort((a, b) => place(a) - place(b)) }));
}

/** There may be more than are named. */
export function isCut(errors: readonly CsvFault[]): boolean {
    return errors.length >= MAX_FAULTS;
}

export interface CsvResult {
    readonly saved: boolean;
    readonly added: number;
    readonly changed: number;
    /** Bookings that rows leave without hours: kept, when it is saved. */
    readonly hit: number;
    /** Of these, whose patients get a message. */
    readonly told: number;
    readonly not_reachable: number;
    readonly no_phone: number;
    /** The first of them. */
    readonly bookings: readonly Hit[];
    /** `field` is a column; '': the whole line. */
    readonly errors: readonly CsvFault[];
    /** Of the accounts that were added: how each logs in for the first time. Told this once. */
    readonly accounts?: readonly {
        readonly login: string;
        readonly name: string;
        readonly password: string;
    }[];
}

/** Whose sentence says what is allowed. */
const SAYS_ALL = new Set(['not_a_letter', 'not_a_login', 'out_of_range', 'too_short', 'too_long',
    'placeholder_unknown', 'placeholder_twice', 'placeholder_missing']);

/** "off|assisted|on"; of what a list looks like ("FASKES > POLI | ...; dalam nama: \\> \\|") the bar is to be typed. */
function isWordList(allowed: string): boolean {
    return /^[^|\s\\]+(\|[^|\s\\]+)+$/.test(allowed);
}

/** What the page says in the reader's language; the server goes by the column names of the file. */
export type OwnAllowed = 'active' | 'active_new' | 'certain' | 'clinics' | 'permits';

export function ownAllowedOf({ field, code, allowed }: Pick<FieldError, 'field' | 'code' | 'allowed'>): OwnAllowed | null {
    if (!allowed) return null;
    if (code === 'not_found') return field === 'clinics' || field === 'permits' ? field : null;
    if (code !== 'not_allowed') return null;
    if (field === 'active') return allowed.includes(',') ? 'active' : 'active_new';
    return field === 'certain' ? field : null;
}

/** What can be typed into the file instead ("doctor, desk"), or from what to what; null: nothing is to be added. */
export function allowedOf({ code, allowed }: Pick<FieldError, 'code' | 'allowed'>): string | { from: string; to: string } | null {
    if (!allowed || SAYS_ALL.has(code)) return null;
    const [, from, to] = /^([^.\s]+)\.\.([^.\s]+)$/.exec(allowed) ?? [];
    return from && to ? { from, to } : isWordList(allowed) ? allowed.replaceAll('|', ', ') : allowed;
}

/** All that is wrong is that patients are booked in what rows would close: that may be meant so. */
export function isKeepable(result: Pick<CsvResult, 'errors'>): boolean {
    return result.errors.length > 0 && result.errors.every((one) => one.code === 'bookings_hit');
}

/** Throws for what is no UTF-8, rather than to save signs that nobody wrote. */
export function textOf(bytes: ArrayBuffer): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
