// SPDX-License-Identifier: Apache-2.0
// Papers that run out: a doctor's registration (STR) and permits to practise (SIP). Pure.

/** So many days before its end a paper is spoken of. */
export const WARN_DAYS = 90;
const DAY_MS = 24 * 3600_000;

export type PermitState = 'good' | 'soon' | 'expired';

/** Both are local dates; a paper holds on its last day. */
export function permitState(validUntil: string, today: string): PermitState {
    if (validUntil < today) return 'expired';
    const days = (Date.parse(validUntil) - Date.parse(today)) / DAY_MS;
    return days <= WARN_DAYS ? 'soon' : 'good';
}
