// SPDX-License-Identifier: Apache-2.0
// Bytes, rates, moments and roles of the record in words.
import { clockTime, decimal, longDate } from '../shared/format';
import { isKey, t } from '../staff/words';

export function bytesWords(bytes: number): string {
    return bytes < 1_000_000
        ? t('unit.kb', { n: decimal(bytes / 1000) })
        : t('unit.mb', { n: decimal(bytes / 1_000_000, 1) });
}

export function rateWords(bps: number): string {
    return bps < 1_000_000
        ? t('unit.kbps', { n: decimal(bps / 1000) })
        : t('unit.mbps', { n: decimal(bps / 1_000_000, 1) });
}

/** "24 November 2026, 09.30.05 WITA": the record is read to the second. */
export function timeWords(ms: number): string {
    const seconds = String(Math.floor(ms / 1000) % 60).padStart(2, '0');
    return `${longDate(ms).replace(/^[^,]*, /, '')}, ${clockTime(ms)}.${seconds} WITA`;
}

export function roleWords(role: string): string {
    const key = `record.role.${role}`;
    return isKey(key) ? t(key) : role;
}
