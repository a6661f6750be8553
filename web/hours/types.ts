// SPDX-License-Identifier: Apache-2.0
// The shapes of /api/v1/hours and /api/v1/holidays (server/http/API.md). Times of day are local "HH:MM";
// "00:00" as an end is midnight.

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

/** A booking that a change would leave without hours. */
export interface Hit {
    readonly visit: string;
    readonly number: string;
    readonly starts_at_ms: number;
    readonly clinic: string;
    readonly doctor: string;
}
