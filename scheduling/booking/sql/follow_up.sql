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

-- The other visits of the same patient that were booked by this one or with it, and those by which it was: follow-ups,
-- series, and where each was moved. Of them those that have the number of before, or, where that was none, none; the
-- earliest first.
-- name: phone_tied
WITH RECURSIVE tied (id) AS (
    SELECT $1
    UNION
    SELECT u.to_visit_id FROM tied t JOIN visit_follow_up u ON u.from_visit_id = t.id
    UNION
    SELECT u.from_visit_id FROM tied t JOIN visit_follow_up u ON u.to_visit_id = t.id
    UNION
    SELECT e.visit_id FROM tied t JOIN visit_series r ON r.from_visit_id = t.id
                                  JOIN visit_series_entry e ON e.series_id = r.id
    UNION
    SELECT r.from_visit_id FROM tied t JOIN visit_series_entry e ON e.visit_id = t.id
                                       JOIN visit_series r ON r.id = e.series_id
    UNION
    SELECT m.to_visit_id FROM tied t JOIN visit_move m ON m.from_visit_id = t.id
    UNION
    SELECT m.from_visit_id FROM tied t JOIN visit_move m ON m.to_visit_id = t.id
)
SELECT v.id
FROM tied t
JOIN visit v ON v.id = t.id
WHERE v.id <> $1 AND (v.phone_index = $2 OR ($3 = 0 AND v.has_phone = 0))
ORDER BY v.starts_at_ms, v.id;

-- name: series_of_entry
SELECT series_id FROM visit_series_entry WHERE visit_id = $1;

-- name: series_set_told
UPDATE visit_series_entry SET told_with = $2 WHERE visit_id = $1;

-- name: phone_next
SELECT 1 FROM visit_move WHERE from_visit_id = $1;
