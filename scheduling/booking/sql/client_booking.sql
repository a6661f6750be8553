-- SPDX-License-Identifier: Apache-2.0
-- name: client_booking_insert
INSERT INTO client_booking (visit_id, client, booked_at_ms) VALUES ($1, $2, $3);

-- name: client_booking_is_of
SELECT 1 FROM client_booking WHERE visit_id = $1 AND client = $2;

-- Whether clinic $1 is of facility $2.
-- name: client_booking_clinic
SELECT 1 FROM clinic WHERE id = $1 AND facility_id = $2;

-- Visit $1 was moved, and is $2 now.
-- name: client_booking_carry
INSERT INTO client_booking (visit_id, client, booked_at_ms)
SELECT $2, client, booked_at_ms FROM client_booking WHERE visit_id = $1;

-- name: client_booking_next
SELECT to_visit_id FROM visit_move WHERE from_visit_id = $1;
