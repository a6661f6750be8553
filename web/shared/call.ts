// SPDX-License-Identifier: Apache-2.0
// One RTCPeerConnection for both directions. The page offers, the server answers (protocol.md,
// "Media"). Keeps the call alive: ICE restart when the path is gone or the network changed, a new
// connection when the server forgot us or DTLS failed. Knows no DOM and no socket.
import { Emitter } from './emitter';
import { readCounters, sampleBetween, type Counters } from './call_stats';
import type { CallEvents, CallOptions, CallState } from './call_types';
import { limitRate, newConnection, preferCodecs, remotesOf, setOffer } from './peer';
import type { Kind } from './sdp';
import { Timers } from './timers';

export type { CallState } from './call_types';
export type { RemoteTrack } from './peer';

const STATS_MS = 2000;
const ANSWER_TIMEOUT_MS = 10_000;
const DISCONNECTED_MS = 1500;
const MEND_MS = 8000;
const RESTARTS_BEFORE_REBUILD = 2;
const KINDS: readonly Kind[] = ['audio', 'video'];

export class Call extends Emitter<CallEvents> {
    private pc: RTCPeerConnection | null = null;
    private main = new Map<Kind, RTCRtpTransceiver>();
    private tracks = new Map<Kind, MediaStreamTrack | null>();
    private sends = new Set<Kind>();
    private streams = new Map<string, string | null>();
    private currentState: CallState = 'closed';
    private everConnected = false;
    private offerId = 0;
    private pendingId: number | null = null;
    private offerDue = false;
    private restartDue = false;
    private passive = false;
    private restarts = 0;
    private others = 1;
    private counters: Counters | null = null;
    private mediaSilent = false;
    private readonly timers = new Timers();

    constructor(private readonly options: CallOptions) {
        super();
    }

    get state(): CallState {
        return this.currentState;
    }

    /** For tests and diagnosis. */
    get connection(): RTCPeerConnection | null {
        return this.pc;
    }

    /** Begins the call. Tracks given by setTrack() before are sent from the start. */
    start(): void {
        if (this.pc) return;
        this.everConnected = false;
        this.passive = false;
        this.build();
    }

    close(): void {
        this.teardown();
        this.setState('closed');
        this.emit('remote', []);
    }

    /**
     * What is sent of a kind from now on. null sends nothing but keeps the m-line, so that muting and
     * changing cameras need no new offer. `canSend` says that there is a device and permission.
     */
    setTrack(kind: Kind, track: MediaStreamTrack | null, canSend = track !== null): void {
        this.tracks.set(kind, track);
        const hadIt = this.sends.has(kind);
        if (canSend) this.sends.add(kind);
        const transceiver = this.main.get(kind);
        if (!transceiver) return;
        transceiver.sender.replaceTrack(track).catch(() => this.rebuild());
        if (canSend && !hadIt) {
            transceiver.direction = 'sendrecv';
            this.offer();
        }
    }

    onAnswer(id: number, sdp: string): void {
        const pc = this.pc;
        if (!pc || id !== this.pendingId) return;
        this.pendingId = null;
        this.timers.clear('answer');
        pc.setRemoteDescription({ type: 'answer', sdp })
            .then(() => this.afterAnswer(pc))
            .catch(() => this.timers.set('rebuild', 2000, () => this.rebuild()));
    }

    /** The server refused an offer. */
    onRefused(id: number): void {
        if (id !== this.pendingId) return;
        this.pendingId = null;
        this.timers.clear('answer');
        this.timers.set('rebuild', 3000, () => this.rebuild());
    }

    onStreams(streams: readonly { mid: string; participant: string | null }[]): void {
        this.streams = new Map(streams.map((stream) => [stream.mid, stream.participant]));
        this.emitRemote();
    }

    /** `others` participants send: enough receiving m-lines of each kind. */
    onRoom(others: number): void {
        this.others = Math.max(1, Math.min(others, 7));
        if (this.pc && this.addReceivers(this.pc)) this.offer();
    }

    /** The socket is back. Not resumed: the server knows nothing of our connection any more. */
    onSocketOpen(resumed: boolean): void {
        if (!this.pc) return;
        if (!resumed) {
            this.rebuild();
        } else if (this.restartDue || this.mediaSilent || this.currentState !== 'connected') {
            this.restartIce();
        } else if (this.pendingId !== null || this.offerDue) {
            this.pendingId = null;
            this.offer();
        }
    }

    /** The device has another network (online, connection change). */
    networkChanged(): void {
        if (this.pc) this.restartIce();
    }

    private build(): void {
        const create = this.options.createConnection ?? newConnection;
        const pc = create();
        this.pc = pc;
        for (const kind of KINDS) this.main.set(kind, this.addMain(pc, kind));
        this.addReceivers(pc);
        pc.ontrack = () => this.emitRemote();
        pc.onconnectionstatechange = () => this.onConnectionState(pc);
        this.setState(this.everConnected ? 'interrupted' : 'connecting');
        this.timers.set('mend', MEND_MS * 2, () => this.mend());
        this.timers.set('stats', STATS_MS, () => void this.poll(pc));
        this.offer();
    }

