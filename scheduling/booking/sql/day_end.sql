-- SPDX-License-Identifier: Apache-2.0
-- Those whose own end is so many minutes before $1, which is now, as facility, province or else $2 say, and who are
-- not done with; of those that are only booked the ones to be phoned. Few: what is over is ended, and of the rest of a day the doctor is at work.
-- name: day_end_waiting
SELECT v.id
FROM visit v
LEFT JOIN policy f ON f.scope = v.facility_id AND f.rule = 'day_end_minutes'
LEFT JOIN policy p ON p.scope = 'province' AND p.rule = 'day_end_minutes'
WHERE v.id IN (
    SELECT id FROM visit WHERE state IN ('checked_in', 'called', 'in_call') AND ends_at_ms < $1
    UNION ALL
    SELECT id FROM visit WHERE state = 'booked' AND ends_at_ms < $1 AND way = 'phone')
  AND v.ends_at_ms <= $1 - 60000 * COALESCE(f.value, p.value, $2)
ORDER BY v.ends_at_ms, v.id
LIMIT $3;

-- name: day_end_facts
SELECT o.both_ms, EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id),
       CASE WHEN a.is_present = 1 THEN NULL ELSE a.left_at_ms END
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
WHERE v.id = $1;

-- When the doctor was last at work with somebody on day $2 ($3, which is now, while two are in a call), and when the
-- last of those ends who are not done with.
-- name: day_end_work_of_doctor
SELECT (SELECT MAX(CASE
            WHEN v.state = 'in_call'
                 AND (SELECT COUNT(*) FROM participant a WHERE a.visit_id = v.id AND a.is_present = 1) >= 2 THEN $3
            WHEN v.state = 'in_call'
                THEN COALESCE((SELECT MAX(a.left_at_ms) FROM participant a WHERE a.visit_id = v.id), o.in_call_at_ms)
            WHEN v.state IN ('called', 'checked_in')
                THEN (SELECT MAX(e.at_ms) FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'called')
            ELSE o.ended_at_ms END)
        FROM visit v
        JOIN visit_course o ON o.visit_id = v.id
        WHERE v.practitioner_id = $1 AND v.local_date = $2 AND o.called_at_ms IS NOT NULL
          AND (v.state IN ('in_call', 'called', 'checked_in') OR o.ended_by = 'doctor')),
       (SELECT MAX(ends_at_ms) FROM visit
        WHERE practitioner_id = $1 AND local_date = $2
          AND state IN ('requested', 'booked', 'checked_in', 'called', 'in_call'));

-- The same of the doctors of a clinic, of whom any would do.
-- name: day_end_work_of_clinic
SELECT (SELECT MAX(CASE
            WHEN v.state = 'in_call'
                 AND (SELECT COUNT(*) FROM participant a WHERE a.visit_id = v.id AND a.is_present = 1) >= 2 THEN $3
            WHEN v.state = 'in_call'
                THEN COALESCE((SELECT MAX(a.left_at_ms) FROM participant a WHERE a.visit_id = v.id), o.in_call_at_ms)
            WHEN v.state IN ('called', 'checked_in')
                THEN (SELECT MAX(e.at_ms) FROM visit_event e WHERE e.visit_id = v.id AND e.kind = 'called')
            ELSE o.ended_at_ms END)
        FROM visit v
        JOIN visit_course o ON o.visit_id = v.id
        WHERE v.clinic_id = $1 AND v.local_date = $2 AND o.called_at_ms IS NOT NULL
          AND (v.state IN ('in_call', 'called', 'checked_in') OR o.ended_by = 'doctor')),
       (SELECT MAX(ends_at_ms) FROM visit
        WHERE clinic_id = $1 AND local_date = $2
          AND state IN ('requested', 'booked', 'checked_in', 'called', 'in_call'));

-- name: day_end_clinics
SELECT clinic_id FROM clinic_member WHERE practitioner_id = $1 AND is_active = 1 ORDER BY clinic_id;
