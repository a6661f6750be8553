// SPDX-License-Identifier: Apache-2.0
// The words of what comes after a visit, and of the keyboard: f('title').
import { catalogue } from '../shared/strings';
import { followUpEn } from './strings/follow_up.en';
import { followUpId } from './strings/follow_up.id';

export const f = catalogue(followUpId, followUpEn);
