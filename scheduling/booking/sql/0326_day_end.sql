-- SPDX-License-Identifier: Apache-2.0
-- Who is there and not done with, by when it should have been over: no booking stands in it.
CREATE INDEX visit_there_end ON visit (ends_at_ms) WHERE state IN ('checked_in', 'called', 'in_call');
-- Who did not come, by telephone: the next booking is asked about.
CREATE INDEX visit_missed ON visit (phone_index) WHERE state = 'no_show_patient';
-- Of a person's visits those of one time: a day's list asks it for each of its patients. No visit is longer than a day.
DROP INDEX visit_patient;
CREATE INDEX visit_patient ON visit (patient_id, starts_at_ms);
