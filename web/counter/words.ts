// SPDX-License-Identifier: Apache-2.0
// The words of the counter page: c('book').
import { catalogue } from '../shared/strings';
import { counterEn } from './strings/en';
import { counterId } from './strings/id';

export const c = catalogue(counterId, counterEn);
