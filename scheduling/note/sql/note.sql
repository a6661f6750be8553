-- SPDX-License-Identifier: Apache-2.0
-- name: icd10_by_code
SELECT code, name_id, name_en FROM icd10 WHERE code = $1;

-- name: icd10_by_prefix
SELECT code, name_id, name_en FROM icd10 WHERE code >= $1 AND code < $2 ORDER BY code LIMIT $3;

-- Words and beginnings of words, the best first: what ships comes before the rest of the whole list, what is
-- called just so ($3) before what is called so among others, the name counts more than everyday words.
-- name: icd10_by_words
SELECT i.code, i.name_id, i.name_en
FROM icd10_words w
JOIN icd10 i ON i.id = w.rowid
WHERE icd10_words MATCH $1
ORDER BY i.words = '', lower(i.name_id) <> lower($3), bm25(icd10_words, 4.0, 2.0, 3.0), i.code
LIMIT $2;

-- name: icd10_chapter_of
SELECT chapter, name_id, name_en, last_code FROM icd10_chapter WHERE first_code <= $1
ORDER BY first_code DESC LIMIT 1;

-- name: icd10_set
INSERT INTO icd10 (code, name_id, name_en, words) VALUES ($1, $2, $3, '')
ON CONFLICT (code) DO UPDATE SET name_id = excluded.name_id, name_en = excluded.name_en;

-- All of them by code: every code begins with a letter.
-- name: icd10_all
SELECT code, name_id, name_en FROM icd10 WHERE code >= 'A' ORDER BY code;

-- name: icd10_note_import
INSERT INTO icd10_import (at_ms, user_id, name, n_codes, n_added, n_changed)
SELECT $1, $2, $3, n_codes + $4, $4, $5 FROM icd10_import WHERE id = (SELECT MAX(id) FROM icd10_import);

-- name: icd10_last_import
SELECT at_ms, name, n_codes, n_added, n_changed FROM icd10_import WHERE id = (SELECT MAX(id) FROM icd10_import);

-- name: icd10_rebuild
INSERT INTO icd10_words (icd10_words) VALUES ('rebuild');

-- name: note_get
SELECT revision, saved_at_ms, hash, kept_at_ms, signed_at_ms, subjective, objective, assessment, plan,
       allergies, systolic_mmhg, diastolic_mmhg, pulse_per_min, breaths_per_min, temperature_tenth_c,
       oxygen_percent, weight_g, height_cm, glucose_mgdl, author_id
FROM note WHERE visit_id = $1;

-- name: note_set
INSERT INTO note (visit_id, revision, author_id, saved_at_ms, hash, kept_at_ms, subjective, objective,
                  assessment, plan, allergies, systolic_mmhg, diastolic_mmhg, pulse_per_min,
                  breaths_per_min, temperature_tenth_c, oxygen_percent, weight_g, height_cm,
                  glucose_mgdl)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT (visit_id) DO UPDATE
SET revision = excluded.revision, author_id = excluded.author_id, saved_at_ms = excluded.saved_at_ms,
    hash = excluded.hash, kept_at_ms = excluded.kept_at_ms, subjective = excluded.subjective,
    objective = excluded.objective, assessment = excluded.assessment, plan = excluded.plan,
    allergies = excluded.allergies, systolic_mmhg = excluded.systolic_mmhg,
    diastolic_mmhg = excluded.diastolic_mmhg, pulse_per_min = excluded.pulse_per_min,
    breaths_per_min = excluded.breaths_per_min, temperature_tenth_c = excluded.temperature_tenth_c,
    oxygen_percent = excluded.oxygen_percent, weight_g = excluded.weight_g,
    height_cm = excluded.height_cm, glucose_mgdl = excluded.glucose_mgdl;

-- name: note_sign
UPDATE note SET signed_at_ms = $2 WHERE visit_id = $1;

-- name: note_diagnoses
SELECT code, name FROM note_diagnosis WHERE visit_id = $1 ORDER BY position;

-- name: note_diagnoses_clear
DELETE FROM note_diagnosis WHERE visit_id = $1;

-- name: note_diagnosis_insert
INSERT INTO note_diagnosis (visit_id, position, code, name) VALUES ($1, $2, $3, $4);

-- name: note_keep
INSERT INTO note_kept (visit_id, revision, author_id, saved_at_ms, content, hash)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: note_addenda
SELECT a.id, a.added_at_ms, a.text, p.name
FROM note_addendum a
JOIN practitioner p ON p.id = a.author_id
WHERE a.visit_id = $1
ORDER BY a.added_at_ms, a.id;

-- name: note_addendum_by_key
SELECT text FROM note_addendum WHERE visit_id = $1 AND request_key = $2;

-- name: note_addendum_insert
INSERT INTO note_addendum (id, visit_id, request_key, author_id, added_at_ms, text, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- Who else than doctor $2 wrote last what the note of visit $1 was made from.
-- name: note_by_another
SELECT p.name, t.saved_at_ms
FROM (SELECT author_id, saved_at_ms FROM note WHERE visit_id = $1
      UNION ALL SELECT author_id, saved_at_ms FROM note_kept WHERE visit_id = $1) t
JOIN practitioner p ON p.id = t.author_id
WHERE t.author_id <> $2
ORDER BY t.saved_at_ms DESC
LIMIT 1;

-- name: note_patient
SELECT p.id, p.name, p.birth_date, p.sex, p.nik_sealed, v.local_date
FROM visit v
JOIN patient own ON own.id = v.patient_id
JOIN person p ON p.id = own.person_id
WHERE v.id = $1;

-- The same person's visits, by whichever of its rows they were booked, before this one that were not cancelled, the latest first.
-- name: note_earlier
SELECT v.id, v.starts_at_ms, v.state, f.name, c.name, d.name
FROM visit v
JOIN facility f ON f.id = v.facility_id
JOIN clinic c ON c.id = v.clinic_id
JOIN practitioner d ON d.id = v.practitioner_id
WHERE v.patient_id IN (SELECT o.id FROM patient o JOIN patient s ON s.person_id = o.person_id WHERE s.id = $1)
  AND v.id <> $2 AND v.starts_at_ms < $3
  AND v.state NOT IN ('cancelled_patient', 'cancelled_provider', 'cancelled_system', 'rescheduled')
ORDER BY v.starts_at_ms DESC, v.id DESC
LIMIT $4;

-- What other visits of the person noted of allergies, the newest first: all of it.
-- name: note_allergies
SELECT n.allergies, v.starts_at_ms
FROM visit v
JOIN note n ON n.visit_id = v.id
WHERE v.patient_id IN (SELECT o.id FROM patient o JOIN patient s ON s.person_id = o.person_id WHERE s.id = $1)
  AND v.id <> $2 AND n.allergies <> ''
ORDER BY v.starts_at_ms DESC, v.id DESC;
