-- SPDX-License-Identifier: Apache-2.0
-- Which visit was booked by the doctor of an earlier one, to see the patient again.
CREATE TABLE visit_follow_up (
    to_visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    from_visit_id TEXT NOT NULL REFERENCES visit (id),
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX visit_follow_up_from ON visit_follow_up (from_visit_id);
