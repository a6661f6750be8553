// SPDX-License-Identifier: Apache-2.0
// Groups as the API shows them to staff (server/http/API.md).
import type { VisitState } from '../staff/types';

export interface GroupVisit {
    readonly id: string;
    /** As the socket names its patient. */
    readonly participant: string;
    readonly code: string;
    readonly number: string;
    readonly state: VisitState;
    readonly patient: string;
    /** What the others see; null: the place. */
    readonly shown_name: string | null;
    readonly place: number;
    /** No message reaches the patient, who has no telephone. */
    readonly no_phone: boolean;
    /** Nor this one, who has a fixed line and is to be phoned. */
    readonly no_messages: boolean;
}

export interface Group {
    readonly id: string;
    readonly title: string;
    readonly clinic_id: string;
    readonly clinic: string;
    readonly facility: string;
    readonly doctor_id: string;
    readonly doctor: string;
    readonly starts_at_ms: number;
    readonly ends_at_ms: number;
    readonly places: number;
    /** Anybody may book. */
    readonly open: boolean;
    readonly state: 'planned' | 'ended' | 'cancelled';
    /** Why it will not be held as planned, and takes nobody; null: nothing stands against it. */
    readonly obstacle: 'archived' | 'permit_over' | 'leave' | 'closed' | 'holiday' | null;
    readonly visits: readonly GroupVisit[];
}

export interface GroupsReply {
    readonly groups: readonly Group[];
    readonly server_ms: number;
}
