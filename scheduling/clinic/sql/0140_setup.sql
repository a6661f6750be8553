-- SPDX-License-Identifier: Apache-2.0
-- Setting up: who may practise where and until when, and places that somebody has left.
-- STR: the registration of a person, whose own it is (NULL until: for life).
ALTER TABLE practitioner ADD COLUMN str_number TEXT;
ALTER TABLE practitioner ADD COLUMN str_valid_until TEXT;
CREATE UNIQUE INDEX practitioner_str ON practitioner (str_number) WHERE str_number IS NOT NULL;
-- 0: does not work in this clinic any more; hours and visits of before stay.
ALTER TABLE clinic_member ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1
    CHECK (is_active IN (0, 1));

-- SIP: the permit to practise in one place. Whoever has none on record is not held back.
CREATE TABLE practice_permit (
    facility_id TEXT NOT NULL REFERENCES facility (id),
    practitioner_id TEXT NOT NULL REFERENCES practitioner (id),
    number TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    PRIMARY KEY (facility_id, practitioner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX practice_permit_practitioner ON practice_permit (practitioner_id);
