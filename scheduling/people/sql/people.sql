-- SPDX-License-Identifier: Apache-2.0
-- Reads a part of a partial index: rows of before 0240.
-- name: person_unindexed
SELECT id, name, birth_date FROM patient WHERE person_index IS NULL ORDER BY id LIMIT $1;

-- name: person_set_index
UPDATE patient SET person_index = $2 WHERE id = $1;

-- name: person_facilities
SELECT DISTINCT facility_id FROM visit WHERE patient_id = $1;

-- name: person_of_patient
SELECT person_id, person_index, nik_index, created_at_ms, mother_nik_index FROM patient WHERE id = $1;

-- Whoever has the NIK $3, in any facility, one row of a person: the one that is shown, or the one with which the NIK
-- was given when that has none. Of the same name and birth date those with a visit in facility $4, unless
-- two NIKs, their own or their mothers', say that they are two people. $1: the row, $2: its name and birth date. Who is
-- both comes twice.
-- name: pair_candidates
SELECT id, created_at_ms FROM (
    SELECT p.id, p.created_at_ms FROM patient p
    WHERE p.nik_index = $3 AND p.id <> $1
      AND (p.merged_into IS NULL
           OR EXISTS (SELECT 1 FROM patient k WHERE k.id = p.person_id AND k.nik_index IS NULL))
    ORDER BY p.created_at_ms, p.id LIMIT $5)
UNION ALL
SELECT id, created_at_ms FROM (
    SELECT p.id, p.created_at_ms FROM patient p
    WHERE p.person_index = $2 AND p.id <> $1 AND p.merged_into IS NULL
      AND (p.nik_index IS NULL OR $3 IS NULL OR p.nik_index = $3)
      AND (p.mother_nik_index IS NULL OR $6 IS NULL OR p.mother_nik_index = $6)
      AND EXISTS (SELECT 1 FROM visit v WHERE v.patient_id = p.id AND v.facility_id = $4)
    ORDER BY p.created_at_ms, p.id LIMIT $5);

-- name: pair_insert
INSERT INTO patient_pair (id, first_id, second_id, state, found_at_ms) VALUES ($1, $2, $3, 'open', $4)
ON CONFLICT (first_id, second_id) DO NOTHING;

-- Those of facility $1 in state $2 before $4, the newest first: both have been there, or one has and the NIK is the
-- same. CROSS JOIN: by the facility's own part, in its order, or all pairs of the province are read. Ids rise with time.
-- A phone is the patient's own where nobody else booked: a mother's is that of all her children.
-- name: pair_list
SELECT q.id, q.found_at_ms, a.name, a.birth_date, b.name, b.birth_date, a.nik_index = b.nik_index,
       EXISTS (SELECT 1 FROM visit x JOIN visit y ON y.phone_index = x.phone_index
               WHERE x.patient_id = a.id AND y.patient_id = b.id
                 AND NOT EXISTS (SELECT 1 FROM visit_contact k WHERE k.visit_id IN (x.id, y.id)))
FROM patient_pair_facility l
CROSS JOIN patient_pair q ON q.id = l.pair_id
CROSS JOIN patient a ON a.id = q.first_id
CROSS JOIN patient b ON b.id = q.second_id
WHERE l.facility_id = $1 AND l.state = $2 AND l.pair_id < $4
  AND ($2 <> 'open' OR (a.person_id <> b.person_id
       AND (a.nik_index IS NULL OR b.nik_index IS NULL OR a.nik_index = b.nik_index)))
  AND EXISTS (SELECT 1 FROM visit v WHERE v.patient_id = a.id AND v.facility_id = $1)
      + EXISTS (SELECT 1 FROM visit v WHERE v.patient_id = b.id AND v.facility_id = $1)
      >= CASE WHEN a.nik_index = b.nik_index THEN 1 ELSE 2 END
ORDER BY l.pair_id DESC
LIMIT $3;

