// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { en } from '../shared/strings/booking.en';
import { id } from '../shared/strings/booking.id';

export const t = catalogue(id, en);
