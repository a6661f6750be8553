// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { en } from '../shared/strings/patient.en';
import { id } from '../shared/strings/patient.id';

export const t = catalogue(id, en);
