-- SPDX-License-Identifier: Apache-2.0

-- name: base_outbox_append
INSERT INTO outbox (id, kind, subject_id, payload, state, due_at_ms, dedup_key, created_at_ms)
VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7)
ON CONFLICT (dedup_key) DO NOTHING;
