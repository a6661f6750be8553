// SPDX-License-Identifier: Apache-2.0
// The server's clock on a page whose own may be hours off: what day it is, is not asked of a desk's computer.
import { isoDate } from '../shared/format';

let offsetMs = 0;

/** `serverMs`: what an answer says that it is, as it comes. */
export function noteServerTime(serverMs: number): void {
    offsetMs = serverMs - Date.now();
}

/** The page's own time until an answer has said another. */
export function serverNow(): number {
    return Date.now() + offsetMs;
}

/** YYYY-MM-DD of the place. */
export function serverToday(): string {
    return isoDate(serverNow());
}
