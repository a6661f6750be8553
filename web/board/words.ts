// SPDX-License-Identifier: Apache-2.0
import { catalogue } from '../shared/strings';
import { en } from '../shared/strings/board.en';
import { id } from '../shared/strings/board.id';

export const t = catalogue(id, en);
