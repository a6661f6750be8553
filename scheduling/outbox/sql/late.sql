-- SPDX-License-Identifier: Apache-2.0
-- name: late_get
SELECT minutes, said_at_ms, until_ms FROM doctor_late WHERE practitioner_id = $1 AND local_date = $2;

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
FROM clinic_open c
JOIN clinic_member m ON m.clinic_id = c.id AND m.practitioner_id = $2 AND m.is_active = 1
WHERE c.facility_id = $1
LIMIT 1;

-- name: late_facilities_of_doctor
SELECT DISTINCT c.facility_id
FROM clinic_member m
JOIN clinic_open c ON c.id = m.clinic_id
WHERE m.practitioner_id = $1 AND m.is_active = 1
ORDER BY c.facility_id;

-- Whose doctor it is, and cannot be another one: also in a pool of this doctor alone.
-- name: late_visits
SELECT v.id, v.state, v.starts_at_ms, v.is_fixed_line FROM visit v
WHERE v.practitioner_id = $1 AND v.local_date = $2 AND v.state IN ('booked', 'checked_in')
  AND (v.pool = 0 OR NOT EXISTS (SELECT 1 FROM clinic_member m
                                 WHERE m.clinic_id = v.clinic_id AND m.practitioner_id <> $1 AND m.is_active = 1))
ORDER BY v.starts_at_ms, v.id;

-- Who was not told what was said last, because the time was too far away then or the booking came later. Neither whom
-- a post took down, who has no messages, nor whoever was told $4 times: each sweep would find them anew.
-- name: late_untold
SELECT v.id, l.practitioner_id, l.local_date, l.minutes, l.said_at_ms
FROM doctor_late l
JOIN visit v ON v.practitioner_id = l.practitioner_id AND v.local_date = l.local_date
WHERE l.minutes > 0 AND l.until_ms > $1 AND v.state IN ('booked', 'checked_in')
  AND (v.state = 'checked_in' OR (v.starts_at_ms <= $1 + $2 AND v.starts_at_ms <= l.until_ms))
  AND (v.pool = 0 OR NOT EXISTS (SELECT 1 FROM clinic_member m
                                 WHERE m.clinic_id = v.clinic_id AND m.practitioner_id <> l.practitioner_id
                                   AND m.is_active = 1))
  AND NOT EXISTS (SELECT 1 FROM notification n
                  WHERE n.visit_id = v.id AND n.kind = 'late' AND n.occurrence >= l.said_at_ms)
  AND v.has_phone = 1 AND NOT EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id)
  AND (SELECT COUNT(*) FROM late_to_phone n WHERE n.visit_id = v.id) < $4
ORDER BY v.starts_at_ms, v.id
LIMIT $3;

-- name: late_other_doctor
SELECT 1 FROM clinic_member WHERE clinic_id = $1 AND practitioner_id <> $2 AND is_active = 1 LIMIT 1;

-- How often the visit's patient was told, or is being told.
-- name: late_told
SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'sent' OR lease_until_ms IS NOT NULL) FROM late_to_phone
WHERE visit_id = $1;

-- name: late_message
SELECT 1 FROM late_to_phone WHERE visit_id = $1 AND state IN ('waiting', 'sent') LIMIT 1;

-- $3: so long before the start a soon is due.
-- name: late_let_go
UPDATE notification
SET due_at_ms = (SELECT starts_at_ms FROM visit WHERE id = notification.visit_id) - $3, reason = NULL
WHERE kind = 'soon' AND state = 'waiting' AND reason = 'late'
  AND visit_id IN (SELECT id FROM visit WHERE practitioner_id = $1 AND local_date = $2);

-- name: late_of_doctor
SELECT practitioner_id, minutes FROM doctor_late
WHERE practitioner_id = $1 AND local_date = $2 AND minutes > 0;

-- name: late_of_facility
SELECT DISTINCT l.practitioner_id, l.minutes
FROM clinic_open c
JOIN clinic_member m ON m.clinic_id = c.id AND m.is_active = 1
JOIN doctor_late l ON l.practitioner_id = m.practitioner_id AND l.local_date = $2
WHERE c.facility_id = $1 AND l.minutes > 0
ORDER BY l.practitioner_id;
