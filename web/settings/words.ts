// SPDX-License-Identifier: Apache-2.0
// The words of the settings page: s('facilities').
import { catalogue } from '../shared/strings';
import { settingsEn } from './strings/en';
import { settingsId } from './strings/id';

export const s = catalogue(settingsId, settingsEn);
