// SPDX-License-Identifier: Apache-2.0
// The words of the doctor's note: n('status.saved').
import { catalogue } from '../../shared/strings';
import { noteEn } from './strings/en';
import { noteId } from './strings/id';

export const n = catalogue(noteId, noteEn);
