// SPDX-License-Identifier: Apache-2.0
// The words of the counter page: c('book'). It asks the booking page's questions, in words for an officer.
import { en } from '../shared/strings/booking.en';
import { id } from '../shared/strings/booking.id';
import { catalogue } from '../shared/strings';
import { officerEn } from './strings/booking.en';
import { officerId } from './strings/booking.id';
import { counterEn } from './strings/en';
import { counterId } from './strings/id';

Object.assign(id, officerId);
Object.assign(en, officerEn);

export const c = catalogue(counterId, counterEn);
