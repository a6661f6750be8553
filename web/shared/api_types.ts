// SPDX-License-Identifier: Apache-2.0
// Shapes of the patient's and the public API (server/http/API.md).

import type { FieldError } from './api';
import type { GuestLabel } from './messages';

export interface Doctor {
    readonly id: string;
    readonly name: string;
}

/** What patients can have in a clinic; a price of 0 is free of charge. */
export interface Service {
    readonly id: string;
    readonly name: string;
    readonly mode: 'video' | 'assisted';
    readonly duration_minutes: number;
    readonly price_rupiah: number;
}

export interface Clinic {
    readonly id: string;
    readonly name: string;
    readonly services?: readonly Service[];
    readonly doctors: readonly Doctor[];
}

export interface Facility {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly area_code: string;
    readonly area: string;
    readonly address: string;
    readonly phone: string;
    readonly clinics: readonly Clinic[];
}

export interface FacilitiesReply {
    readonly facilities: readonly Facility[];
    readonly server_ms: number;
}

/** A free slot, or a session with a quota that has room: it is booked by its start. */
export interface Slot {
    readonly doctor: string;
    readonly starts_at_ms: number;
    readonly ends_at_ms: number;
    /** null: a slot. `turn_at_ms`: when the next number's turn is expected. */
    readonly session: { readonly quota: number; readonly left: number; readonly turn_at_ms: number } | null;
    /** A place in a group visit. */
    readonly group?: { readonly id: string; readonly title: string };
}

/** A group visit in which anybody may book a place. */
export interface OpenGroup {
    readonly id: string;
    readonly title: string;
    readonly doctor: string;
    readonly doctor_name: string;
    readonly starts_at_ms: number;
    readonly ends_at_ms: number;
    readonly places: number;
    readonly left: number;
}

export interface SlotsReply {
    readonly days: readonly { readonly date: string; readonly slots: readonly Slot[] }[];
    /** The last day on which something can be booked by now. */
    readonly last_date: string;
}

/** What patients agree to before a visit by video: a paragraph a line. */
export interface ConsentReply {
    readonly version: number;
    readonly text: { readonly id: string; readonly en: string };
}

export interface BookingReply {
    readonly visit: string;
    readonly code: string;
    readonly number: string;
    readonly starts_at_ms: number;
    readonly ends_at_ms: number;
    readonly facility: string;
    readonly clinic: string;
    readonly doctor: string;
    readonly phone: string;
    /** null: of a visit that was moved (its patient has the link), to a coordinator (the patient gets it by SMS), and to who
     * asks again when another link was made meanwhile. */
    readonly link: string | null;
    /** As it was named then; null: none was chosen. */
    readonly service: string | null;
    /** Title of the group visit that it is in. */
    readonly group?: string | null;
    readonly opens_at_ms: number;
    /** The facility has to confirm it first. */
    readonly needs_confirmation: boolean;
    /** The order number in a session, and when that is; null: the visit has a slot. */
    readonly session: { readonly place: number; readonly starts_at_ms: number; readonly ends_at_ms: number } | null;
    readonly warnings?: readonly FieldError[];
}

export interface JoinReply {
    readonly visit: {
        readonly id: string;
        readonly code: string;
        readonly state: string;
        readonly starts_at_ms: number;
        readonly ends_at_ms: number;
        readonly opens_at_ms: number;
        readonly facility: string;
        readonly clinic: string;
        readonly doctor: string;
        readonly phone: string;
        readonly address: string;
        /** How it is to be held: "video" "phone" "in_person". */
        readonly way: string;
        /** null for a guest, as is `patient`. */
        readonly number: string | null;
        readonly patient: string | null;
        readonly ended_at_ms: number | null;
        readonly any_doctor: boolean;
        /** While booked: its patient may move it until then. */
        readonly moves_until_ms: number;
        /** And cancel it; null: at any time. */
        readonly cancels_until_ms: number | null;
        /** A change of hours has left it without a place: it may be moved at any time, also by who waits. */
        readonly unplaced?: boolean;
        readonly clinic_id: string;
        readonly service_id: string | null;
        /** null while any doctor of the clinic may call. */
        readonly doctor_id: string | null;
        /** So late the doctor said to be; 0: not. */
        readonly late_minutes: number;
        readonly unanswered: boolean;
        /** The patient has still to agree to the text that is in effect. */
        readonly asks_consent: boolean;
        /** Starts of what comes after it, where several visits were booked at once. */
        readonly following_ms?: readonly number[];
    };
    /** What the link's holder is there as; null: the patient. */
    readonly guest: GuestLabel | null;
    readonly server_ms: number;
}
