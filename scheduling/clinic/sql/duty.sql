-- SPDX-License-Identifier: Apache-2.0
-- The doctors of clinic $1 of facility $2, or $3 alone, on day $4: in the clinic still, the account disabled, permit run
-- out, on leave, and whether the day has somebody of theirs. An unclaimed visit of the pool is nobody's.
-- name: duty_of_clinic
SELECT p.id, p.is_active AND m.is_active,
       EXISTS (SELECT 1 FROM login_disabled x WHERE x.user_id = p.user_id),
       EXISTS (SELECT 1 FROM permit_over o
               WHERE o.facility_id = c.facility_id AND o.practitioner_id = p.id AND o.from_date <= $4),
       EXISTS (SELECT 1 FROM hours_leave l
               WHERE l.practitioner_id = p.id AND l.until_date >= $4 AND l.from_date <= $4),
       EXISTS (SELECT 1 FROM visit v
               WHERE v.practitioner_id = p.id AND v.local_date = $4 AND v.clinic_id = c.id
                 AND (v.state IN ('called', 'in_call', 'done')
                      OR (v.pool = 0 AND v.state IN ('booked', 'checked_in'))))
FROM clinic_open c
JOIN clinic_member m ON m.clinic_id = c.id
JOIN practitioner p ON p.id = m.practitioner_id
WHERE c.id = $1 AND c.facility_id = $2 AND ($3 IS NULL OR m.practitioner_id = $3)
ORDER BY p.id;

-- Run out in facility $2, NULL: in any.
-- name: duty_permit_over
SELECT 1 FROM permit_over WHERE practitioner_id = $1 AND ($2 IS NULL OR facility_id = $2) AND from_date <= $3 LIMIT 1;

-- name: duty_clinics
SELECT id FROM clinic_open WHERE facility_id = $1 ORDER BY id;
