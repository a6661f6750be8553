-- SPDX-License-Identifier: Apache-2.0
-- The one in effect: what was written last of those whose time has come.
-- name: consent_newest_text
SELECT version, text_id, text_en FROM consent_text
WHERE version = (SELECT MAX(version) FROM consent_text WHERE since_ms <= $1);

-- name: consent_newest
SELECT MAX(version) FROM consent_text WHERE since_ms <= $1;

-- The version $1, if it was in effect at some time from $2 until $3.
-- name: consent_text_then
SELECT o.version, o.text_id, o.text_en FROM consent_text o
WHERE o.version = $1 AND o.since_ms <= $3
  AND NOT EXISTS (SELECT 1 FROM consent_text l
                  WHERE l.version > $1 AND (l.since_ms <= o.since_ms OR l.since_ms <= $2));

-- name: consent_texts
SELECT version, since_ms, text_id, text_en, by_name FROM consent_text WHERE version > 0 ORDER BY version DESC LIMIT 50;

-- name: consent_text_insert
INSERT INTO consent_text (version, text_id, text_en, since_ms, by_user, by_name)
SELECT MAX(version) + 1, $1, $2, $3, $4, $5 FROM consent_text WHERE version > 0
RETURNING version;

-- $9: not the patient but who came along agreed.
-- name: consent_insert
INSERT INTO consent (visit_id, version, lang, text_hash, how, by_role, by_user, at_ms, giver_name, giver_relation)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, k.name, k.relation
FROM visit v
LEFT JOIN visit_contact k ON k.visit_id = v.id AND $9 = 1
WHERE v.id = $1;

-- name: consent_lang
SELECT lang FROM visit WHERE id = $1;

-- What was agreed to for one visit holds for the one that it is moved to.
-- name: consent_carry
INSERT INTO consent (visit_id, version, lang, text_hash, how, by_role, by_user, at_ms, giver_name, giver_relation)
SELECT $2, version, lang, text_hash, how, by_role, by_user, at_ms, giver_name, giver_relation
FROM consent WHERE visit_id = $1 ORDER BY id DESC LIMIT 1;

-- name: consent_of_visit
SELECT version, how, by_role, at_ms, giver_name, giver_relation FROM consent WHERE visit_id = $1 ORDER BY id;

-- name: consent_last
SELECT how, at_ms, version, lang, text_hash FROM consent WHERE visit_id = $1 ORDER BY id DESC LIMIT 1;

-- name: consent_count
SELECT COUNT(*) FROM consent WHERE visit_id = $1;
