// SPDX-License-Identifier: Apache-2.0
// Tracks on the screen and in the ear.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RemoteTrack } from '../call';
import { common } from '../words';
import { Button } from './button';

function useStream(tracks: readonly MediaStreamTrack[]): MediaStream | null {
    const key = tracks.map((track) => track.id).join(' ');
    return useMemo(() => (tracks.length > 0 ? new MediaStream([...tracks]) : null), [key]);
}

export interface VideoViewProps {
    readonly track: MediaStreamTrack | null;
    readonly label: string;
    readonly mirrored?: boolean;
    readonly testId: string;
}

/** A picture without its sound (RemoteAudio plays that). */
export function VideoView({ track, label, mirrored, testId }: VideoViewProps) {
    const ref = useRef<HTMLVideoElement>(null);
    const stream = useStream(track ? [track] : []);
    useEffect(() => {
        const video = ref.current;
        if (!video) return;
        video.srcObject = stream;
        /* Muted inline video may always play; a refusal means that the element left the page. */
        if (stream) void video.play().catch(() => undefined);
    }, [stream]);
    return (
        <video ref={ref} class={mirrored ? 'video mirrored' : 'video'} aria-label={label}
            data-testid={testId} autoplay muted playsInline disablePictureInPicture />
    );
}

/** Plays all remote sound; offers a button where the browser wants a tap first. */
export function RemoteAudio({ remotes }: { remotes: readonly RemoteTrack[] }) {
    const ref = useRef<HTMLAudioElement>(null);
    const [blocked, setBlocked] = useState(false);
    const audio = remotes.filter((remote) => remote.kind === 'audio').map((remote) => remote.track);
    const stream = useStream(audio);
    const play = () => {
        const element = ref.current;
        if (!element || !stream) return;
        element.play().then(
            () => setBlocked(false),
            (error: unknown) => setBlocked(error instanceof Error && error.name === 'NotAllowedError'),
        );
    };
    useEffect(() => {
        if (ref.current) ref.current.srcObject = stream;
        play();
        /* iOS stops it for a phone call, and does not begin it again. */
        document.addEventListener('visibilitychange', play);
        return () => document.removeEventListener('visibilitychange', play);
    }, [stream]);
    return (
        <>
            <audio ref={ref} autoplay onPause={play} data-testid="remote-audio" />
            {blocked && (
                <div class="sound-blocked" role="alert">
                    <p>{common('sound_blocked')}</p>
                    <Button kind="primary" icon="sound" onClick={play} testId="unblock-sound">
                        {common('sound_unblock')}
                    </Button>
                </div>
            )}
        </>
    );
}
