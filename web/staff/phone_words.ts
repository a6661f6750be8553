// SPDX-License-Identifier: Apache-2.0
// A telephone number as it is read out here: 0812-3456-7890.

/** Of an E.164 number; one from abroad stays as it is. */
export function phoneWords(number: string): string {
    if (!/^\+62\d+$/.test(number)) return number;
    return `0${number.slice(3)}`.replace(/(\d{4})(?=\d)/g, '$1-');
}
