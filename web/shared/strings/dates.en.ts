// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../strings';
import type { id } from './dates.id';

export const en: Words<typeof id> = {
    days: 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday',
    months: 'January February March April May June July August September October November December',
    units: 'hour hours minute minutes second seconds',
};
