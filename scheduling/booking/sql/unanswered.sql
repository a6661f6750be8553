-- SPDX-License-Identifier: Apache-2.0
-- Who waits on day $1 or since the day before, $3, or is to be phoned and was not, has been due before $2, and since when; what has been said of
-- it. The indexes hold those who wait, and those who are to be phoned; who was phoned: as in visit_was_phoned.
-- name: unanswered_waiting
SELECT v.id, v.starts_at_ms,
       (SELECT MAX(e.at_ms) FROM visit_event e
        WHERE e.visit_id = v.id AND e.kind = CASE v.state WHEN 'booked' THEN 'converted_phone' ELSE 'checked_in' END),
       u.told_at_ms, u.escalated_at_ms
FROM visit v
LEFT JOIN unanswered u ON u.visit_id = v.id AND u.answered_at_ms IS NULL
WHERE v.id IN (
    SELECT id FROM visit
    WHERE state = 'checked_in' AND ends_at_ms > $2 - 86400000 AND local_date IN ($1, $3) AND starts_at_ms <= $2
    UNION ALL
    SELECT w.id FROM visit w
    WHERE w.state = 'booked' AND w.way = 'phone' AND w.ends_at_ms > $2 - 86400000 AND w.local_date IN ($1, $3)
      AND w.starts_at_ms <= $2
      AND NOT EXISTS (
          SELECT 1 FROM visit_event h
          WHERE h.visit_id = w.id AND h.kind = 'phone_shown' AND h.actor = 'doctor' AND h.at_ms > w.starts_at_ms - 43200000
            AND h.id > COALESCE((SELECT MAX(s.id) FROM visit_event s
                                 WHERE s.visit_id = w.id AND s.kind IN ('converted_phone', 'phone_changed')), 0)))
ORDER BY v.starts_at_ms, v.id;

-- When the doctor was last at work with somebody on day $2, or of the day before, $4; $3, which is now, while in a call.
-- name: unanswered_work_of_doctor
SELECT MAX(CASE
    WHEN v.state = 'in_call' AND a.is_present = 1 THEN $3
    WHEN v.state = 'in_call' THEN COALESCE(a.left_at_ms, o.in_call_at_ms)
    WHEN v.state IN ('called', 'checked_in')
        THEN (SELECT MAX(e.at_ms) FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'called')
    ELSE o.ended_at_ms END)
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'doctor'
WHERE v.practitioner_id = $1 AND v.local_date IN ($2, $4) AND o.called_at_ms IS NOT NULL
  AND (v.state IN ('in_call', 'called', 'checked_in') OR o.ended_by = 'doctor');

-- The same of the doctors of a clinic, of whom any would do. state <> 'booked': see visit.sql.
-- name: unanswered_work_of_clinic
SELECT MAX(CASE
    WHEN v.state = 'in_call' AND a.is_present = 1 THEN $3
    WHEN v.state = 'in_call' THEN COALESCE(a.left_at_ms, o.in_call_at_ms)
    WHEN v.state IN ('called', 'checked_in')
        THEN (SELECT MAX(e.at_ms) FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'called')
    ELSE o.ended_at_ms END)
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'doctor'
WHERE v.clinic_id = $1 AND v.local_date IN ($2, $4) AND v.state <> 'booked' AND o.called_at_ms IS NOT NULL
  AND (v.state IN ('in_call', 'called', 'checked_in') OR o.ended_by = 'doctor');

-- name: unanswered_tell
INSERT INTO unanswered (visit_id, since_ms, told_at_ms, n_told, n_escalated) VALUES ($1, $2, $3, 1, 0)
ON CONFLICT (visit_id) DO UPDATE
SET since_ms = excluded.since_ms, told_at_ms = excluded.told_at_ms, escalated_at_ms = NULL,
    answered_at_ms = NULL, n_told = unanswered.n_told + 1;

-- name: unanswered_escalate
UPDATE unanswered SET escalated_at_ms = $2, n_escalated = n_escalated + 1 WHERE visit_id = $1;

-- name: unanswered_end
UPDATE unanswered SET answered_at_ms = $2 WHERE visit_id = $1 AND answered_at_ms IS NULL;

-- What a coordinator sees, of the facility $2 or of all: no patient.
-- name: unanswered_escalated
SELECT v.id, v.number_text, f.name, c.name, CASE WHEN v.pool = 1 THEN '' ELSE d.name END, u.since_ms,
       u.escalated_at_ms, COALESCE(v.way, 'video'), v.clinic_id, v.facility_id, v.practitioner_id,
       v.pool = 1 AND v.group_id IS NULL, v.local_date, q.urgent_at_ms IS NOT NULL,
       EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id)
       OR EXISTS (SELECT 1 FROM visit_service WHERE visit_id = v.id AND mode = 'assisted')
FROM unanswered u
CROSS JOIN visit v ON v.id = u.visit_id
LEFT JOIN visit_queue q ON q.visit_id = v.id
JOIN facility f ON f.id = v.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE u.answered_at_ms IS NULL AND u.escalated_at_ms > 0 AND v.local_date IN ($1, $3)
  AND (v.state = 'checked_in' OR (v.state = 'booked' AND v.way = 'phone')) AND ($2 IS NULL OR v.facility_id = $2)
ORDER BY u.since_ms, v.id
LIMIT 100;
