-- SPDX-License-Identifier: Apache-2.0
-- name: series_insert
INSERT INTO visit_series (id, from_visit_id, every_weeks, key_hash, request_hash, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: series_by_key
SELECT id, request_hash FROM visit_series WHERE key_hash = $1;

-- name: series_add
INSERT INTO visit_series_entry (series_id, position, visit_id) VALUES ($1, $2, $3);

-- The series that visit $1 is of, else the newest one that was booked from it.
-- name: series_of_visit
SELECT series_id FROM (
    SELECT series_id, 0 AS later, 0 AS at_ms FROM visit_series_entry WHERE visit_id = $1
    UNION ALL
    SELECT id, 1, -created_at_ms FROM visit_series WHERE from_visit_id = $1)
ORDER BY later, at_ms
LIMIT 1;

-- name: series_visits
SELECT v.id, v.code, v.number_text, d.name, v.state, COALESCE(s.starts_at_ms, v.starts_at_ms)
FROM visit_series_entry e
JOIN visit v ON v.id = e.visit_id
JOIN practitioner d ON d.id = v.practitioner_id
LEFT JOIN visit_session s ON s.visit_id = v.id
WHERE e.series_id = $1
ORDER BY v.starts_at_ms, e.position;

-- This one and what comes after it by its time, as far as it is still to come.
-- name: series_later
SELECT v.id
FROM visit_series_entry own
JOIN visit w ON w.id = own.visit_id
JOIN visit_series_entry e ON e.series_id = own.series_id
JOIN visit v ON v.id = e.visit_id
WHERE own.visit_id = $1 AND v.starts_at_ms >= w.starts_at_ms AND v.state IN ('requested', 'booked')
ORDER BY v.starts_at_ms, e.position;

-- What can be moved at once: of series $1 those from $2 on that are still to come and with doctor $3.
-- name: series_movable
SELECT v.id, v.starts_at_ms, COALESCE(s.starts_at_ms, v.starts_at_ms), r.every_weeks, v.is_extra
FROM visit_series r
JOIN visit_series_entry e ON e.series_id = r.id
JOIN visit v ON v.id = e.visit_id
LEFT JOIN visit_session s ON s.visit_id = v.id
WHERE r.id = $1 AND v.starts_at_ms >= $2 AND v.practitioner_id = $3 AND v.state = 'booked'
ORDER BY v.starts_at_ms, e.position;

-- name: series_ended_with
UPDATE visit_series_entry SET ended_with = $2 WHERE visit_id = $1;

-- name: series_moved
UPDATE visit_series_entry SET visit_id = $2 WHERE visit_id = $1;

-- What the message of a booking says: as it was booked, of the first one of a series all starts; where another telephone
-- number was written down, those of which it is to speak.
-- name: series_told_booked
SELECT v.starts_at_ms
FROM visit_series_entry own
JOIN visit_series_entry e ON e.series_id = own.series_id
JOIN visit v ON v.id = e.visit_id
WHERE own.visit_id = $1 AND (e.told_with = own.visit_id OR (own.told_with IS NULL AND own.position = 1))
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system')
ORDER BY v.starts_at_ms;

-- And that of a cancellation: all that were cancelled with it.
-- name: series_told_cancelled
SELECT v.starts_at_ms
FROM visit_series_entry e
JOIN visit v ON v.id = e.visit_id
WHERE e.ended_with = $1
ORDER BY v.starts_at_ms;

-- That of a move: all that were moved with it, where they are now.
-- name: series_told_moved
SELECT v.starts_at_ms
FROM visit_move m
JOIN visit v ON v.id = m.to_visit_id
WHERE m.told_with = $1 AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY v.starts_at_ms;

-- What follows for the same patient by the same booking, for the patient's page.
-- name: series_following
SELECT COALESCE(s.starts_at_ms, v.starts_at_ms)
FROM visit_series_entry own
JOIN visit w ON w.id = own.visit_id
JOIN visit_series_entry e ON e.series_id = own.series_id
JOIN visit v ON v.id = e.visit_id
LEFT JOIN visit_session s ON s.visit_id = v.id
WHERE own.visit_id = $1 AND v.starts_at_ms > w.starts_at_ms AND v.state = 'booked'
ORDER BY v.starts_at_ms;
