-- SPDX-License-Identifier: Apache-2.0
-- How late a doctor said to be on a local day; minutes 0: not any more. Nobody need take it back: at until_ms it
-- lapses.
CREATE TABLE doctor_late (
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    local_date TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 180),
    said_at_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (practitioner_id, local_date)
) STRICT, WITHOUT ROWID;
CREATE INDEX doctor_late_until ON doctor_late (until_ms) WHERE minutes > 0;
