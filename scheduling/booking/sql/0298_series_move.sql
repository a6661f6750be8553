-- SPDX-License-Identifier: Apache-2.0
-- Visits of a series that were moved together: the first of the new ones, whose message speaks of all of them. NULL: it was
-- moved alone.
ALTER TABLE visit_move ADD COLUMN told_with TEXT REFERENCES visit (id);
CREATE INDEX visit_move_told ON visit_move (told_with) WHERE told_with IS NOT NULL;
