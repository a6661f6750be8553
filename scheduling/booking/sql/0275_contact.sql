-- SPDX-License-Identifier: Apache-2.0
-- Who booked a visit for somebody else: the visit's phone, its messages and its link are this one's. relation is what
-- the contact is to the patient. A visit without a row was booked by, or for, the patient alone.
CREATE TABLE visit_contact (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    name TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('parent', 'child', 'spouse', 'other'))
) STRICT;

-- A newborn has no NIK yet: the mother's stands next to the temporary identity. It tells two children of the same name
-- and birth date apart, and is never taken for the child's own.
ALTER TABLE patient ADD COLUMN mother_nik_sealed TEXT;
ALTER TABLE patient ADD COLUMN mother_nik_index TEXT;

-- Who agreed for the patient, as it was then. Neither: the patient.
ALTER TABLE consent ADD COLUMN giver_name TEXT;
ALTER TABLE consent ADD COLUMN giver_relation TEXT
    CHECK ((giver_relation IS NULL) = (giver_name IS NULL)
           AND COALESCE(giver_relation, 'other') IN ('parent', 'child', 'spouse', 'other'));

-- Who waits may have been put on the list by somebody else, too.
ALTER TABLE wait_entry ADD COLUMN contact_name TEXT;
ALTER TABLE wait_entry ADD COLUMN contact_relation TEXT
    CHECK ((contact_relation IS NULL) = (contact_name IS NULL)
           AND COALESCE(contact_relation, 'other') IN ('parent', 'child', 'spouse', 'other'));
ALTER TABLE wait_entry ADD COLUMN mother_nik_sealed TEXT;
