-- SPDX-License-Identifier: Apache-2.0
-- name: visit_row
SELECT v.id, v.practitioner_id, v.clinic_id, v.facility_id, v.local_date, v.state,
       v.starts_at_ms, v.ends_at_ms, o.accepted_at_ms, o.ended_at_ms, o.n_calls
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
WHERE v.id = $1;

-- name: visit_set_state
UPDATE visit SET state = $2 WHERE id = $1;

-- name: visit_course_step
UPDATE visit_course
SET checked_in_at_ms = COALESCE(checked_in_at_ms, $2),
    called_at_ms = COALESCE(called_at_ms, $3),
    in_call_at_ms = COALESCE(in_call_at_ms, $4),
    n_calls = $5,
    ended_at_ms = COALESCE(ended_at_ms, $6),
    ended_by = COALESCE(ended_by, $7)
WHERE visit_id = $1;

-- name: visit_course_accept
UPDATE visit_course SET accepted_at_ms = COALESCE(accepted_at_ms, $2) WHERE visit_id = $1;

-- name: visit_view
SELECT v.id, v.code, v.number_text, v.state, v.starts_at_ms, v.ends_at_ms, f.name, c.name, d.name,
       f.phone, p.name, v.lang, o.ended_at_ms, o.ended_by, v.practitioner_id, v.facility_id,
       v.local_date, o.checked_in_at_ms, (SELECT MAX(id) FROM visit_event), s.place,
       s.starts_at_ms, s.ends_at_ms
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_session s ON s.visit_id = v.id
JOIN patient p ON p.id = v.patient_id
JOIN clinic c ON c.id = v.clinic_id
JOIN facility f ON f.id = v.facility_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.id = $1;

-- name: visit_participants
SELECT id, role, label FROM participant WHERE visit_id = $1 ORDER BY role DESC, id;

-- name: visit_waiting
SELECT id FROM visit
WHERE practitioner_id = $1 AND local_date = $2 AND state = 'checked_in'
ORDER BY starts_at_ms, id;

-- Those before this visit: who is called already, and who waits with an earlier time.
-- name: queue_ahead
SELECT COUNT(*)
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
WHERE v.practitioner_id = $1 AND v.local_date = $2 AND v.state IN ('called', 'checked_in')
  AND v.id <> $3
  AND (v.state = 'called'
       OR (v.starts_at_ms, o.checked_in_at_ms, v.id) < ($4, $5, $3));

-- name: queue_in_call
SELECT COUNT(*) FROM visit
WHERE practitioner_id = $1 AND local_date = $2 AND state = 'in_call';

-- name: queue_durations
SELECT o.ended_at_ms - o.in_call_at_ms
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
WHERE v.practitioner_id = $1 AND v.local_date = $2 AND v.state = 'done'
  AND o.in_call_at_ms IS NOT NULL
ORDER BY 1;

-- name: day_of_practitioner
SELECT v.id, v.code, v.number_text, v.state, p.name, p.birth_date, p.sex, d.name, c.name,
       v.starts_at_ms, v.ends_at_ms, o.checked_in_at_ms, a.is_present
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
JOIN patient p ON p.id = v.patient_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
WHERE v.practitioner_id = $1 AND v.local_date = $2
ORDER BY v.starts_at_ms, v.number, v.id;

-- name: day_of_facility
SELECT v.id, v.code, v.number_text, v.state, p.name, p.birth_date, p.sex, d.name, c.name,
       v.starts_at_ms, v.ends_at_ms, o.checked_in_at_ms, a.is_present
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
JOIN patient p ON p.id = v.patient_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
WHERE v.facility_id = $1 AND v.local_date = $2
ORDER BY v.starts_at_ms, v.number, v.id;
