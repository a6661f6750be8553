-- SPDX-License-Identifier: Apache-2.0
-- The doctor's note of a visit: the text as it is now, what it was before, and what was added after
-- it was signed. A signed note, its diagnoses, the kept texts and the addenda never change.
CREATE TABLE note (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    revision INTEGER NOT NULL CHECK (revision > 0),
    author_id TEXT NOT NULL REFERENCES practitioner (id),
    saved_at_ms INTEGER NOT NULL,
    subjective TEXT NOT NULL,
    objective TEXT NOT NULL,
    assessment TEXT NOT NULL,
    plan TEXT NOT NULL,
    allergies TEXT NOT NULL,
    systolic_mmhg INTEGER CHECK (systolic_mmhg BETWEEN 40 AND 300),
    diastolic_mmhg INTEGER CHECK (diastolic_mmhg BETWEEN 20 AND 200),
    pulse_per_min INTEGER CHECK (pulse_per_min BETWEEN 20 AND 300),
    breaths_per_min INTEGER CHECK (breaths_per_min BETWEEN 4 AND 100),
    temperature_tenth_c INTEGER CHECK (temperature_tenth_c BETWEEN 300 AND 450),
    oxygen_percent INTEGER CHECK (oxygen_percent BETWEEN 50 AND 100),
    weight_g INTEGER CHECK (weight_g BETWEEN 300 AND 400000),
    height_cm INTEGER CHECK (height_cm BETWEEN 20 AND 260),
    glucose_mgdl INTEGER CHECK (glucose_mgdl BETWEEN 10 AND 1500),
    hash TEXT NOT NULL,
    kept_at_ms INTEGER NOT NULL,
    signed_at_ms INTEGER
) STRICT;

CREATE TRIGGER note_signed_stays BEFORE UPDATE ON note WHEN OLD.signed_at_ms IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a signed note is never changed');
END;
CREATE TRIGGER note_never_deleted BEFORE DELETE ON note
BEGIN
    SELECT RAISE(ABORT, 'notes are never removed');
END;

-- By position: the first is the main diagnosis. The name as it was when it was chosen.
CREATE TABLE note_diagnosis (
    visit_id TEXT NOT NULL REFERENCES note (visit_id),
    position INTEGER NOT NULL CHECK (position > 0),
    code TEXT NOT NULL REFERENCES icd10 (code),
    name TEXT NOT NULL,
    PRIMARY KEY (visit_id, position),
    UNIQUE (visit_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_diagnosis_code ON note_diagnosis (code);

CREATE TRIGGER note_diagnosis_stays BEFORE DELETE ON note_diagnosis
WHEN EXISTS (SELECT 1 FROM note WHERE visit_id = OLD.visit_id AND signed_at_ms IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'a signed note is never changed');
END;
CREATE TRIGGER note_diagnosis_added BEFORE INSERT ON note_diagnosis
WHEN EXISTS (SELECT 1 FROM note WHERE visit_id = NEW.visit_id AND signed_at_ms IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'a signed note is never changed');
END;
CREATE TRIGGER note_diagnosis_updated BEFORE UPDATE ON note_diagnosis
BEGIN
    SELECT RAISE(ABORT, 'diagnoses are written anew, not changed');
END;

-- Whole texts of earlier revisions, and of the signed one.
CREATE TABLE note_kept (
    visit_id TEXT NOT NULL REFERENCES note (visit_id),
    revision INTEGER NOT NULL,
    author_id TEXT NOT NULL REFERENCES practitioner (id),
    saved_at_ms INTEGER NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (visit_id, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER note_kept_never_updated BEFORE UPDATE ON note_kept
BEGIN
    SELECT RAISE(ABORT, 'kept texts are never changed');
END;
CREATE TRIGGER note_kept_never_deleted BEFORE DELETE ON note_kept
BEGIN
    SELECT RAISE(ABORT, 'kept texts are never removed');
END;

CREATE TABLE note_addendum (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES note (visit_id),
    request_key TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES practitioner (id),
    added_at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (visit_id, request_key)
) STRICT;
CREATE TRIGGER note_addendum_never_updated BEFORE UPDATE ON note_addendum
BEGIN
    SELECT RAISE(ABORT, 'addenda are never changed');
END;
CREATE TRIGGER note_addendum_never_deleted BEFORE DELETE ON note_addendum
BEGIN
    SELECT RAISE(ABORT, 'addenda are never removed');
END;
