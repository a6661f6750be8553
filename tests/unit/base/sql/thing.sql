-- SPDX-License-Identifier: Apache-2.0
-- Statements of the data engine's tests.

-- name: thing_insert
INSERT INTO thing (id, n, weight, note) VALUES ($1, $2, $3, $4);

-- name: thing_get
SELECT id, n, weight, note FROM thing WHERE id = $1;

-- name: thing_all
SELECT id, n FROM thing ORDER BY n, id;

-- name: thing_count
SELECT count(*) FROM thing;

-- name: thing_raise
-- The numbers are not in the order of appearance.
UPDATE thing SET n = n + $2 WHERE id = $1 RETURNING n;

-- name: part_insert
INSERT INTO part (id, thing_id) VALUES ($1, $2);
