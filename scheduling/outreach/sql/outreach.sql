-- SPDX-License-Identifier: Apache-2.0
-- name: outreach_clinic
SELECT 1 FROM clinic_open WHERE id = $1 AND facility_id = $2;

-- name: outreach_session_ensure
INSERT INTO outreach_session (id, facility_id, clinic_id, area_code, village, local_date, created_by,
                              created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (facility_id, local_date, clinic_id, area_code, village) DO UPDATE
SET village = excluded.village
RETURNING id;

-- name: outreach_session_count
SELECT COUNT(*) FROM outreach_session WHERE facility_id = $1 AND local_date = $2;

-- name: outreach_session_close
UPDATE outreach_session SET closed_at_ms = COALESCE(closed_at_ms, $2) WHERE id = $1;

-- name: outreach_member_add
INSERT INTO outreach_member (session_id, user_id, since_ms) VALUES ($1, $2, $3)
ON CONFLICT (session_id, user_id) DO NOTHING;

-- name: outreach_session_get
SELECT s.id, s.clinic_id, c.name, s.area_code, a.name, s.village, s.local_date, s.closed_at_ms, s.facility_id,
       (SELECT COUNT(*) FROM outreach_member WHERE session_id = s.id),
       (SELECT COUNT(*) FROM outreach_entry WHERE session_id = s.id),
       EXISTS (SELECT 1 FROM outreach_member WHERE session_id = s.id AND user_id = $2)
FROM outreach_session s
JOIN clinic c ON c.id = s.clinic_id
JOIN area a ON a.code = s.area_code
WHERE s.id = $1;

-- name: outreach_sessions
SELECT id FROM outreach_session
WHERE facility_id = $1 AND local_date >= $2
ORDER BY local_date DESC, id DESC
LIMIT $3;

-- name: outreach_entry_get
SELECT session_id, device_id, revision, hash, visit_id FROM outreach_entry WHERE id = $1;

-- name: outreach_entry_count
SELECT COUNT(*) FROM outreach_entry WHERE session_id = $1;

-- name: outreach_sequence_taken
SELECT 1 FROM outreach_entry WHERE session_id = $1 AND device_id = $2 AND sequence = $3;

-- The same NIK $3 in another entry of the session, whose visit is not over.
-- name: outreach_twin
SELECT v.number_text
FROM outreach_entry e
JOIN visit v ON v.id = e.visit_id
JOIN patient p ON p.id = v.patient_id
WHERE e.session_id = $1 AND e.id <> $2 AND p.nik_index = $3
  AND v.state IN ('requested', 'booked', 'checked_in', 'called', 'in_call')
ORDER BY v.starts_at_ms
LIMIT 1;

-- The ones of the same tablet and day that came just before and just after this one.
-- name: outreach_before
SELECT e.sequence, v.starts_at_ms
FROM outreach_entry e
JOIN visit v ON v.id = e.visit_id
WHERE e.session_id = $1 AND e.device_id = $2 AND e.sequence < $3 AND v.local_date = $4
ORDER BY e.sequence DESC
LIMIT 1;

-- name: outreach_after
SELECT e.sequence, v.starts_at_ms
FROM outreach_entry e
JOIN visit v ON v.id = e.visit_id
WHERE e.session_id = $1 AND e.device_id = $2 AND e.sequence > $3 AND v.local_date = $4
ORDER BY e.sequence
LIMIT 1;

-- Since when the patient is there.
-- name: outreach_waits_since
UPDATE visit_course SET checked_in_at_ms = $2 WHERE visit_id = $1;

-- name: outreach_entry_set
INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash, visit_id, without_nik,
                            mother_nik_sealed, address_sealed, reason, identity, taken_by,
                            registered_at_ms, received_at_ms, systolic_mmhg, diastolic_mmhg,
                            pulse_per_min, breaths_per_min, temperature_tenth_c, oxygen_percent,
                            weight_g, height_cm, glucose_mgdl, phone_index)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
        $22, $23, $24, $25)