-- Whether facility $2 may look at it is the last two columns.
-- name: pair_get
SELECT q.first_id, q.second_id, q.state, q.found_at_ms, a.person_id, b.person_id,
       a.nik_index = b.nik_index,
       EXISTS (SELECT 1 FROM visit x JOIN visit y ON y.phone_index = x.phone_index
               WHERE x.patient_id = a.id AND y.patient_id = b.id
                 AND NOT EXISTS (SELECT 1 FROM visit_contact k WHERE k.visit_id IN (x.id, y.id))),
       EXISTS (SELECT 1 FROM visit v WHERE v.patient_id = a.id AND v.facility_id = $2),
       EXISTS (SELECT 1 FROM visit v WHERE v.patient_id = b.id AND v.facility_id = $2)
FROM patient_pair q
JOIN patient a ON a.id = q.first_id
JOIN patient b ON b.id = q.second_id
WHERE q.id = $1;

-- What the desk sees of one of the two: the row, and the number and days of its visits.
-- name: pair_side
SELECT p.name, p.birth_date, p.sex, p.nik_sealed, p.created_at_ms,
       (SELECT COUNT(*) FROM visit v WHERE v.patient_id = p.id),
       (SELECT MIN(v.local_date) FROM visit v WHERE v.patient_id = p.id),
       (SELECT MAX(v.local_date) FROM visit v WHERE v.patient_id = p.id),
       (SELECT v.phone_sealed FROM visit v
        WHERE v.patient_id = p.id AND NOT EXISTS (SELECT 1 FROM visit_contact k WHERE k.visit_id = v.id)
        ORDER BY v.created_at_ms DESC LIMIT 1),
       (SELECT COUNT(*) FROM patient o WHERE o.person_id = p.person_id)
FROM patient p
WHERE p.id = $1;

-- name: pair_events
SELECT e.kind, e.kept_id, e.merged_id, e.reason, e.at_ms FROM patient_pair_event e
WHERE e.pair_id = $1 ORDER BY e.id;

-- name: pair_last_merge
SELECT kept_id, merged_id FROM patient_pair_event
WHERE pair_id = $1 AND kind = 'merged' ORDER BY id DESC LIMIT 1;

-- name: pair_set_state
UPDATE patient_pair SET state = $2 WHERE id = $1;

-- name: pair_event_insert
INSERT INTO patient_pair_event (pair_id, kind, kept_id, merged_id, reason, by_user, at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- How many NIKs the two persons have together.
-- name: person_niks
SELECT COUNT(DISTINCT nik_index) FROM patient WHERE person_id IN ($1, $2);

-- Only the one that is to go has a NIK.
-- name: person_loses_nik
SELECT 1 FROM person kept JOIN person merged ON merged.id = $1
WHERE kept.id = $2 AND kept.nik_index IS NULL AND merged.nik_index IS NOT NULL;

-- name: person_merge
UPDATE patient SET person_id = $2 WHERE person_id = $1;

-- name: person_set_merged
UPDATE patient SET merged_into = $2 WHERE id = $1;

-- Everything that was merged into $1, and $1, is a person of its own again.
-- name: person_split
UPDATE patient SET person_id = $1
WHERE id IN (
    WITH RECURSIVE below (id) AS (
        SELECT $1
        UNION
        SELECT p.id FROM below JOIN patient p ON p.merged_into = below.id)
    SELECT id FROM below);

-- The row with which it was booked; the NIK is the person's.
-- name: person_of_visit
SELECT own.id, own.birth_date, p.nik_index, own.sex
FROM visit v
JOIN patient own ON own.id = v.patient_id
JOIN person p ON p.id = own.person_id
WHERE v.id = $1;

-- name: person_set_nik
UPDATE patient SET nik_sealed = $2, nik_index = $3, sex = COALESCE(sex, $4)
WHERE id = $1 AND nik_index IS NULL;

-- name: pair_count_open
SELECT COUNT(*) FROM patient_pair q
JOIN patient a ON a.id = q.first_id
JOIN patient b ON b.id = q.second_id
WHERE (q.first_id = $1 OR q.second_id = $1) AND q.state = 'open' AND a.person_id <> b.person_id;
