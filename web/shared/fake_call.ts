// SPDX-License-Identifier: Apache-2.0
// For tests: a Call on a pretended RTCPeerConnection, its offers and a clock turned by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Call } from './call';
import { FakeTimers, settle } from './fake_timers';
import type { Hint } from './messages';

export class FakeTrack {
    constructor(
        readonly kind: string,
        readonly id = kind,
    ) {}
    getSettings(): { width: number; height: number } {
        return { width: 640, height: 360 };
    }
}

export class FakeTransceiver {
    mid: string | null = null;
    currentDirection: string | null = null;
    replaced: unknown[] = [];
    parameters: { encodings: Record<string, unknown>[] };
    receiver: { track: FakeTrack; jitterBufferTarget: number | null };
    sender = {
        track: null as FakeTrack | null,
        replaceTrack: async (track: unknown) => {
            this.replaced.push(track);
            this.sender.track = track as FakeTrack | null;
        },
        getParameters: () => structuredClone(this.parameters),
        setParameters: async (parameters: { encodings: Record<string, unknown>[] }) => {
            this.parameters = parameters;
        },
    };
    constructor(
        readonly kind: string,
        public direction: string,
        encodings: Record<string, unknown>[] = [{}],
    ) {
        this.parameters = { encodings };
        this.receiver = { track: new FakeTrack(kind, `remote-${kind}`), jitterBufferTarget: null };
    }
}

export class FakeConnection {
    transceivers: FakeTransceiver[] = [];
    connectionState = 'new';
    iceConnectionState = 'new';
    restarts: boolean[] = [];
    /** What it was made with, and what it was told later. */
    servers: (string | undefined)[] = [];
    closed = false;
    ontrack: (() => void) | null = null;
    onconnectionstatechange: (() => void) | null = null;
    signalingState = 'stable';
    answers: string[] = [];
    /** The selected path's count; tests turn it. */
    mayOut = 0;
    bytesIn = 0;
    addTransceiver(
        what: string | FakeTrack,
        init: { direction: string; sendEncodings?: Record<string, unknown>[] },
    ): FakeTransceiver {
        const kind = typeof what === 'string' ? what : what.kind;
        const transceiver = new FakeTransceiver(kind, init.direction, init.sendEncodings);
        if (typeof what !== 'string') transceiver.sender.track = what;
        this.transceivers.push(transceiver);
        return transceiver;
    }
    setConfiguration({ iceServers }: RTCConfiguration): void {
        this.servers.push(iceServers?.[0]?.username);
    }
    getTransceivers(): FakeTransceiver[] {
        return this.transceivers;
    }
    async createOffer(options?: { iceRestart: boolean }): Promise<{ sdp: string }> {
        if (options) this.restarts.push(options.iceRestart);
        return { sdp: `a=rtpmap:111 opus/48000/2\r\n` };
    }
    async setLocalDescription(description?: { readonly type?: string }): Promise<void> {
        this.signalingState = description?.type === 'rollback' ? 'stable' : 'have-local-offer';
    }
    async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
        assert.equal(this.signalingState, 'have-local-offer');
        this.signalingState = 'stable';
        this.answers.push(sdp);
        this.transceivers.forEach((transceiver, index) => {
            transceiver.mid = String(index);
            transceiver.currentDirection = transceiver.direction;
        });
    }
    async getStats(): Promise<Map<string, unknown>> {
        const pair = {
            type: 'candidate-pair', state: 'succeeded', nominated: true, bytesReceived: this.bytesIn,
            availableOutgoingBitrate: this.mayOut,
        };
        return new Map([['pair', pair]]);
    }
    close(): void {
        this.closed = true;
    }
    become(state: string, ice = state): void {
        this.connectionState = state;
        this.iceConnectionState = ice;
        this.onconnectionstatechange?.();
    }
}

export const ANSWER = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=24000', 'm=video 9 UDP/TLS/RTP/SAVPF 96',
    ''].join('\r\n');

export const HINT: Hint = {
    audio: { bitrate: 16_000, ptime: 60, fec: false, red: false, reach: 0 },
    jitter: 0,
    jitter_video: 0,
    video: { bitrate: 90_000, height: 180, fps: 8, stills: false, layers: false, small_bitrate: 0 },
};

export class World {
    made: FakeConnection[] = [];
    offers: { id: number; sdp: string; passive: boolean }[] = [];
    online = true;
    states: string[] = [];
    call = new Call({
        sendOffer: (id, sdp, passive) => {
            if (this.online) this.offers.push({ id, sdp, passive });
            return this.online;
        },
        createConnection: (iceServers) => {
            const connection = new FakeConnection();
            connection.setConfiguration({ iceServers });
            this.made.push(connection);
            return connection as unknown as RTCPeerConnection;
        },
        canOffer: () => this.online,
        maxAudioBps: 32_000,
    });

    constructor() {
        this.call.on('state', (state) => this.states.push(state));
    }

    get connection(): FakeConnection {
        const last = this.made[this.made.length - 1];
        assert.ok(last);
        return last;
    }

    send(kind: 'audio' | 'video'): void {
        this.call.setTrack(kind, new FakeTrack(kind) as unknown as MediaStreamTrack);
    }

    /** The socket is gone. */
    lose(): void {
        this.online = false;
        this.call.onSocketLost();
    }

    /** And there again, its place kept. */
    find(): void {
        this.online = true;
        this.call.onSocketOpen(true);
    }

    async answer(): Promise<void> {
        const id = this.offers[this.offers.length - 1]?.id;
        assert.ok(id);
        this.call.onAnswer(id, ANSWER);
        await settle();
    }

    async connect(): Promise<void> {
        this.call.start();
        await settle();
        await this.answer();
        this.connection.become('connected');
    }
}

export function timed(name: string, run: (world: World) => Promise<void>): void {
    test(name, async () => {
        const timers = new FakeTimers();
        const world = new World();
        try {
            current = timers;
            await run(world);
        } finally {
            world.call.close();
            timers.restore();
        }
    });
}

export let current: FakeTimers;
