// SPDX-License-Identifier: Apache-2.0
// The join token: taken out of the address at once (it is a secret, and addresses are shown, shared and
// sent on), kept for this tab so that loading again comes back to the same visit.

const KEY = 'huyula.patient.token';
/* What stands in the address instead; served by the same route. */
const HIDDEN = 'kunjungan';

export interface Place {
    readonly token: string | null;
    /** Another visit than the one that this tab had before. */
    readonly isNew: boolean;
}

export function tokenFromPath(path: string): string | null {
    const match = /^\/v\/([A-Za-z0-9_-]+)\/?$/.exec(path);
    const token = match?.[1];
    return token && token !== HIDDEN ? token : null;
}

export function takeToken(): Place {
    const before = sessionStorage.getItem(KEY);
    const token = tokenFromPath(location.pathname);
    if (token) {
        sessionStorage.setItem(KEY, token);
        history.replaceState(null, '', `/v/${HIDDEN}`);
        return { token, isNew: token !== before };
    }
    return { token: before, isNew: false };
}

/** The token of this tab, for a page beside the visit's own. */
export function knownToken(): string | null {
    return sessionStorage.getItem(KEY);
}

/** How far the visit's page had come belongs to the visit that was. */
export function forgetStage(): void {
    for (const key of ['stage', 'place', 'since']) sessionStorage.removeItem(`huyula.patient.${key}`);
}

/** The link again, for opening it in another browser. */
export function linkOf(token: string): string {
    return `${location.origin}/v/${token}`;
}
