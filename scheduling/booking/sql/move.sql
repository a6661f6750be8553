-- SPDX-License-Identifier: Apache-2.0
-- name: move_source
SELECT v.patient_id, v.phone_sealed, v.phone_index, v.lang, v.code, v.pool, a.id, s.service_id, n.nik_index,
       v.has_phone, v.is_fixed_line
FROM visit v
JOIN patient n ON n.id = v.patient_id
JOIN participant a ON a.visit_id = v.id AND a.role = 'patient'
LEFT JOIN visit_service s ON s.visit_id = v.id
WHERE v.id = $1;

-- name: move_insert
INSERT INTO visit_move (from_visit_id, to_visit_id, at_ms, told_with) VALUES ($1, $2, $3, $4);

-- Where visit $1 is by now: it, or what it was moved to.
-- name: move_where
SELECT v.id, COALESCE(s.starts_at_ms, v.starts_at_ms), v.state
FROM visit v
LEFT JOIN visit_session s ON s.visit_id = v.id
WHERE v.id = COALESCE((SELECT to_visit_id FROM visit_move WHERE from_visit_id = $1), $1);

-- Who was invited to visit $1 and has a link that still opens.
-- name: move_guests
SELECT a.id, a.label FROM participant a
WHERE a.visit_id = $1 AND a.role = 'guest'
  AND EXISTS (SELECT 1 FROM join_token t WHERE t.participant_id = a.id AND t.revoked_at_ms IS NULL)
ORDER BY a.id;

-- A participant's links open the visit that came after.
-- name: move_links
UPDATE join_token SET visit_id = $2, participant_id = $3, expires_at_ms = $4
WHERE participant_id = $1 AND revoked_at_ms IS NULL;

-- Visit $2 comes after $1 and is held in the same way; with a number of now it is by video.
-- name: move_way
UPDATE visit
SET way = s.way, pool = 0
FROM (SELECT way FROM visit WHERE id = $1 AND way IS NOT NULL) s
WHERE id = $2 AND slot_of IS NOT NULL;

-- name: move_code
SELECT code FROM visit WHERE id = $1;
