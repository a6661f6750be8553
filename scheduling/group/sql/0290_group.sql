-- SPDX-License-Identifier: Apache-2.0
-- A group visit: one doctor, some patients at one time, each with a visit of his own.
CREATE TABLE group_session (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL REFERENCES clinic (id),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    title TEXT NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL CHECK (ends_at_ms > starts_at_ms),
    places INTEGER NOT NULL CHECK (places BETWEEN 2 AND 5),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('planned', 'ended', 'cancelled')),
    created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX group_session_practitioner ON group_session (practitioner_id, starts_at_ms);
CREATE INDEX group_session_facility ON group_session (facility_id, starts_at_ms);
CREATE INDEX group_session_clinic ON group_session (clinic_id, starts_at_ms);

-- group_place: 1 to the group's places; 0: the visit is in none. group_name: as what the others of the group see
-- its patient.
ALTER TABLE visit ADD COLUMN group_id TEXT REFERENCES group_session (id);
ALTER TABLE visit ADD COLUMN group_place INTEGER NOT NULL DEFAULT 0 CHECK (group_place BETWEEN 0 AND 5);
ALTER TABLE visit ADD COLUMN group_name TEXT CHECK (group_name IN ('number', 'first_name'));
CREATE INDEX visit_group ON visit (group_id) WHERE group_id IS NOT NULL;
DROP INDEX visit_slot;
-- The last word on double booking: a slot has one holder of each kind, and each place of a group one, until its
-- visit is cancelled or moved.
CREATE UNIQUE INDEX visit_slot ON visit (slot_of, starts_at_ms, is_extra, group_place)
    WHERE state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system',
                        'rescheduled');
