-- SPDX-License-Identifier: Apache-2.0
-- name: message_newest
SELECT version, text FROM message_template
WHERE scope = COALESCE($1, 'province') AND kind = $2 AND lang = $3
ORDER BY version DESC
LIMIT 1;

-- name: message_insert
INSERT INTO message_template (scope, kind, lang, version, text, facility_id, made_at_ms, made_by)
VALUES (COALESCE($1, 'province'), $2, $3, $4, $5, $1, $6, $7);

-- What facilities have of their own.
-- name: message_overrides
SELECT f.name, t.kind, t.lang, t.text
FROM message_template t
JOIN facility f ON f.id = t.facility_id
WHERE t.text IS NOT NULL
  AND t.version = (SELECT MAX(n.version) FROM message_template n
                   WHERE n.scope = t.scope AND n.kind = t.kind AND n.lang = t.lang)
ORDER BY f.name, t.scope, t.kind, t.lang;
