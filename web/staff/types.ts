// SPDX-License-Identifier: Apache-2.0
// The shapes of server/http/API.md that staff pages read. Times are UTC milliseconds, dates are
// local (WITA) YYYY-MM-DD.

export type Role = 'doctor' | 'desk' | 'office' | 'admin' | 'coordinator' | 'officer';

export interface Session {
    readonly user: string;
    readonly name: string;
    readonly role: Role;
    readonly facility: { id: string; name: string } | null;
    /** Of an officer: the kecamatan or kabupaten. */
    readonly area: string | null;
    readonly csrf: string;
    readonly server_ms: number;
    /** Of the account alone, 64 hex: what its pages seal with. */
    readonly own_key: string;
}

export const VISIT_STATES = [
    'requested',
    'booked',
    'checked_in',
    'called',
    'in_call',
    'done',
    'cancelled_patient',
    'cancelled_provider',
    'cancelled_system',
    'no_show_patient',
    'no_show_doctor',
    'left_without_being_seen',
    'tech_failed',
    'converted_phone',
    'converted_in_person',
    'rescheduled',
] as const;
export type VisitState = (typeof VISIT_STATES)[number];

/** Who booked for the patient, and what this one is to the patient. */
export interface Contact {
    readonly name: string;
    readonly relation: 'parent' | 'child' | 'spouse' | 'other';
}

export type VisitWay = 'video' | 'phone' | 'in_person';

export type OtherDoctorWhy = 'doctor_archived' | 'doctor_permit_over' | 'doctor_disabled' | 'doctor_on_leave' | 'nobody_works' | 'nobody_may';

export interface DayVisit {
    readonly id: string;
    readonly code: string;
    readonly number: string;
    readonly state: VisitState;
    readonly patient: string;
    readonly age: number | null;
    readonly sex: 'L' | 'P' | null;
    readonly doctor: string;
    readonly clinic: string;
    readonly starts_at_ms: number;
    readonly checked_in_at_ms: number | null;
    /** From then on it is called and can be absent: its start, of an order number its session's. */
    readonly due_from_ms: number;
    readonly present: boolean;
    readonly waiting_minutes: number | null;
    /** 1: next in the doctor's queue, at the desk in the clinic's; null: does not wait. */
    readonly place: number | null;
    /** Whichever doctor of the clinic is free will call. */
    readonly any_doctor: boolean;
    readonly walk_in: boolean;
    /** Has an additional place, beside a regular one. */
    readonly extra: boolean;
    readonly clinic_id: string;
    readonly doctor_id: string;
    /** Lets one other go first: came late, or was passed over. */
    readonly delayed: boolean;
    readonly urgent: boolean;
    /** Waits since before midnight: its number is one of yesterday's. */
    readonly day_before: boolean;
    /** Its doctor will not see it, nor any of the clinic's where any would do. */
    readonly other_doctor_why: OtherDoctorWhy | null;
    /** Nobody sees patients at its time any more. */
    readonly unplaced: boolean;
    /** As booked; null: none was chosen. */
    readonly service: string | null;
    readonly service_id: string | null;
    /** No message reaches anybody, and nobody can be phoned. */
    readonly no_phone: boolean;
    /** A fixed line: no message reaches anybody, so they are to be phoned. */
    readonly no_messages: boolean;
    /** The patient has agreed to a visit by video. */
    readonly consent: boolean;
    /** The patient said no, or takes it back. */
    readonly consent_withdrawn: boolean;
    /** The person has another visit at that time, here or elsewhere. */
    readonly overlaps: boolean;
    /** false: a temporary identity, whose NIK the desk can fill in later. */
    readonly nik: boolean;
    /** How it is to be held. */
    readonly way: VisitWay;
    /** By telephone, and its doctor has not asked for the number yet. */
    readonly to_phone: boolean;
    /** Of who was asked to come in the call (converted_in_person): did they? null: nobody has said. */
    readonly came: boolean | null;
    /** A nurse is with the patient. */
    readonly assisted: boolean;
    /** Waits or is to be phoned, it is time and nobody calls, for too long; null: it is not so. */
    readonly unanswered_since_ms: number | null;
    readonly contact: Contact | null;
    /** The group visit that it is in; null: none. */
    readonly group: { readonly id: string; readonly title: string } | null;
    /** Of a patient whose page is open, by the round trips of its socket; null: not known. */
    readonly link: 'good' | 'weak' | null;
    /** As was said at the booking, or what a post's team took down; told to the doctor alone. */
    readonly reason: string | null;
    /** In which the patient is written to. */
    readonly lang: 'id' | 'en';
    /** One was invited. */
    readonly interpreter: boolean;
    /** The person was seen in this facility before. */
    readonly returning: boolean;
}

