-- SPDX-License-Identifier: Apache-2.0
-- One that is still to come: cancelled ones are not; of one that was moved it is where it was moved to.
-- name: follow_up_open
SELECT v.id, v.starts_at_ms, s.starts_at_ms
FROM visit_follow_up u
JOIN visit v ON v.id = u.to_visit_id
LEFT JOIN visit_session s ON s.visit_id = v.id
WHERE u.from_visit_id = $1 AND v.state IN ('booked', 'checked_in', 'called', 'in_call')
LIMIT 1;

-- name: follow_up_insert
INSERT INTO visit_follow_up (to_visit_id, from_visit_id, at_ms) VALUES ($1, $2, $3);

-- name: follow_up_moved
UPDATE visit_follow_up SET to_visit_id = $2 WHERE to_visit_id = $1;

-- name: visit_phone
SELECT phone_sealed FROM visit WHERE id = $1;

-- name: visit_phone_index
SELECT phone_index FROM visit WHERE id = $1;

-- name: visit_set_phone
UPDATE visit SET phone_sealed = $2, phone_index = $3, has_phone = $4, is_fixed_line = $5 WHERE id = $1;
