-- SPDX-License-Identifier: Apache-2.0
-- name: visit_reason_insert
INSERT INTO visit_reason (visit_id, reason) VALUES ($1, $2);

-- Visit $1 was moved, and is $2 now.
-- name: visit_reason_carry
INSERT INTO visit_reason (visit_id, reason) SELECT $2, reason FROM visit_reason WHERE visit_id = $1;
