// SPDX-License-Identifier: Apache-2.0
// The words of the doctor's note: n('status.saved').
import { getLang } from '../../shared/lang';
import { catalogue } from '../../shared/strings';
import { PER_MINUTE, VITALS, vitalText } from './note_state';
import { noteEn } from './strings/en';
import { noteId } from './strings/id';
import type { VitalKey } from './types';

export const n = catalogue(noteId, noteEn);

/** "mmHg"; "/mnt" or "/min", after the reader's language. */
export function unitOf(key: VitalKey): string {
    const { unit } = VITALS[key];
    return unit === PER_MINUTE ? n('vital.per_minute') : unit;
}

/** "36,5 °C" or "36.5 °C": as it is read; typed it is with either. */
export function vitalWords(key: VitalKey, value: number | null): string {
    const number = vitalText(key, value);
    return `${getLang() === 'en' ? number.replace(',', '.') : number} ${unitOf(key)}`;
}
