-- SPDX-License-Identifier: Apache-2.0
-- What a booking must write: one page for each index that it stands in, anywhere in it. Dropped or made partial is
-- what no statement needs of a visit that is booked and still to come; every reading statement has an index as before.

-- Only the demo looks for a doctor's last odd moment; who asks for a doctor's visits has the day's index.
DROP INDEX visit_practitioner_start;
CREATE INDEX visit_demo_start ON visit (practitioner_id, starts_at_ms) WHERE mode = 'demo';

-- A facility's day is that of its clinics, which visit_number has.
DROP INDEX visit_facility_day;
-- Without the facility a day's rows stand in the order in which they were booked, so that those of now go to one place.
DROP INDEX visit_day;
CREATE INDEX visit_day ON visit (local_date);

-- Of a clinic's day, apart from its numbers, the queue asks for those who have come, and a doctor for those of the pool.
DROP INDEX visit_clinic_day;
CREATE INDEX visit_clinic_day ON visit (clinic_id, local_date, state) WHERE state <> 'booked';
CREATE INDEX visit_pool_day ON visit (clinic_id, local_date, state) WHERE pool = 1;

-- By time only what is booked or called comes to an end.
DROP INDEX visit_state_end;
CREATE INDEX visit_booked_end ON visit (ends_at_ms) WHERE state = 'booked';
CREATE INDEX visit_called ON visit (state) WHERE state IN ('called', 'in_call');

-- Who has the telephone is asked of visits that are not over. The first 32 bits of the keyed hash find them.
DROP INDEX visit_phone;
CREATE INDEX visit_phone_open ON visit (substr(phone_index, 1, 8))
    WHERE state = 'requested' OR state = 'booked' OR state = 'checked_in' OR state = 'called' OR state = 'in_call';

-- As before, in comparisons: for a list of more than two SQLite makes a temporary table each time a visit is written.
-- The last word on double booking: a slot has one holder until its visit is cancelled or moved.
DROP INDEX visit_slot;
CREATE UNIQUE INDEX visit_slot ON visit (slot_of, starts_at_ms)
    WHERE state <> 'cancelled_patient' AND state <> 'cancelled_provider' AND state <> 'cancelled_system'
      AND state <> 'rescheduled';

-- Nothing asks which links have ended.
DROP INDEX join_token_expiry;
