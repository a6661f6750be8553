// SPDX-License-Identifier: Apache-2.0
// A page's whole visit: the socket, the call and the devices joined. The page renders `view` and says
// what the person wants; everything that mends itself is mended here. Patient and doctor alike.
import { Call, type CallState, type RemoteTrack } from './call';
import type { CallSample } from './call_stats';
import { Devices, wireState, type DevicesView } from './devices';
import { Emitter } from './emitter';
import { EarlyOffer, postEarly } from './early_offer';
import { getLang } from './lang';
import type { ClientMessage, Outcome, ServerMessage } from './messages';
import { watchNetwork } from './network_watch';
import { ProtocolClient, socketUrl } from './protocol';
import type { ScreenShare } from './screen_share';
import { FIRST_QUALITY, gradeShown, nextQuality, type Grade, type Quality } from './quality';
import { NO_VISIT, nextVisit, phaseOf, type VisitEvent, type VisitState } from './visit_state';

export interface SessionView {
    readonly visit: VisitState;
    readonly devices: DevicesView;
    readonly call: CallState;
    readonly remotes: readonly RemoteTrack[];
    readonly grade: Grade;
    readonly sample: CallSample | null;
    /** The picture of the other side moves. */
    readonly remoteVideo: boolean;
    /** One's own screen is sent in place of the camera. */
    readonly sharing: boolean;
    /** Whose picture the person chose to see large; null: nobody's. */
    readonly pinned: string | null;
}

export interface SessionOptions {
    readonly token: string;
    /** sessionStorage key under which this tab keeps its place over a reload. */
    readonly placeKey: string;
    /** On pages that can show one's screen. */
    readonly screen?: ScreenShare;
    /** The connection is made while the person is still asked whether to take the call; nothing is sent before. */
    readonly prepares?: boolean;
}

export const MAX_VIDEO_BPS = 500_000;
export const MAX_AUDIO_BPS = 32_000;

export class VisitSession extends Emitter<{ change: SessionView }> {
    readonly devices = new Devices();
    readonly screen: ScreenShare | null;
    readonly protocol: ProtocolClient;
    readonly call: Call;
    private state: VisitState = NO_VISIT;
    private quality: Quality = FIRST_QUALITY;
    private sample: CallSample | null = null;
    private remotes: readonly RemoteTrack[] = [];
    private wantsCall = false;
    /** Left while there was no socket to say so. */
    private leaveDue = false;
    private others = 1;
    private pinned: string | null = null;
    private early: EarlyOffer | null = null;
    private prepares: boolean;
    private readonly undo: (() => void)[] = [];

    constructor(private readonly options: SessionOptions) {
        super();
        this.screen = options.screen ?? null;
        this.prepares = options.prepares ?? false;
        const resume = sessionStorage.getItem(options.placeKey) ?? undefined;
        this.protocol = new ProtocolClient({
            url: socketUrl(location.host),
            token: options.token,
            lang: getLang,
            ...(resume ? { resume } : {}),
            early: () => this.early?.key ?? null,
            onResume: (place) => sessionStorage.setItem(options.placeKey, place),
        });
        this.call = new Call({
            sendOffer: (id, sdp, passive) => this.sendOffer(id, sdp, passive),
            canOffer: () => this.early?.canOffer ?? this.protocol.status === 'open',
            maxAudioBps: MAX_AUDIO_BPS,
        });
        this.listen();
    }

    get view(): SessionView {
        return {
            visit: this.state,
            devices: this.devices.view,
            call: this.call.state,
            remotes: this.remotes,
            grade: gradeShown(this.quality, this.remotes.map((remote) => remote.picture)),
            sample: this.sample,
            remoteVideo: (this.sample?.fpsIn ?? 0) > 0,
            sharing: this.sharedScreen !== null,
            pinned: this.pinned,
        };
    }

    /** `called`: the visit is known to be where offers are answered, so none waits for the socket. */
    start(called = false): void {
        this.protocol.start();
        if (!called || this.call.connection) return;
        this.early = new EarlyOffer(
            (id, sdp) => this.call.onAnswer(id, sdp),
            (id) => this.early ?? this.call.onRefused(id), // or at `welcome`
            postEarly(this.options.token),
        );
        this.beginCall();
    }

    /** Leaves without a word: the page goes away. */
    dispose(): void {
        for (const undo of this.undo.splice(0)) undo();
        this.call.dispose();
        this.protocol.stop();
        this.screen?.stop();
        this.devices.release();
    }

    /** The person is in the call from now on, over reconnections, until leaveCall() or its end. */
    enterCall(): void {
        this.wantsCall = this.prepares = true;
        this.leaveDue = false;
        if (this.call.connection) this.beginCall();
        this.followVisit();
        this.changed();
    }

    leaveCall(): void {
        this.wantsCall = this.prepares = false;
        this.call.close();
        this.screen?.stop();
        this.leaveDue = !this.say({ type: 'leave' });
        this.changed();
    }

    get inCall(): boolean {
        return this.wantsCall;
    }

    ready(): boolean {
        return this.say({ type: 'ready' });
    }

    /** The person takes the call: by the socket, or where that is not open yet beside the early offer. */
    accept(): void {
        if (!this.say({ type: 'accept' })) this.early?.accept(this.protocol.resume);
    }

    /** PERSON's picture is the large one; null: the page's own choice. */
    pin(person: string | null): void {
        this.pinned = person;
        this.say({ type: 'pin', participant: person });
        this.changed();
    }

