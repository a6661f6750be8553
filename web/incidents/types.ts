// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that the page of incidents reads.
import type { IncidentKind, Who } from '../staff/incident_dialog';

export type IncidentState = 'open' | 'looked_at' | 'closed';
export type Step = 'looked_at' | 'closed' | 'lifted';

export interface Incident {
    readonly id: string;
    readonly at_ms: number;
    /** The role of who wrote it down. */
    readonly by: string;
    readonly who: Who;
    readonly kind: IncidentKind;
    readonly removed: boolean;
    readonly state: IncidentState;
    /** null: bookings are as always. */
    readonly blocked_until_ms: number | null;
    readonly visit: {
        readonly code: string;
        readonly number: string;
        readonly starts_at_ms: number;
        readonly facility: string;
        readonly clinic: string;
        readonly doctor: string;
    };
    /** Only of one that is read by itself. */
    readonly text?: string;
    readonly steps?: readonly { readonly step: Step; readonly at_ms: number; readonly by: string; readonly note: string | null }[];
}

export interface BookingToConfirm {
    readonly visit: string;
    readonly code: string;
    readonly number: string;
    readonly facility: string;
    readonly clinic: string;
    readonly doctor: string;
    readonly starts_at_ms: number;
    readonly requested_at_ms: number;
    readonly why: 'incident' | 'missed';
}

export interface IncidentsReply {
    readonly incidents: readonly Incident[];
    readonly more: boolean;
    readonly requests: readonly BookingToConfirm[];
}
