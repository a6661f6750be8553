-- SPDX-License-Identifier: Apache-2.0
-- name: board_clinic
SELECT c.name, f.name
FROM clinic_open c
JOIN facility f ON f.id = c.facility_id
WHERE c.id = $1;

-- Who is called or talks on day $2, or of the day before, $4: the one that was called last first. state <> 'booked': see visit.sql.
-- name: board_called
SELECT v.number_text, d.name, v.state, v.local_date = $4
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.clinic_id = $1 AND v.local_date IN ($2, $4) AND v.state IN ('called', 'in_call')
  AND v.state <> 'booked'
ORDER BY o.called_at_ms DESC, v.number DESC
LIMIT $3;

-- How many of the day were let go first, also those for whom that has ended.
-- name: board_urgent
SELECT COUNT(*) FROM visit v
WHERE v.clinic_id = $1 AND v.local_date = $2
  AND EXISTS (SELECT 1 FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'urgent');
