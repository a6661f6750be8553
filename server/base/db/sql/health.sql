-- SPDX-License-Identifier: Apache-2.0

-- name: base_health_write
INSERT INTO health (id, written_at_ms) VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET written_at_ms = excluded.written_at_ms;

-- name: base_health_read
SELECT written_at_ms FROM health;
