-- SPDX-License-Identifier: Apache-2.0
-- name: counter_insert
INSERT INTO counter_booking (visit_id, account_id, local_date, token_sealed, booked_at_ms)
VALUES ($1, $2, $3, $4, $5);

-- name: counter_forget_links
UPDATE counter_booking SET token_sealed = NULL WHERE local_date < $1 AND token_sealed IS NOT NULL;

-- Booked by account $1 on day $2, the newest first.
-- name: counter_list
SELECT b.visit_id, v.number_text, v.code, p.name, f.name, c.name, d.name, v.starts_at_ms, v.state,
       v.pool
FROM counter_booking b
JOIN visit v ON v.id = b.visit_id
JOIN patient p ON p.id = v.patient_id
JOIN facility f ON f.id = v.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE b.account_id = $1 AND b.local_date = $2
ORDER BY b.booked_at_ms DESC, b.visit_id DESC
LIMIT $3;

-- Of account $2 on day $3.
-- name: counter_get
SELECT b.token_sealed, p.name, v.state, v.pool
FROM counter_booking b
JOIN visit v ON v.id = b.visit_id
JOIN patient p ON p.id = v.patient_id
WHERE b.visit_id = $1 AND b.account_id = $2 AND b.local_date = $3;

-- Whether a link still opens visit $2.
-- name: counter_link_holds
SELECT 1 FROM join_token WHERE hash = $1 AND visit_id = $2 AND revoked_at_ms IS NULL AND expires_at_ms > $3;
