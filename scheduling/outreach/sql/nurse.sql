-- SPDX-License-Identifier: Apache-2.0
-- Whether a nurse is asked for: the session at a post, or NULL of one that was booked as assisted. No row: neither.
-- name: nurse_visit
SELECT e.session_id FROM visit v
LEFT JOIN outreach_entry e ON e.visit_id = v.id
LEFT JOIN visit_service s ON s.visit_id = v.id
WHERE v.id = $1 AND (e.id IS NOT NULL OR s.mode = 'assisted');

-- name: nurse_step_insert
INSERT INTO nurse_step (visit_id, step, seen, user_id, name, at_ms) VALUES ($1, $2, $3, $4, $5, $6);

-- The last signature, unless it was withdrawn.
-- name: nurse_countersigned
SELECT name, seen, at_ms FROM nurse_step s
WHERE s.visit_id = $1 AND s.step = 'countersigned'
  AND NOT EXISTS (SELECT 1 FROM nurse_step w WHERE w.visit_id = s.visit_id AND w.step = 'withdrawn' AND w.id > s.id)
ORDER BY s.id DESC LIMIT 1;

-- Who it is was written anew: no row where nobody has signed.
-- name: nurse_withdraw
INSERT INTO nurse_step (visit_id, step, user_id, name, at_ms)
SELECT s.visit_id, 'withdrawn', $2, '', $3
FROM nurse_step s
WHERE s.visit_id = $1 AND s.step IN ('countersigned', 'withdrawn')
  AND s.id = (SELECT MAX(id) FROM nurse_step WHERE visit_id = $1 AND step IN ('countersigned', 'withdrawn'))
  AND s.step = 'countersigned';

-- The last who came, when that one left, if so, and who says so.
-- name: nurse_joined
SELECT j.name, j.at_ms, j.user_id, l.at_ms, l.name, l.user_id
FROM nurse_step j
LEFT JOIN nurse_step l
    ON l.id = (SELECT MIN(id) FROM nurse_step WHERE visit_id = j.visit_id AND step = 'left' AND id > j.id)
WHERE j.visit_id = $1 AND j.step = 'joined'
ORDER BY j.id DESC LIMIT 1;

-- Who is with a patient on day $2 in facility $1, by number: who last came or left has come. No patient.
-- name: nurses_there
SELECT v.id, v.number_text, c.name, CASE WHEN v.pool = 1 AND v.state IN ('requested', 'booked', 'checked_in') THEN '' ELSE d.name END,
       j.name, j.at_ms
FROM clinic c
CROSS JOIN visit v ON v.clinic_id = c.id
CROSS JOIN nurse_step j ON j.visit_id = v.id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE c.facility_id = $1 AND v.local_date = $2 AND j.step = 'joined'
  AND j.id = (SELECT MAX(id) FROM nurse_step WHERE visit_id = v.id AND step IN ('joined', 'left'))
ORDER BY j.at_ms, v.id
LIMIT 100;
