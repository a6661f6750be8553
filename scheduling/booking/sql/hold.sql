-- SPDX-License-Identifier: Apache-2.0
-- name: hold_insert
INSERT INTO slot_hold (hash, practitioner_id, starts_at_ms, ends_at_ms, address_index, expires_at_ms,
                       before_ms, after_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: hold_count
SELECT COUNT(*) FROM slot_hold WHERE address_index = $1 AND expires_at_ms > $2;

-- What a hold keeps of doctor $2 at $3, which is now.
-- name: hold_starts_at
SELECT starts_at_ms FROM slot_hold WHERE hash = $1 AND practitioner_id = $2 AND expires_at_ms > $3;

-- name: hold_delete
DELETE FROM slot_hold WHERE hash = $1;

-- name: hold_sweep
DELETE FROM slot_hold
WHERE hash IN (SELECT hash FROM slot_hold WHERE expires_at_ms <= $1 ORDER BY expires_at_ms LIMIT $2);

-- name: hold_expire
DELETE FROM slot_hold WHERE expires_at_ms <= $1;