    raiseHand(raised: boolean): void {
        this.say({ type: 'hand', raised });
    }

    notReady(): boolean {
        return this.say({ type: 'not-ready' });
    }

    callPatient(): boolean {
        return this.say({ type: 'call' });
    }

    end(outcome: Outcome): boolean {
        return this.say({ type: 'end', outcome });
    }

    takeOver(): void {
        this.protocol.takeOver();
    }

    /** On hold until the person takes the call (protocol.md, "offer"). */
    private sendOffer(id: number, sdp: string, passive: boolean): boolean {
        const hold = !this.wantsCall;
        return this.early?.send(id, sdp, hold) ?? this.say({ type: 'offer', id, sdp, passive, hold });
    }

    private say(message: ClientMessage): boolean {
        return this.protocol.send(message);
    }

    private listen(): void {
        const { protocol, call, devices } = this;
        this.undo.push(
            protocol.on('status', (status) => this.onStatus(status)),
            protocol.on('refused', (error) => this.apply({ kind: 'refused', error })),
            protocol.on('message', (message) => this.onMessage(message)),
            call.on('state', () => this.onCallState()),
            call.on('remote', (remotes) => {
                this.remotes = remotes;
                this.changed();
            }),
            call.on('sample', (sample) => this.onSample(sample)),
            call.on('silent', () => protocol.check()),
            devices.on('track', ({ kind }) => {
                this.send(kind);
                this.tellDevices();
            }),
            devices.on('change', () => this.changed()),
        );
        const undo = this.screen?.on('change', () => {
            this.send('video');
            this.tellDevices();
            this.changed();
        });
        if (undo) this.undo.push(undo);
        this.undo.push(
            watchNetwork({
                onChanged: () => {
                    protocol.reconnect();
                    call.networkChanged();
                },
                onDoubt: () => protocol.check(),
                onSeen: () => void devices.revive(),
                onDevices: () => void devices.revive(),
            }),
        );
    }

    private apply(event: VisitEvent): void {
        this.state = nextVisit(this.state, event);
        this.changed();
    }

    private onStatus(status: VisitState['status']): void {
        this.apply({ kind: 'status', status, nowMs: Date.now() });
        if (status === 'lost' || status === 'restarting') this.call.onSocketLost();
        if (status === 'ended' || status === 'replaced' || status === 'refused') {
            this.wantsCall = false;
            this.call.close();
            this.screen?.stop();
        }
    }

    private onMessage(message: ServerMessage): void {
        this.apply({ kind: 'message', message });
        switch (message.type) {
            case 'welcome':
                this.tellDevices();
                if (this.pinned) this.say({ type: 'pin', participant: this.pinned });
                this.call.onIceServers(message.ice_servers);
                this.onWelcome(message.resumed, message.early ?? false);
                if (this.leaveDue) this.leaveDue = !this.say({ type: 'leave' });
                this.followVisit();
                break;
            case 'ice-servers':
                this.call.onIceServers(message.ice_servers);
                break;
            case 'visit':
                this.followVisit();
                break;
            case 'answer':
                this.call.onAnswer(message.id, message.sdp);
                break;
            case 'error':
                if (message.of === 'offer' && message.id !== undefined) this.call.onRefused(message.id);
                break;
            case 'streams':
                this.call.onStreams(message.streams);
                break;
            case 'hint':
                this.call.onHint(message);
                break;
            case 'picture':
                this.call.onPicture(message.mid, message.state);
                break;
            case 'room':
                this.others = message.others;
                this.call.onRoom(message.others);
                break;
            default:
                break;
        }
    }

    private onWelcome(resumed: boolean, taken: boolean): void {
        const early = taken || (this.early?.isUnderWay ?? false);
        this.early = null;
        this.call.onSocketOpen(resumed, early);
    }

    /** Starts the call when the person is in it, or will be, and the visit's state allows offers. */
    private followVisit(): void {
        const { visit } = this.state;
        const phase = visit?.way === 'video' ? phaseOf(visit.state) : 'before';
        const rings = phase === 'called' && this.prepares;
        const open = this.wantsCall ? phase === 'called' || phase === 'call' : rings;
        if (this.protocol.status !== 'open') return;
        if (open) this.beginCall();
        else if (!this.wantsCall && phase !== 'call' && this.call.connection) this.call.close();
    }

    private beginCall(): void {
        this.send('audio');
        this.send('video');
        this.call.onRoom(this.others);
        this.call.start();
    }

    private get sharedScreen(): MediaStreamTrack | null {
        return this.screen?.track ?? null;
    }

    private send(kind: 'audio' | 'video'): void {
        const screen = kind === 'video' ? this.sharedScreen : null;
        const track = screen ?? this.devices.sent(kind);
        this.call.setTrack(kind, this.wantsCall ? track : null, screen !== null || this.devices.canSend(kind));
    }

    private tellDevices(): void {
        const { audio, video } = this.devices.view;
        const sent = this.sharedScreen ? 'screen' : wireState(video);
        this.say({ type: 'devices', audio: wireState(audio), video: sent });
    }

    private onCallState(): void {
        if (this.call.state === 'interrupted') this.quality = nextQuality(this.quality, 'lost');
        if (this.call.state === 'closed') {
            this.quality = FIRST_QUALITY;
            this.sample = null;
        }
        this.changed();
    }

    private onSample(sample: CallSample): void {
        this.sample = sample;
        if (this.call.state === 'connected') this.quality = nextQuality(this.quality, sample);
        this.changed();
    }

    private changed(): void {
        this.emit('change', this.view);
    }
}
