// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { deskWaitEn } from './strings/wait.en';
import { deskWaitId } from './strings/wait.id';

export const dw = catalogue(deskWaitId, deskWaitEn);
