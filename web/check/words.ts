// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { checkEn } from './strings/en';
import { checkId } from './strings/id';

export const c = catalogue(checkId, checkEn);
