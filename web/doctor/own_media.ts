// SPDX-License-Identifier: Apache-2.0
// Which sentence says that the doctor cannot be seen or heard. Pure.
import type { DevicesView, DeviceWord } from '../shared/devices';

export type OwnMediaFault =
    | 'your_media_denied'
    | 'your_media_none'
    | 'your_camera_denied'
    | 'your_camera_none'
    | 'your_camera_busy'
    | 'your_mic_denied'
    | 'your_mic_none'
    | 'your_mic_busy';

type Missing = 'denied' | 'none' | 'busy';

function missing(word: DeviceWord): Missing | null {
    return word === 'denied' || word === 'none' || word === 'busy' ? word : null;
}

/** The microphone first: who is not heard cannot hold a consultation. */
export function ownMediaFault({ audio, video }: Pick<DevicesView, 'audio' | 'video'>): OwnMediaFault | null {
    const mic = missing(audio);
    const camera = missing(video);
    if (mic && camera) return mic === 'denied' || camera === 'denied' ? 'your_media_denied' : 'your_media_none';
    if (mic) return `your_mic_${mic}`;
    return camera ? `your_camera_${camera}` : null;
}
