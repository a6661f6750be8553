// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { waitEn } from './strings/en';
import { waitId } from './strings/id';

export const w = catalogue(waitId, waitEn);
