-- SPDX-License-Identifier: Apache-2.0
-- name: policy_of_facility
SELECT rule, value, 1, changed_at_ms FROM policy WHERE scope = 'province'
UNION ALL
SELECT rule, value, 0, changed_at_ms FROM policy WHERE scope = $1;

-- name: policy_of_clinic
SELECT rule, value, 1, changed_at_ms FROM policy WHERE scope = 'province'
UNION ALL
SELECT p.rule, p.value, 0, p.changed_at_ms FROM clinic c JOIN policy p ON p.scope = c.facility_id WHERE c.id = $1;

-- name: policy_set
INSERT INTO policy (scope, rule, value, facility_id, changed_at_ms)
VALUES (COALESCE($1, 'province'), $2, $3, $1, $4)
ON CONFLICT (scope, rule) DO UPDATE SET value = excluded.value, changed_at_ms = excluded.changed_at_ms;

-- name: policy_clear
DELETE FROM policy WHERE scope = COALESCE($1, 'province') AND rule = $2;

-- What facilities have of their own.
-- name: policy_overrides
SELECT f.id, f.name, p.rule, p.value FROM policy p JOIN facility f ON f.id = p.facility_id ORDER BY f.name, f.id, p.rule;
