// SPDX-License-Identifier: Apache-2.0
// A worker that encoded sound passes on its way out (red_sender.ts). Whatever goes wrong with a frame, it is sent as
// it came: sound is worth more than its copies.
import { Copier } from './red_frame';

interface AudioFrame {
    data: ArrayBuffer;
    getMetadata(): { rtpTimestamp?: number; mimeType?: string };
}

interface TransformEvent {
    readonly transformer: { readable: ReadableStream<AudioFrame>; writable: WritableStream<AudioFrame> };
}

interface Scope {
    onrtctransform: (event: TransformEvent) => void;
    onmessage: (event: { data: { reach: number } }) => void;
    postMessage(message: 'ready'): void;
}

const scope = self as unknown as Scope;
const copiers: Copier[] = [];
let reach = 0;

function pass(copier: Copier, frame: AudioFrame): void {
    const { rtpTimestamp, mimeType } = frame.getMetadata();
    if (rtpTimestamp === undefined || mimeType?.toLowerCase() !== 'audio/red') return;
    const before = new Uint8Array(frame.data);
    const after = copier.take(before, rtpTimestamp);
    if (after !== before) frame.data = after.buffer as ArrayBuffer;
}

scope.onrtctransform = ({ transformer }) => {
    const copier = new Copier();
    copier.reach = reach;
    copiers.push(copier);
    const copies = new TransformStream<AudioFrame, AudioFrame>({
        transform(frame, out) {
            try {
                pass(copier, frame);
            } catch {
                /* As it came. */
            }
            out.enqueue(frame);
        },
    });
    const forget = () => void copiers.splice(copiers.indexOf(copier), 1);
    transformer.readable.pipeThrough(copies).pipeTo(transformer.writable).then(forget, forget);
};

scope.onmessage = ({ data }) => {
    reach = data.reach;
    for (const copier of copiers) copier.reach = reach;
};

scope.postMessage('ready');
