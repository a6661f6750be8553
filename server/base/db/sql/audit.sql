-- SPDX-License-Identifier: Apache-2.0

-- name: base_audit_head
SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1;

-- name: base_audit_insert
INSERT INTO audit (id, at_ms, actor_kind, actor_id, actor_role, action, object_kind, object_id,
    address, result, reason, previous_hash, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: base_audit_all
SELECT id, at_ms, actor_kind, actor_id, actor_role, action, object_kind, object_id, address, result,
    reason, previous_hash, hash
FROM audit ORDER BY id;
