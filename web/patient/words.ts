// SPDX-License-Identifier: Apache-2.0
import { fetched } from '../shared/english';
import { catalogue } from '../shared/strings';
import { en } from '../shared/strings/patient.en';
import { id } from '../shared/strings/patient.id';

declare const ENGLISH_URL: string;

export const t = catalogue(id, ENGLISH_URL ? fetched<typeof en>('patient') : en);
