-- SPDX-License-Identifier: Apache-2.0
-- Ids rise with time, so visits that were made before the first one that is too young to lose its samples are asked
-- one after the other; the table itself is in their order.
-- name: retention_sampled
SELECT v.id, v.ends_at_ms FROM visit v
WHERE v.id = (SELECT m.visit_id FROM media_sample m WHERE m.visit_id > $1 ORDER BY m.visit_id LIMIT 1);

-- name: retention_samples_count
SELECT COUNT(*) FROM media_sample WHERE visit_id = $1;

-- name: retention_samples_delete
DELETE FROM media_sample WHERE visit_id = $1;

-- name: retention_links
SELECT id FROM join_token WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2;

-- name: retention_links_delete
DELETE FROM join_token WHERE id = $1;

-- name: retention_keys
SELECT key_hash FROM booking_key WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2;

-- name: retention_keys_delete
DELETE FROM booking_key WHERE key_hash = $1;

-- name: retention_runs
SELECT id FROM job_run WHERE ended_at_ms < $1 ORDER BY ended_at_ms LIMIT $2;

-- name: retention_runs_delete
DELETE FROM job_run WHERE id = $1;

-- Of the table's times none has an index; ids rise with the time of writing.
-- name: retention_events
SELECT id FROM outbox WHERE id < $1 ORDER BY id LIMIT $2;

-- name: retention_events_delete
DELETE FROM outbox WHERE id = $1;
