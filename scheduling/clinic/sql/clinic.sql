-- SPDX-License-Identifier: Apache-2.0
-- name: directory_facilities
SELECT f.id, f.name, f.kind, f.area_code, f.address, f.phone, a.name, p.name, p.kind
FROM facility f
JOIN area a ON a.code = f.area_code
LEFT JOIN area p ON p.code = a.parent_code
WHERE f.is_active = 1
ORDER BY f.name;

-- name: directory_clinics
SELECT c.facility_id, c.id, c.name
FROM clinic_open c
ORDER BY c.facility_id, c.letter;

-- name: directory_doctors
SELECT m.clinic_id, p.id, p.name
FROM clinic_member m
JOIN practitioner p ON p.id = m.practitioner_id
WHERE p.is_active = 1 AND m.is_active = 1
ORDER BY m.clinic_id, p.name;

-- name: facility_name
SELECT name FROM facility WHERE id = $1;

-- name: practitioner_by_user
SELECT id, name FROM practitioner WHERE user_id = $1 AND is_active = 1;

-- name: practitioner_link_user
UPDATE practitioner SET user_id = $2 WHERE id = $1;

-- For whom account $1 stands, unless it is so already: $2, whether it is to be disabled.
-- name: practitioner_of_login
SELECT id FROM practitioner
WHERE user_id = $1 AND EXISTS (SELECT 1 FROM login_disabled WHERE user_id = $1) <> $2;

-- name: clinic_exists
SELECT 1 FROM clinic_open WHERE id = $1;

-- Of facility $2; NULL: of any. The clinic or its facility is archived.
-- name: clinic_is_archived
SELECT 1 FROM clinic
WHERE id = $1 AND ($2 IS NULL OR facility_id = $2) AND NOT EXISTS (SELECT 1 FROM clinic_open WHERE id = $1);

-- name: clinic_member_exists
SELECT 1 FROM clinic_member m
JOIN practitioner p ON p.id = m.practitioner_id
WHERE m.clinic_id = $1 AND m.practitioner_id = $2 AND m.is_active = 1 AND p.is_active = 1;

-- What already holds time of a doctor, in order, whoever has taken it since. Demo visits start at odd moments
-- and hold none, nor do visits without an appointment; a group holds it for its patients. What is kept for somebody
-- at $4 counts, too. The states as the index has them.
-- name: slot_claims
SELECT v.starts_at_ms, v.ends_at_ms, COALESCE(s.before_ms, 0), COALESCE(s.after_ms, 0), v.is_extra
FROM visit v
LEFT JOIN visit_service s ON s.visit_id = v.id
WHERE v.slot_of = $1 AND v.starts_at_ms >= $2 AND v.starts_at_ms < $3 AND v.mode = 'slot'
  AND v.group_id IS NULL
  AND v.state <> 'cancelled_patient' AND v.state <> 'cancelled_provider' AND v.state <> 'cancelled_system'
  AND v.state <> 'rescheduled'
UNION ALL
SELECT starts_at_ms, ends_at_ms, 0, 0, 0
FROM group_session
WHERE practitioner_id = $1 AND starts_at_ms >= $2 AND starts_at_ms < $3 AND state <> 'cancelled'
UNION ALL
SELECT starts_at_ms, ends_at_ms, before_ms, after_ms, 0
FROM slot_hold
WHERE practitioner_id = $1 AND starts_at_ms >= $2 AND starts_at_ms < $3 AND expires_at_ms > $4
ORDER BY 1;
