// SPDX-License-Identifier: Apache-2.0
// The words of moving a visit, for its patient and for staff.
import { catalogue } from './strings';
import { en } from './strings/move.en';
import { id } from './strings/move.id';

export const moveWords = catalogue(id, en);
