-- SPDX-License-Identifier: Apache-2.0
-- Visits that were booked together for one patient, every one, two or four weeks. Each is a visit of its own; position
-- is its place in the series, which stays when it is moved. A retried request is answered by key_hash.
CREATE TABLE visit_series (
    id TEXT PRIMARY KEY,
    from_visit_id TEXT NOT NULL REFERENCES visit (id),
    every_weeks INTEGER NOT NULL CHECK (every_weeks IN (1, 2, 4)),
    key_hash TEXT NOT NULL UNIQUE,
    request_hash TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX visit_series_from ON visit_series (from_visit_id, created_at_ms);

CREATE TABLE visit_series_entry (
    series_id TEXT NOT NULL REFERENCES visit_series (id),
    position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 12),
    visit_id TEXT NOT NULL UNIQUE REFERENCES visit (id),
    -- The first one of those that were cancelled together: its message speaks of all of them.
    ended_with TEXT REFERENCES visit (id),
    PRIMARY KEY (series_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_series_ended ON visit_series_entry (ended_with) WHERE ended_with IS NOT NULL;
