-- SPDX-License-Identifier: Apache-2.0
-- The registration of $1 as long as it holds, and the permit for facility $2; $3 is today.
-- name: letter_permit
SELECT CASE WHEN p.str_valid_until IS NULL OR p.str_valid_until >= $3 THEN p.str_number END,
       e.number, e.valid_until, p.str_valid_until
FROM practitioner p
LEFT JOIN practice_permit e ON e.practitioner_id = p.id AND e.facility_id = $2
WHERE p.id = $1;

-- name: letter_is_assisted
SELECT 1 FROM visit_service WHERE visit_id = $1 AND mode = 'assisted'
UNION ALL SELECT 1 FROM outreach_entry WHERE visit_id = $1;

-- What a letter of a visit says of it.
-- name: letter_visit
SELECT f.name, f.address, f.phone, c.name, d.name, own.id, p.name, p.birth_date, p.sex, p.nik_sealed,
       o.both_ms, o.both_open_since_ms, v.starts_at_ms, v.number_text, k.name, k.relation, p.mother_nik_sealed,
       o.checked_in_at_ms IS NOT NULL OR EXISTS (SELECT 1 FROM visit_came WHERE visit_id = v.id AND came = 1),
       COALESCE((SELECT mode FROM visit_service WHERE visit_id = v.id) = 'assisted', 0)
           OR EXISTS (SELECT 1 FROM outreach_entry WHERE visit_id = v.id)
FROM visit v
JOIN visit_course o ON o.visit_id = v.id
LEFT JOIN visit_contact k ON k.visit_id = v.id
JOIN patient own ON own.id = v.patient_id
JOIN person p ON p.id = own.person_id
JOIN facility f ON f.id = v.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.id = $1;

-- name: letter_by_key
SELECT id, request_hash FROM letter WHERE visit_id = $1 AND request_key = $2;

-- name: letter_sick_of_visit
SELECT 1 FROM letter WHERE visit_id = $1 AND kind = 'sick' AND revoked_at_ms IS NULL;

-- name: letter_sick_overlap
SELECT number_text FROM letter
WHERE patient_id IN (SELECT o.id FROM patient o JOIN patient p ON p.person_id = o.person_id WHERE p.id = $1)
  AND kind = 'sick' AND revoked_at_ms IS NULL AND from_date <= $3
  AND until_date >= $2;

-- name: letter_next_number
INSERT INTO letter_counter (facility_id, year, last) VALUES ($1, $2, 1)
ON CONFLICT (facility_id, year) DO UPDATE SET last = last + 1
RETURNING last;

-- name: letter_insert
INSERT INTO letter (id, code, kind, facility_id, year, number, number_text, visit_id, patient_id,
                    practitioner_id, request_key, request_hash, note_revision, issued_at_ms,
                    local_date, initials, from_date, until_date, paper_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: letter_by_id
SELECT l.id, l.code, l.kind, l.facility_id, l.number_text, l.visit_id, l.issued_at_ms, l.local_date,
       l.initials, l.sha256, l.seal, l.revoked_at_ms, l.revoke_reason, l.paper_sealed, l.revoke_kind
FROM letter l
WHERE l.id = $1;

-- name: letter_by_code
SELECT id FROM letter WHERE code = $1;

-- name: letters_of_visit
SELECT id FROM letter WHERE visit_id = $1 ORDER BY id DESC;

-- name: letters_unmade
SELECT id FROM letter WHERE sha256 IS NULL ORDER BY id LIMIT $1;

-- name: letter_made
UPDATE letter SET sha256 = $2, n_bytes = $3, seal = $4 WHERE id = $1;

-- name: letter_revoke
UPDATE letter SET revoked_at_ms = $2, revoke_reason = $3, revoke_kind = $4 WHERE id = $1;
