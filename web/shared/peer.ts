// SPDX-License-Identifier: Apache-2.0
// Small services around a RTCPeerConnection that keep no state of their own (call.ts).
import type { PictureState } from './messages';
import { LARGE_LAYER, SMALL_LAYER } from './hint';
import { wantedCodecs, withAudioLevels, withLayersAsTheyAre, withOpusNack, withOpusWish, withRidExtension, type Kind, type OpusWish } from './sdp';

export interface RemoteTrack {
    readonly mid: string;
    readonly kind: Kind;
    readonly track: MediaStreamTrack;
    /** Whose media it carries now; null: nobody's. */
    readonly participant: string | null;
    /** Of a video's: what it shows, and why not. */
    readonly picture: PictureState;
}

/** `iceServers`: TURN, which is taken only where nothing direct is to be had. */
const configuration = (iceServers: RTCIceServer[]): RTCConfiguration => ({
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
    iceServers,
});

export function newConnection(iceServers: RTCIceServer[]): RTCPeerConnection {
    return new RTCPeerConnection(configuration(iceServers));
}

/** For an offer that restarts ICE: other servers make the browser restart it with its next offer, whichever that is. */
export function useServers(pc: RTCPeerConnection, iceServers: RTCIceServer[]): void {
    try {
        pc.setConfiguration(configuration(iceServers));
    } catch {
        /* Firefox before 119 keeps those of its start. */
    }
}

export function preferCodecs(transceiver: RTCRtpTransceiver, kind: Kind): void {
    if (typeof transceiver.setCodecPreferences !== 'function') return;
    const codecs = wantedCodecs(kind, RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []);
    if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
}

/** Sets our offer with what Chromium leaves out; without that where a browser does not take the change. */
export async function setOffer(pc: RTCPeerConnection, sdp: string): Promise<string> {
    const wanted = withAudioLevels(withRidExtension(withOpusNack(sdp)));
    try {
        await pc.setLocalDescription({ type: 'offer', sdp: wanted });
        return wanted;
    } catch {
        await pc.setLocalDescription({ type: 'offer', sdp });
        return sdp;
    }
}

/** Only Chromium sends a small layer beside the large one well (Firefox: bug 1633876), and only it knows this. */
export function knowsLayers(): boolean {
    return typeof navigator !== 'undefined' && 'userAgentData' in navigator;
}

/** All off: they are switched on by what the server allows. */
function videoEncodings(sends: boolean): RTCRtpEncodingParameters[] {
    if (!sends || !knowsLayers()) return [{ active: false }];
    return [
        { rid: LARGE_LAYER, active: false },
        { rid: SMALL_LAYER, active: false, scaleResolutionDownBy: 2 },
    ];
}

/** What is sent of a kind. Its video stays inactive until encoders.ts is told otherwise. */
export function addMainTransceiver(
    pc: RTCPeerConnection,
    kind: Kind,
    track: MediaStreamTrack | null,
    sends: boolean,
): RTCRtpTransceiver {
    const transceiver = pc.addTransceiver(track ?? kind, {
        direction: sends ? 'sendrecv' : 'recvonly',
        ...(kind === 'video' ? { sendEncodings: videoEncodings(sends) } : {}),
    });
    preferCodecs(transceiver, kind);
    return transceiver;
}

/** The server's answer as it is set: with what our Opus is asked for, and the layers as they are. */
export function answerFor(sdp: string, wish: OpusWish, video: RTCRtpSender | undefined): string {
    const encodings = video?.getParameters().encodings ?? [];
    const isActive = (rid: string) => encodings.some((one) => one.rid === rid && one.active !== false);
    return withLayersAsTheyAre(withOpusWish(sdp, wish), isActive);
}

/**
 * Negotiates with ourselves: what the server answered last, changed, as the answer to the same offer again.
 * Changes encoders without a round trip. False when the browser does not take it; nothing has changed then.
 */
export async function reapplyAnswer(pc: RTCPeerConnection, answer: () => string): Promise<boolean> {
    if (pc.signalingState !== 'stable') return false;
    await setOffer(pc, (await pc.createOffer()).sdp ?? '');
    try {
        await pc.setRemoteDescription({ type: 'answer', sdp: answer() });
        return true;
    } catch {
        await pc.setLocalDescription({ type: 'rollback' });
        return false;
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
    pictures: ReadonlyMap<string, PictureState>,
): RemoteTrack[] {
    const remotes: RemoteTrack[] = [];
    for (const transceiver of pc?.getTransceivers() ?? []) {
        const { mid, currentDirection, receiver } = transceiver;
        if (mid === null || currentDirection === null) continue;
        if (currentDirection !== 'sendrecv' && currentDirection !== 'recvonly') continue;
        const kind: Kind = receiver.track.kind === 'audio' ? 'audio' : 'video';
        const participant = streams.get(mid) ?? null;
        const picture = pictures.get(mid) ?? 'none';
        remotes.push({ mid, kind, track: receiver.track, participant, picture });
    }
    return remotes;
}
