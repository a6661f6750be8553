// SPDX-License-Identifier: Apache-2.0
// The words of the desk's booking page: r('submit').
import { catalogue } from '../shared/strings';
import { registerEn } from './strings/en';
import { registerId } from './strings/id';

export const r = catalogue(registerId, registerEn);
