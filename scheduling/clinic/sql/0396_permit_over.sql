-- SPDX-License-Identifier: Apache-2.0
-- From which day on a permit (SIP) holds no more: on its last day it does.
CREATE VIEW permit_over AS
SELECT facility_id, practitioner_id, date(valid_until, '+1 day') AS from_date FROM practice_permit;

-- From which day on the doctor who is to see who is still to come, or waits, may not; who is free in a pool sees the others.
CREATE VIEW visit_permit_over AS
SELECT v.id AS visit_id, o.from_date
FROM visit v
JOIN permit_over o ON o.facility_id = v.facility_id AND o.practitioner_id = v.practitioner_id
WHERE v.state IN ('requested', 'booked', 'checked_in') AND (v.pool = 0 OR v.group_id IS NOT NULL);
