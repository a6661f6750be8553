-- SPDX-License-Identifier: Apache-2.0
-- pool: any doctor of the clinic may call it, and whoever does becomes its doctor. slot_of: whose slot the
-- visit holds, also after another doctor has taken it; NULL: none, since it came without an appointment.
ALTER TABLE visit ADD COLUMN pool INTEGER NOT NULL DEFAULT 0 CHECK (pool IN (0, 1));
ALTER TABLE visit ADD COLUMN slot_of TEXT REFERENCES practitioner (id);
UPDATE visit SET slot_of = practitioner_id;
DROP INDEX visit_slot;
-- The last word on double booking: a slot has one holder until its visit is cancelled or moved.
CREATE UNIQUE INDEX visit_slot ON visit (slot_of, starts_at_ms)
    WHERE state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system',
                        'rescheduled');
CREATE INDEX visit_clinic_day ON visit (clinic_id, local_date, state);

-- What puts a visit elsewhere in the queue than its time does. A visit without a row has nothing of it.
CREATE TABLE visit_queue (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    is_delayed INTEGER NOT NULL DEFAULT 0 CHECK (is_delayed IN (0, 1)),
    urgent_at_ms INTEGER
) STRICT;
