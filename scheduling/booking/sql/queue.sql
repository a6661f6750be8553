-- SPDX-License-Identifier: Apache-2.0
-- state <> 'booked': see visit.sql.

-- Of day $2 and, as its own that come first, of the day before ($3, $4; queue_day.h).
-- Who waits for a doctor by name; who sits at the facility is there, whatever the page does. Who waits for a group's
-- begin stands in no queue, and how long groups take says nothing of consultations.
-- name: queue_of_doctor
SELECT v.id, v.starts_at_ms, o.checked_in_at_ms, q.urgent_at_ms, v.slot_of IS NULL, q.is_delayed,
       v.way = 'in_person' OR a.is_present, v.is_extra, v.ends_at_ms, s.service_id, COALESCE(e.starts_at_ms, v.starts_at_ms),
       v.local_date = $3
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN visit_session e ON e.visit_id = v.id
LEFT JOIN visit_queue q ON q.visit_id = v.id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
WHERE v.practitioner_id = $1 AND v.local_date IN ($2, $3) AND v.state = 'checked_in' AND v.pool = 0
  AND v.group_id IS NULL;

-- Who waits in a clinic for whichever doctor is free; with $3 = 0 also those who wait for one by name.
-- name: queue_of_clinic
SELECT v.id, v.starts_at_ms, o.checked_in_at_ms, q.urgent_at_ms, v.slot_of IS NULL, q.is_delayed,
       v.way = 'in_person' OR a.is_present, v.is_extra, v.ends_at_ms, s.service_id, COALESCE(e.starts_at_ms, v.starts_at_ms),
       v.local_date = $4
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_service s ON s.visit_id = v.id
LEFT JOIN visit_session e ON e.visit_id = v.id
LEFT JOIN visit_queue q ON q.visit_id = v.id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
WHERE v.clinic_id = $1 AND v.local_date IN ($2, $4) AND v.state = 'checked_in' AND v.state <> 'booked' AND v.pool >= $3
  AND v.group_id IS NULL;

-- name: queue_clinics_of_doctor
SELECT m.clinic_id
FROM clinic_member m
JOIN clinic_open c ON c.id = m.clinic_id
WHERE m.practitioner_id = $1 AND m.is_active = 1
ORDER BY m.clinic_id;

-- A page that is open is nobody who sits at the facility.
-- name: queue_patient_present
SELECT 1 FROM participant a
JOIN visit v ON v.id = a.visit_id
WHERE a.visit_id = $1 AND a.role = 'patient' AND a.is_present = 1 AND v.way IS NULL;

-- With whom a doctor is busy; $3: who is called by id. Those that the demo made are called by id as one likes.
-- name: queue_doctor_busy
SELECT id FROM visit
WHERE practitioner_id = $1 AND local_date IN ($2, $4) AND state IN ('called', 'in_call')
  AND ($3 IS NULL OR (id <> $3 AND mode = 'slot'))
ORDER BY id
LIMIT 1;

-- How many a doctor has called or talks with on this day, what was booked for those, and when the last was called.
-- name: queue_served_by_doctor
SELECT v.practitioner_id, COUNT(*) FILTER (WHERE v.state = 'called'), COUNT(*) FILTER (WHERE v.state = 'in_call'),
       SUM(v.ends_at_ms - v.starts_at_ms) FILTER (WHERE v.state = 'called'),
       SUM(v.ends_at_ms - v.starts_at_ms) FILTER (WHERE v.state = 'in_call'),
       MAX(COALESCE(o.ended_at_ms, o.called_at_ms))
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
WHERE v.practitioner_id = $1 AND v.local_date IN ($2, $3) AND v.state IN ('called', 'in_call')
GROUP BY v.practitioner_id;

-- The same of each doctor of a clinic who has called somebody on this day, or had somebody since $4 on the day before; the last of all, and when it ended.
-- name: queue_served_in_clinic
SELECT v.practitioner_id, COUNT(*) FILTER (WHERE v.state = 'called'), COUNT(*) FILTER (WHERE v.state = 'in_call'),
       SUM(v.ends_at_ms - v.starts_at_ms) FILTER (WHERE v.state = 'called'),
       SUM(v.ends_at_ms - v.starts_at_ms) FILTER (WHERE v.state = 'in_call'),
       MAX(COALESCE(o.ended_at_ms, o.called_at_ms))
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
WHERE v.clinic_id = $1 AND v.local_date IN ($2, $3) AND v.state IN ('called', 'in_call', 'done') AND v.state <> 'booked'
  AND (v.local_date = $2 OR v.state <> 'done' OR o.ended_at_ms > $4)
  AND o.called_at_ms IS NOT NULL
GROUP BY v.practitioner_id;

-- How long consultations took from day $2 to day $3, and for which service: the newest days' first.
-- name: queue_took_of_doctor
SELECT o.ended_at_ms - o.in_call_at_ms, s.service_id
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_service s ON s.visit_id = v.id
WHERE v.practitioner_id = $1 AND v.local_date BETWEEN $2 AND $3 AND v.state = 'done'
  AND o.in_call_at_ms IS NOT NULL AND v.group_id IS NULL
ORDER BY v.local_date DESC
LIMIT $4;

-- name: queue_took_of_clinic
SELECT o.ended_at_ms - o.in_call_at_ms, s.service_id
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_service s ON s.visit_id = v.id
WHERE v.clinic_id = $1 AND v.local_date BETWEEN $2 AND $3 AND v.state = 'done' AND v.state <> 'booked'
  AND o.in_call_at_ms IS NOT NULL AND v.group_id IS NULL
ORDER BY v.local_date DESC
LIMIT $4;

-- name: queue_claim
UPDATE visit SET practitioner_id = $2 WHERE id = $1;

-- Whose place a visit has; NULL: it has none.
-- name: queue_slot_of
SELECT slot_of FROM visit WHERE id = $1;

-- name: queue_take_slot
UPDATE visit SET slot_of = $2 WHERE id = $1;

-- name: queue_revoke_doctor
UPDATE join_token SET revoked_at_ms = $2
WHERE participant_id IN (SELECT id FROM participant WHERE visit_id = $1 AND role = 'doctor')
  AND revoked_at_ms IS NULL;

-- name: queue_number
SELECT number_text FROM visit WHERE id = $1;

-- The event says when it was answered.
-- name: queue_unaccept
UPDATE visit_course SET accepted_at_ms = NULL WHERE visit_id = $1;

-- name: queue_delay
INSERT INTO visit_queue (visit_id, is_delayed) VALUES ($1, $2)
ON CONFLICT (visit_id) DO UPDATE SET is_delayed = excluded.is_delayed;

-- An emergency is not held back for what was before.
-- Said twice it is one since it was said first; NULL: it is none.
-- name: queue_urgent
INSERT INTO visit_queue (visit_id, urgent_at_ms) VALUES ($1, $2)
ON CONFLICT (visit_id) DO UPDATE
SET urgent_at_ms = CASE WHEN excluded.urgent_at_ms IS NULL THEN NULL
                        ELSE COALESCE(visit_queue.urgent_at_ms, excluded.urgent_at_ms) END,
    is_delayed = 0;
