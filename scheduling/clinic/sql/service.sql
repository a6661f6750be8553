-- SPDX-License-Identifier: Apache-2.0
-- Services: kept ones ($1 the facility that is seen alone; NULL: all), and those that are offered.
-- name: setup_services
SELECT s.id, s.clinic_id, s.name, s.mode, s.duration_minutes, s.before_minutes, s.after_minutes,
       s.price_rupiah, s.is_active
FROM clinic c
JOIN service s ON s.clinic_id = c.id
WHERE $1 IS NULL OR c.facility_id = $1
ORDER BY c.facility_id, c.letter, s.name;

-- For patients: what doctors have among each other is not offered to them.
-- name: directory_services
SELECT clinic_id, name, mode, duration_minutes, price_rupiah, id
FROM service
WHERE is_active = 1 AND mode <> 'doctor_to_doctor'
ORDER BY clinic_id, name;

-- name: services_of_clinic
SELECT name, duration_minutes, before_minutes, after_minutes
FROM service
WHERE clinic_id = $1 AND is_active = 1
ORDER BY name;

-- name: service_terms
SELECT id, name, mode, price_rupiah, duration_minutes, before_minutes, after_minutes
FROM service
WHERE id = $1 AND clinic_id = $2 AND ($3 = 0 OR (is_active = 1 AND mode <> 'doctor_to_doctor'));

-- name: service_get
SELECT s.clinic_id, c.facility_id, s.name, s.mode, s.duration_minutes, s.before_minutes,
       s.after_minutes, s.price_rupiah, s.is_active
FROM service s
JOIN clinic c ON c.id = s.clinic_id
WHERE s.id = $1;

-- name: service_name_taken
SELECT 1 FROM service WHERE clinic_id = $1 AND name = $2 AND ($3 IS NULL OR id <> $3);

-- name: service_insert
INSERT INTO service (id, name, mode, duration_minutes, before_minutes, after_minutes, price_rupiah,
                     is_active, clinic_id, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: service_update
UPDATE service
SET name = $2, mode = $3, duration_minutes = $4, before_minutes = $5, after_minutes = $6,
    price_rupiah = $7, is_active = $8
WHERE id = $1;
