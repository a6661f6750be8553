-- SPDX-License-Identifier: Apache-2.0
-- Several rows of patient can be one person: each visit keeps the row that it was booked with, and person_id says
-- whose row it is. merged_into is the tree of merges, so that any one of them can be undone. person_index is a keyed
-- hash of name and birth date; the program fills it for rows of before.
ALTER TABLE patient ADD COLUMN person_id TEXT REFERENCES patient (id);
ALTER TABLE patient ADD COLUMN merged_into TEXT REFERENCES patient (id);
ALTER TABLE patient ADD COLUMN person_index TEXT;
UPDATE patient SET person_id = id;
CREATE INDEX patient_person ON patient (person_id);
CREATE INDEX patient_merged ON patient (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX patient_person_index ON patient (person_index, created_at_ms, id) WHERE person_index IS NOT NULL;
CREATE INDEX patient_unindexed ON patient (id) WHERE person_index IS NULL;

-- Two rows that may be one person; first_id is the older one.
CREATE TABLE patient_pair (
    id TEXT PRIMARY KEY,
    first_id TEXT NOT NULL REFERENCES patient (id),
    second_id TEXT NOT NULL REFERENCES patient (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'merged', 'different')),
    found_at_ms INTEGER NOT NULL,
    UNIQUE (first_id, second_id),
    CHECK (first_id <> second_id)
) STRICT;
CREATE INDEX patient_pair_second ON patient_pair (second_id);
CREATE INDEX patient_pair_state ON patient_pair (state, found_at_ms);

-- What was decided of a pair, by whom and why; only ever added to.
CREATE TABLE patient_pair_event (
    id INTEGER PRIMARY KEY,
    pair_id TEXT NOT NULL REFERENCES patient_pair (id),
    kind TEXT NOT NULL CHECK (kind IN ('merged', 'different', 'undone')),
    kept_id TEXT REFERENCES patient (id),
    merged_id TEXT REFERENCES patient (id),
    reason TEXT NOT NULL,
    by_user TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    CHECK ((kind = 'different') = (merged_id IS NULL) OR kind = 'undone')
) STRICT;
CREATE INDEX patient_pair_event_pair ON patient_pair_event (pair_id, id);
CREATE TRIGGER patient_pair_event_never_updated BEFORE UPDATE ON patient_pair_event
BEGIN
    SELECT RAISE(ABORT, 'what was decided of patients is never changed');
END;
CREATE TRIGGER patient_pair_event_never_deleted BEFORE DELETE ON patient_pair_event
BEGIN
    SELECT RAISE(ABORT, 'what was decided of patients is never removed');
END;
