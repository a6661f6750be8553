-- SPDX-License-Identifier: Apache-2.0
-- A move takes the other system along from now on. What was moved before is tied to it, too, from the first visit on.
INSERT INTO client_booking (visit_id, client, booked_at_ms)
WITH RECURSIVE tied (visit_id, client, booked_at_ms) AS (
    SELECT visit_id, client, booked_at_ms FROM client_booking
    UNION
    SELECT m.to_visit_id, t.client, t.booked_at_ms
    FROM tied t
    JOIN visit_move m ON m.from_visit_id = t.visit_id
)
SELECT visit_id, client, booked_at_ms FROM tied WHERE TRUE
ON CONFLICT (visit_id) DO NOTHING;
