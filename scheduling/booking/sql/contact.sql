-- SPDX-License-Identifier: Apache-2.0
-- name: contact_insert
INSERT INTO visit_contact (visit_id, name, relation) VALUES ($1, $2, $3);

-- Who came with the patient to one visit comes to the one after it.
-- name: contact_carry
INSERT INTO visit_contact (visit_id, name, relation)
SELECT $2, name, relation FROM visit_contact WHERE visit_id = $1;

-- Whether the visit has one, and when its patient was born.
-- name: contact_of_visit
SELECT k.name IS NOT NULL, p.birth_date, v.local_date
FROM visit v
JOIN patient own ON own.id = v.patient_id
JOIN patient p ON p.id = own.person_id
LEFT JOIN visit_contact k ON k.visit_id = v.id
WHERE v.id = $1;
