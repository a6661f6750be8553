// SPDX-License-Identifier: Apache-2.0
// The words of questions between doctors: k('title').
import { decimal } from '../shared/format';
import { catalogue } from '../shared/strings';
import { n, vitalWords } from '../doctor/note/words';
import { t } from '../staff/words';
import { shareKeyOf, vitalOf } from './ask_state';
import { askEn } from './strings/en';
import { askId } from './strings/id';
import type { Consult, Part } from './types';

export const k = catalogue(askId, askEn);

/** "dr. Yusuf Pakaya, Klinik Kota Selatan", "Poli Umum, Puskesmas Limboto", "semua dokter Puskesmas Limboto" */
export function targetWords({ to }: Pick<Consult, 'to'>): string {
    const who = to.doctor ?? to.clinic;
    return who === null ? k('to.whole', { facility: to.facility }) : `${who}, ${to.facility}`;
}

/** What a part is called, and what it says, with its unit. */
export function partWords({ part, text }: Part): { readonly name: string; readonly value: string } {
    const vital = vitalOf(part);
    if (vital !== null) {
        return { name: n(`vital.${vital}`), value: vitalWords(vital, Number(text)) };
    }
    if (part === 'age') return { name: k('part.age'), value: t('person.age', { n: text }) };
    if (part === 'sex') return { name: k('part.sex'), value: text === 'L' || text === 'P' ? t(`sex.${text}_long`) : text };
    const key = shareKeyOf(part);
    return { name: key === null ? part : k(`part.${key}`), value: text };
}

/** "82 kB", "1,2 MB" */
export function sizeWords(bytes: number): string {
    const kilo = Math.max(1, Math.round(bytes / 1024));
    return kilo < 1000 ? `${kilo} kB` : `${decimal(bytes / 1024 / 1024, 1)} MB`;
}
