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
-- Those who wait, for who looks every few seconds whether somebody waits in vain.
CREATE INDEX visit_checked_in ON visit (local_date) WHERE state = 'checked_in';

-- Whose visits are asked for is found by NIK, or by name and birth date, which are rarer than telephones.
DROP INDEX visit_phone;

-- As before, in comparisons: for a list of more than two SQLite makes a temporary table each time a visit is written.
-- The last word on double booking: a slot has one holder of each kind, and each place of a group one, until its
-- visit is cancelled or moved.
DROP INDEX visit_slot;
CREATE UNIQUE INDEX visit_slot ON visit (slot_of, starts_at_ms, is_extra, group_place)
    WHERE state <> 'cancelled_patient' AND state <> 'cancelled_provider' AND state <> 'cancelled_system'
      AND state <> 'rescheduled';

-- As before, in two statements: UNION makes a temporary table each time a visit is written.
DROP TRIGGER patient_pair_visit;
CREATE TRIGGER patient_pair_visit AFTER INSERT ON visit
BEGIN
    INSERT INTO patient_pair_facility (facility_id, state, pair_id)
    SELECT NEW.facility_id, q.state, q.id FROM patient_pair q WHERE q.first_id = NEW.patient_id
    ON CONFLICT DO NOTHING;
    INSERT INTO patient_pair_facility (facility_id, state, pair_id)
    SELECT NEW.facility_id, q.state, q.id FROM patient_pair q WHERE q.second_id = NEW.patient_id
    ON CONFLICT DO NOTHING;
END;
