// SPDX-License-Identifier: Apache-2.0
// Camera and microphone: asking, refusing, switching off and on, changing the camera. Every outcome is
// a state that a page can say in words.
import { Emitter } from './emitter';
import type { DeviceState } from './messages';
import type { Kind } from './sdp';

/** busy: another program has it. unasked: the page has not asked yet. */
export type DeviceWord = DeviceState | 'busy' | 'unasked';

export interface DevicesView {
    readonly audio: DeviceWord;
    readonly video: DeviceWord;
    readonly canSwitch: boolean;
    readonly facing: 'user' | 'environment';
}

interface DeviceEvents {
    /** A track came, went or was switched off: `track` is what should be sent. */
    track: { kind: Kind; track: MediaStreamTrack | null; canSend: boolean };
    change: DevicesView;
}

const AUDIO: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: 1,
};

export function webrtcMissing(): boolean {
    return typeof RTCPeerConnection !== 'function';
}

/** Browsers inside other apps (WhatsApp, Facebook, Instagram, Line, TikTok) often give no camera. */
export function inAppBrowser(userAgent: string): boolean {
    return /FBAN|FBAV|FB_IAB|Instagram|Line\/|WhatsApp|musical_ly|TikTok|MicroMessenger|; wv\)/i.test(
        userAgent,
    );
}

export function wordOfError(error: unknown): DeviceWord {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
    if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
    return 'none';
}

/** What the others are told. */
export function wireState(word: DeviceWord): DeviceState {
    return word === 'busy' || word === 'unasked' ? 'none' : word;
}

export class Devices extends Emitter<DeviceEvents> {
    private tracks: Record<Kind, MediaStreamTrack | null> = { audio: null, video: null };
    private words: Record<Kind, DeviceWord> = { audio: 'unasked', video: 'unasked' };
    private facing: 'user' | 'environment' = 'user';
    /** Of cameras that do not say where they look, the chosen one. */
    private cameraId: string | null = null;
    private cameras: string[] = [];
    /** Taken away while they were on (a phone call, another app, a plug pulled out): see revive(). */
    private readonly taken = new Set<Kind>();
    /** The microphone that another app had meanwhile, whatever its word was then. */
    private stale: MediaStreamTrack | null = null;
    private reviving: Promise<void> | null = null;
    /** The change of the camera that is under way: a double tap is one tap. */
    private changing: Promise<void> | null = null;

    get view(): DevicesView {
        return {
            audio: this.words.audio,
            video: this.words.video,
            canSwitch: this.cameras.length > 1 && this.words.video === 'on',
            facing: this.facing,
        };
    }

    /** What is to be sent of a kind now; null when off or missing. */
    sent(kind: Kind): MediaStreamTrack | null {
        return this.words[kind] === 'on' ? this.tracks[kind] : null;
    }

    canSend(kind: Kind): boolean {
        return this.words[kind] === 'on' || this.words[kind] === 'off';
    }

    /** Asks for both at once (one question to the person); what fails is asked for alone. */
    async request(want: { audio: boolean; video: boolean } = { audio: true, video: true }): Promise<void> {
        if (!navigator.mediaDevices?.getUserMedia) {
            this.fail('audio', 'none');
            this.fail('video', 'none');
            return;
        }
        if (want.audio && want.video) {
            try {
                this.take(await this.ask(true, true));
                await this.countCameras();
                return;
            } catch {
                /* One of them may still be had alone. */
            }
        }
        if (want.audio) await this.requestOne('audio');
        if (want.video) await this.requestOne('video');
        await this.countCameras();
    }

    /** The person goes on without being asked. */
    skip(): void {
        for (const kind of ['audio', 'video'] as const) {
            if (this.words[kind] === 'unasked') this.fail(kind, 'none');
        }
    }

    async setAudio(on: boolean): Promise<void> {
        const track = this.tracks.audio;
        if (!track) {
            if (on) await this.requestOne('audio');
            return;
        }
        if (on && (track.muted || track === this.stale)) {
            await this.requestOne('audio');
            return;
        }
        track.enabled = on;
        this.set('audio', on ? 'on' : 'off');
    }

    /** Off stops the camera itself, so that its light goes out. */
    async setVideo(on: boolean): Promise<void> {
        if (on) {
            await this.changeCamera(async () => {
                await this.requestOne('video');
                await this.countCameras();
            });
            return;
        }
        await this.changing;
        if (this.words.video === 'on') {
            this.stopTrack('video');
            this.set('video', 'off');
        }
    }

    /** The other camera. Phones cannot open two at once: the old one is stopped first. */
    switchCamera(): Promise<void> {
        return this.changeCamera(() => this.openOtherCamera());
    }

    /** A long wait: the camera itself is off (battery, its light), its word stays. See wake(). */
    rest(): void {
        this.taken.delete('video');
        this.stopTrack('video');
    }

    /** Ends rest() and release(): what was on is opened again. */
    async wake(kinds: readonly Kind[] = ['audio', 'video']): Promise<void> {
        for (const kind of kinds) {
            if (this.words[kind] === 'on' && !this.tracks[kind]) await this.requestOne(kind);
        }
    }

    release(): void {
        this.taken.clear();
        this.stopTrack('audio');
        this.stopTrack('video');
    }

    /**
     * Opens again what was taken away: the person looks at the page again, a device came, the microphone says
     * that it is back. (iOS gives it back silent after a phone call, so it is opened anew.)
     */
    revive(): Promise<void> {
        this.reviving ??= this.reviveAll().finally(() => (this.reviving = null));
        return this.reviving;
    }

