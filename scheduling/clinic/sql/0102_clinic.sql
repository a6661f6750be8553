-- SPDX-License-Identifier: Apache-2.0
-- Facilities, their clinics, the doctors who work there, and weekly hours. Slots are computed.
CREATE TABLE facility (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('puskesmas', 'clinic', 'hospital')),
    area_code TEXT NOT NULL REFERENCES area (code),
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL
) STRICT;

-- letter begins the day's numbers of this clinic: "A-12".
CREATE TABLE clinic (
    id TEXT PRIMARY KEY,
    facility_id TEXT NOT NULL REFERENCES facility (id),
    name TEXT NOT NULL,
    letter TEXT NOT NULL CHECK (length(letter) = 1),
    is_active INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (facility_id, name),
    UNIQUE (facility_id, letter)
) STRICT;

-- user_id is an account of server/auth; NULL: does not log in.
CREATE TABLE practitioner (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    user_id TEXT UNIQUE,
    demo_login TEXT UNIQUE,
    is_active INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE clinic_member (
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    PRIMARY KEY (clinic_id, practitioner_id)
) STRICT, WITHOUT ROWID;

-- Local minutes of the day in the clinics' zone; weekday 1 is Monday.
CREATE TABLE hour_rule (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    practitioner_id TEXT NOT NULL,
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    slot_minutes INTEGER NOT NULL CHECK (slot_minutes BETWEEN 5 AND 240),
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    CHECK (from_minute < to_minute),
    FOREIGN KEY (clinic_id, practitioner_id) REFERENCES clinic_member (clinic_id, practitioner_id)
) STRICT;
CREATE INDEX hour_rule_clinic ON hour_rule (clinic_id, practitioner_id);
