// SPDX-License-Identifier: Apache-2.0
// What the page knows of tables. Pure.

export type CsvKind = 'facility' | 'clinic' | 'practitioner' | 'service';

/** As scheduling/clinic/directory_table.c has them. */
export const CSV_COLUMNS: Readonly<Record<CsvKind, readonly string[]>> = {
    facility: ['id', 'name', 'kind', 'area_code', 'address', 'phone', 'active'],
    clinic: ['id', 'facility', 'name', 'letter', 'active'],
    practitioner: ['id', 'name', 'str_number', 'str_valid_until', 'clinics', 'permits', 'active'],
    service: ['id', 'facility', 'clinic', 'name', 'mode', 'duration_minutes', 'before_minutes', 'after_minutes',
        'price_rupiah', 'active'],
};

export const CSV_MAX_BYTES = 200 * 1024;

export interface CsvResult {
    readonly saved: boolean;
    readonly added: number;
    readonly changed: number;
    readonly errors: readonly {
        readonly line: number;
        /** A column; '': the whole line. */
        readonly field: string;
        readonly code: string;
        readonly allowed: string | null;
        readonly message: string;
    }[];
}

/** Throws for what is no UTF-8, rather than to save signs that nobody wrote. */
export function textOf(bytes: ArrayBuffer): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
