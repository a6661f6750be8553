// SPDX-License-Identifier: Apache-2.0
// One RTCPeerConnection for both directions. The page offers, the server answers (protocol.md,
// "Media"). Keeps the call alive: ICE restart when the path is gone or the network changed, a new
// connection when the server forgot us or DTLS failed. Knows no DOM and no socket.
import { CallWatch } from './call_watch';
import { Emitter } from './emitter';
import type { CallEvents, CallOptions, CallState } from './call_types';
import { Encoders } from './encoders';
import type { Hint, PictureState } from './messages';
import {
    addMainTransceiver, answerFor, newConnection, preferCodecs, reapplyAnswer, remotesOf, setOffer, useServers,
} from './peer';
import { redSender, type RedSender } from './red_sender';
import { shortOffer } from './short_offer';
import { layersTaken, type Kind, type OpusWish } from './sdp';
import { Timers } from './timers';

export type { CallState } from './call_types';
export type { RemoteTrack } from './peer';

const ANSWER_TIMEOUT_MS = 8000;
/* No byte for so long: the socket is asked, which mostly knows more. With both muted nothing but reports comes, each
 * second. */
const SILENT_MS = { dense: 900, sparse: 1800 };
/* And for so long, though the socket lives: another path is looked for. */
const SILENT_RESTART_MS = 3000;
const DISCONNECTED_MS = 1500;
/* An offer, its answer and the checks take 4 round trips; a congested link of 600 ms has them in 4 s. */
const MEND_MS = 5000;
const RESTARTS_BEFORE_REBUILD = 2;
/* A socket is opened anew in a second or two, and after a dead link within four: what was sent meanwhile to open it comes
 * again only then. Seconds in which something is heard: a dead link opens no socket, however little is sent on it. */
const ALONE_S = 5;
const KINDS: readonly Kind[] = ['audio', 'video'];

export class Call extends Emitter<CallEvents> {
    private pc: RTCPeerConnection | null = null;
    private main = new Map<Kind, RTCRtpTransceiver>();
    private tracks = new Map<Kind, MediaStreamTrack | null>();
    private sends = new Set<Kind>();
    private streams = new Map<string, string | null>();
    private pictures = new Map<string, PictureState>();
    private currentState: CallState = 'closed';
    private everConnected = false;
    private offerId = 0;
    private pendingId: number | null = null;
    private offerDue = false;
    /** Until an answer to it has come: an offer may be lost with its socket. */
    private restartDue = false;
    private restartSent = false;
    /** Something of this connection was sent to the server. */
    private offered = false;
    /** The answer that was set last, and whether it is being set again. */
    private answer: string | null = null;
    private reapplying = false;
    private passive = false;
    private restarts = 0;
    private others = 1;
    private silentMs = 0;
    private iceServers: RTCIceServer[] = [];
    private encoders: Encoders | null = null;
    private watch: CallWatch | null = null;
    private red: RedSender | null;
    private readonly timers = new Timers();

