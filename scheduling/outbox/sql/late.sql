-- SPDX-License-Identifier: Apache-2.0
-- name: late_get
SELECT minutes, said_at_ms FROM doctor_late WHERE practitioner_id = $1 AND local_date = $2;

-- name: late_set
INSERT INTO doctor_late (practitioner_id, local_date, minutes, said_at_ms, until_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (practitioner_id, local_date) DO UPDATE
SET minutes = excluded.minutes, said_at_ms = excluded.said_at_ms, until_ms = excluded.until_ms;

-- name: late_lapsed
SELECT practitioner_id, local_date, said_at_ms FROM doctor_late
WHERE minutes > 0 AND until_ms <= $1
ORDER BY until_ms
LIMIT $2;

-- name: late_doctor_of_facility
SELECT 1
FROM clinic c
JOIN clinic_member m ON m.clinic_id = c.id AND m.practitioner_id = $2 AND m.is_active = 1
WHERE c.facility_id = $1 AND c.is_active = 1
LIMIT 1;

-- name: late_facilities_of_doctor
SELECT DISTINCT c.facility_id
FROM clinic_member m
JOIN clinic c ON c.id = m.clinic_id
WHERE m.practitioner_id = $1 AND m.is_active = 1 AND c.is_active = 1
ORDER BY c.facility_id;

-- Whose doctor it is, and cannot be another one.
-- name: late_visits
SELECT id, state, starts_at_ms FROM visit
WHERE practitioner_id = $1 AND local_date = $2 AND state IN ('booked', 'checked_in') AND pool = 0
ORDER BY starts_at_ms, id;

-- How often the visit's patient was told, or is being told.
-- name: late_told
SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'sent' OR lease_until_ms IS NOT NULL) FROM notification
WHERE visit_id = $1 AND kind = 'late';

-- name: late_of_doctor
SELECT practitioner_id, minutes FROM doctor_late
WHERE practitioner_id = $1 AND local_date = $2 AND minutes > 0;

-- name: late_of_facility
SELECT DISTINCT l.practitioner_id, l.minutes
FROM clinic c
JOIN clinic_member m ON m.clinic_id = c.id AND m.is_active = 1
JOIN doctor_late l ON l.practitioner_id = m.practitioner_id AND l.local_date = $2
WHERE c.facility_id = $1 AND c.is_active = 1 AND l.minutes > 0
ORDER BY l.practitioner_id;
