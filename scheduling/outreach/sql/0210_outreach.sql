-- SPDX-License-Identifier: Apache-2.0
-- A session at a post: a team of a facility goes to a village on one day. Who asks for the same one again is
-- given the one that there is.
CREATE TABLE outreach_session (
    id TEXT PRIMARY KEY,
    facility_id TEXT NOT NULL REFERENCES facility (id),
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    area_code TEXT NOT NULL REFERENCES area (code),
    village TEXT NOT NULL,
    local_date TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    closed_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX outreach_session_same
    ON outreach_session (facility_id, local_date, clinic_id, area_code, village);

-- Who of the facility's staff is at the post: only they take down patients and see what was taken down.
CREATE TABLE outreach_member (
    session_id TEXT NOT NULL REFERENCES outreach_session (id),
    user_id TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (session_id, user_id)
) STRICT, WITHOUT ROWID;

-- What a tablet took down of one patient, under the id that the tablet made; the visit that came of it. By
-- device and sequence it is known in which order patients came. hash is keyed, over all that was sent.
CREATE TABLE outreach_entry (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES outreach_session (id),
    device_id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 1 AND 999),
    revision INTEGER NOT NULL CHECK (revision > 0),
    hash TEXT NOT NULL,
    visit_id TEXT NOT NULL UNIQUE REFERENCES visit (id),
    without_nik TEXT CHECK (without_nik IN ('newborn', 'not_at_hand', 'none')),
    mother_nik_sealed TEXT,
    address_sealed TEXT,
    reason TEXT NOT NULL,
    identity TEXT NOT NULL CHECK (identity IN ('ktp', 'family_card', 'other', 'none')),
    taken_by TEXT NOT NULL,
    registered_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    systolic_mmhg INTEGER CHECK (systolic_mmhg BETWEEN 40 AND 300),
    diastolic_mmhg INTEGER CHECK (diastolic_mmhg BETWEEN 20 AND 200),
    pulse_per_min INTEGER CHECK (pulse_per_min BETWEEN 20 AND 300),
    breaths_per_min INTEGER CHECK (breaths_per_min BETWEEN 4 AND 100),
    temperature_tenth_c INTEGER CHECK (temperature_tenth_c BETWEEN 300 AND 450),
    oxygen_percent INTEGER CHECK (oxygen_percent BETWEEN 50 AND 100),
    weight_g INTEGER CHECK (weight_g BETWEEN 300 AND 400000),
    height_cm INTEGER CHECK (height_cm BETWEEN 20 AND 260),
    glucose_mgdl INTEGER CHECK (glucose_mgdl BETWEEN 10 AND 1500),
    UNIQUE (session_id, device_id, sequence)
) STRICT;
CREATE TRIGGER outreach_entry_never_deleted BEFORE DELETE ON outreach_entry
BEGIN
    SELECT RAISE(ABORT, 'what was taken down is never removed');
END;

-- A picture that belongs to an entry, sealed. hash is keyed, over the picture.
CREATE TABLE outreach_photo (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES outreach_entry (id),
    hash TEXT NOT NULL,
    picture_sealed TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outreach_photo_entry ON outreach_photo (entry_id, id);
CREATE TRIGGER outreach_photo_never_updated BEFORE UPDATE ON outreach_photo
BEGIN
    SELECT RAISE(ABORT, 'pictures are never changed');
END;
CREATE TRIGGER outreach_photo_never_deleted BEFORE DELETE ON outreach_photo
BEGIN
    SELECT RAISE(ABORT, 'pictures are never removed');
END;
