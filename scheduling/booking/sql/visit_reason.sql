-- SPDX-License-Identifier: Apache-2.0
-- name: visit_reason_insert
INSERT INTO visit_reason (visit_id, reason) VALUES ($1, $2);

-- name: visit_reason_get
SELECT reason FROM visit_reason WHERE visit_id = $1;

-- Visit $1 was moved, and is $2 now.
-- name: visit_reason_carry
INSERT INTO visit_reason (visit_id, reason) SELECT $2, reason FROM visit_reason WHERE visit_id = $1;
