// SPDX-License-Identifier: Apache-2.0
// The words of staff pages: t('day.call').
import { catalogue } from '../shared/strings';
import { staffEn } from './strings/en';
import { staffId } from './strings/id';

export const t = catalogue(staffId, staffEn);
export type StaffKey = keyof typeof staffId;

/** True for a key the catalogue has: for words that are chosen by a value of the server. */
export function isKey(key: string): key is StaffKey {
    return Object.prototype.hasOwnProperty.call(staffId, key);
}
