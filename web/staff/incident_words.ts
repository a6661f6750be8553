// SPDX-License-Identifier: Apache-2.0
// The words of incidents: i('report').
import { catalogue } from '../shared/strings';
import { incidentEn } from './strings/incident.en';
import { incidentId } from './strings/incident.id';

export const i = catalogue(incidentId, incidentEn);