    /** Also what is taken away meanwhile: a phone call takes both, one after the other. What is taken a third time
     * waits for the next word. */
    private async reviveAll(): Promise<void> {
        const left: Record<Kind, number> = { audio: 2, video: 2 };
        for (;;) {
            const kind = [...this.taken].find((one) => left[one] > 0);
            if (!kind) break;
            left[kind] -= 1;
            const stream = await this.ask(kind === 'audio', kind === 'video').catch(() => null);
            if (!stream) {
                left[kind] = 0;
                this.giveBack(kind);
            } else if (this.taken.has(kind)) {
                this.take(stream);
                if (this.tracks.audio?.muted) this.onMuted(this.tracks.audio);
            } else for (const track of stream.getTracks()) track.stop(); // switched off meanwhile
        }
        await this.countCameras();
    }

    /** Nothing new could be opened, but the old one may be heard again. */
    private giveBack(kind: Kind): void {
        if (this.taken.has(kind) && this.tracks[kind]?.muted === false) this.set(kind, 'on');
    }

    private changeCamera(change: () => Promise<void>): Promise<void> {
        this.changing ??= change().finally(() => (this.changing = null));
        return this.changing;
    }

    private async openOtherCamera(): Promise<void> {
        const { facing, cameraId, cameras } = this;
        const before = this.openedCamera();
        this.facing = facing === 'user' ? 'environment' : 'user';
        await this.reopenCamera(null);
        if (before !== null && this.openedCamera() === before) {
            /* They do not say where they look, so the same one came: the next in the list. */
            const next = cameras[(cameras.indexOf(before) + 1) % cameras.length];
            if (next !== undefined && next !== before) await this.reopenCamera(next);
        }
        if (this.words.video !== 'on' || this.openedCamera() === before) this.facing = facing;
        if (this.words.video !== 'on') await this.reopenCamera(cameraId);
        this.emit('change', this.view);
    }

    private openedCamera(): string | null {
        return this.tracks.video?.getSettings().deviceId ?? null;
    }

    private async reopenCamera(cameraId: string | null): Promise<void> {
        this.stopTrack('video');
        this.cameraId = cameraId;
        await this.requestOne('video');
    }

    private ask(audio: boolean, video: boolean): Promise<MediaStream> {
        const camera: MediaTrackConstraints = {
            width: { ideal: 640 },
            height: { ideal: 360 },
            frameRate: { ideal: 25, max: 25 },
            /* Chromium takes no notice of an ideal deviceId. */
            ...(this.cameraId === null
                ? { facingMode: { ideal: this.facing } }
                : { deviceId: { exact: this.cameraId } }),
        };
        return navigator.mediaDevices.getUserMedia({
            audio: audio ? AUDIO : false,
            video: video ? camera : false,
        });
    }

    private async requestOne(kind: Kind): Promise<void> {
        if (!navigator.mediaDevices?.getUserMedia) {
            this.fail(kind, 'none');
            return;
        }
        try {
            this.take(await this.ask(kind === 'audio', kind === 'video'));
        } catch (error) {
            if (kind === 'video' && this.cameraId !== null) {
                this.cameraId = null; // it is gone: any camera
                await this.requestOne(kind);
            } else this.fail(kind, wordOfError(error));
        }
    }

    private take(stream: MediaStream): void {
        for (const track of stream.getTracks()) {
            const kind: Kind = track.kind === 'audio' ? 'audio' : 'video';
            this.stopTrack(kind);
            this.tracks[kind] = track;
            if (kind === 'video') track.contentHint = 'motion';
            track.onended = () => this.onEnded(kind, track);
            if (kind === 'audio') {
                track.onmute = () => this.onMuted(track);
                track.onunmute = () => void this.revive();
            }
            this.set(kind, 'on');
        }
    }

    private onEnded(kind: Kind, track: MediaStreamTrack): void {
        if (this.tracks[kind] !== track) return;
        const wasOn = this.words[kind] === 'on' || this.taken.has(kind);
        this.fail(kind, 'none');
        if (!wasOn) return;
        this.taken.add(kind);
        void this.revive();
    }

    /** Another app has the microphone; the track stays, for its `unmute`. */
    private onMuted(track: MediaStreamTrack): void {
        if (this.tracks.audio !== track) return;
        this.stale = track;
        if (this.words.audio !== 'on') return;
        this.set('audio', 'busy');
        this.taken.add('audio');
    }

    private fail(kind: Kind, word: DeviceWord): void {
        this.stopTrack(kind);
        this.set(kind, word);
    }

    private stopTrack(kind: Kind): void {
        const track = this.tracks[kind];
        this.tracks[kind] = null;
        if (!track) return;
        track.onended = track.onmute = track.onunmute = null;
        track.stop();
    }

    private async countCameras(): Promise<void> {
        if (!navigator.mediaDevices?.enumerateDevices) return;
        const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
        this.cameras = all.filter((one) => one.kind === 'videoinput').map((one) => one.deviceId);
        this.emit('change', this.view);
    }

    private set(kind: Kind, word: DeviceWord): void {
        this.words[kind] = word;
        this.taken.delete(kind);
        this.emit('track', { kind, track: this.sent(kind), canSend: this.canSend(kind) });
        this.emit('change', this.view);
    }
}
