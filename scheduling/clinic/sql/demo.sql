-- SPDX-License-Identifier: Apache-2.0
-- name: demo_doctors
SELECT p.id, p.demo_login, c.facility_id, c.id, f.name
FROM practitioner p
JOIN clinic_member m ON m.practitioner_id = p.id
JOIN clinic c ON c.id = m.clinic_id
JOIN facility f ON f.id = c.facility_id
WHERE p.demo_login IS NOT NULL
ORDER BY p.id, c.id;

-- name: demo_facility_insert
INSERT INTO facility (id, name, kind, area_code, address, phone, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: demo_clinic_insert
INSERT INTO clinic (id, facility_id, name, letter, created_at_ms) VALUES ($1, $2, $3, $4, $5);

-- name: demo_practitioner_insert
INSERT INTO practitioner (id, name, demo_login, created_at_ms) VALUES ($1, $2, $3, $4);

-- name: demo_member_insert
INSERT INTO clinic_member (clinic_id, practitioner_id) VALUES ($1, $2);

-- name: demo_rule_insert
INSERT INTO hours_rule (id, clinic_id, practitioner_id, weekday, from_minute, to_minute, mode,
                        slot_minutes, quota, valid_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- The next odd moment of a doctor at or after $2 that no demo visit has yet.
-- name: demo_next_start
SELECT MAX($2, COALESCE(MAX(starts_at_ms) + $3, 0))
FROM visit
WHERE practitioner_id = $1 AND starts_at_ms >= $2 AND starts_at_ms < $4 AND mode = 'demo';