ON CONFLICT (id) DO UPDATE
SET revision = excluded.revision, hash = excluded.hash, without_nik = excluded.without_nik,
    mother_nik_sealed = excluded.mother_nik_sealed, address_sealed = excluded.address_sealed,
    reason = excluded.reason, identity = excluded.identity, taken_by = excluded.taken_by,
    registered_at_ms = excluded.registered_at_ms, received_at_ms = excluded.received_at_ms,
    systolic_mmhg = excluded.systolic_mmhg, diastolic_mmhg = excluded.diastolic_mmhg,
    pulse_per_min = excluded.pulse_per_min, breaths_per_min = excluded.breaths_per_min,
    temperature_tenth_c = excluded.temperature_tenth_c, oxygen_percent = excluded.oxygen_percent,
    weight_g = excluded.weight_g, height_cm = excluded.height_cm, glucose_mgdl = excluded.glucose_mgdl,
    phone_index = excluded.phone_index;

-- What was taken down of one patient, in the order of each tablet.
-- name: outreach_entries
SELECT e.id, e.sequence, e.revision, e.visit_id, v.number_text, v.state, p.name, p.birth_date, p.sex,
       v.local_date, (SELECT COUNT(*) FROM outreach_photo WHERE entry_id = e.id), e.identity,
       (SELECT step = 'countersigned' FROM nurse_step
        WHERE visit_id = e.visit_id AND step IN ('countersigned', 'withdrawn') ORDER BY id DESC LIMIT 1),
       (SELECT step = 'joined' FROM nurse_step
        WHERE visit_id = e.visit_id AND step IN ('joined', 'left') ORDER BY id DESC LIMIT 1)
FROM outreach_entry e
JOIN visit v ON v.id = e.visit_id
JOIN patient p ON p.id = v.patient_id
WHERE e.session_id = $1
ORDER BY v.starts_at_ms, v.number;

-- name: outreach_of_visit
SELECT e.id, s.village, a.name, e.reason, e.without_nik, e.mother_nik_sealed, e.address_sealed, e.identity,
       e.registered_at_ms, e.received_at_ms, e.session_id, e.systolic_mmhg, e.diastolic_mmhg,
       e.pulse_per_min, e.breaths_per_min, e.temperature_tenth_c, e.oxygen_percent, e.weight_g,
       e.height_cm, e.glucose_mgdl
FROM outreach_entry e
JOIN outreach_session s ON s.id = e.session_id
JOIN area a ON a.code = s.area_code
WHERE e.visit_id = $1;

-- name: outreach_is_member
SELECT 1 FROM outreach_member WHERE session_id = $1 AND user_id = $2;

-- name: outreach_photos
SELECT id FROM outreach_photo WHERE entry_id = $1 ORDER BY received_at_ms, id;

-- name: outreach_photo_known
SELECT entry_id, hash FROM outreach_photo WHERE id = $1;

-- name: outreach_photo_add
INSERT INTO outreach_photo (id, entry_id, hash, picture_sealed, received_at_ms)
VALUES ($1, $2, $3, $4, $5);

-- name: outreach_photo_get
SELECT picture_sealed FROM outreach_photo WHERE id = $1 AND entry_id = $2;

-- Another person than was said at first, before anybody called.
-- name: outreach_visit_person
UPDATE visit SET patient_id = $2 WHERE id = $1;

-- What the entry said of its telephone, and what the visit has.
-- name: outreach_phone_of
SELECT e.phone_index, CASE WHEN v.has_phone = 1 THEN v.phone_index END
FROM outreach_entry e
JOIN visit v ON v.id = e.visit_id
WHERE e.id = $1;

-- name: outreach_patient_of
SELECT v.patient_id, p.name = $2 AND p.birth_date = $3 AND p.sex IS $4, v.facility_id
FROM visit v
JOIN patient p ON p.id = v.patient_id
WHERE v.id = $1;

-- Nobody has looked at it yet.
-- name: outreach_pair_drop
DELETE FROM patient_pair WHERE (first_id = $1 OR second_id = $1) AND state = 'open'
  AND NOT EXISTS (SELECT 1 FROM visit WHERE patient_id = $1)
  AND NOT EXISTS (SELECT 1 FROM patient_pair_event WHERE pair_id = patient_pair.id);

-- Somebody that nobody has to do with any more.
-- name: outreach_patient_drop
DELETE FROM patient WHERE id = $1
  AND NOT EXISTS (SELECT 1 FROM visit WHERE patient_id = $1)
  AND NOT EXISTS (SELECT 1 FROM letter WHERE patient_id = $1);
