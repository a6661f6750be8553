// SPDX-License-Identifier: Apache-2.0
// A telephone number as it is read out here: 0812-3456-7890, 0435-821123.

/** Area codes of three digits, and the few of two. */
const FIXED = /^\+62(2[124]|31|61|[2-79]\d\d)(\d+)$/;

/** Of an E.164 number; one from abroad stays as it is. */
export function phoneWords(number: string): string {
    if (!/^\+62\d+$/.test(number)) return number;
    const fixed = FIXED.exec(number);
    if (fixed) return `0${fixed[1]}-${fixed[2]}`;
    return `0${number.slice(3)}`.replace(/(\d{4})(?=\d)/g, '$1-');
}
