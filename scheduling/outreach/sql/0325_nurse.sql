-- SPDX-License-Identifier: Apache-2.0
-- What a nurse did beside a patient: put the own name to whom she saw, came, left. withdrawn: who it is was written
-- anew, so that nobody has signed for it. name: as the account had it then, "" of withdrawn.
CREATE TABLE nurse_step (
    id INTEGER PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    step TEXT NOT NULL CHECK (step IN ('countersigned', 'withdrawn', 'joined', 'left')),
    seen TEXT CHECK (seen IN ('ktp', 'family_card', 'other', 'known')),
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    CHECK ((step = 'countersigned') = (seen IS NOT NULL))
) STRICT;
CREATE INDEX nurse_step_visit ON nurse_step (visit_id, id);
CREATE TRIGGER nurse_step_never_updated BEFORE UPDATE ON nurse_step
BEGIN
    SELECT RAISE(ABORT, 'what a nurse did is never changed');
END;
CREATE TRIGGER nurse_step_never_deleted BEFORE DELETE ON nurse_step
BEGIN
    SELECT RAISE(ABORT, 'what a nurse did is never removed');
END;
