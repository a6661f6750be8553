// SPDX-License-Identifier: Apache-2.0
// Which holidays are shown. Pure.
import type { Holiday } from '../hours/types';

/** Whose are shown, beside a facility's id. */
export const ALL = '';
export const PROVINCE = 'province';

export interface Shown {
    /** From today on, as they come. */
    readonly coming: readonly Holiday[];
    /** The last one first. */
    readonly past: readonly Holiday[];
}

export function holidaysOf(holidays: readonly Holiday[], whose: string, today: string): Shown {
    const own = holidays.filter((one) => whose === ALL || (one.facility ?? PROVINCE) === whose);
    return { coming: own.filter((one) => one.date >= today), past: own.filter((one) => one.date < today).reverse() };
}
