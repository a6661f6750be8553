-- SPDX-License-Identifier: Apache-2.0
-- The same table; its rows lie in the tree of the visits' ids, not in one beside it: one look instead of two for each
-- visit of a list, one row instead of two for each booking.
CREATE TABLE visit_course_kept (
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
) STRICT, WITHOUT ROWID;
INSERT INTO visit_course_kept (visit_id, checked_in_at_ms, called_at_ms, n_calls, accepted_at_ms, in_call_at_ms,
                               ended_at_ms, ended_by, both_start_ms, both_end_ms, both_ms, both_open_since_ms, media_open)
SELECT visit_id, checked_in_at_ms, called_at_ms, n_calls, accepted_at_ms, in_call_at_ms, ended_at_ms, ended_by,
       both_start_ms, both_end_ms, both_ms, both_open_since_ms, media_open
FROM visit_course ORDER BY visit_id;
DROP TABLE visit_course;
ALTER TABLE visit_course_kept RENAME TO visit_course;
CREATE INDEX visit_course_open ON visit_course (visit_id) WHERE media_open = 1;
