-- SPDX-License-Identifier: Apache-2.0
-- Reads a part of a partial index: rows of before 0412.
-- name: fixed_line_unknown
SELECT id, phone_sealed FROM visit
WHERE is_fixed_line IS NULL AND state IN ('requested', 'booked', 'checked_in', 'called', 'in_call') AND id > $1
ORDER BY id
LIMIT $2;

-- name: fixed_line_set
UPDATE visit SET is_fixed_line = $2 WHERE id = $1;
