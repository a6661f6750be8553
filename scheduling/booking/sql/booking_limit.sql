-- SPDX-License-Identifier: Apache-2.0
-- How many visits of telephone $1 are to come, $2 being now, that were booked from outside: not those that staff gave.
-- name: booking_to_come
SELECT COUNT(*)
FROM visit v
WHERE v.phone_index = $1 AND v.state IN ('requested', 'booked') AND v.ends_at_ms > $2
  AND EXISTS (SELECT 1 FROM visit_event e
              WHERE e.visit_id = v.id AND e.kind IN ('requested', 'booked') AND e.actor = 'patient');

-- What visit $1 was moved from since $2, and whether by its patient.
-- name: booking_moved_from
SELECT m.from_visit_id,
       EXISTS (SELECT 1 FROM visit_event e
               WHERE e.visit_id = m.to_visit_id AND e.kind = 'moved_from' AND e.actor = 'patient')
FROM visit_move m
WHERE m.to_visit_id = $1 AND m.at_ms >= $2;

-- name: booking_address_forget
DELETE FROM booking_address WHERE local_date < $1;

-- name: booking_address_count
SELECT n FROM booking_address WHERE local_date = $1 AND address_index = $2;

-- name: booking_address_take
INSERT INTO booking_address (local_date, address_index, n) VALUES ($1, $2, 1)
ON CONFLICT (local_date, address_index) DO UPDATE SET n = n + 1;