    constructor(private readonly options: CallOptions) {
        super();
        this.red = redSender(() => {
            this.red = null;
            this.rebuild();
        });
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

    /** For good. */
    dispose(): void {
        this.close();
        this.red?.stop();
        this.red = null;
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
        transceiver.sender.replaceTrack(track).then(
            () => this.encoders?.onTrack(),
            () => this.rebuild(),
        );
        if (canSend && !hadIt) {
            transceiver.direction = 'sendrecv';
            this.offer();
        }
    }

    onAnswer(id: number, sdp: string): void {
        const { pc, encoders } = this;
        if (!pc || !encoders || id !== this.pendingId) return;
        this.timers.clear('answer');
        if (this.restartSent) this.restartDue = false;
        const { wish } = encoders;
        const answer = answerFor(sdp, wish, this.main.get('video')?.sender);
        pc.setRemoteDescription({ type: 'answer', sdp: answer })
            .then(() => this.afterAnswer(pc, id, sdp, wish))
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

    /** For the next connection or ICE restart: what stands is left alone. */
    onIceServers(servers: RTCIceServer[] = []): void {
        this.iceServers = servers;
    }

    /** What our encoders are asked for; only about a connection that was answered. */
    onHint(hint: Hint): void {
        if (this.answer !== null) this.encoders?.onHint(hint);
        if (this.answer !== null) this.red?.setReach(hint.audio.reach);
        if (this.watch) this.watch.hold = { audio: hint.jitter, video: hint.jitter_video, ofMid: hint.jitter_of ?? {} };
    }

    onPicture(mid: string, state: PictureState): void {
        if (this.answer === null) return;
        this.pictures.set(mid, state);
        this.emitRemote();
    }

    /** `others` participants send: enough receiving m-lines of each kind. */
    onRoom(others: number): void {
        this.others = Math.max(1, Math.min(others, 7));
        if (this.pc && this.addReceivers(this.pc)) this.offer();
    }

    /**
     * The socket is there. Not resumed: the server knows nothing of our connection any more, unless an early
     * offer opened it.
     */
    onSocketOpen(resumed: boolean, early = false): void {
        this.timers.clear('alone');
        if (!this.pc) return;
        this.encoders?.setAlone(false);
        if (early) {
            if (this.restartDue || this.needsTurn(this.pc)) this.restartIce();
            else if (this.offerDue) this.offer();
        } else if (!resumed) {
            if (this.offered) this.rebuild();
            else if (this.offerDue) this.offer();
        } else if (this.restartDue || this.silentMs >= SILENT_MS.dense || this.currentState !== 'connected') {
            this.restartIce();
        } else if (this.pendingId !== null || this.offerDue) {
            this.pendingId = null;
            this.offer();
        }
    }

    onSocketLost(secondsLeft = ALONE_S): void {
        if (!this.pc) return;
        this.timers.set('alone', 1000, () => {
            const left = secondsLeft - (this.silentMs < SILENT_MS.dense ? 1 : 0);
            if (left > 0) this.onSocketLost(left);
            else void this.goAlone();
        });
    }

    private async goAlone(): Promise<void> {
        const { pc } = this;
        if (this.pendingId !== null && this.answer !== null) {
            /* Its answer went with the socket; the last one is to be set again. */
            this.pendingId = null;
            this.offerDue = true;
            this.timers.clear('answer');
            await pc?.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
        }
        if (this.pc === pc && !this.isOnline) this.encoders?.setAlone(true);
    }

    /** The early offer was made before there were TURN servers; nothing direct has been found since. */
    private needsTurn(pc: RTCPeerConnection): boolean {
        const isThere = pc.iceConnectionState === 'connected' || pc.iceConnectionState === 'completed';
        return this.iceServers.length > 0 && this.pendingId === null && !isThere;
    }

    /** The device has another network (online, connection change). */
    networkChanged(): void {
        if (this.pc) this.restartIce();
    }

    private build(): void {
        const create = this.options.createConnection ?? newConnection;
        const pc = create(this.iceServers);
        this.pc = pc;
        for (const kind of KINDS) {
            this.main.set(kind, addMainTransceiver(pc, kind, this.tracks.get(kind) ?? null, this.sends.has(kind)));
        }
        const sound = this.main.get('audio');
        /* The server asks each connection anew. */
        this.red?.setReach(0);
        if (sound) this.red?.attach(sound.sender);
        this.addReceivers(pc);
        pc.ontrack = () => this.emitRemote();
        pc.onconnectionstatechange = () => this.onConnectionState(pc);
        this.setState(this.everConnected ? 'interrupted' : 'connecting');
        this.timers.set('mend', MEND_MS * 2, () => this.mend());
        this.encoders = new Encoders({
            sender: (kind) => this.main.get(kind)?.sender,
            reapply: (wish) => this.reapply(pc, wish),
            maxAudioBps: this.options.maxAudioBps,
        });
        this.watch = new CallWatch(pc, {
            onSample: (sample) => this.emit('sample', sample),
            onMayOut: (bps) => this.encoders?.setMayOut(bps),
            onSilence: (silentMs) => this.onSilence(silentMs),
        });
        this.offer();
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
        this.encoders?.stop();
        this.watch?.stop();
        this.encoders = this.watch = null;
        this.main.clear();
        this.streams.clear();
        this.pictures.clear();
        this.pendingId = this.answer = null;
        this.offerDue = this.restartDue = this.restartSent = this.reapplying = this.offered = false;
        this.silentMs = 0;
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

    /** `anew`: one that is under way is of no use. Otherwise its answer is waited for, 5 s and more on a congested link. */
    private restartIce(anew = true): void {
        this.restartDue = true;
        if (!this.isOnline) return; // at onSocketOpen(), unless the old path works again by then
        if (!anew && this.restartSent && this.pendingId !== null) return;
        this.pendingId = null;
        this.offer();
    }

    private get isOnline(): boolean {
        return this.options.canOffer?.() ?? true;
    }

    /** The old path works again, and nobody was asked for another yet. */
    private forgetRestart(): void {
        if (!this.restartSent || this.pendingId === null) this.restartDue = false;
    }

    private offer(): void {
        const pc = this.pc;
        if (!pc) return;
        if (this.pendingId !== null || this.reapplying || !this.isOnline) {
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
        const iceRestart = this.restartDue;
        this.restartSent = iceRestart;
        if (iceRestart) useServers(pc, this.iceServers);
        const offer = await pc.createOffer({ iceRestart });
        const sdp = await setOffer(pc, offer.sdp ?? '');
        if (this.pc !== pc || this.pendingId !== id) return;
        if (!this.options.sendOffer(id, shortOffer(sdp), this.passive)) {
            /* No socket: onSocketOpen() offers again. */
            this.pendingId = null;
            this.offerDue = true;
            return;
        }
        this.offered = true;
        this.timers.set('answer', ANSWER_TIMEOUT_MS, () => {
            /* It went with its socket, or comes by HTTP yet. */
            if (!this.isOnline) return;
            this.pendingId = null;
            this.offer();
        });
    }

    private afterAnswer(pc: RTCPeerConnection, id: number, sdp: string, wish: OpusWish): void {
        if (this.pc !== pc) return;
        this.answer = sdp;
        if (this.pendingId === id) this.pendingId = null;
        this.emitRemote();
        this.encoders?.onAnswer(wish, layersTaken(sdp).length > 1);
        if (this.offerDue) this.offer();
    }

    /** Another wish for Opus, without asking the server: its last answer once more. */
    private async reapply(pc: RTCPeerConnection, wish: OpusWish): Promise<boolean> {
        const { answer } = this;
        if (this.pc !== pc || answer === null || this.pendingId !== null || (this.offerDue && this.isOnline)) return false;
        this.reapplying = true;
        try {
            return await reapplyAnswer(pc, () => answerFor(answer, wish, this.main.get('video')?.sender));
        } finally {
            if (this.pc === pc) this.reapplying = false;
            if (this.pc === pc && this.offerDue) this.offer();
        }
    }

    private onConnectionState(pc: RTCPeerConnection): void {
        if (this.pc !== pc) return;
        switch (pc.connectionState) {
            case 'connected':
                this.onConnected();
                break;
            case 'disconnected':
                this.setState('interrupted');
                this.timers.set('mend', this.silentMs > 0 ? 0 : DISCONNECTED_MS, () => this.mend());
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
        this.forgetRestart();
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
        /* Without a socket nothing can be said, and the old path may come back. */
        if (this.isOnline) this.restarts += 1;
        if (this.restarts > RESTARTS_BEFORE_REBUILD) {
            this.rebuild();
            return;
        }
        this.restartIce(false);
        this.timers.set('mend', MEND_MS, () => this.mend());
    }

    private onSilence(silentMs: number): void {
        const before = this.silentMs;
        this.silentMs = silentMs;
        if (silentMs === 0) this.forgetRestart();
        const passes = (ms: number) => before < ms && silentMs >= ms;
        if (passes(this.watch?.wasDense ? SILENT_MS.dense : SILENT_MS.sparse)) this.emit('silent', silentMs);
        const mending = this.restartDue || this.currentState !== 'connected';
        if (passes(SILENT_RESTART_MS) && !mending) this.restartIce();
    }

    private emitRemote(): void {
        const remotes = remotesOf(this.pc, this.streams, this.pictures);
        this.emit('remote', remotes);
    }

    private setState(state: CallState): void {
        if (state === this.currentState) return;
        this.currentState = state;
        this.emit('state', state);
    }
}
