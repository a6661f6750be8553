// SPDX-License-Identifier: Apache-2.0
// Sound, camera, flip: the switches of a call, each with its word.
import type { ComponentChildren } from 'preact';
import type { DevicesView } from '../devices';
import { common } from '../words';
import { Icon, type IconName } from './icon';

export interface SwitchProps {
    readonly icon: IconName;
    readonly word: string;
    /** What a tap does, for screen readers. */
    readonly label: string;
    readonly off?: boolean;
    readonly onClick: () => void;
    readonly testId: string;
}

export function Switch({ icon, word, label, off, onClick, testId }: SwitchProps) {
    return (
        <button type="button" class={off ? 'call-switch off' : 'call-switch'} onClick={onClick}
            data-testid={testId}>
            <Icon name={icon} />
            <span>{word}</span>
            <span class="hidden-words">{label}</span>
        </button>
    );
}

export interface CallControlsProps {
    readonly devices: DevicesView;
    /** Nobody hears this microphone, whether it is on or not; it can be turned off all the same. */
    readonly mutedByOther?: boolean | undefined;
    readonly onAudio: (on: boolean) => void;
    readonly onVideo: (on: boolean) => void;
    readonly onFlip: () => void;
    /** A page's own switches, behind these. */
    readonly children?: ComponentChildren;
}

export function CallControls({ devices, mutedByOther, onAudio, onVideo, onFlip, children }: CallControlsProps) {
    const mic = devices.audio === 'on';
    const heard = mic && !mutedByOther;
    const camera = devices.video === 'on';
    return (
        <div class="call-switches">
            <Switch icon={heard ? 'mic' : 'mic-off'} off={!heard} testId="mute"
                word={common(heard ? 'mic_on' : 'mic_off')}
                label={common(mic ? 'mic_turn_off' : 'mic_turn_on')} onClick={() => onAudio(!mic)} />
            <Switch icon={camera ? 'camera' : 'camera-off'} off={!camera} testId="camera"
                word={common(camera ? 'camera_on' : 'camera_off')}
                label={common(camera ? 'camera_turn_off' : 'camera_turn_on')}
                onClick={() => onVideo(!camera)} />
            {devices.canSwitch && (
                <Switch icon="flip" word={common('camera_switch')} testId="switch-camera"
                    label={common('camera_switch_label')} onClick={onFlip} />
            )}
            {children}
        </div>
    );
}
