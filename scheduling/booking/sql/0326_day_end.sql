-- SPDX-License-Identifier: Apache-2.0
-- Who is there and not done with, by when it should have been over: no booking stands in it.
CREATE INDEX visit_there_end ON visit (ends_at_ms) WHERE state IN ('checked_in', 'called', 'in_call');
-- Who did not come, by telephone: the next booking is asked about.
CREATE INDEX visit_missed ON visit (phone_index) WHERE state = 'no_show_patient';
