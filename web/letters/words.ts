// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { ownEn } from './strings/en';
import { ownId } from './strings/id';

export const o = catalogue(ownId, ownEn);
