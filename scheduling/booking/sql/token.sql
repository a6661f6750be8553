-- SPDX-License-Identifier: Apache-2.0
-- name: token_by_hash
SELECT t.id, t.kind, t.visit_id, t.participant_id, t.practitioner_id, t.facility_id,
       t.expires_at_ms, t.revoked_at_ms, p.role, t.bound_to, p.label,
       t.topic
FROM join_token t
LEFT JOIN participant p ON p.id = t.participant_id
WHERE t.hash = $1;

-- name: token_insert
INSERT INTO join_token (id, hash, kind, visit_id, participant_id, practitioner_id, facility_id,
                        created_at_ms, expires_at_ms, bound_to, topic)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: token_revoke_participant
UPDATE join_token SET revoked_at_ms = $2 WHERE participant_id = $1 AND revoked_at_ms IS NULL;

-- name: token_participant
SELECT id FROM participant WHERE visit_id = $1 AND role = $2;

-- name: guest_ensure
INSERT INTO participant (id, visit_id, role, created_at_ms, label) VALUES ($1, $2, 'guest', $3, $4)
ON CONFLICT (visit_id, label) WHERE label IS NOT NULL DO UPDATE SET label = excluded.label
RETURNING id;
