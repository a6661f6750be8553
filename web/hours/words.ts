// SPDX-License-Identifier: Apache-2.0
// The words of the hours page: h('rule.add').
import { catalogue } from '../shared/strings';
import { hoursEn } from './strings/en';
import { hoursId } from './strings/id';

export const h = catalogue(hoursId, hoursEn);
