// SPDX-License-Identifier: Apache-2.0
// The words of the page of group visits: g('open').
import { catalogue } from '../shared/strings';
import { groupEn } from './strings/en';
import { groupId } from './strings/id';

export const g = catalogue(groupId, groupEn);
