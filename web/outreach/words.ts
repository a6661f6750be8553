// SPDX-License-Identifier: Apache-2.0
// The words of the page for teams at a post: o('unsent').
import { catalogue } from '../shared/strings';
import { outreachEn } from './strings/en';
import { outreachId } from './strings/id';

export type OutreachKey = keyof typeof outreachId & string;
export const o = catalogue(outreachId, outreachEn);
