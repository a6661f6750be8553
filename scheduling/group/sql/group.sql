-- SPDX-License-Identifier: Apache-2.0
-- name: group_insert
INSERT INTO group_session (id, clinic_id, facility_id, practitioner_id, title, starts_at_ms, ends_at_ms, places,
                           is_open, state, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'planned', $10);

-- name: group_set_open
UPDATE group_session SET is_open = $2 WHERE id = $1;

-- name: group_set_state
UPDATE group_session SET state = $2 WHERE id = $1;

-- name: group_row
SELECT g.id, g.title, g.clinic_id, c.name, g.facility_id, f.name, g.practitioner_id, d.name, f.phone,
       g.starts_at_ms, g.ends_at_ms, g.places, g.is_open, g.state,
       (SELECT COUNT(*) FROM visit v WHERE v.group_id = g.id
          AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled'))
FROM group_session g
JOIN clinic c ON c.id = g.clinic_id
JOIN facility f ON f.id = g.facility_id
JOIN practitioner d ON d.id = g.practitioner_id
WHERE g.id = $1;

-- No group is longer than a day: what started before $2 is over.
-- name: group_of_practitioner
SELECT id FROM group_session
WHERE practitioner_id = $1 AND starts_at_ms >= $2 AND state <> 'cancelled'
ORDER BY starts_at_ms, id
LIMIT $3;

-- name: group_of_facility
SELECT id FROM group_session
WHERE facility_id = $1 AND starts_at_ms >= $2 AND state <> 'cancelled'
ORDER BY starts_at_ms, id
LIMIT $3;

-- What anybody may book, between $2 and $3.
-- name: group_of_clinic
SELECT id FROM group_session
WHERE clinic_id = $1 AND starts_at_ms BETWEEN $2 AND $3 AND state = 'planned' AND is_open = 1
ORDER BY starts_at_ms, id
LIMIT $4;

-- name: group_count
SELECT COUNT(*) FROM group_session
WHERE practitioner_id = $1 AND starts_at_ms >= $2 AND state = 'planned';

-- name: group_visits
SELECT v.id, v.state, v.number_text, v.code, v.group_place, v.group_name, p.name,
       (SELECT a.id FROM participant a WHERE a.visit_id = v.id AND a.role = 'patient'),
       (SELECT a.id FROM participant a WHERE a.visit_id = v.id AND a.role = 'doctor'), o.accepted_at_ms,
       v.has_phone, v.is_fixed_line
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
JOIN patient own ON own.id = v.patient_id
JOIN patient p ON p.id = own.person_id
WHERE v.group_id = $1
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY v.group_place;

-- name: group_places_taken
SELECT group_place FROM visit
WHERE group_id = $1
  AND state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY group_place;

-- Whether the person is in the group: by row of patient, else by telephone, birth date and name.
-- name: group_has_person
SELECT 1 FROM visit v
JOIN patient p ON p.id = v.patient_id
WHERE v.group_id = $1
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
  AND (v.patient_id = $2 OR (v.phone_index = $3 AND p.birth_date = $4 AND p.name = $5))
LIMIT 1;

-- name: group_doctor
SELECT c.facility_id
FROM clinic_open c
JOIN clinic_member m ON m.clinic_id = c.id AND m.practitioner_id = $2 AND m.is_active = 1
JOIN practitioner p ON p.id = m.practitioner_id AND p.is_active = 1
WHERE c.id = $1
  AND NOT EXISTS (SELECT 1 FROM login_disabled x WHERE x.user_id = p.user_id);

-- name: group_of_visit
SELECT group_id, group_place FROM visit WHERE id = $1;

-- name: group_set_name
UPDATE visit SET group_name = $2 WHERE id = $1;
