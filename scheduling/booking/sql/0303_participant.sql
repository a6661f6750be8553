-- SPDX-License-Identifier: Apache-2.0
-- The same table, its rules written as comparisons: for a list of more than two SQLite makes a temporary table each
-- time a row is written. And its rows lie in the tree of their ids, not in one beside it.
CREATE TABLE participant_kept (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    role TEXT NOT NULL CHECK (role = 'patient' OR role = 'doctor' OR role = 'guest'),
    created_at_ms INTEGER NOT NULL,
    joined_at_ms INTEGER,
    left_at_ms INTEGER,
    is_present INTEGER NOT NULL DEFAULT 0,
    label TEXT CHECK (label = 'interpreter' OR label = 'family' OR label = 'expert')
) STRICT, WITHOUT ROWID;
INSERT INTO participant_kept (id, visit_id, role, created_at_ms, joined_at_ms, left_at_ms, is_present, label)
SELECT id, visit_id, role, created_at_ms, joined_at_ms, left_at_ms, is_present, label FROM participant ORDER BY id;
DROP TABLE participant;
ALTER TABLE participant_kept RENAME TO participant;
CREATE INDEX participant_visit ON participant (visit_id, role);
CREATE INDEX participant_present ON participant (id) WHERE is_present = 1;
CREATE UNIQUE INDEX participant_guest ON participant (visit_id, label) WHERE label IS NOT NULL;
