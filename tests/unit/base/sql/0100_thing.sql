-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE thing (
    id TEXT PRIMARY KEY,
    n INTEGER NOT NULL CHECK (n >= 0),
    weight REAL,
    note TEXT
) STRICT;

CREATE TABLE part (
    id TEXT PRIMARY KEY,
    thing_id TEXT NOT NULL REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
