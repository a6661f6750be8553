-- SPDX-License-Identifier: Apache-2.0
-- Additional places: so many percent of the regular ones, which staff may give when those are taken. A slot has one
-- regular holder and one additional one at most.
ALTER TABLE hours_rule ADD COLUMN extra_percent INTEGER NOT NULL DEFAULT 0 CHECK (extra_percent BETWEEN 0 AND 50);
ALTER TABLE hours_override ADD COLUMN extra_percent INTEGER NOT NULL DEFAULT 0
    CHECK (extra_percent BETWEEN 0 AND 50);
ALTER TABLE visit ADD COLUMN is_extra INTEGER NOT NULL DEFAULT 0 CHECK (is_extra IN (0, 1));
DROP INDEX visit_slot;
-- The last word on double booking: a slot has one holder of each kind until its visit is cancelled or moved.
CREATE UNIQUE INDEX visit_slot ON visit (slot_of, starts_at_ms, is_extra)
    WHERE state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system',
                        'rescheduled');
