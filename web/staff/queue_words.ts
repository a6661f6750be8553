// SPDX-License-Identifier: Apache-2.0
// The words of the queue on staff pages: q('mark.urgent').
import { catalogue } from '../shared/strings';
import { queueEn } from './strings/queue.en';
import { queueId } from './strings/queue.id';

export const q = catalogue(queueId, queueEn);
