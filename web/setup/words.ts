// SPDX-License-Identifier: Apache-2.0
// The words of the first-start page: s('title').
import { catalogue } from '../shared/strings';
import { setupEn } from './strings/en';
import { setupId } from './strings/id';

export const s = catalogue(setupId, setupEn);
