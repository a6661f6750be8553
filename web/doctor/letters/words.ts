// SPDX-License-Identifier: Apache-2.0
// The words of the doctor's letters: l('new').
import { catalogue } from '../../shared/strings';
import { lettersEn } from './strings/en';
import { lettersId } from './strings/id';

export const l = catalogue(lettersId, lettersEn);
