// SPDX-License-Identifier: Apache-2.0
// The messages of huyula.v1 (signaling/protocol.md) as types.

/** screen: of video, what is sent is a screen. */
export type DeviceState = 'on' | 'off' | 'denied' | 'none' | 'screen';
export type GuestLabel = 'interpreter' | 'family' | 'expert';
export type Outcome =
    | 'done'
    | 'tech_failed'
    | 'converted_phone'
    | 'converted_in_person'
    | 'no_show_patient';

export interface QueueView {
    readonly number: string;
    readonly ahead: number;
    readonly wait_min_minutes: number;
    readonly wait_max_minutes: number;
}

export interface VisitView {
    readonly id: string;
    readonly code: string;
    readonly state: string;
    /** How it is to be held: "video" "phone" "in_person". */
    readonly way: string;
    readonly starts_at_ms: number;
    readonly facility: string;
    readonly clinic: string;
    readonly doctor: string;
    readonly phone: string;
    readonly queue: QueueView | null;
    /** So late the doctor said to be; 0: not. */
    readonly late_minutes: number;
    /** Doctor and desk are shown that nobody calls. */
    readonly unanswered: boolean;
    /** The patient has still to agree to the text that is in effect. */
    readonly asks_consent: boolean;
    /** The doctor will not see the patient at this time. */
    readonly unplaced?: boolean;
    /** Title of the group visit that it is in. */
    readonly group: string | null;
    readonly ended_at_ms: number | null;
}

export interface ParticipantView {
    readonly id: string;
    readonly role: string;
    readonly name: string;
    /** What a guest is there as. */
    readonly label?: GuestLabel;
    readonly present: boolean;
    readonly audio: DeviceState;
    readonly video: DeviceState;
    readonly in_call: boolean;
    /* Of a patient in a group: */
    readonly place?: number;
    readonly muted?: boolean;
    readonly hand?: boolean;
    /* For the host alone: */
    readonly visit?: string;
    readonly state?: string;
    readonly aside?: boolean;
}

export type ParticipantEvent =
    | 'joined'
    | 'back'
    | 'lost'
    | 'left'
    | 'devices'
    | 'media'
    | 'not-ready'
    | 'group';

export type ClientMessage =
    | { type: 'offer'; id: number; sdp: string; passive: boolean; hold: boolean }
    | { type: 'devices'; audio: DeviceState; video: DeviceState }
    | { type: 'pin'; participant: string | null }
    | { type: 'ready' }
    | { type: 'accept' }
    | { type: 'not-ready' }
    | { type: 'call' }
    | { type: 'leave' }
    | { type: 'end'; outcome: Outcome }
    | { type: 'admit'; participant: string | null }
    | { type: 'mute'; participant: string | null; muted: boolean }
    | { type: 'aside'; participant: string | null }
    | { type: 'hand'; raised: boolean };

export interface Welcome {
    readonly type: 'welcome';
    readonly resume: string;
    readonly resumed: boolean;
    /** What the early offer opened is this page's. */
    readonly early?: boolean;
    readonly kind: 'visit' | 'day';
    readonly participant: string;
    readonly role: string;
    readonly server_ms: number;
    readonly visit?: VisitView | null;
    readonly participants?: readonly ParticipantView[];
    readonly ice_servers?: RTCIceServer[];
}

export interface ServerError {
    readonly type: 'error';
    readonly of?: string;
    readonly id?: number;
    readonly code: string;
    readonly message: string;
    readonly fatal: boolean;
    readonly detail?: string;
    readonly opens_at_ms?: number;
}

/** What our encoders are asked for. */
export interface Hint {
    readonly audio: {
        readonly bitrate: number;
        readonly ptime: number;
        readonly fec: boolean;
        readonly red: boolean;
        readonly reach: number;
    };
    readonly jitter: number;
    /** By mid: m-lines of sound for which it is less. */
    readonly jitter_of?: Readonly<Record<string, number>>;
    readonly jitter_video: number;
    readonly video: {
        readonly bitrate: number;
        readonly height: number;
        readonly fps: number;
        readonly stills: boolean;
        readonly layers: boolean;
        readonly small_bitrate: number;
    };
}

/** What a video m-line shows, and why not. */
export type PictureState = 'moving' | 'stills' | 'receiver-link' | 'sender-link' | 'none';

/** How oneself stands in a group visit. */
export interface GroupStanding {
    readonly muted: boolean;
    readonly hand: boolean;
    /** here: in the side room; away: the doctor is, with somebody else. */
    readonly aside: 'none' | 'here' | 'away';
}

export interface StreamView {
    readonly mid: string;
    readonly participant: string | null;
}

export type ServerMessage =
    | Welcome
    | { type: 'ice-servers'; ice_servers: RTCIceServer[] }
    | ServerError
    | { type: 'visit'; visit: VisitView }
    | { type: 'participant'; participant: ParticipantView; event: ParticipantEvent }
    | { type: 'answer'; id: number; sdp: string }
    | { type: 'streams'; streams: readonly StreamView[] }
    | { type: 'room'; others: number }
    | ({ type: 'hint' } & Hint)
    | { type: 'picture'; mid: string; state: PictureState }
    | ({ type: 'group' } & GroupStanding)
    | { type: 'day-changed'; visit: string | null }
    | { type: 'occupied' }
    | { type: 'replaced' }
    | { type: 'ended'; state: string; by: string }
    | { type: 'restarting'; in_ms: number }
    | { type: 'pong'; id: number; server_ms: number };