/** Of whom can be said how late. */
export interface LateDoctor {
    readonly id: string;
    readonly name: string;
    /** What was said last; 0: not late. */
    readonly minutes: number;
}

/** One of whom is said that nobody calls. */
export interface UnansweredLine {
    readonly id: string;
    /** Whom to call, or where: without a name where none is to be seen. */
    readonly words: string;
    readonly since_ms: number;
    /** Waits for no call here, but was to be phoned. */
    readonly to_phone: boolean;
    readonly other_doctor_why: OtherDoctorWhy | null;
    /** Nobody sees patients at its time any more; not known of another facility's. */
    readonly unplaced?: boolean;
}

/** Whether a message reaches the patient. */
export type Reach = Pick<DayVisit, 'no_phone' | 'no_messages'>;

/** Enough of a visit to ask about it. */
export type VisitName = Pick<DayVisit, 'id' | 'number' | 'patient' | 'starts_at_ms' | keyof Reach>;

export interface Day {
    readonly date: string;
    readonly visits: DayVisit[];
    /** Doctors who said to be late on that day. */
    readonly late: readonly { readonly doctor: string; readonly minutes: number }[];
    readonly server_ms: number;
}

export const OUTCOMES = [
    'done',
    'tech_failed',
    'converted_phone',
    'converted_in_person',
    'no_show_patient',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface VisitRecord {
    readonly visit: {
        readonly id: string;
        readonly code: string;
        readonly number: string;
        readonly state: VisitState;
        readonly patient: string;
        readonly birth_date: string | null;
        readonly phone_masked: string | null;
        readonly no_phone: boolean;
        readonly no_messages: boolean;
        readonly nik_masked: string | null;
        /** Of a newborn without one. */
        readonly mother_nik_masked: string | null;
        /** Whose the phone is; null: the patient's own. */
        readonly contact: Contact | null;
        readonly facility: string;
        readonly clinic: string;
        readonly doctor: string;
        readonly service: { readonly name: string; readonly mode: string; readonly price_rupiah: number } | null;
        readonly booked_at_ms: number | null;
        readonly starts_at_ms: number;
        readonly waiting_from_ms: number | null;
        readonly joined_at_ms: number | null;
        readonly called_at_ms: number | null;
        readonly media_both_start_ms: number | null;
        readonly media_both_end_ms: number | null;
        readonly ended_at_ms: number | null;
        readonly ended_by: string | null;
        readonly outcome: string | null;
        readonly duration_ms: number | null;
    };
    /** By time: the last one counts. giver null: the patient agreed. */
    readonly consents?: readonly { readonly how: string; readonly giver: Contact | null }[];
    /** The desk gets the record without media figures. */
    readonly participants?: RecordParticipant[];
    readonly events?: RecordEvent[];
}

export interface MediaTotal {
    readonly media_ms?: number;
    readonly bytes?: number;
    readonly packets?: number;
    readonly lost?: number;
}

export interface RecordParticipant {
    readonly id: string;
    readonly role: string;
    readonly joined_at_ms: number | null;
    readonly left_at_ms: number | null;
    readonly media?: Partial<Record<MediaKey, MediaTotal>>;
    readonly rtt_ms?: number | null;
    readonly samples?: RecordSample[];
}

export const MEDIA_KEYS = ['audio_in', 'video_in', 'audio_out', 'video_out'] as const;
export type MediaKey = (typeof MEDIA_KEYS)[number];

export interface RecordSample {
    readonly at_ms: number;
    readonly rtt_ms: number | null;
    readonly audio_in_bps: number;
    readonly video_in_bps: number;
    readonly audio_out_bps: number;
    readonly video_out_bps: number;
    readonly lost_in: number;
    readonly lost_out: number;
}

export interface RecordEvent {
    readonly at_ms: number;
    readonly kind: string;
    readonly actor: string;
    readonly detail: string;
}

export interface ReportRow {
    readonly date: string;
    readonly facility: string;
    readonly facility_name: string;
    readonly booked: number;
    readonly done: number;
    readonly cancelled: number;
    readonly no_show: number;
    readonly no_show_doctor: number;
    readonly tech_failed: number;
    readonly open: number;
    readonly came: number;
    readonly not_come: number;
    readonly consultations: number;
    readonly unanswered: number;
    readonly escalated: number;
    readonly wait_p50_minutes: number | null;
    readonly call_minutes: number;
    readonly incidents: number;
    readonly extra: number;
}

export interface Report {
    readonly rows: ReportRow[];
    readonly totals: Partial<Omit<ReportRow, 'date' | 'facility' | 'facility_name'>>;
}
