// SPDX-License-Identifier: Apache-2.0
// The server's clock on a page whose own may be hours off: what day it is, is not asked of a desk's computer. What it said
// last is kept in the browser for a page that begins without a network, on a device that may have lost its clock since.
import { isoDate } from '../shared/format';

const KEPT = 'huyula.server_time';

interface Told {
    readonly offsetMs: number;
    /** It was at least this. */
    readonly sinceMs: number;
}

let told: Told | null = null;

function keptTime(): Told {
    try {
        const [offsetMs, sinceMs] = (localStorage.getItem(KEPT) ?? '').split(' ').map(Number);
        if (Number.isFinite(offsetMs) && Number.isFinite(sinceMs)) return { offsetMs: offsetMs ?? 0, sinceMs: sinceMs ?? 0 };
    } catch {
        /* Then it is not known. */
    }
    return { offsetMs: 0, sinceMs: 0 };
}

/** `serverMs`: what an answer says that it is, as it comes. */
export function noteServerTime(serverMs: number): void {
    told = { offsetMs: serverMs - Date.now(), sinceMs: serverMs };
    try {
        localStorage.setItem(KEPT, `${told.offsetMs} ${told.sinceMs}`);
    } catch {
        /* Then this page alone knows. */
    }
}

/** The page's own time until an answer has said another; never before what the server said last. */
export function serverNow(): number {
    told ??= keptTime();
    return Math.max(Date.now() + told.offsetMs, told.sinceMs);
}

/** YYYY-MM-DD of the place. */
export function serverToday(): string {
    return isoDate(serverNow());
}
