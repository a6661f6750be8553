// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that the settings page reads.
import type { Role } from '../staff/types';

export interface Area {
    readonly code: string;
    readonly parent: string | null;
    readonly name: string;
    readonly kind: 'province' | 'kabupaten' | 'kota' | 'kecamatan';
}

/** Who of the wait list is offered a place that became free. */
export const WAIT_MODES = ['one_by_one', 'all_at_once'] as const;
export type WaitMode = (typeof WAIT_MODES)[number];

export const FACILITY_KINDS = ['puskesmas', 'clinic', 'hospital'] as const;
export type FacilityKind = (typeof FACILITY_KINDS)[number];

export interface Facility {
    readonly id: string;
    /** Goes back with a change: another one by now is 409 changed-meanwhile. */
    readonly revision: string;
    readonly name: string;
    readonly kind: FacilityKind;
    readonly area_code: string;
    readonly address: string;
    readonly phone: string;
    readonly active: boolean;
}

export interface Clinic {
    readonly id: string;
    readonly revision: string;
    readonly facility: string;
    readonly name: string;
    readonly letter: string;
    readonly wait_mode: WaitMode;
    readonly active: boolean;
}

export interface Permit {
    readonly facility: string;
    readonly number: string;
    readonly valid_until: string;
}

export interface Practitioner {
    readonly id: string;
    readonly revision: string;
    readonly name: string;
    /** The account that the person logs in with. */
    readonly user: string | null;
    readonly str_number: string | null;
    readonly str_valid_until: string | null;
    readonly active: boolean;
    readonly has_hours: boolean;
    readonly clinics: readonly string[];
    readonly permits: readonly Permit[];
}

export const SERVICE_MODES = ['video', 'assisted', 'doctor_to_doctor'] as const;
export type ServiceMode = (typeof SERVICE_MODES)[number];

export interface Service {
    readonly id: string;
    readonly revision: string;
    readonly clinic: string;
    readonly name: string;
    readonly mode: ServiceMode;
    readonly duration_minutes: number;
    readonly before_minutes: number;
    readonly after_minutes: number;
    readonly price_rupiah: number;
    readonly active: boolean;
}

export interface Directory {
    readonly facilities: readonly Facility[];
    readonly clinics: readonly Clinic[];
    readonly practitioners: readonly Practitioner[];
    readonly services: readonly Service[];
    readonly server_ms: number;
}

export interface Account {
    readonly id: string;
    readonly revision: string;
    readonly login: string;
    readonly name: string;
    readonly role: Role;
    readonly facility: string | null;
    /** Of an officer. */
    readonly area: string | null;
    readonly active: boolean;
}

/** All that the page shows. */
export interface Settings {
    readonly directory: Directory;
    readonly accounts: readonly Account[];
    readonly areas: readonly Area[];
    /** Local date. */
    readonly today: string;
    /** An administrator keeps all; a coordinator one facility. */
    readonly isAdmin: boolean;
}

/** One version of what patients agree to. */
export interface ConsentVersion {
    readonly version: number;
    /** From when it holds; 0: it was shipped. */
    readonly since_ms: number;
    readonly text: { readonly id: string; readonly en: string };
    /** Who wrote it; '': it was shipped. */
    readonly by: string;
    readonly in_effect: boolean;
}
