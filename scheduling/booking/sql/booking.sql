-- SPDX-License-Identifier: Apache-2.0
-- name: booking_key_get
SELECT request_hash, visit_id, token_sealed, expires_at_ms FROM booking_key WHERE key_hash = $1;

-- name: booking_key_set
INSERT INTO booking_key (key_hash, request_hash, visit_id, token_sealed, expires_at_ms)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key_hash) DO UPDATE
SET request_hash = excluded.request_hash, visit_id = excluded.visit_id,
    token_sealed = excluded.token_sealed, expires_at_ms = excluded.expires_at_ms;

-- name: booking_key_expire
DELETE FROM booking_key WHERE expires_at_ms < $1;

-- name: patient_by_nik
SELECT id, name FROM patient WHERE nik_index = $1 AND birth_date = $2 ORDER BY id;

-- name: patient_insert
INSERT INTO patient (id, name, birth_date, sex, nik_sealed, nik_index, created_at_ms, person_id,
                     person_index, mother_nik_sealed, mother_nik_index)
VALUES ($1, $2, $3, $4, $5, $6, $7, $1, $8, $9, $10);

-- name: clinic_of_visit
SELECT facility_id, letter FROM clinic WHERE id = $1;

-- name: visit_count_on
INSERT INTO visit_counter (clinic_id, local_date, last) VALUES ($1, $2, 1)
ON CONFLICT (clinic_id, local_date) DO UPDATE SET last = last + 1;

-- name: visit_last_number
SELECT last FROM visit_counter WHERE clinic_id = $1 AND local_date = $2;

-- name: visit_code_exists
SELECT 1 FROM visit WHERE code = $1;

-- name: visit_insert
INSERT INTO visit (id, code, mode, state, patient_id, practitioner_id, clinic_id, facility_id,
                   starts_at_ms, ends_at_ms, local_date, number, number_text, lang, phone_sealed,
                   phone_index, created_at_ms, pool, slot_of, is_extra, group_id, group_place, group_name,
                   has_phone, is_fixed_line)
VALUES ($1, $2, $3, $19, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $20, $21, $22, $23, $24, $25);

-- name: visit_course_insert
INSERT INTO visit_course (visit_id) VALUES ($1);

-- name: visit_session_insert
INSERT INTO visit_session (visit_id, place, starts_at_ms, ends_at_ms) VALUES ($1, $2, $3, $4);

-- name: visit_service_insert
INSERT INTO visit_service (visit_id, service_id, name, mode, price_rupiah, before_ms, after_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: participant_insert
INSERT INTO participant (id, visit_id, role, created_at_ms) VALUES ($1, $2, $3, $4);

-- name: walk_in_any_doctor
SELECT p.id
FROM clinic c
JOIN clinic_member m ON m.clinic_id = c.id AND m.is_active = 1
JOIN practitioner p ON p.id = m.practitioner_id
WHERE c.id = $1 AND c.facility_id = $2 AND c.is_active = 1 AND p.is_active = 1
ORDER BY p.id
LIMIT 1;