    private addMain(pc: RTCPeerConnection, kind: Kind): RTCRtpTransceiver {
        const track = this.tracks.get(kind) ?? null;
        const direction = this.sends.has(kind) ? 'sendrecv' : 'recvonly';
        const transceiver = pc.addTransceiver(track ?? kind, { direction });
        preferCodecs(transceiver, kind);
        return transceiver;
    }

    private addReceivers(pc: RTCPeerConnection): boolean {
        let added = false;
        for (const kind of KINDS) {
            const has = pc.getTransceivers().filter((t) => t.receiver.track.kind === kind).length;
            for (let n = has; n < this.others; n++) {
                preferCodecs(pc.addTransceiver(kind, { direction: 'recvonly' }), kind);
                added = true;
            }
        }
        return added;
    }

    private teardown(): void {
        this.timers.clearAll();
        const pc = this.pc;
        this.pc = null;
        this.main.clear();
        this.streams.clear();
        this.pendingId = null;
        this.offerDue = this.restartDue = this.mediaSilent = false;
        this.counters = null;
        this.restarts = 0;
        if (!pc) return;
        pc.ontrack = pc.onconnectionstatechange = null;
        pc.close();
    }

    private rebuild(): void {
        if (!this.pc) return;
        this.teardown();
        this.build();
    }

    private restartIce(): void {
        this.restartDue = true;
        this.pendingId = null;
        this.offer();
    }

    private offer(): void {
        const pc = this.pc;
        if (!pc) return;
        if (this.pendingId !== null) {
            this.offerDue = true;
            return;
        }
        this.offerDue = false;
        this.offerId += 1;
        const id = this.offerId;
        this.pendingId = id;
        this.makeOffer(pc, id).catch(() => {
            if (this.pendingId === id) this.timers.set('rebuild', 2000, () => this.rebuild());
        });
    }

    private async makeOffer(pc: RTCPeerConnection, id: number): Promise<void> {
        const offer = await pc.createOffer({ iceRestart: this.restartDue });
        const sdp = await setOffer(pc, offer.sdp ?? '');
        if (this.pc !== pc || this.pendingId !== id) return;
        if (!this.options.sendOffer(id, sdp, this.passive)) {
            /* No socket: onSocketOpen() offers again. */
            this.pendingId = null;
            this.offerDue = true;
            return;
        }
        this.restartDue = false;
        this.timers.set('answer', ANSWER_TIMEOUT_MS, () => {
            this.pendingId = null;
            this.offer();
        });
    }

    private async afterAnswer(pc: RTCPeerConnection): Promise<void> {
        if (this.pc !== pc) return;
        this.emitRemote();
        for (const kind of KINDS) {
            const bps = kind === 'audio' ? this.options.maxAudioBps : this.options.maxVideoBps;
            const sender = this.main.get(kind)?.sender;
            if (sender && bps !== undefined) await limitRate(sender, bps);
        }
        if (this.offerDue && this.pc === pc) this.offer();
    }

    private onConnectionState(pc: RTCPeerConnection): void {
        if (this.pc !== pc) return;
        switch (pc.connectionState) {
            case 'connected':
                this.onConnected();
                break;
            case 'disconnected':
                this.setState('interrupted');
                this.timers.set('mend', DISCONNECTED_MS, () => this.mend());
                break;
            case 'failed':
                this.setState(this.everConnected ? 'interrupted' : 'connecting');
                this.onFailed(pc);
                break;
            default:
                break;
        }
    }

    private onConnected(): void {
        this.everConnected = true;
        this.restarts = 0;
        this.timers.clear('mend');
        this.setState('connected');
    }

    private onFailed(pc: RTCPeerConnection): void {
        const iceWorks = pc.iceConnectionState === 'connected' || pc.iceConnectionState === 'completed';
        if (iceWorks && !this.passive) {
            /* No common SRTP profile: once more with the roles changed (protocol.md, "offer"). */
            this.passive = true;
            this.rebuild();
        } else {
            this.mend();
        }
    }

    /** Still not connected: an ICE restart, and after two of them everything anew. */
    private mend(): void {
        if (!this.pc || this.pc.connectionState === 'connected') return;
        this.restarts += 1;
        if (this.restarts > RESTARTS_BEFORE_REBUILD) {
            this.rebuild();
            return;
        }
        this.restartIce();
        this.timers.set('mend', MEND_MS, () => this.mend());
    }

    private async poll(pc: RTCPeerConnection): Promise<void> {
        const rows: Record<string, unknown>[] = [];
        (await pc.getStats()).forEach((row: Record<string, unknown>) => rows.push(row));
        if (this.pc !== pc) return;
        const counters = readCounters(rows, performance.now());
        if (this.counters) {
            this.mediaSilent = counters.bytesIn <= this.counters.bytesIn;
            this.emit('sample', sampleBetween(this.counters, counters));
        }
        this.counters = counters;
        this.timers.set('stats', STATS_MS, () => void this.poll(pc));
    }

    private emitRemote(): void {
        const remotes = remotesOf(this.pc, this.streams);
        this.emit('remote', remotes);
    }

    private setState(state: CallState): void {
        if (state === this.currentState) return;
        this.currentState = state;
        this.emit('state', state);
    }
}
