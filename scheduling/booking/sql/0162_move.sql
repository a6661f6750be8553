-- SPDX-License-Identifier: Apache-2.0
-- Which visit came after one that was moved, or that the patient had missed. A visit has at most one after it
-- and one before it.
CREATE TABLE visit_move (
    from_visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    to_visit_id TEXT NOT NULL UNIQUE REFERENCES visit (id),
    at_ms INTEGER NOT NULL
) STRICT;
