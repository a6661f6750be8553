// SPDX-License-Identifier: Apache-2.0
// The words of the page of patients who were taken down twice: p('title').
import { dateMs, longDate } from '../shared/format';
import { catalogue } from '../shared/strings';
import { peopleEn } from './strings/en';
import { peopleId } from './strings/id';

export const p = catalogue(peopleId, peopleEn);

/** "2 Maret 1954": a day of long ago needs no weekday. */
export function dayWords(date: string): string {
    return longDate(dateMs(date)).replace(/^[^,]*, /, '');
}
