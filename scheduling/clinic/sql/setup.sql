-- SPDX-License-Identifier: Apache-2.0
-- Facilities, clinics and practitioners as those see and change them who keep them. In the lists $1
-- is the facility that is seen alone; NULL: all.
-- name: setup_areas
SELECT code, parent_code, name, kind FROM area ORDER BY code;

-- Of a kecamatan, kabupaten or kota.
-- name: setup_area_name
SELECT name FROM area WHERE code = $1 AND kind <> 'province';

-- name: setup_area_is_district
SELECT 1 FROM area WHERE code = $1 AND kind = 'kecamatan';

-- name: setup_facilities
SELECT id, name, kind, area_code, address, phone, is_active
FROM facility
WHERE $1 IS NULL OR id = $1
ORDER BY name, id;

-- name: setup_clinics
SELECT id, facility_id, name, letter, is_active, wait_mode
FROM clinic
WHERE $1 IS NULL OR facility_id = $1
ORDER BY facility_id, letter;

-- name: setup_practitioners
SELECT p.id, p.name, p.user_id, p.str_number, p.str_valid_until, p.is_active,
       EXISTS (SELECT 1 FROM hours_rule r WHERE r.practitioner_id = p.id)
FROM practitioner p
WHERE $1 IS NULL
   OR EXISTS (SELECT 1 FROM clinic_member m JOIN clinic c ON c.id = m.clinic_id
              WHERE m.practitioner_id = p.id AND m.is_active = 1 AND c.facility_id = $1)
ORDER BY p.name, p.id;

-- name: setup_members
SELECT m.practitioner_id, m.clinic_id
FROM clinic c
JOIN clinic_member m ON m.clinic_id = c.id
WHERE m.is_active = 1 AND ($1 IS NULL OR c.facility_id = $1)
ORDER BY c.facility_id, c.letter;

-- name: setup_permits
SELECT practitioner_id, facility_id, number, valid_until
FROM practice_permit
WHERE $1 IS NULL OR facility_id = $1
ORDER BY facility_id;

-- name: facility_insert
INSERT INTO facility (id, name, kind, area_code, address, phone, is_active, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: facility_update
UPDATE facility SET name = $2, kind = $3, area_code = $4, address = $5, phone = $6, is_active = $7
WHERE id = $1;

-- name: facility_get
SELECT is_active, name, kind, area_code, address, phone FROM facility WHERE id = $1;

-- name: facility_name_taken
SELECT 1 FROM facility WHERE name = $1 AND ($2 IS NULL OR id <> $2);

-- name: clinic_get
SELECT facility_id, is_active, letter, name, wait_mode FROM clinic WHERE id = $1;

-- name: clinic_names
SELECT name, letter FROM clinic WHERE facility_id = $1 AND ($2 IS NULL OR id <> $2);

-- name: clinic_insert
INSERT INTO clinic (id, facility_id, name, letter, is_active, created_at_ms, wait_mode)
VALUES ($1, $2, $3, $4, $5, $6, COALESCE($7, 'one_by_one'));

-- name: clinic_update
UPDATE clinic SET name = $2, letter = $3, is_active = $4, wait_mode = COALESCE($5, wait_mode) WHERE id = $1;

-- name: practitioner_get
SELECT name, str_number, str_valid_until, is_active, user_id FROM practitioner WHERE id = $1;

-- Where somebody works, and may: in facility $2; NULL: in all.
-- name: practitioner_clinics
SELECT m.clinic_id
FROM clinic_member m
JOIN clinic c ON c.id = m.clinic_id
WHERE m.practitioner_id = $1 AND m.is_active = 1 AND ($2 IS NULL OR c.facility_id = $2)
ORDER BY m.clinic_id;

-- name: practitioner_permits
SELECT facility_id, number, valid_until
FROM practice_permit
WHERE practitioner_id = $1 AND ($2 IS NULL OR facility_id = $2)
ORDER BY facility_id;

-- Works in facility $2; in another one, when $3 is 1.
-- name: practitioner_works_in
SELECT 1
FROM clinic_member m
JOIN clinic c ON c.id = m.clinic_id
WHERE m.practitioner_id = $1 AND m.is_active = 1 AND (c.facility_id = $2) <> $3;

-- name: practitioner_str_taken
SELECT 1 FROM practitioner WHERE str_number = $1 AND ($2 IS NULL OR id <> $2);

-- name: practitioner_insert
INSERT INTO practitioner (id, name, str_number, str_valid_until, is_active, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: practitioner_update
UPDATE practitioner SET name = $2, str_number = $3, str_valid_until = $4, is_active = $5
WHERE id = $1;

-- name: practitioner_leave
UPDATE clinic_member SET is_active = 0
WHERE practitioner_id = $1
  AND ($2 IS NULL OR clinic_id IN (SELECT id FROM clinic WHERE facility_id = $2));

-- name: practitioner_enter
INSERT INTO clinic_member (clinic_id, practitioner_id) VALUES ($1, $2)
ON CONFLICT (clinic_id, practitioner_id) DO UPDATE SET is_active = 1;

-- Of what permit_delete takes away, until when it has held: yesterday, $3, at the latest.
-- name: permit_remember
INSERT INTO permit_removed (facility_id, practitioner_id, valid_until)
SELECT facility_id, practitioner_id, MIN(valid_until, $3)
FROM practice_permit
WHERE practitioner_id = $1 AND ($2 IS NULL OR facility_id = $2)
ON CONFLICT (facility_id, practitioner_id) DO UPDATE SET valid_until = excluded.valid_until;

-- name: permit_forget
DELETE FROM permit_removed WHERE practitioner_id = $1 AND facility_id = $2;

-- name: permit_delete
DELETE FROM practice_permit WHERE practitioner_id = $1 AND ($2 IS NULL OR facility_id = $2);

-- name: permit_insert
INSERT INTO practice_permit (facility_id, practitioner_id, number, valid_until)
VALUES ($1, $2, $3, $4);

-- Until when $1, who has or had a permit for it, may practise in the facility of clinic $2.
-- name: permit_of_clinic
SELECT p.valid_until
FROM clinic c
JOIN permit_held p ON p.facility_id = c.facility_id AND p.practitioner_id = $1
WHERE c.id = $2;
