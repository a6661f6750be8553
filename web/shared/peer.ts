// SPDX-License-Identifier: Apache-2.0
// Small services around a RTCPeerConnection that keep no state of their own (call.ts).
import { wantedCodecs, withOpusNack, type Kind } from './sdp';

export interface RemoteTrack {
    readonly mid: string;
    readonly kind: Kind;
    readonly track: MediaStreamTrack;
    /** Whose media it carries now; null: nobody's. */
    readonly participant: string | null;
}

export function newConnection(): RTCPeerConnection {
    return new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
}

export function preferCodecs(transceiver: RTCRtpTransceiver, kind: Kind): void {
    if (typeof transceiver.setCodecPreferences !== 'function') return;
    const codecs = wantedCodecs(kind, RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []);
    if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
}

/** Sets our offer with `nack` for Opus; without it where a browser does not take the change. */
export async function setOffer(pc: RTCPeerConnection, sdp: string): Promise<string> {
    const wanted = withOpusNack(sdp);
    try {
        await pc.setLocalDescription({ type: 'offer', sdp: wanted });
        return wanted;
    } catch {
        await pc.setLocalDescription({ type: 'offer', sdp });
        return sdp;
    }
}

export async function limitRate(sender: RTCRtpSender, bps: number): Promise<void> {
    const parameters = sender.getParameters();
    const encoding = parameters.encodings?.[0];
    if (!encoding || encoding.maxBitrate === bps) return;
    encoding.maxBitrate = bps;
    /* A browser that does not know the limit still has a working call. */
    await sender.setParameters(parameters).catch(() => undefined);
}

/** What comes in, by m-line; `streams` says whose it is (protocol.md, "streams"). */
export function remotesOf(
    pc: RTCPeerConnection | null,
    streams: ReadonlyMap<string, string | null>,
): RemoteTrack[] {
    const remotes: RemoteTrack[] = [];
    for (const transceiver of pc?.getTransceivers() ?? []) {
        const { mid, currentDirection, receiver } = transceiver;
        if (mid === null || currentDirection === null) continue;
        if (currentDirection !== 'sendrecv' && currentDirection !== 'recvonly') continue;
        const kind: Kind = receiver.track.kind === 'audio' ? 'audio' : 'video';
        const participant = streams.get(mid) ?? null;
        remotes.push({ mid, kind, track: receiver.track, participant });
    }
    return remotes;
}
