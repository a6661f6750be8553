// SPDX-License-Identifier: Apache-2.0
// The words of repeated visits: s('title').
import { catalogue } from '../shared/strings';
import { seriesEn } from './strings/series.en';
import { seriesId } from './strings/series.id';

export const s = catalogue(seriesId, seriesEn);
