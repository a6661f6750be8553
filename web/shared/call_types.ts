// SPDX-License-Identifier: Apache-2.0
// What a page says to and hears from its Call (call.ts).
import type { CallSample } from './call_stats';
import type { RemoteTrack } from './peer';

/** connecting: never connected yet · interrupted: was connected, mending · closed: close() or never started. */
export type CallState = 'closed' | 'connecting' | 'connected' | 'interrupted';

export interface CallEvents {
    state: CallState;
    remote: readonly RemoteTrack[];
    sample: CallSample;
    /** Nothing comes any more, though the browser still calls it connected. */
    silent: number;
}

export interface CallOptions {
    /** Sends an offer; false when there is no connection to the server now. */
    readonly sendOffer: (id: number, sdp: string, passive: boolean) => boolean;
    /** There is a connection to the server now, as far as known. */
    readonly canOffer?: () => boolean;
    readonly createConnection?: (iceServers: RTCIceServer[]) => RTCPeerConnection;
    readonly maxAudioBps?: number;
}
