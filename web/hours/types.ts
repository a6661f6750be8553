// SPDX-License-Identifier: Apache-2.0
// The shapes of /api/v1/hours and /api/v1/holidays (server/http/API.md). Times of day are local "HH:MM";
// "00:00" as an end is midnight.
import type { VisitState } from '../staff/types';

export interface HoursClinic {
    readonly id: string;
    readonly name: string;
    readonly facility: string;
    /** Last day of the permit (SIP) for the facility; null: none on record. */
    readonly permit_until: string | null;
    readonly services?: readonly HoursService[];
}

/** How long something that the clinic offers takes. */
export interface HoursService {
    readonly name: string;
    readonly duration_minutes: number;
    readonly before_minutes: number;
    readonly after_minutes: number;
}

export interface HoursDoctor {
    readonly id: string;
    readonly name: string;
    /** Last day of the registration (STR); null: none on record, or for life. */
    readonly str_until: string | null;
    readonly clinics: readonly HoursClinic[];
}

export interface Minutes {
    readonly from: string;
    readonly to: string;
}

export interface Pattern {
    readonly mode: 'slots' | 'session';
    readonly slot_minutes: number | null;
    readonly before_minutes: number;
    readonly after_minutes: number;
    readonly quota: number | null;
    /** Additional places that staff may give, in percent of the regular ones. */
    readonly extra_percent: number;
}

export interface Rule extends Minutes {
    readonly id: string;
    readonly clinic: string;
    /** 1 Monday to 7 Sunday */
    readonly weekday: number;
    readonly breaks: readonly Minutes[];
    readonly pattern: Pattern;
    readonly valid_from: string;
    readonly valid_until: string | null;
    /** Goes back with a change or a removal: another one by now is 409 changed-meanwhile. */
    readonly revision: string;
}

export interface Override extends Minutes {
    readonly id: string;
    readonly clinic: string;
    readonly date: string;
    readonly kind: 'extra' | 'closed';
    readonly pattern: Pattern | null;
    readonly note: string;
}

export interface Leave {
    readonly id: string;
    readonly from: string;
    readonly until: string;
    readonly note: string;
}

export interface Holiday {
    readonly id: string;
    readonly date: string;
    readonly name: string;
    readonly certain: boolean;
    /** null: of the province */
    readonly facility: string | null;
    readonly facility_name: string | null;
    /** As a rule's. */
    readonly revision: string;
}

export interface HoursDay {
    readonly date: string;
    readonly open: readonly { readonly clinic: string; readonly from_ms: number; readonly to_ms: number }[];
    readonly bookings: number;
}

export interface Hours {
    readonly doctor: HoursDoctor;
    readonly rules: readonly Rule[];
    readonly overrides: readonly Override[];
    readonly leaves: readonly Leave[];
    readonly holidays: readonly Holiday[];
    readonly days: readonly HoursDay[];
    readonly server_ms: number;
}

/** A booking that a change would leave without a place. */
export interface Hit {
    readonly visit: string;
    readonly number: string;
    readonly starts_at_ms: number;
    readonly clinic: string;
    readonly facility: string;
    readonly doctor: string;
    /** Has an additional place: hit also when there are to be fewer. */
    readonly extra: boolean;
    /** Waits for the doctor, or was called. */
    readonly there: boolean;
}

/** A booking that was kept without a place, of GET /api/v1/hours-hits. */
export interface Kept {
    readonly visit: string;
    readonly number: string;
    readonly state: VisitState;
    readonly starts_at_ms: number;
    readonly clinic_id: string;
    readonly clinic: string;
    readonly doctor_id: string;
    readonly doctor: string;
    readonly facility: string;
    readonly service_id: string | null;
    readonly any_doctor: boolean;
    readonly extra: boolean;
    /** What became of the message to its patient; null: none was wanted since the change. */
    readonly message: 'waiting' | 'sent' | 'dropped' | 'failed' | null;
    /** There is nobody to send one to, nor to phone. */
    readonly no_phone: boolean;
    /** A fixed line: it would reach nobody, so they are to be phoned. */
    readonly no_messages: boolean;
}

export interface KeptReply {
    readonly hits: readonly Kept[];
    /** There are others. */
    readonly more: boolean;
}

/** One doctor's day, of GET /api/v1/hours-days. */
export interface DoctorDay {
    readonly doctor: string;
    /** From the first opening to the last closing; null: not open. */
    readonly from_ms: number | null;
    readonly to_ms: number | null;
    /** Regular places, how many of them are held, and how many additional ones. */
    readonly places: number;
    readonly held: number;
    readonly extra: number;
    readonly leave: boolean;
}

export interface MonthDay {
    readonly date: string;
    /** Who works, has leave or has bookings. */
    readonly doctors: readonly DoctorDay[];
}

export interface MonthDays {
    readonly days: readonly MonthDay[];
    readonly holidays: readonly Holiday[];
}

/** What the doctors of a day come to. */
export interface DaySum {
    readonly working: number;
    readonly on_leave: number;
    readonly from_ms: number | null;
    readonly to_ms: number | null;
    readonly places: number;
    readonly held: number;
    readonly extra: number;
}
