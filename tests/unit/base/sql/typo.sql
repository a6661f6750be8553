-- SPDX-License-Identifier: Apache-2.0
-- name: thing_typo
SELECT id FROM thign WHERE id = $1;
