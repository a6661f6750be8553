-- SPDX-License-Identifier: Apache-2.0
-- Bookings that a change of hours left without a place, and that were kept: at_ms is when the last such change was. Whether
-- one still has none is asked of the hours as they are; a visit that was moved or cancelled says so itself. What stands
-- here of the visit does not change with it.
CREATE TABLE hours_hit (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    facility_id TEXT NOT NULL REFERENCES facility (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    starts_at_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hours_hit_start ON hours_hit (starts_at_ms);
CREATE INDEX hours_hit_facility ON hours_hit (facility_id, starts_at_ms);
CREATE INDEX hours_hit_practitioner ON hours_hit (practitioner_id, starts_at_ms);
