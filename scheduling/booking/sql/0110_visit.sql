-- SPDX-License-Identifier: Apache-2.0
-- Patients, visits, participants, tokens. NIK and phone are sealed and found by keyed hash.
CREATE TABLE patient (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT CHECK (sex IN ('L', 'P')),
    nik_sealed TEXT,
    nik_index TEXT,
    created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX patient_nik ON patient (nik_index) WHERE nik_index IS NOT NULL;

CREATE TABLE visit (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('slot', 'demo')),
    state TEXT NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patient (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL CHECK (ends_at_ms > starts_at_ms),
    local_date TEXT NOT NULL,
    number INTEGER NOT NULL,
    number_text TEXT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('id', 'en')),
    phone_sealed TEXT NOT NULL,
    phone_index TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;
-- The last word on double booking: a slot has one holder until its visit is cancelled or moved.
CREATE UNIQUE INDEX visit_slot ON visit (practitioner_id, starts_at_ms)
    WHERE state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system',
                        'rescheduled');
CREATE UNIQUE INDEX visit_number ON visit (clinic_id, local_date, number);
CREATE INDEX visit_practitioner_start ON visit (practitioner_id, starts_at_ms);
CREATE INDEX visit_practitioner_day ON visit (practitioner_id, local_date, state);
CREATE INDEX visit_facility_day ON visit (facility_id, local_date);
CREATE INDEX visit_day ON visit (local_date, facility_id);
CREATE INDEX visit_phone ON visit (phone_index);
CREATE INDEX visit_patient ON visit (patient_id);

-- How the visit went: times of the transitions, and the time both sides' media flowed.
CREATE TABLE visit_course (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    checked_in_at_ms INTEGER,
    called_at_ms INTEGER,
    n_calls INTEGER NOT NULL DEFAULT 0,
    accepted_at_ms INTEGER,
    in_call_at_ms INTEGER,
    ended_at_ms INTEGER,
    ended_by TEXT,
    both_start_ms INTEGER,
    both_end_ms INTEGER,
    both_ms INTEGER NOT NULL DEFAULT 0,
    both_open_since_ms INTEGER,
    media_open INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX visit_course_open ON visit_course (visit_id) WHERE media_open = 1;

-- The last number given out: gap-free by clinic and local day.
CREATE TABLE visit_counter (
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    local_date TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (clinic_id, local_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE participant (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    role TEXT NOT NULL CHECK (role IN ('patient', 'doctor', 'guest')),
    created_at_ms INTEGER NOT NULL,
    joined_at_ms INTEGER,
    left_at_ms INTEGER,
    is_present INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX participant_visit ON participant (visit_id, role);
CREATE INDEX participant_present ON participant (id) WHERE is_present = 1;

-- One row is one link or socket token; hash is keyed, the token itself is nowhere.
CREATE TABLE join_token (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'day')),
    visit_id TEXT REFERENCES visit (id),
    participant_id TEXT REFERENCES participant (id),
    practitioner_id TEXT REFERENCES practitioner (id),
    facility_id TEXT REFERENCES facility (id),
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER,
    CHECK ((kind = 'visit') = (participant_id IS NOT NULL)),
    CHECK ((kind = 'visit') = (visit_id IS NOT NULL))
) STRICT;
CREATE INDEX join_token_participant ON join_token (participant_id);
CREATE INDEX join_token_expiry ON join_token (expires_at_ms);

-- A retried booking gets the first one's answer: the visit is read again, the link's token is sealed.
CREATE TABLE booking_key (
    key_hash TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    token_sealed TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX booking_key_expiry ON booking_key (expires_at_ms);
