-- SPDX-License-Identifier: Apache-2.0
-- Why the patient comes, in the words of whoever booked. Doctors read it.
CREATE TABLE visit_reason (
    visit_id TEXT PRIMARY KEY REFERENCES visit (id),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 200)
) STRICT;
