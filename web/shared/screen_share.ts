// SPDX-License-Identifier: Apache-2.0
// One's own screen in place of the camera: what the browser's own dialog gives, until either side of it ends it.
import { Emitter } from './emitter';

/** Text is read, not watched: few pictures, many lines. */
const WANTED: DisplayMediaStreamOptions = {
    audio: false,
    video: { height: { max: 1080 }, frameRate: { ideal: 10, max: 15 } },
};

export class ScreenShare extends Emitter<{ change: MediaStreamTrack | null }> {
    private shared: MediaStreamTrack | null = null;
    private asking = false;

    /** Phones have none. */
    static get isPossible(): boolean {
        return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
    }

    get track(): MediaStreamTrack | null {
        return this.shared;
    }

    /** Asks which; whoever thinks better of it goes on as before. */
    async start(): Promise<void> {
        if (this.shared || this.asking || !ScreenShare.isPossible) return;
        this.asking = true;
        const stream = await navigator.mediaDevices.getDisplayMedia(WANTED).catch(() => null);
        this.asking = false;
        const track = stream?.getVideoTracks()[0];
        if (!track) return;
        track.contentHint = 'text';
        track.onended = () => this.stop();
        this.set(track);
    }

    stop(): void {
        const track = this.shared;
        if (!track) return;
        track.onended = null;
        track.stop();
        this.set(null);
    }

    private set(track: MediaStreamTrack | null): void {
        this.shared = track;
        this.emit('change', track);
    }
}
