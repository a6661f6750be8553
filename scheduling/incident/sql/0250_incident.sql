-- SPDX-License-Identifier: Apache-2.0
-- What happened between people in a visit that must not happen: who was it, of what kind, in sealed words; and
-- what was done about it. Both are only ever added to.
CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    request_key TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_role TEXT NOT NULL,
    by_user TEXT NOT NULL,
    who TEXT NOT NULL CHECK (who IN ('patient', 'interpreter', 'family', 'expert')),
    kind TEXT NOT NULL CHECK (kind IN ('abuse', 'threat', 'indecency', 'recording', 'impersonation', 'other')),
    text_sealed TEXT NOT NULL,
    was_removed INTEGER NOT NULL CHECK (was_removed IN (0, 1)),
    UNIQUE (visit_id, request_key)
) STRICT;
CREATE INDEX incident_facility ON incident (facility_id, id);
CREATE TRIGGER incident_never_updated BEFORE UPDATE ON incident
BEGIN
    SELECT RAISE(ABORT, 'incidents are never changed');
END;
CREATE TRIGGER incident_never_deleted BEFORE DELETE ON incident
BEGIN
    SELECT RAISE(ABORT, 'incidents are never removed');
END;

CREATE TABLE incident_step (
    incident_id TEXT NOT NULL REFERENCES incident (id),
    step TEXT NOT NULL CHECK (step IN ('looked_at', 'closed', 'lifted')),
    at_ms INTEGER NOT NULL,
    by_role TEXT NOT NULL,
    by_user TEXT NOT NULL,
    note_sealed TEXT,
    PRIMARY KEY (incident_id, step)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER incident_step_never_updated BEFORE UPDATE ON incident_step
BEGIN
    SELECT RAISE(ABORT, 'incidents are never changed');
END;
CREATE TRIGGER incident_step_never_deleted BEFORE DELETE ON incident_step
BEGIN
    SELECT RAISE(ABORT, 'incidents are never removed');
END;

-- Until when a facility confirms bookings of this telephone or NIK itself. Never of care as such: who comes to
-- the desk, and what is booked already, is not asked for.
CREATE TABLE booking_block (
    incident_id TEXT PRIMARY KEY REFERENCES incident (id),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    phone_index TEXT NOT NULL,
    nik_index TEXT,
    until_ms INTEGER NOT NULL,
    lifted_at_ms INTEGER
) STRICT;
CREATE INDEX booking_block_phone ON booking_block (phone_index, facility_id) WHERE lifted_at_ms IS NULL;
CREATE INDEX booking_block_nik ON booking_block (nik_index, facility_id)
    WHERE lifted_at_ms IS NULL AND nik_index IS NOT NULL;

-- Bookings that wait to be confirmed: few, by when they were made.
CREATE INDEX visit_requested ON visit (created_at_ms) WHERE state = 'requested';
