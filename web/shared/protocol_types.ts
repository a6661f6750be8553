// SPDX-License-Identifier: Apache-2.0
// What a page says to and hears from its ProtocolClient (protocol.ts).
import type { ServerError, ServerMessage } from './messages';

/**
 * connecting: first connection · open: after welcome · lost: will reconnect by itself ·
 * restarting: the server stops and comes back, will reconnect · occupied: another tab has the place,
 * takeOver() moves it here · replaced, ended, refused: over, start() begins anew.
 */
export type Status =
    | 'idle'
    | 'connecting'
    | 'open'
    | 'lost'
    | 'restarting'
    | 'occupied'
    | 'replaced'
    | 'ended'
    | 'refused';

export interface Events {
    status: Status;
    message: ServerMessage;
    /** A fatal error; status `refused` follows. */
    refused: ServerError;
    rtt: number;
}

export interface SocketLike {
    readyState: number;
    onopen: ((event: never) => void) | null;
    onmessage: ((event: { data: unknown }) => void) | null;
    onclose: ((event: { code: number }) => void) | null;
    onerror: ((event: never) => void) | null;
    send(text: string): void;
    close(code?: number): void;
}

export interface Place {
    readonly resume: string;
    readonly lastSeq: number;
}

export interface Options {
    readonly url: string;
    readonly token: string;
    readonly lang: () => string;
    /** Resume token of an earlier page in this tab: lets the tab have its place back at once. */
    readonly resume?: string;
    /** Key of an offer that was made before this connection (early_offer.ts). */
    readonly early?: () => string | null;
    readonly onResume?: (resume: string) => void;
    readonly openSocket?: (url: string, subprotocol: string) => SocketLike;
    readonly now?: () => number;
    readonly random?: () => number;
    readonly setTimer?: (callback: () => void, ms: number) => unknown;
    readonly clearTimer?: (timer: never) => void;
}
